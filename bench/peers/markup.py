"""The two documents as HTML, for the engines in Python that take HTML."""

from html import escape

import shared

CSS = """
@page { size: A4 }
* { box-sizing: border-box }
html, body { margin: 0; padding: 0; font-family: Inter; color: #1b1f24 }
p, h1 { margin: 0 }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
th { font-weight: 600; text-align: left; border-bottom: 0.75pt solid #1f6f5c }
td, th { padding: 0 4pt }
tr.even { background-color: #f3f5f7 }
.end { text-align: right }
"""
INVOICE_CSS = """
body { font-size: 9.5pt; line-height: 1.4 }
.small { font-size: 8pt; color: #667180 }
.strong { font-weight: 600 }
.top { width: 100%; margin-bottom: 26pt }
.top td { vertical-align: top; padding: 0 }
.logo { width: 40pt; height: 40pt; background-color: #1f6f5c; border-radius: 4pt }
h1 { font-size: 22pt; font-weight: 600; line-height: 1.2 }
.items { margin-bottom: 10pt }
.items td, .items th { padding-top: 4pt; padding-bottom: 4pt; white-space: nowrap }
.items th { font-size: 8pt }
.sums { width: 210pt; margin-left: auto; margin-bottom: 24pt }
.sums td { padding: 2pt 4pt }
"""
TABLE_CSS = """
body { font-size: 8.5pt; line-height: 1.2 }
thead { display: table-header-group }
td, th { height: 17.4pt; white-space: nowrap; vertical-align: middle }
"""


def invoice_body(base: dict, index: int) -> tuple[str, str]:
    """Number and body of the invoice."""
    invoice = shared.invoice(base, index)
    sender, customer = base["sender"], base["customer"]
    lines = "".join(
        f'<tr{" class=even" if position % 2 else ""}><td>{line.number}</td><td>{escape(line.name)}</td>'
        f'<td class="end">{line.quantity}</td><td class="end">{line.price}</td><td class="end">{line.amount}</td></tr>'
        for position, line in enumerate(invoice.lines)
    )
    body = f"""
<table class="top"><tr><td style="width: 52pt"><div class="logo"></div></td>
<td><p class="strong">{escape(sender["name"])}</p><p class="small">{"<br>".join(map(escape, sender["lines"]))}</p></td>
<td style="width: 153pt" class="end"><h1>Invoice</h1></td></tr></table>
<table class="top"><tr><td><p class="strong">{escape(customer["name"])}</p>
<p>{"<br>".join(map(escape, customer["lines"]))}</p></td>
<td style="width: 90pt"><p class="small" style="line-height: 13.3pt">Invoice number<br>Invoice date<br>Due date<br>Your order</p></td>
<td style="width: 110pt" class="end"><p class="strong">{invoice.number}</p>
<p>{base["date"]}<br>{base["due"]}<br>{base["order"]}</p></td></tr></table>
<table class="items"><thead><tr><th style="width: 28pt">No</th><th>Description</th><th class="end" style="width: 60pt">Quantity</th>
<th class="end" style="width: 80pt">Unit price</th><th class="end" style="width: 90pt">Amount</th></tr></thead>
<tbody>{lines}</tbody></table>
<table class="sums"><tr><td class="end">Subtotal</td><td class="end" style="width: 90pt">{invoice.subtotal}</td></tr>
<tr><td class="end">VAT 20%</td><td class="end">{invoice.tax}</td></tr>
<tr><td class="end strong">Total due</td><td class="end strong">{invoice.total}</td></tr></table>
<p class="small">{escape(base["payment"])}</p>"""
    return invoice.number, body


def table_body(base: dict, index: int) -> tuple[str, str]:
    """Number and body of the statement."""
    statement = shared.statement(base, index)
    rows = "".join(
        f'<tr{" class=even" if position % 2 else ""}><td class="end">{row[0]}</td><td>{row[1]}</td><td>{row[2]}</td>'
        f'<td>{escape(row[3])}</td><td class="end">{row[4]}</td></tr>'
        for position, row in enumerate(statement.rows)
    )
    body = f"""
<table><thead><tr><th class="end" style="width: 40pt">No</th><th style="width: 75pt">Date</th>
<th style="width: 80pt">Reference</th><th>Description</th><th class="end" style="width: 80pt">Amount</th></tr></thead>
<tbody>{rows}</tbody></table>"""
    return statement.number, body


def page_css(document: str, base: dict, number: str) -> str:
    """Margins, page header and page footer as margin boxes; `number` is that of the statement."""
    if document == "invoice":
        return f"""@page {{ margin: 42pt 42pt 56pt 42pt;
  @bottom-left {{ font-family: Inter; font-size: 8pt; color: #667180; white-space: nowrap; content: "{base["sender"]["registration"]}" }}
  @bottom-right {{ font-family: Inter; font-size: 8pt; color: #667180; white-space: nowrap; content: "Page " counter(page) " of " counter(pages) }} }}"""
    return f"""@page {{ margin: 66pt 42pt 54pt 42pt;
  @top-left {{ font-family: Inter; font-weight: 600; font-size: 11pt; color: #1b1f24; white-space: nowrap; content: "Statement {number}" }}
  @bottom-left {{ font-family: Inter; font-size: 8.5pt; color: #1b1f24; white-space: nowrap; content: "Page " counter(page) " of " counter(pages) }} }}"""
