"""Shows the figures on the terminal, keeps them as JSON, and writes RESULTS.md from what was kept."""

import json
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

DOCUMENT_TITLES = {
    "invoice": "The one-page invoice",
    "table": "The statement: 100 pages, 4,000 rows, 5 columns",
    "growth": "Growth with the number of rows",
}
LEDGER_TITLE = "The ledger"
PICTURES_TITLE = "Pictures of pages: every page of every example, already laid out"
HEAD = ["engine", "CPU ms", "× us", "±", "wall ms", "first PDF, CPU ms", "peak MiB", "KiB", "pages", "tagged", "rounds", "text"]


def finish(bench: Path, work: Path, results: dict, drawn: list[dict], seconds: float, is_whole: bool) -> None:
    """Keeps the figures, shows them, and writes RESULTS.md when nothing was left out."""
    kept = {
        "when": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "seconds": round(seconds),
        "machine": machine(),
        "versions": versions(),
        "documents": {name: [row(line) for line in lines] for name, lines in results.items()},
        "pictures": drawn,
    }
    (work / ("results.json" if is_whole else "partial.json")).write_text(json.dumps(kept, indent=1))
    for name, rows in kept["documents"].items():
        print(f"\n{DOCUMENT_TITLES[name]}\n")
        print_table(*(growth_table(rows) if name == "growth" else engine_table(rows)))
        for note in notes(rows):
            print(f"  {note}")
    if drawn:
        print(f"\n{PICTURES_TITLE}\n")
        print_table(*pictures_table(drawn))
    if is_whole:
        write(bench, work)
        print(f"\nwritten to {bench / 'RESULTS.md'} after {kept['seconds']} s")
    else:
        print("\nRESULTS.md is left as it is: only a whole run writes it")


def row(line) -> dict:
    """A line of the comparison as plain values."""
    measured = bool(line.readings)
    return {
        "name": line.peer.name,
        "title": line.peer.title,
        "remark": line.peer.remark,
        "label": line.document,
        "version": line.version,
        "failure": line.failure,
        "other_task": line.peer.other_task,
        "cpu_ms": line.cpu_ms() if measured else None,
        "wall_ms": line.wall_ms() if measured else None,
        "spread": line.spread() if measured else None,
        "first_ms": line.start_cpu_ms + line.first_cpu_ms,
        "memory_mib": line.memory_mib,
        "size_bytes": line.size_bytes,
        "pages": line.pages,
        "tagged": line.tagged,
        "pdf_version": line.pdf_version,
        "rounds": 0 if line.first_only else len(line.readings),
        "documents": sum(reading.count for reading in line.readings),
        "text": line.text,
    }


