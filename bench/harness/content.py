"""Makes the content that every engine renders: the invoice as it is in the file, and tables of any length."""

import json
from pathlib import Path

# What a row may be about; the numbers in a row come from its position, so that no random numbers are needed.
SUBJECTS = (
    "Pressure sensor delivered",
    "Flow meter calibrated",
    "Control cabinet inspected",
    "Cable harness replaced",
    "Power supply returned",
    "Gateway commissioned",
    "Spare parts shipped",
    "Annual service visit",
    "Temperature probe tested",
    "Warranty claim settled",
    "Travel expenses refunded",
)
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def table(row_count: int) -> dict:
    """A statement with `row_count` rows; the same for the same count, on every machine.

    References, lots and amounts are starting values: they go on from one document to the next.
    """
    rows = []
    for position in range(row_count):
        # A linear congruential step spreads the values; its period is far above any row count used here.
        mixed = (position * 1_103_515_245 + 12_345) % 2_147_483_648
        rows.append(
            {
                "number": position + 1,
                "date": f"{mixed % 28 + 1:02d} {MONTHS[mixed // 28 % 12]} 2026",
                "reference": mixed % 900_000,
                "subject": SUBJECTS[mixed // 7 % len(SUBJECTS)],
                "lot": mixed // 11 % 9_000,
                "amount_cents": mixed // 13 % 900_000 + 1_000,
            }
        )
    return {"currency": "GBP", "rows": rows}


def write(folder: Path, invoice: Path, row_counts: list[int]) -> None:
    """Writes `invoice.json` and one `table-<rows>.json` for each count into the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "invoice.json").write_text(json.dumps(json.loads(invoice.read_text())))
    for row_count in row_counts:
        (folder / f"table-{row_count}.json").write_text(json.dumps(table(row_count)))
