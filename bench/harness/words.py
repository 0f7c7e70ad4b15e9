"""Reads PDFs back with poppler: the words, the number of pages, whether it is tagged, the fonts."""

import subprocess
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Inspection:
    """What a PDF holds."""

    words: Counter
    pages: int
    tagged: bool
    version: str
    # Each font with whether it is embedded.
    fonts: dict[str, bool]


def command(*words: str) -> str:
    """Output of a command of poppler."""
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def inspect(pdf: Path) -> Inspection:
    """Reads a PDF. Fails when poppler cannot."""
    # Compatibility forms make ligature characters equal to their letters.
    text = unicodedata.normalize("NFKC", command("pdftotext", "-enc", "UTF-8", str(pdf), "-"))
    facts = dict(line.split(":", 1) for line in command("pdfinfo", str(pdf)).splitlines() if ":" in line)
    fonts = {}
    for line in command("pdffonts", str(pdf)).splitlines()[2:]:
        columns = line.split()
        # From the end: object number and generation, Unicode map, subset, embedded.
        fonts[columns[0].split("+")[-1]] = columns[-5] == "yes"
    return Inspection(
        words=Counter(text.replace("\u00ad", "").split()),
        pages=int(facts["Pages"]),
        tagged=facts.get("Tagged", "no").strip() == "yes",
        version=facts["PDF version"].strip(),
        fonts=fonts,
    )


def difference(words: Counter, reference: Counter) -> str:
    """Empty when the words are the same, else what is missing and what is too much."""
    missing, extra = reference - words, words - reference
    if not missing and not extra:
        return ""

    def examples(counter: Counter) -> str:
        return ", ".join(f"{word}×{count}" for word, count in sorted(counter.items())[:4])

    parts = []
    if missing:
        parts.append(f"{missing.total()} words missing ({examples(missing)})")
    if extra:
        parts.append(f"{extra.total()} words too many ({examples(extra)})")
    return "; ".join(parts)
