/** The page in a real Chromium: an export and a proof are verified, tampering is named, and nothing is ever requested. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { after, before, test } from 'node:test';

import { chromium } from 'playwright-core';

const page = new URL('../', import.meta.url);
const root = new URL('../../', page);
const documentation = readFileSync(new URL('docs/reference/ledger.md', root), 'utf8');
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css' };

/** The block of the documentation that is marked with `mark`. */
function block(mark) {
  return documentation.split(`\`\`\`${mark}\n`)[1].split('```')[0];
}

const [key, witness] = block('ledger-keys').trim().split('\n');
let server;
let browser;

before(async () => {
  server = createServer((request, response) => {
    const name = request.url === '/' ? 'index.html' : request.url.slice(1);
    if (!/^[a-z]+\.(html|js|css)$/.test(name)) return response.writeHead(404).end();
    response.writeHead(200, { 'content-type': types[extname(name)] }).end(readFileSync(new URL(name, page)));
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox'] });
});

after(async () => {
  await browser?.close();
  server?.close();
});

/** Opens the page; every request after it was loaded, and every error of it, is remembered. */
async function open(options = {}) {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const tab = await context.newPage();
  const noticed = [];
  tab.on('pageerror', (error) => noticed.push(String(error)));
  tab.on('console', (message) => message.type() === 'error' && noticed.push(message.text()));
  await tab.goto(`http://127.0.0.1:${server.address().port}/`, { waitUntil: 'networkidle' });
  tab.on('request', (request) => noticed.push(request.url()));
  return { tab, noticed };
}

/** Gives the page a key and a file, and waits for what it says. */
async function verify(tab, text, trusted = key) {
  await tab.locator('#key').fill(trusted);
  await tab.locator('#file').setInputFiles({ name: 'ledger.txt', mimeType: 'text/plain', buffer: Buffer.from(text) });
  await tab.locator('#result').evaluate((it) => it.setAttribute('hidden', ''));
  await tab.locator('button[type=submit]').click();
  await tab.locator('#verdict.good, #verdict.bad').waitFor();
  return { verdict: await tab.locator('#verdict').innerText(), facts: await tab.locator('#facts').innerText() };
}

/** Looks like this, for whoever wants to see: SCREENSHOTS names a folder. */
async function shoot(tab, name) {
  const folder = process.env.SCREENSHOTS;
  if (folder !== undefined) await tab.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}

test('an export is verified, and a changed entry is named with its time', async () => {
  const { tab, noticed } = await open();
  const right = await verify(tab, block('ledger-export'));
  assert.equal(right.verdict, '✓ Right. Every entry is as it was signed.');
  assert.match(right.facts, /Entries\s+4[\s\S]*Signed checkpoints\s+2[\s\S]*i7cwBGq7pyP\/coIt8FjGo9F5mePnSKvr1rdoGeebdt8=/);
  await shoot(tab, 'right');
  const wrong = await verify(tab, block('ledger-export').replace('template.create', 'template.delete'));
  assert.equal(wrong.verdict, '✗ Not right: entry 2 of 2026-01-05T09:02:00.000Z');
  assert.match(wrong.facts, /the entry was changed after it was written/);
  await shoot(tab, 'wrong');
  assert.deepEqual(noticed, []);
});

test('a proof is verified with its witness, and another key is refused', async () => {
  const { tab, noticed } = await open();
  await tab.locator('summary').click();
  await tab.locator('#witnesses').fill(witness);
  const right = await verify(tab, block('ledger-proof'));
  assert.equal(right.verdict, '✓ Right. This entry is in the ledger.');
  assert.match(right.facts, /template\.create[\s\S]*Enough witnesses cosigned\s+up to 4 entries, on 2026-01-05T09:05:00\.000Z/);
  await shoot(tab, 'proof');
  const wrong = await verify(tab, block('ledger-proof').replace('index 2', 'index 1'));
  assert.equal(wrong.verdict, '✗ This cannot be verified');
  const foreign = await verify(tab, block('ledger-proof'), witness);
  assert.equal(foreign.verdict, '✗ This cannot be verified');
  assert.deepEqual(noticed, []);
});

test('what a file holds is shown as text, whatever it is', async () => {
  const { tab, noticed } = await open();
  const said = await verify(tab, 'chancery-ledger/1\n<img src=x onerror=alert(1)> x\n');
  assert.equal(said.verdict, '✗ Not right: entry 0');
  const none = await verify(tab, Buffer.from([0xff, 0xfe, 0x00]).toString('latin1'));
  assert.match(none.verdict, /^✗/);
  assert.equal((await verify(tab, 'chancery-ledger/1\n', '<b>x</b>')).verdict, '✗ This cannot be verified');
  assert.equal(await tab.locator('#result img, #result b').count(), 0);
  assert.deepEqual(noticed, []);
});

test('the page speaks German, in the dark and on a narrow screen too', async () => {
  const { tab, noticed } = await open({ locale: 'de-DE', colorScheme: 'dark', viewport: { width: 375, height: 800 } });
  assert.equal(await tab.locator('h1').innerText(), 'Prüfer des Protokolls');
  const right = await verify(tab, block('ledger-export'));
  assert.equal(right.verdict, '✓ Richtig. Jeder Eintrag ist so, wie er unterschrieben wurde.');
  await shoot(tab, 'german-dark');
  const width = await tab.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(width[0] <= width[1], `${width}`);
  await tab.locator('#english').click();
  assert.equal(await tab.locator('#verdict').innerText(), '✓ Right. Every entry is as it was signed.');
  assert.deepEqual(noticed, []);
});

test('the page cannot open a connection', async () => {
  const { tab } = await open();
  const blocked = await tab.evaluate(async () => {
    const tries = await Promise.allSettled([fetch('/index.html'), fetch('http://127.0.0.1:9/')]);
    return tries.map((it) => it.status);
  });
  assert.deepEqual(blocked, ['rejected', 'rejected']);
});
