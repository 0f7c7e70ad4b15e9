/** The shared cases of crates/ledger/cases and the worked example of the documentation, answered as the verifier in Rust answers them. */

import assert from 'node:assert/strict';
import { webcrypto } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { test } from 'node:test';

import { Note, PublicKey, Refused, fromBase64, number } from '../ledger.js';
import { lines } from '../lines.js';
import { ExportVerifier, WitnessPolicy, Wrong, parseHeld, verifyProof } from '../verifier.js';

// Node.js before 20 has it, but not under its name.
globalThis.crypto ??= webcrypto;

const root = new URL('../../../', import.meta.url);
const folder = new URL('crates/ledger/cases/', root);
const documentation = readFileSync(new URL('docs/reference/ledger.md', root), 'utf8');

/** The block of the documentation that is marked with `mark`. */
function block(mark) {
  return documentation.split(`\`\`\`${mark}\n`)[1].split('```')[0];
}

/** What is given to a verifier, and what it must answer. */
async function read(name) {
  const text = readFileSync(new URL(name, folder), 'utf8');
  const end = text.indexOf('\n\n');
  const given = text.slice(0, end).split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line.slice(line.indexOf(' ') + 1)]);
  const all = (word) => given.filter(([it]) => it === word).map(([, value]) => value);
  const witnesses = await Promise.all(all('witness').map((key) => PublicKey.parse(key)));
  const least = Number(all('witnesses')[0]);
  return {
    trusted: await PublicKey.parse(all('trusted')[0]),
    policy: least === 0 ? null : new WitnessPolicy(witnesses, least),
    held: all('held').flatMap((line) => parseHeld(line)),
    answer: all('answer')[0],
    export: text.slice(end + 2),
  };
}

async function answer({ trusted, held, policy, export: text }) {
  try {
    const verifier = await ExportVerifier.trusting(trusted, held, policy);
    for await (const line of lines(new Blob([text]).stream())) await verifier.line(line);
    const it = await verifier.finish();
    const witnessed = it.witnessed === null ? '-' : `${it.witnessed.size}@${it.witnessed.seconds}`;
    return `right ${it.entries} ${it.bodies} ${it.erased} ${it.checkpoints} ${it.held} ${it.discounted} ${witnessed}`;
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return `wrong ${error.entry} ${error.atMillis ?? '-'} ${error.kind}`;
  }
}

const names = readdirSync(folder);
assert.ok(names.length >= 40, `${names.length} cases`);
for (const name of names) {
  test(`the case ${name} is answered as in Rust`, async () => {
    const given = await read(name);
    assert.equal(await answer(given), given.answer);
  });
}

test('every altered byte of an export is refused', async () => {
  const given = await read('right.txt');
  const bytes = new TextEncoder().encode(given.export.trimEnd());
  for (let at = 0; at < bytes.length; at += 7) {
    const altered = bytes.slice();
    altered[at] ^= 1;
    const said = await answer({ ...given, export: new TextDecoder().decode(altered) });
    assert.ok(said.startsWith('wrong '), `byte ${at}: ${said}`);
  }
});

test('the documented export, keys and proof verify, and no altered letter of the proof does', async () => {
  const [log, witness] = await Promise.all(block('ledger-keys').trim().split('\n').map((key) => PublicKey.parse(key)));
  assert.equal(await answer({ trusted: log, held: [], policy: null, export: block('ledger-export') }), 'right 4 3 0 2 0 0 -');
  const proof = block('ledger-proof');
  const proven = await verifyProof(proof, log);
  assert.equal(proven.entry.number, 2n);
  assert.equal(await proven.note.verify(witness), 1767603900n);
  const signed = proof.indexOf('— witness');
  for (let at = 0; at < signed; at += 3) {
    const altered = proof.slice(0, at) + String.fromCharCode(proof.charCodeAt(at) ^ 1) + proof.slice(at + 1);
    await assert.rejects(verifyProof(altered, log), `letter ${at}`);
  }
});

test('each value has one spelling', () => {
  for (const text of ['', '00', '01', '+1', '-1', ' 1', '1 ', '18446744073709551616', 'é']) assert.equal(number(text), null, text);
  assert.equal(number('18446744073709551615'), 2n ** 64n - 1n);
  for (const text of ['QQ', 'QR==', 'QQ=', 'Q Q=', 'QQ==\n', '_w==']) assert.equal(fromBase64(text), null, text);
  assert.deepEqual(fromBase64('QQ=='), Uint8Array.of(65));
});

test('what is too long is refused before it is read', async () => {
  const { trusted } = await read('right.txt');
  const verifier = await ExportVerifier.trusting(trusted, []);
  await assert.rejects(verifier.line('x'.repeat(1024 * 1024 + 1)), /longer than 1 MiB/);
  assert.throws(() => Note.parse('x'.repeat(70000)), Refused);
  const endless = new Blob(['chancery-ledger/1\n', 'x'.repeat(3 * 1024 * 1024)]).stream();
  await assert.rejects(async () => {
    for await (const line of lines(endless)) assert.ok(line.length < 100);
  }, /longer than 1 MiB/);
});
