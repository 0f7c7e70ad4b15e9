"""ReportLab: platypus tables and paragraphs, fixed parts on the canvas, fonts registered once."""

import io

import reportlab
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

import shared

start = shared.start()
pdfmetrics.registerFont(TTFont("Inter", start.regular))
pdfmetrics.registerFont(TTFont("Inter-SemiBold", start.semibold))
INK, GREY, GREEN, STRIPE = (HexColor(code) for code in ("#1b1f24", "#667180", "#1f6f5c", "#f3f5f7"))
WIDTH, HEIGHT = A4
PAYMENT = ParagraphStyle("payment", fontName="Inter", fontSize=8, leading=11.2, textColor=GREY)


class CountingCanvas(Canvas):
    """Keeps the pages until their number is known: ReportLab's usual way to print "page n of m"."""

    def __init__(self, *arguments, **options):
        super().__init__(*arguments, **options)
        self.kept = []

    def showPage(self):  # noqa: N802 - ReportLab's name
        self.kept.append(dict(self.__dict__))
        self._startPage()

    def save(self):
        for number, page in enumerate(self.kept, 1):
            self.__dict__.update(page)
            self.foot(number, len(self.kept))
            super().showPage()
        super().save()

    def foot(self, number: int, count: int) -> None:
        self.setFont("Inter", 8 if start.document == "invoice" else 8.5)
        self.setFillColor(GREY if start.document == "invoice" else INK)
        text = f"Page {number} of {count}"
        if start.document == "invoice":
            self.drawRightString(WIDTH - 42, 34, text)
        else:
            self.drawString(42, 34, text)


ITEM_STYLE = TableStyle(
    [
        ("FONT", (0, 0), (-1, 0), "Inter-SemiBold", 8),
        ("FONT", (0, 1), (-1, -1), "Inter", 9.5),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("ALIGN", (2, 0), (-1, -1), "RIGHT"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.75, GREEN),
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), [None, STRIPE]),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 4),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 5),
    ]
)
SUM_STYLE = TableStyle(
    [
        ("FONT", (0, 0), (-1, 1), "Inter", 9.5),
        ("FONT", (0, 2), (-1, 2), "Inter-SemiBold", 9.5),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("ALIGN", (0, 0), (-1, -1), "RIGHT"),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
)


def render_invoice(index: int) -> bytes:
    """The invoice."""
    invoice = shared.invoice(start.base, index)
    base = invoice.base

    def draw(canvas: Canvas, _document: object) -> None:
        canvas.setFillColor(GREEN)
        canvas.roundRect(42, HEIGHT - 82, 40, 40, 4, stroke=0, fill=1)
        canvas.setFillColor(INK)
        canvas.setFont("Inter-SemiBold", 9.5)
        canvas.drawString(94, HEIGHT - 52, base["sender"]["name"])
        canvas.setFont("Inter-SemiBold", 22)
        canvas.drawRightString(WIDTH - 42, HEIGHT - 62, "Invoice")
        canvas.setFont("Inter", 8)
        canvas.setFillColor(GREY)
        for position, text in enumerate(base["sender"]["lines"]):
            canvas.drawString(94, HEIGHT - 64 - 11.2 * position, text)
        top = HEIGHT - 132
        for position, text in enumerate(("Invoice number", "Invoice date", "Due date", "Your order")):
            canvas.drawString(353, top - 13.3 * position, text)
        canvas.drawString(42, 34, base["sender"]["registration"])
        canvas.setFillColor(INK)
        canvas.setFont("Inter-SemiBold", 9.5)
        canvas.drawString(42, top, base["customer"]["name"])
        canvas.drawRightString(WIDTH - 42, top, invoice.number)
        canvas.setFont("Inter", 9.5)
        for position, text in enumerate(base["customer"]["lines"], 1):
            canvas.drawString(42, top - 13.3 * position, text)
        for position, text in enumerate((base["date"], base["due"], base["order"]), 1):
            canvas.drawRightString(WIDTH - 42, top - 13.3 * position, text)

    rows = [("No", "Description", "Quantity", "Unit price", "Amount")]
    rows += [(line.number, line.name, line.quantity, line.price, line.amount) for line in invoice.lines]
    sums = [("Subtotal", invoice.subtotal), ("VAT 20%", invoice.tax), ("Total due", invoice.total)]
    story = [
        Table(rows, (28, 253.28, 60, 80, 90), 21.5, ITEM_STYLE),
        Spacer(0, 10),
        Table(sums, (120, 90), 17, SUM_STYLE, hAlign="RIGHT"),
        Spacer(0, 24),
        Paragraph(base["payment"], PAYMENT),
    ]
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file, pagesize=A4, leftMargin=36, rightMargin=36, topMargin=208, bottomMargin=56, title=f"Invoice {invoice.number}"
    )
    document.build(story, onFirstPage=draw, onLaterPages=draw, canvasmaker=CountingCanvas)
    return file.getvalue()


ROW_STYLE = TableStyle(
    [
        ("FONT", (0, 0), (-1, 0), "Inter-SemiBold", 8.5),
        ("FONT", (0, 1), (-1, -1), "Inter", 8.5),
        ("TEXTCOLOR", (0, 0), (-1, -1), INK),
        ("ALIGN", (0, 0), (0, -1), "RIGHT"),
        ("ALIGN", (4, 0), (4, -1), "RIGHT"),
        ("LINEBELOW", (0, 0), (-1, 0), 0.75, GREEN),
        ("ROWBACKGROUNDS", (0, 1), (-1, -1), [None, STRIPE]),
        ("LEFTPADDING", (0, 0), (-1, -1), 4),
        ("RIGHTPADDING", (0, 0), (-1, -1), 4),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3.5),
    ]
)


def render_table(index: int) -> bytes:
    """The statement."""
    statement = shared.statement(start.base, index)

    def draw(canvas: Canvas, _document: object) -> None:
        canvas.setFillColor(INK)
        canvas.setFont("Inter-SemiBold", 11)
        canvas.drawString(42, HEIGHT - 50, f"Statement {statement.number}")

    rows = [("No", "Date", "Reference", "Description", "Amount"), *statement.rows]
    table = LongTable(rows, (40, 75, 80, 236.28, 80), 17.4, ROW_STYLE, repeatRows=1)
    file = io.BytesIO()
    document = SimpleDocTemplate(
        file,
        pagesize=A4,
        leftMargin=36,
        rightMargin=36,
        topMargin=60,
        bottomMargin=48,
        title=f"Statement {statement.number}",
    )
    document.build([table], onFirstPage=draw, onLaterPages=draw, canvasmaker=CountingCanvas)
    return file.getvalue()


shared.serve(render_invoice if start.document == "invoice" else render_table, reportlab.__version__)
