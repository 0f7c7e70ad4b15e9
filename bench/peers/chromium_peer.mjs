// Chromium: one running browser, one open page with fonts loaded and a script that fills in the data, one print per document.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

import { invoice, serve, start, statement } from './shared.mjs';

const { document, base, regular, semibold } = start();
const face = (weight, file) =>
  `@font-face { font-family: Inter; font-weight: ${weight}; src: url("${pathToFileURL(file)}") }`;
const style = `
@page { size: A4 }
* { box-sizing: border-box }
html, body { margin: 0; font-family: Inter; color: #1b1f24; print-color-adjust: exact }
p, h1 { margin: 0 }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
th { font-weight: 600; text-align: left; border-bottom: 0.75pt solid #1f6f5c }
td, th { padding: 0 4pt }
tbody tr:nth-child(even) { background: #f3f5f7 }
.end { text-align: right }
.small { font-size: 8pt; color: #667180 }
.strong { font-weight: 600 }
`;
const invoiceStyle = `
@page { margin: 42pt 42pt 56pt 42pt;
  @bottom-left { font: 8pt Inter; color: #667180; white-space: nowrap; content: "${base.sender?.registration}" }
  @bottom-right { font: 8pt Inter; color: #667180; white-space: nowrap; content: "Page " counter(page) " of " counter(pages) } }
body { font-size: 9.5pt; line-height: 1.4 }
.top { margin-bottom: 26pt; display: flex }
.grow { flex: 1 }
.logo { width: 40pt; height: 40pt; margin-right: 12pt; background: #1f6f5c; border-radius: 4pt }
h1 { font-size: 22pt; font-weight: 600; line-height: 1.2 }
.items { margin-bottom: 10pt }
.items td, .items th { padding-top: 4pt; padding-bottom: 4pt; white-space: nowrap }
.items th { font-size: 8pt }
.sums { width: 210pt; margin: 0 0 24pt auto }
.sums tr { background: none !important }
.sums td { padding: 2pt 4pt }
`;
const tableStyle = `
@page { margin: 66pt 42pt 54pt 42pt;
  @bottom-left { font: 8.5pt Inter; color: #1b1f24; white-space: nowrap; content: "Page " counter(page) " of " counter(pages) } }
body { font-size: 8.5pt; line-height: 1.2 }
td, th { height: 17.4pt; white-space: nowrap }
`;
const invoiceBody = `
<div class="top"><div class="logo"></div><div class="grow"><p class="strong">${base.sender?.name}</p>
<p class="small">${base.sender?.lines.join('<br>')}</p></div><h1>Invoice</h1></div>
<div class="top"><div class="grow"><p class="strong">${base.customer?.name}</p><p>${base.customer?.lines.join('<br>')}</p></div>
<p class="small" style="width: 90pt; line-height: 13.3pt">Invoice number<br>Invoice date<br>Due date<br>Your order</p>
<div class="end" style="width: 110pt"><p class="strong" id="number"></p><p>${base.date}<br>${base.due}<br>${base.order}</p></div></div>
<table class="items"><thead><tr><th style="width: 28pt">No</th><th>Description</th><th class="end" style="width: 60pt">Quantity</th>
<th class="end" style="width: 80pt">Unit price</th><th class="end" style="width: 90pt">Amount</th></tr></thead><tbody id="rows"></tbody></table>
<table class="sums"><tr><td class="end">Subtotal</td><td class="end" style="width: 90pt" id="subtotal"></td></tr>
<tr><td class="end">VAT 20%</td><td class="end" id="tax"></td></tr>
<tr><td class="end strong">Total due</td><td class="end strong" id="total"></td></tr></table>
<p class="small">${base.payment}</p>`;
const tableBody = `
<table><thead><tr><th class="end" style="width: 40pt">No</th><th style="width: 75pt">Date</th><th style="width: 80pt">Reference</th>
<th>Description</th><th class="end" style="width: 80pt">Amount</th></tr></thead><tbody id="rows"></tbody></table>`;

const folder = mkdtempSync(join(tmpdir(), 'bench-chromium-'));
const file = join(folder, 'page.html');
writeFileSync(file, `<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title></title>
<style>${face(400, regular)}${face(600, semibold)}${style}${document === 'invoice' ? invoiceStyle : tableStyle}</style>
<style id="changing"></style></head>
<body>${document === 'invoice' ? invoiceBody : tableBody}<span style="font-weight: 600"></span></body></html>`);

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
    '--disable-component-update', '--disable-sync'],
});
const page = await browser.newPage();
await page.goto(pathToFileURL(file).href);
await page.evaluate(async () => {
  await Promise.all([...globalThis.document.fonts].map((font) => font.load()));
});

/** Runs in the page: fills in the data. */
function fill({ title, css, texts, rows, ends }) {
  const { document } = globalThis;
  document.title = title;
  document.getElementById('changing').textContent = css;
  for (const [id, text] of Object.entries(texts)) document.getElementById(id).textContent = text;
  const body = document.createElement('tbody');
  body.id = 'rows';
  for (const row of rows) {
    const line = body.insertRow();
    row.forEach((text, column) => {
      const cell = line.insertCell();
      cell.textContent = text;
      if (ends.includes(column)) cell.className = 'end';
    });
  }
  document.getElementById('rows').replaceWith(body);
}

async function render(index) {
  if (document === 'invoice') {
    const { number, lines, subtotal, tax, total } = invoice(base, index);
    await page.evaluate(fill, {
      title: `Invoice ${number}`, css: '', texts: { number, subtotal, tax, total }, rows: lines, ends: [2, 3, 4],
    });
  } else {
    const { number, rows } = statement(base, index);
    const css = `@page { @top-left { font: 600 11pt Inter; color: #1b1f24; white-space: nowrap; content: "Statement ${number}" } }`;
    await page.evaluate(fill, { title: `Statement ${number}`, css, texts: {}, rows, ends: [0, 4] });
  }
  return page.pdf({ preferCSSPageSize: true, printBackground: true });
}

await serve(render, browser.version());
await browser.close();
rmSync(folder, { recursive: true });
