"""WeasyPrint: HTML per document, fixed style sheets parsed once, one font configuration."""

from pathlib import Path

import weasyprint
from weasyprint.text.fonts import FontConfiguration

import markup
import shared

start = shared.start()
fonts = FontConfiguration()
FACES = "".join(
    f'@font-face {{ font-family: Inter; font-weight: {weight}; src: url("{Path(file).as_uri()}") }}'
    for weight, file in ((400, start.regular), (600, start.semibold))
)
STYLE = FACES + markup.CSS + (markup.INVOICE_CSS if start.document == "invoice" else markup.TABLE_CSS)
sheet = weasyprint.CSS(string=STYLE, font_config=fonts)
make_body = markup.invoice_body if start.document == "invoice" else markup.table_body


def render(index: int) -> bytes:
    """Renders the HTML of the document."""
    number, body = make_body(start.base, index)
    title = ("Invoice " if start.document == "invoice" else "Statement ") + number
    page = markup.page_css(start.document, start.base, number)
    text = f'<!doctype html><html lang="en-GB"><head><title>{title}</title><style>{page}</style></head><body>{body}</body></html>'
    return weasyprint.HTML(string=text).write_pdf(stylesheets=[sheet], font_config=fonts)


shared.serve(render, weasyprint.__version__)
