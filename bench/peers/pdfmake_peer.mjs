// pdfmake: one document definition per document, fonts given as files.

import pdfmake from 'pdfmake';

import { invoice, serve, start, statement, versionOf } from './shared.mjs';

const { document, base, regular, semibold } = start();
pdfmake.addFonts({ Inter: { normal: regular, bold: semibold } });
pdfmake.setUrlAccessPolicy(() => false);
pdfmake.setLocalAccessPolicy?.((path) => path === regular || path === semibold);

const stripe = (row) => (row > 0 && row % 2 === 0 ? '#f3f5f7' : null);

function invoiceDefinition(index) {
  const { number, lines, subtotal, tax, total } = invoice(base, index);
  const end = (text, more = {}) => ({ text, alignment: 'right', ...more });
  return {
    pageSize: 'A4',
    pageMargins: [42, 42, 42, 56],
    info: { title: `Invoice ${number}` },
    defaultStyle: { font: 'Inter', fontSize: 9.5, color: '#1b1f24', lineHeight: 1.15 },
    styles: { small: { fontSize: 8, color: '#667180' }, head: { fontSize: 8, bold: true } },
    footer: (page, pages) => ({
      margin: [42, 22, 42, 0],
      columns: [
        { text: base.sender.registration, style: 'small', width: '*' },
        end(`Page ${page} of ${pages}`, { style: 'small', width: 60 }),
      ],
    }),
    content: [
      {
        columns: [
          { width: 52, canvas: [{ type: 'rect', x: 0, y: 0, w: 40, h: 40, r: 4, color: '#1f6f5c' }] },
          { width: '*', stack: [{ text: base.sender.name, bold: true }, { text: base.sender.lines.join('\n'), style: 'small' }] },
          end('Invoice', { width: 'auto', fontSize: 22, bold: true }),
        ],
        margin: [0, 0, 0, 26],
      },
      {
        columns: [
          { width: '*', stack: [{ text: base.customer.name, bold: true }, base.customer.lines.join('\n')] },
          { width: 90, text: 'Invoice number\nInvoice date\nDue date\nYour order', style: 'small', lineHeight: 1.37 },
          { width: 110, stack: [end(number, { bold: true }), end(`${base.date}\n${base.due}\n${base.order}`)] },
        ],
        margin: [0, 0, 0, 26],
      },
      {
        table: {
          headerRows: 1,
          widths: [20, '*', 52, 72, 82],
          body: [
            [
              { text: 'No', style: 'head' },
              { text: 'Description', style: 'head' },
              end('Quantity', { style: 'head' }),
              end('Unit price', { style: 'head' }),
              end('Amount', { style: 'head' }),
            ],
            ...lines.map((line) => [line[0], line[1], end(line[2]), end(line[3]), end(line[4])]),
          ],
        },
        layout: {
          hLineWidth: (line) => (line === 1 ? 0.75 : 0),
          vLineWidth: () => 0,
          hLineColor: () => '#1f6f5c',
          fillColor: stripe,
          paddingTop: () => 4,
          paddingBottom: () => 4,
        },
        margin: [0, 0, 0, 10],
      },
      {
        columns: [
          { width: '*', text: '' },
          {
            width: 'auto',
            table: {
              widths: [112, 82],
              body: [
                [end('Subtotal'), end(subtotal)],
                [end('VAT 20%'), end(tax)],
                [end('Total due', { bold: true }), end(total, { bold: true })],
              ],
            },
            layout: 'noBorders',
          },
        ],
        margin: [0, 0, 0, 24],
      },
      { text: base.payment, style: 'small' },
    ],
  };
}

function tableDefinition(index) {
  const { number, rows } = statement(base, index);
  const end = (text) => ({ text, alignment: 'right' });
  const head = (text, alignment = 'left') => ({ text, alignment, bold: true });
  return {
    pageSize: 'A4',
    pageMargins: [42, 66, 42, 54],
    info: { title: `Statement ${number}` },
    defaultStyle: { font: 'Inter', fontSize: 8.5, color: '#1b1f24' },
    header: { text: `Statement ${number}`, margin: [42, 38, 42, 0], bold: true, fontSize: 11 },
    footer: (page, pages) => ({ text: `Page ${page} of ${pages}`, margin: [42, 16, 42, 0] }),
    content: [
      {
        table: {
          headerRows: 1,
          widths: [32, 67, 72, '*', 72],
          body: [
            [head('No', 'right'), head('Date'), head('Reference'), head('Description'), head('Amount', 'right')],
            ...rows.map((row) => [end(row[0]), row[1], row[2], row[3], end(row[4])]),
          ],
        },
        layout: {
          hLineWidth: (line) => (line === 1 ? 0.75 : 0),
          vLineWidth: () => 0,
          hLineColor: () => '#1f6f5c',
          fillColor: stripe,
          paddingTop: () => 3.55,
          paddingBottom: () => 3.55,
        },
      },
    ],
  };
}

const definition = document === 'invoice' ? invoiceDefinition : tableDefinition;
await serve((index) => pdfmake.createPdf(definition(index)).getBuffer(), versionOf('pdfmake'));