def number(value: float) -> str:
    """Three digits that count."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}" if value >= 1 else f"{value:.3f}"


def from_ticks(value: float) -> str:
    """A single reading, which cannot be finer than a tick."""
    return "< 10" if value < 10 else number(value)


def engine_table(rows: list[dict]) -> tuple[list[str], list[list[str]]]:
    """Head and body of a comparison."""
    ours = next((row["cpu_ms"] for row in rows if row["name"] == "us" and row["cpu_ms"]), None)
    body = []
    for row in rows:
        if row["cpu_ms"] is None or row["failure"]:
            body.append([row["title"], "failed", *[""] * (len(HEAD) - 3), "see below"])
            continue
        ratio = f"{row['cpu_ms'] / ours:,.1f}" if ours else ""
        text = "see below" if row["text"] else "equal"
        body.append(
            [
                f"{row['title']} {row['version']}",
                number(row["cpu_ms"]),
                ratio,
                f"{row['spread'] * 100:.0f} %" if row["rounds"] > 1 else "",
                number(row["wall_ms"]),
                from_ticks(row["first_ms"]),
                number(row["memory_mib"]),
                number(row["size_bytes"] / 1024),
                str(row["pages"]),
                "yes" if row["tagged"] else "no",
                str(row["rounds"]) if row["rounds"] else "first",
                text,
            ]
        )
    return HEAD, body


def growth_table(rows: list[dict]) -> tuple[list[str], list[list[str]]]:
    """Head and body of the growth."""
    head = ["rows", "pages", "CPU ms", "CPU µs a row", "KiB", "peak MiB", "text"]
    body = []
    for row in rows:
        count = int(row["label"].split()[0])
        if row["cpu_ms"] is None or row["failure"]:
            body.append([f"{count:,}", *[""] * (len(head) - 2), "failed"])
            continue
        body.append(
            [
                f"{count:,}",
                str(row["pages"]),
                number(row["cpu_ms"]),
                number(row["cpu_ms"] * 1000 / count),
                number(row["size_bytes"] / 1024),
                number(row["memory_mib"]),
                "see below" if row["text"] else "equal",
            ]
        )
    return head, body


def pictures_table(drawn: list[dict]) -> tuple[list[str], list[list[str]]]:
    """Head and body of the pictures: the usual page and the slowest one, by format."""
    head = ["format", "examples", "CPU ms, median", "CPU ms, slowest", "slowest", "KiB, median"]
    body = []
    for what in dict.fromkeys(row["format"] for row in drawn):
        rows = sorted((row for row in drawn if row["format"] == what), key=lambda row: row["cpu_ms"])
        slowest, middle = rows[-1], statistics.median(row["cpu_ms"] for row in rows)
        size = statistics.median(row["size_bytes"] for row in rows)
        body.append([what, str(len(rows)), number(middle), number(slowest["cpu_ms"]), slowest["name"], number(size / 1024)])
    return head, body


def plot_growth(bench: Path, work: Path, rows: list[dict]) -> bool:
    """Has Chancery itself draw the growth into growth.svg; says whether there is a drawing."""
    points = [{"rows": int(row["label"].split()[0]), "cpu_ms": row["cpu_ms"]} for row in rows if row["cpu_ms"] is not None]
    data, drawing = work / "growth.json", bench / "growth.svg"
    data.write_text(json.dumps({"points": points}))
    binary = work.parent / "release" / "chancery"
    command = [binary, "render", bench / "templates" / "growth.json", "--data", data, "--output", drawing]
    made = subprocess.run(command, capture_output=True, text=True, check=False)
    if made.returncode:
        print(f"growth.svg was not drawn: {made.stderr.strip()}", file=sys.stderr)
    return made.returncode == 0


def notes(rows: list[dict]) -> list[str]:
    """What must be known about single lines."""
    found = []
    for row in rows:
        subject = row["title"] if row["label"] in DOCUMENT_TITLES else f"{row['title']}, {row['label']}"
        if row["failure"]:
            found.append(f"{subject}: failed: {row['failure']}")
        if row["text"]:
            found.append(f"{subject}: {row['text']}")
    return found


def print_table(head: list[str], body: list[list[str]]) -> None:
    """A table for the terminal."""
    widths = [max(len(cells[column]) for cells in [head, *body]) for column in range(len(head))]
    for cells in [head, *body]:
        first, *rest = (cell.ljust(width) if column == 0 else cell.rjust(width) for column, (cell, width) in enumerate(zip(cells, widths)))
        print("  ".join(["", first, *rest]).rstrip())


def markdown_table(head: list[str], body: list[list[str]]) -> str:
    """A table for RESULTS.md."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *body]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def machine() -> str:
    """Processor, cores, memory, system."""
    cpu = re.search(r"^model name\s*: (.*)$", Path("/proc/cpuinfo").read_text(), re.MULTILINE)
    memory = re.search(r"^MemTotal:\s*(\d+) kB", Path("/proc/meminfo").read_text(), re.MULTILINE)
    system = re.search(r'^PRETTY_NAME="(.*)"$', Path("/etc/os-release").read_text(), re.MULTILINE)
    parts = [
        cpu[1] if cpu else platform.machine(),
        f"{os.cpu_count()} cores",
        f"{int(memory[1]) // 1024 // 1024} GiB" if memory else "",
        f"{system[1] if system else ''}, Linux {platform.release().split('-')[0]}",
        f"load {os.getloadavg()[0]:.1f} at the end",
    ]
    return ", ".join(part for part in parts if part)


def versions() -> dict[str, str]:
    """Versions of the surroundings; those of the engines come from the engines."""

    def first_line(*command: str) -> str:
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except OSError:
            return "not there"
        return (done.stdout + done.stderr).strip().splitlines()[0] if done.stdout or done.stderr else "unknown"

    return {
        "Python": platform.python_version(),
        "Node": first_line("node", "--version").lstrip("v"),
        "rustc": first_line("rustc", "--version").split()[1:2][0],
        "poppler": first_line("pdftotext", "-v").rsplit(" ", 1)[-1],
    }


