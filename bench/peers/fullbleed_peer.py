"""fullbleed, in the lane that the first argument names.

`plain` renders HTML as any HTML engine does. The other lanes compile the HTML once, with a slot for every value,
and then bind the values of a document. `compiled` writes one file a document and lets the text flow, so that the
amounts are aligned; `batch` does so with one file for up to 200 documents, which is what it is made for. `fixed`
paints the values at fixed places: less work, as amounts are not aligned.
"""

import importlib.metadata
import sys
from html import escape
from pathlib import Path
from unittest import mock

import fullbleed

import markup
import shared

BATCH_COUNT_MAX = 200

lane = sys.argv.pop(1)
start = shared.start()
is_invoice = start.document == "invoice"
make_body = markup.invoice_body if is_invoice else markup.table_body
FACES = "".join(
    f'@font-face {{ font-family: Inter; font-weight: {weight}; src: url("{Path(file).as_uri()}") }}'
    for weight, file in ((400, start.regular), (600, start.semibold))
)
STYLE = FACES + markup.CSS + (markup.INVOICE_CSS if is_invoice else markup.TABLE_CSS)


def whole(title: str, body: str) -> str:
    """The HTML around a body."""
    return f'<!doctype html><html lang="en-GB"><head><title>{title}</title></head><body>{body}</body></html>'


def render_plain(index: int) -> bytes:
    """Renders the HTML of the document."""
    number, body = make_body(start.base, index)
    return engine.render_pdf(whole(number, body), STYLE + markup.page_css(start.document, start.base, number))


def values(index: int) -> dict[str, str]:
    """Every value of the document, by the name of its slot."""
    if not is_invoice:
        statement = shared.statement(start.base, index)
        named = {f"c{row}x{column}": text for row, cells in enumerate(statement.rows) for column, text in enumerate(cells)}
        return {"number": statement.number, **named}
    invoice = shared.invoice(start.base, index)
    base = invoice.base
    named = {
        "number": invoice.number,
        "subtotal": invoice.subtotal,
        "tax": invoice.tax,
        "total": invoice.total,
        "date": base["date"],
        "due": base["due"],
        "order": base["order"],
        "customer": base["customer"]["name"],
    }
    named |= {f"address{position}": text for position, text in enumerate(base["customer"]["lines"])}
    for position, line in enumerate(invoice.lines):
        named |= {f"{name}{position}": text for name, text in vars(line).items()}
    return named


def slotted() -> tuple[str, str]:
    """Number and body of the document with a slot in place of every value."""
    if not is_invoice:
        statement = shared.statement(start.base, 0)
        rows = [tuple(f"{{{{c{row}x{column}}}}}" for column in range(5)) for row in range(len(statement.rows))]
        with mock.patch("shared.statement", return_value=shared.Statement("{{number}}", rows)):
            return make_body(start.base, 0)
    invoice = shared.invoice(start.base, 0)
    lines = [
        shared.Line(*(f"{{{{{name}{position}}}}}" for name in vars(line))) for position, line in enumerate(invoice.lines)
    ]
    customer = {
        "name": "{{customer}}",
        "lines": [f"{{{{address{position}}}}}" for position in range(len(start.base["customer"]["lines"]))],
    }
    base = start.base | {"customer": customer, "date": "{{date}}", "due": "{{due}}", "order": "{{order}}"}
    slots = shared.Invoice(base, "{{number}}", lines, "{{subtotal}}", "{{tax}}", "{{total}}")
    with mock.patch("shared.invoice", return_value=slots):
        return make_body(base, 0)


def render_bound(first: int, count: int) -> bytes:
    """Binds the values of `count` documents and writes one file."""
    records = [values(index) for index in range(first, first + count)]
    columns = {name: [record[name] for record in records] for name in records[0]}
    if lane == "fixed":
        return compiled.render_pdf_bindings(columns)
    return compiled.render_pdf_reflow_bindings(columns, compression="compact")


engine = fullbleed.PdfEngine(font_files=[start.regular, start.semibold])
version = importlib.metadata.version("fullbleed")
if lane == "plain":
    shared.serve(render_plain, version)
else:
    number, body = slotted()
    page = markup.page_css(start.document, start.base, escape(number))
    compiled = engine.compile_pdf(whole("Invoice" if is_invoice else "Statement", body), STYLE + page)
    if lane == "batch":
        shared.serve_batches(render_bound, BATCH_COUNT_MAX, version)
    else:
        shared.serve(lambda index: render_bound(index, 1), version)
