"""What the Python peers share: the content of the n-th document and the loop that obeys the harness.

The harness starts `<peer> <document> <content file> <regular font> <semibold font>` and then writes one JSON
object a line: `{"first": 17, "count": 5, "output": "file or null"}`. The peer renders the documents 17 to 21,
writes the last one to the output, if any, and answers with one JSON object a line.
"""

import json
import sys
from dataclasses import dataclass
from typing import Callable

# Documents differ in every amount; the step keeps the tax a whole number of pence. Statements differ in references
# and lots too, so that a cache of words helps only as much as it would with real data.
INVOICE_STEP_CENTS = 5
INVOICE_STEP_COUNT = 997
TABLE_STEP_COUNT = 9_973
REFERENCE_STEP, REFERENCE_COUNT, REFERENCE_FIRST = 7_919, 900_000, 100_000
LOT_STEP, LOT_COUNT, LOT_FIRST = 31, 9_000, 1_000


def money(cents: int) -> str:
    """Pounds with two decimals and grouped thousands."""
    return f"£{cents // 100:,}.{cents % 100:02d}"


@dataclass
class Line:
    """One line of the invoice, ready to print."""

    number: str
    name: str
    quantity: str
    price: str
    amount: str


@dataclass
class Invoice:
    """One invoice, ready to print."""

    base: dict
    number: str
    lines: list[Line]
    subtotal: str
    tax: str
    total: str


def invoice(base: dict, index: int) -> Invoice:
    """The invoice with that index."""
    step = INVOICE_STEP_CENTS * (index % INVOICE_STEP_COUNT)
    lines, subtotal = [], 0
    for position, item in enumerate(base["items"]):
        price = item["price_cents"] + step
        amount = price * item["quantity"]
        subtotal += amount
        lines.append(Line(str(position + 1), item["name"], str(item["quantity"]), money(price), money(amount)))
    tax = subtotal // 5
    return Invoice(base, f"INV-2026-{index:06d}", lines, money(subtotal), money(tax), money(subtotal + tax))


@dataclass
class Statement:
    """One statement, ready to print: rows of five texts."""

    number: str
    rows: list[tuple[str, str, str, str, str]]


def statement(base: dict, index: int) -> Statement:
    """The statement with that index."""
    step = index % TABLE_STEP_COUNT
    rows = []
    for row in base["rows"]:
        reference = REFERENCE_FIRST + (row["reference"] + REFERENCE_STEP * index) % REFERENCE_COUNT
        lot = LOT_FIRST + (row["lot"] + LOT_STEP * index) % LOT_COUNT
        description = f"{row['subject']}, lot {lot}"
        rows.append((str(row["number"]), row["date"], f"TX-{reference}", description, money(row["amount_cents"] + step)))
    return Statement(f"{index:06d}", rows)


@dataclass
class Start:
    """What the harness gave."""

    document: str
    content: str
    base: dict
    regular: str
    semibold: str


def start() -> Start:
    """Reads the command line and the content."""
    document, content, regular, semibold = sys.argv[1:5]
    with open(content, encoding="utf-8") as file:
        text = file.read()
    return Start(document, text, json.loads(text), regular, semibold)


def serve(render: Callable[[int], bytes], version: str) -> None:
    """Obeys the harness until its input ends. `render` makes the PDF with an index."""
    serve_batches(lambda first, _count: render(first), 1, version)


def serve_batches(render: Callable[[int, int], bytes], batch_count_max: int, version: str) -> None:
    """Obeys the harness until its input ends. `render` makes one PDF of so many documents from an index on."""
    print(json.dumps({"ready": True, "version": version}), flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        try:
            size = 0
            end = command["first"] + command["count"]
            for first in range(command["first"], end, batch_count_max):
                pdf = render(first, min(batch_count_max, end - first))
                size += len(pdf)
            if command["output"]:
                with open(command["output"], "wb") as file:
                    file.write(pdf)
            answer = {"ok": True, "bytes": size}
        except Exception as error:  # noqa: BLE001 - whatever a peer fails with belongs into the table
            answer = {"ok": False, "error": f"{type(error).__name__}: {error}"[:500]}
        print(json.dumps(answer), flush=True)