METHOD_TITLE = "## How it is measured"
METHOD = f"""{METHOD_TITLE}

- One process for each engine and document; all stay alive and render in turns, so that noise meets all of them.
  Each round begins with another engine. The median over the rounds counts; `±` is half the range of the rounds.
- CPU is user and system time of the process, its children and its session, from `/proc`, in ticks of 10 ms.
  A batch has as many documents as fit into 0.8 s, so a tick is about one per cent of it.
- Every document differs from the one before in its number and in all amounts. Nothing is reused between documents that
  an engine would not reuse by itself for different data.
- Warm: fonts are loaded, code is compiled, and the engine has rendered for two seconds and forty documents (ten
  seconds at most) before the first round.
  `first PDF` is the CPU time of a new process up to its first PDF.
- An engine whose first document takes longer than 15 s is measured by that document (`first`), and one that has used 30 s
  in rounds takes part in no more of them.
- Peak memory is the high-water mark of the process; for Chromium, the largest sum of proportional set sizes of all
  processes.
- The same static fonts (Inter Regular and SemiBold, TrueType) are given to each, and must be embedded.
- `text` compares the words that `pdftotext` finds with the words of the content, as a multiset, repeated table heads
  and page numbers included. The layout makes exactly 40 rows a page, so all have 100 pages.

## What differs

- Chancery and typst write tagged PDFs (here: by default); the others write none, or none by default.
- Chancery renders in strict mode: an unresolved path, an overflow or a missing glyph would be an error.
- Chromium, fullbleed, WeasyPrint, typst and Chancery shape the text with kerning. ReportLab does not kern.
- ReportLab paints the head and the addresses of the invoice on the canvas, without layout.
- The amounts are formatted by each engine's own language: by the template in Chancery and typst, by Python or JavaScript
  elsewhere. Computing them is part of the measurement everywhere.
- Data come to the engines as parsed JSON, but to typst as JSON text, which is its way.
- fullbleed's compiled lanes are two: one lets the text flow, the other paints values at fixed places, so that amounts are
  not aligned. Its authors' figures are of the second with a standard font that is not embedded: then it took 0.64 ms here,
  when we took 0.54 ms with embedded fonts. Its compiled lanes are not run for the statement: compiling its 20,000 slots
  takes longer than rendering it.
- "Writing alone" lays the document out once and writes it again and again. It is the floor below which only a faster writer helps.
"""


def write(bench: Path, work: Path) -> None:
    """Writes RESULTS.md from what is kept of the last whole run and of the last run over HTTP; the ledger's section stays."""
    parts = ["# Results", "", "Made by `make bench`, `bench/http` and `bench/ledger`; not edited by hand. Ratios are worth more than times.", ""]
    file = work / "results.json"
    if file.exists():
        kept = json.loads(file.read_text())
        surroundings = ", ".join(f"{name} {version}" for name, version in kept["versions"].items())
        parts += [f"{kept['when']}, {kept['seconds']} s. {kept['machine']}. {surroundings}.", ""]
        for name, rows in kept["documents"].items():
            table = growth_table(rows) if name == "growth" else engine_table(rows)
            parts += [f"## {DOCUMENT_TITLES[name]}", "", markdown_table(*table), ""]
            if name == "invoice":
                parts += [f"- {row['title']}: {row['remark']}" for row in rows] + [""]
            if name == "growth" and plot_growth(bench, work, rows):
                parts += ["![CPU time against the number of rows](growth.svg)", ""]
            found = notes(rows)
            if found:
                parts += ["Deviations:", "", *[f"- {note}" for note in found], ""]
        parts += [f"## {PICTURES_TITLE}", "", markdown_table(*pictures_table(kept["pictures"])), ""]
    file = work / "http.json"
    parts += ["## Over HTTP", ""]
    parts += [http_section(json.loads(file.read_text()))] if file.exists() else ["Not measured on this machine yet: `bench/http`."]
    parts += ["", f"## {LEDGER_TITLE}", "", standing(bench, LEDGER_TITLE) or "Not measured on this machine yet: `bench/ledger`."]
    parts += ["", METHOD]
    (bench / "RESULTS.md").write_text("\n".join(parts))
    write_readme(bench, work)


