// What the Node peers share: the content of the n-th document and the loop that obeys the harness (see shared.py).

import { readFileSync, writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

const INVOICE_STEP_CENTS = 5;
const INVOICE_STEP_COUNT = 997;
const TABLE_STEP_COUNT = 9_973;
const REFERENCE = { step: 7_919, count: 900_000, first: 100_000 };
const LOT = { step: 31, count: 9_000, first: 1_000 };

/** Pounds with two decimals and grouped thousands. */
export function money(cents) {
  const whole = String(Math.floor(cents / 100)).replace(/\B(?=(\d{3})+$)/g, ',');
  return `£${whole}.${String(cents % 100).padStart(2, '0')}`;
}

/** The invoice with that index, ready to print. */
export function invoice(base, index) {
  const step = INVOICE_STEP_CENTS * (index % INVOICE_STEP_COUNT);
  let subtotal = 0;
  const lines = base.items.map((item, position) => {
    const price = item.price_cents + step;
    const amount = price * item.quantity;
    subtotal += amount;
    return [String(position + 1), item.name, String(item.quantity), money(price), money(amount)];
  });
  const tax = Math.floor(subtotal / 5);
  const number = `INV-2026-${String(index).padStart(6, '0')}`;
  return { base, number, lines, subtotal: money(subtotal), tax: money(tax), total: money(subtotal + tax) };
}

/** The statement with that index, ready to print: rows of five texts. */
export function statement(base, index) {
  const step = index % TABLE_STEP_COUNT;
  const next = (value, rule) => rule.first + ((value + rule.step * index) % rule.count);
  const rows = base.rows.map((row) => [
    String(row.number),
    row.date,
    `TX-${next(row.reference, REFERENCE)}`,
    `${row.subject}, lot ${next(row.lot, LOT)}`,
    money(row.amount_cents + step),
  ]);
  return { number: String(index).padStart(6, '0'), rows };
}

/** Reads the command line and the content. */
export function start() {
  const [document, content, regular, semibold] = process.argv.slice(2);
  return { document, base: JSON.parse(readFileSync(content, 'utf8')), regular, semibold };
}

/** The version of an installed package. */
export function versionOf(name) {
  return JSON.parse(readFileSync(new URL(`../node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
}

/** Obeys the harness until its input ends. `render` makes the PDF with an index. */
export async function serve(render, version) {
  const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);
  say({ ready: true, version });
  for await (const line of createInterface({ input: process.stdin })) {
    const command = JSON.parse(line);
    try {
      let size = 0;
      let pdf;
      for (let index = command.first; index < command.first + command.count; index += 1) {
        pdf = await render(index);
        size += pdf.length;
      }
      if (command.output) writeFileSync(command.output, pdf);
      say({ ok: true, bytes: size });
    } catch (error) {
      say({ ok: false, error: `${error.name}: ${error.message}`.slice(0, 500) });
    }
  }
}
