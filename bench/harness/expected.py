"""The words that a document must have, made from the content alone and not by any engine."""

import json
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "peers"))

import shared  # noqa: E402 - the path is set above

ROWS_PER_PAGE = 40


def invoice(content: Path, index: int) -> Counter:
    """Words of the invoice with that index; it has one page."""
    invoice = shared.invoice(json.loads(content.read_text()), index)
    base = invoice.base
    texts = [base["sender"]["name"], *base["sender"]["lines"], base["sender"]["registration"], "Invoice"]
    texts += [base["customer"]["name"], *base["customer"]["lines"], base["payment"]]
    texts += ["Invoice number", invoice.number, "Invoice date", base["date"], "Due date", base["due"]]
    texts += ["Your order", base["order"], "No Description Quantity Unit price Amount"]
    for line in invoice.lines:
        texts += vars(line).values()
    texts += ["Subtotal", invoice.subtotal, "VAT 20%", invoice.tax, "Total due", invoice.total, "Page 1 of 1"]
    return Counter(" ".join(texts).split())


def table(content: Path, index: int) -> Counter:
    """Words of the statement with that index, with the heads that are repeated on every page."""
    statement = shared.statement(json.loads(content.read_text()), index)
    texts = [text for row in statement.rows for text in row]
    pages = max(1, -(-len(statement.rows) // ROWS_PER_PAGE))
    for page in range(1, pages + 1):
        texts += [f"Statement {statement.number}", "No Date Reference Description Amount", f"Page {page} of {pages}"]
    return Counter(" ".join(texts).split())


WORDS = {"invoice": invoice, "table": table}