def standing(bench: Path, title: str) -> str:
    """A section of RESULTS.md as it stands, without its title; empty when there is none."""
    found = re.search(rf"^## {re.escape(title)}\n\n(.*?)\n+(?=## )", (bench / "RESULTS.md").read_text(), re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def write_ledger(bench: Path, section: str) -> None:
    """Writes the section about the ledger into RESULTS.md and leaves the others as they stand."""
    file, title = bench / "RESULTS.md", f"## {LEDGER_TITLE}\n\n"
    before, method = file.read_text().split(METHOD_TITLE, 1)
    file.write_text(f"{before.split(title, 1)[0]}{title}{section}\n\n{METHOD_TITLE}{method}")


def write_readme(bench: Path, work: Path) -> None:
    """Renews the figures of the README: what one looks for first, between two marks."""
    files = {name: work / f"{name}.json" for name in ("results", "http")}
    if not all(file.exists() for file in files.values()):
        return
    engines, http = (json.loads(file.read_text()) for file in files.values())

    def pick(table: tuple[list[str], list[list[str]]], names: list[str]) -> str:
        head, body = table
        columns = [head.index(name) for name in names]
        return markdown_table(names, [[cells[column] for column in columns] for cells in body])

    parts = [
        "CPU time of a document in a warm process, all engines in turns in one run, the same font embedded, ours tagged and fully"
        f" kerned ({engines['when'][:10]}):",
        "",
    ]
    for name in ("invoice", "table"):
        parts += [f"{DOCUMENT_TITLES[name]}:", "", pick(engine_table(engines["documents"][name]), ["engine", "CPU ms", "× us", "peak MiB", "KiB"]), ""]
    parts += [
        f"The invoice over HTTP on two cores with everything on; in process it cost {number(http['in_process_ms'])} ms in that run."
        " `file` answers with the bytes; `json` seals, stores, commits and answers with a signed link:",
        "",
        pick(http_table(http["rounds"], http["in_process_ms"]), ["answer", "callers", "requests/s", "p50 ms", "p99 ms", "all × in process", "× at its pace"]),
        "",
        "How it was measured, and more: [bench/RESULTS.md](bench/RESULTS.md); `make bench` repeats it.",
    ]
    readme = bench.parent / "README.md"
    before, rest = readme.read_text().split("<!-- bench -->\n", 1)
    after = rest.split("<!-- /bench -->", 1)[1]
    readme.write_text(f"{before}<!-- bench -->\n" + "\n".join(parts) + f"\n<!-- /bench -->{after}")


def http_table(rounds: list[dict], in_process_ms: float) -> tuple[list[str], list[list[str]]]:
    """Head and body of the figures over HTTP."""
    head = ["answer", "callers", "requests/s", "p50 ms", "p90 ms", "p99 ms", "max ms", "service CPU ms", "database CPU ms", "all × in process", "× at its pace", "failures"]
    body = [
        [
            entry["answer"],
            str(entry["callers"]),
            number(entry["requests_per_second"]),
            *(number(entry[name]) for name in ("p50_ms", "p90_ms", "p99_ms", "max_ms", "service_cpu_ms", "database_cpu_ms")),
            *(f"{(entry['service_cpu_ms'] + entry['database_cpu_ms']) / base:.2f}" for base in (in_process_ms, entry["paced_ms"])),
            str(entry["failures"]),
        ]
        for entry in rounds
    ]
    return head, body


def http_section(kept: dict) -> str:
    """The section about HTTP."""
    in_process_ms = kept["in_process_ms"]
    parts = [
        f"{kept['when']}. {kept['machine']}.",
        "",
        f"The invoice through `POST /v1/create` over kept-alive connections on loopback, the service and its own PostgreSQL on the"
        f" same cores as the load generator. The same document in process cost {number(in_process_ms)} ms CPU in the same run."
        " `file` answers with the bytes and stores nothing; `json` seals and stores the file and answers with a signed link."
        " CPU is that of a request: the service's, with rendering, and the database's. Every answer was checked.",
        "",
        "“All × in process” compares with documents made one after the other without a pause. “× at its pace” compares with documents"
        " made in process as often as requests came: a processor that idles in between has cold caches, and needs longer for the same work.",
        "",
        markdown_table(*http_table(kept["rounds"], in_process_ms)),
    ]
    failures = [f"- {entry['answer']}, {entry['callers']} callers: {entry['first_failure']}" for entry in kept["rounds"] if entry["failures"]]
    return "\n".join([*parts, *(["", "Failures:", "", *failures] if failures else [])])


if __name__ == "__main__":
    write(Path(sys.argv[1]), Path(sys.argv[2]))
