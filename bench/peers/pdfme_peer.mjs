// pdfme: one template made once, inputs per document, fonts given as bytes and subset by it.

import { readFileSync } from 'node:fs';

import { generate } from '@pdfme/generator';
import { line, rectangle, table, text } from '@pdfme/schemas';

import { invoice, serve, start, statement, versionOf } from './shared.mjs';

const { document, base, regular, semibold } = start();
const font = {
  Inter: { data: readFileSync(regular), fallback: true, subset: true },
  InterSemiBold: { data: readFileSync(semibold), fallback: false, subset: true },
};
const plugins = { text, table, rectangle, line };

// pdfme counts in millimetres.
const mm = (points) => (points * 25.4) / 72;
const A4 = { width: 210, height: 297 };

function box(name, x, y, width, height, more = {}) {
  return {
    name, type: 'text', position: { x: mm(x), y: mm(y) }, width: mm(width), height: mm(height), content: '',
    fontName: 'Inter', fontSize: 9.5, fontColor: '#1b1f24', lineHeight: 1.4, characterSpacing: 0,
    alignment: 'left', verticalAlignment: 'top', backgroundColor: '', opacity: 1, ...more,
  };
}
const small = { fontSize: 8, fontColor: '#667180' };
const strong = { fontName: 'InterSemiBold' };
const right = { alignment: 'right' };
const fixed = { readOnly: true };

const none = { top: 0, right: 0, bottom: 0, left: 0 };
function cells(size, padding, more) {
  return {
    fontName: 'Inter', fontSize: size, fontColor: '#1b1f24', lineHeight: 1.2, characterSpacing: 0, alignment: 'left',
    verticalAlignment: 'middle', borderColor: '#1f6f5c', backgroundColor: '', borderWidth: none,
    padding: { top: mm(padding), right: mm(4), bottom: mm(padding), left: mm(4) }, ...more,
  };
}

// What stands below is moved by the difference between this height and the real one.
function grid(name, y, height, head, widths, ends, size, headSize, padding) {
  const whole = widths.reduce((sum, width) => sum + width, 0);
  return {
    name, type: 'table', position: { x: mm(42), y: mm(y) }, width: mm(whole), height: mm(height), content: '[]',
    showHead: true, repeatHead: true, head,
    headWidthPercentages: widths.map((width) => (width / whole) * 100),
    tableStyles: { borderColor: '#000000', borderWidth: 0 },
    headStyles: cells(headSize, padding, { fontName: 'InterSemiBold', borderWidth: { ...none, bottom: mm(0.75) } }),
    bodyStyles: cells(size, padding, { alternateBackgroundColor: '#f3f5f7' }),
    columnStyles: { alignment: Object.fromEntries(ends.map((column) => [column, 'right'])) },
  };
}

const invoiceTemplate = {
  basePdf: {
    ...A4, padding: [mm(42), mm(42), mm(56), mm(42)],
    staticSchema: [
      box('registration', 42, 798, 420, 14, { ...small, ...fixed, content: base.sender?.registration ?? '' }),
      box('page', 453, 798, 100, 14, { ...small, ...right, ...fixed, content: 'Page {currentPage} of {totalPages}' }),
    ],
  },
  schemas: [[
    { name: 'logo', type: 'rectangle', position: { x: mm(42), y: mm(42) }, width: mm(40), height: mm(40),
      color: '#1f6f5c', borderColor: '', borderWidth: 0, radius: mm(4), rotate: 0, opacity: 1, readOnly: true },
    box('sender', 94, 42, 250, 14, strong),
    box('senderLines', 94, 55, 250, 36, small),
    box('title', 400, 42, 153, 30, { ...strong, ...right, ...fixed, fontSize: 22, content: 'Invoice' }),
    box('customer', 42, 118, 300, 14, strong),
    box('customerLines', 42, 131, 300, 56),
    box('labels', 353, 118, 90, 70, { ...small, ...fixed, lineHeight: 1.66,
      content: 'Invoice number\nInvoice date\nDue date\nYour order' }),
    box('number', 443, 118, 110, 14, { ...strong, ...right }),
    box('facts', 443, 131, 110, 56, right),
    grid('items', 214, 277, ['No', 'Description', 'Quantity', 'Unit price', 'Amount'], [28, 253.28, 60, 80, 90],
      [2, 3, 4], 9.5, 8, 5),
    box('sumLabels', 343, 510, 120, 28, { ...right, ...fixed, content: 'Subtotal\nVAT 20%' }),
    box('sums', 463, 510, 86, 28, right),
    box('totalLabel', 343, 538, 120, 14, { ...strong, ...right, ...fixed, content: 'Total due' }),
    box('total', 463, 538, 86, 14, { ...strong, ...right }),
    box('payment', 42, 580, 511, 48, small),
  ]],
};

function invoiceInputs(index) {
  const { number, lines, subtotal, tax, total } = invoice(base, index);
  return {
    sender: base.sender.name, senderLines: base.sender.lines.join('\n'),
    customer: base.customer.name, customerLines: base.customer.lines.join('\n'),
    number, facts: `${base.date}\n${base.due}\n${base.order}`,
    items: JSON.stringify(lines), sums: `${subtotal}\n${tax}`, total, payment: base.payment,
  };
}

// Fixed texts take no input: pdfme prints the content of what is read-only.
const tableTemplate = {
  basePdf: {
    ...A4, padding: [mm(66), mm(42), mm(54), mm(42)],
    staticSchema: [
      box('title', 42, 38, 300, 16, { ...strong, ...fixed, fontSize: 11, content: 'Statement {number}' }),
      box('page', 42, 802, 300, 14, { ...fixed, fontSize: 8.5, content: 'Page {currentPage} of {totalPages}' }),
    ],
  },
  schemas: [[
    grid('rows', 66, 100, ['No', 'Date', 'Reference', 'Description', 'Amount'], [40, 75, 80, 236.28, 80], [0, 4], 8.5, 8.5, 3.5),
  ]],
};

function tableInputs(index) {
  const { number, rows } = statement(base, index);
  return { number, rows: JSON.stringify(rows) };
}

const template = document === 'invoice' ? invoiceTemplate : tableTemplate;
const inputs = document === 'invoice' ? invoiceInputs : tableInputs;
await serve(
  (index) => generate({ template, inputs: [inputs(index)], plugins, options: { font } }),
  versionOf('@pdfme/generator'),
);
