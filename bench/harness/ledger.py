"""Measures the ledger: writing against a plain table, proofs from a large tree, verifying an export."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import processes, report
from harness.compare import say

# Each lane: its command, and what it is called in the table.
LANES = {
    "plain": "event into a plain table",
    "events": "event into the ledger, numbered and signed",
    "plain-alone": "event into a plain table, a commit each",
    "events-alone": "event into the ledger, a commit each",
    "documents-unlogged": "document, without the ledger",
    "documents": "document, its event numbered and signed",
}
# What a lane is compared with.
BASES = {"events": "plain", "events-alone": "plain-alone", "documents": "documents-unlogged"}
# Of `--quick`: some seconds in all.
QUICK = {"entries": 1_000, "tree": 20_000, "rounds": 1, "proofs": 50}


class Runner:
    """The runner, with its PostgreSQL below it."""

    def __init__(self, binary: Path, folder: Path):
        self.process = subprocess.Popen([binary, folder], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.read()

    def read(self) -> dict:
        """The next answer."""
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit(f"error: the runner ended with the code {self.process.wait()}")
        return json.loads(line)

    def ask(self, word: str, count: int = 0) -> dict:
        """Gives a command and waits for its answer."""
        self.process.stdin.write(f"{word} {count}\n")
        self.process.stdin.flush()
        return self.read()

    def write(self, lane: str, count: int) -> dict:
        """Has a lane write, and adds the CPU time of the runner and its PostgreSQL to the answer."""
        self.ask(lane, count)
        before = processes.cpu_ms(self.process.pid)
        answer = self.ask("go")
        return answer | {"cpu_ms": processes.cpu_ms(self.process.pid) - before}

    def stop(self) -> None:
        """Has it stop its PostgreSQL and end."""
        self.process.stdin.close()
        self.process.wait()


def spread(values: list[float]) -> float:
    """Half the range, as a part of the median."""
    return (max(values) - min(values)) / 2 / statistics.median(values)


def write_lanes(runner: Runner, entries: int, rounds: int) -> dict[str, list[dict]]:
    """All lanes in turns; each round begins with another one. One round more comes first and does not count."""
    readings = {lane: [] for lane in LANES}
    names = list(LANES)
    for turn in range(rounds + 1):
        first = turn % len(names)
        for lane in names[first:] + names[:first]:
            # A commit each is bound by the disk: fewer tell as much.
            answer = runner.write(lane, entries // 10 if lane.endswith("-alone") else entries)
            if turn:
                readings[lane].append(answer)
                say(f"round {turn}: {LANES[lane]}: {answer['entries'] / answer['seconds']:,.0f}/s")
    return readings


def proofs(answer: dict) -> dict:
    """The figures of one kind of proof."""
    times = sorted(answer["milliseconds"])
    return {
        "count": len(times),
        "p50_ms": statistics.median(times),
        "p99_ms": times[min(len(times) - 1, len(times) * 99 // 100)],
        "max_ms": times[-1],
        "hash_bytes": max(answer["hash_bytes"]),
        "text_bytes": max(answer["text_bytes"]),
    }


def measure(runner: Runner, options: argparse.Namespace) -> dict:
    """Everything, as it is kept."""
    lanes = write_lanes(runner, options.entries, options.rounds)
    say(f"making an export of {options.entries:,} entries")
    runner.ask("export", options.entries)
    verified = [runner.ask("verify") for _turn in range(options.rounds)]
    say(f"filling a tree of {options.tree:,} entries")
    filled = runner.ask("tree", options.tree)
    say(f"filled in {filled['seconds']:.0f} s; proving")
    found = {kind: [] for kind in ("inclusion", "consistency")}
    # The first proofs of each kind fill caches.
    for turn in range(options.rounds + 1):
        for kind, answers in found.items():
            answer = runner.ask(kind, options.proofs)
            if turn:
                answers.append(answer)
    merged = {
        kind: {name: [value for answer in answers for value in answer[name]] for name in answers[0]}
        for kind, answers in found.items()
    }
    return {
        "entries": options.entries,
        "rounds": options.rounds,
        "tree": options.tree,
        "lanes": {lane: [{key: answer.get(key, 0) for key in ("entries", "seconds", "sequencing_seconds", "cpu_ms")} for answer in answers] for lane, answers in lanes.items()},
        "proofs": {kind: proofs(answer) for kind, answer in merged.items()},
        "verified": [answer["entries"] / answer["seconds"] for answer in verified],
    }


def rates(kept: dict, lane: str) -> list[float]:
    """Acts a second, one figure a round."""
    return [entry["entries"] / entry["seconds"] for entry in kept["lanes"][lane]]


def ratios(kept: dict, lane: str, base: str, name: str) -> list[float]:
    """How many times as much of something, an act, as another lane in the same round."""
    return [one[name] / other[name] for one, other in zip(kept["lanes"][lane], kept["lanes"][base]) if other[name]]


def writing_table(kept: dict) -> tuple[list[str], list[list[str]]]:
    """Head and body of what writing costs."""
    head = ["written", "a second", "±", "µs each", "of which numbering, µs", "CPU µs each", "× the line above", "±", "× its CPU", "±"]
    body = []
    for lane, title in LANES.items():
        found = rates(kept, lane)
        compared = [ratios(kept, lane, BASES[lane], name) if lane in BASES else [] for name in ("seconds", "cpu_ms")]
        cpu = statistics.median(entry["cpu_ms"] / entry["entries"] for entry in kept["lanes"][lane])
        numbering = statistics.median(entry["sequencing_seconds"] / entry["entries"] for entry in kept["lanes"][lane])
        body.append(
            [
                title,
                report.number(statistics.median(found)),
                f"{spread(found) * 100:.0f} %",
                report.number(1e6 / statistics.median(found)),
                report.number(numbering * 1e6) if numbering else "",
                report.number(cpu * 1000),
                *(text for values in compared for text in ((f"{statistics.median(values):.2f}", f"{spread(values) * 100:.0f} %") if values else ("", ""))),
            ]
        )
    return head, body


def proofs_table(kept: dict) -> tuple[list[str], list[list[str]]]:
    """Head and body of the proofs."""
    head = ["proof", "p50 ms", "p99 ms", "max ms", "hashes, bytes at most", "as text, bytes at most", "proofs"]
    titles = {"inclusion": "of an entry", "consistency": "that it continues what it was"}
    body = [
        [titles[kind], *(report.number(row[name]) for name in ("p50_ms", "p99_ms", "max_ms")), *(f"{row[name]:,}" for name in ("hash_bytes", "text_bytes", "count"))]
        for kind, row in kept["proofs"].items()
    ]
    return head, body


def section(kept: dict) -> str:
    """The section about the ledger."""
    cost = [1e6 * (with_ledger["seconds"] / with_ledger["entries"] - alone["seconds"] / alone["entries"]) for with_ledger, alone in zip(kept["lanes"]["documents"], kept["lanes"]["documents-unlogged"])]
    verified = kept["verified"]
    return "\n".join(
        [
            f"{kept['when']}. {kept['machine']}.",
            "",
            f"One private PostgreSQL with its default settings, {kept['rounds']} rounds of {kept['entries']:,} acts a lane in turns, a tenth of that with a commit each; medians, `±` is half"
            " the range. Events go over one connection, 128 rows or one a commit, by the same statement into a plain table with a"
            " primary key and into the audit log under row-level security, where the sequencer then numbers and signs all of them;"
            " the time of both is added up. Ids grow with time, as those of the service do. CPU is that of the database and of what writes. Documents go through the service's own writer, 256 at once.",
            "",
            report.markdown_table(*writing_table(kept)),
            "",
            f"The ledger adds {report.number(statistics.median(cost))} µs to a stored document ({report.number(min(cost))} to {report.number(max(cost))})."
            " Goals: an event in at most 2 × the time of the plain one, and at least 5,000 a second.",
            "",
            f"Proofs from a ledger of {kept['tree']:,} entries in the same PostgreSQL, all of its rows there. The time is that of the store, with"
            " every question to the database; the proof of an entry holds the entry and the signed checkpoint, and was verified before"
            " it was handed out. The text of the other is its hashes in lines of base64. Goals: 1 ms, and 1,024 bytes of hashes.",
            "",
            report.markdown_table(*proofs_table(kept)),
            "",
            f"An export of {kept['entries']:,} entries with their bodies and a checkpoint every 1,000 is verified at"
            f" {report.number(statistics.median(verified))} entries a second (± {spread(verified) * 100:.0f} %), on one core, in memory.",
        ]
    )


def main() -> int:
    """Starts, measures, reports."""
    parser = argparse.ArgumentParser(prog="bench/ledger", description=__doc__)
    parser.add_argument("--entries", type=int, default=20_000, help="acts of one lane and round")
    parser.add_argument("--tree", type=int, default=10_000_000, help="entries of the ledger from which is proven")
    parser.add_argument("--rounds", type=int, default=5, help="rounds that count")
    parser.add_argument("--proofs", type=int, default=1_000, help="proofs of each kind and round")
    parser.add_argument("--quick", action="store_true", help="some seconds, which show that it works; leaves RESULTS.md as it is")
    parser.add_argument("--runner", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.quick:
        vars(options).update(QUICK)
    bench = Path(__file__).resolve().parent.parent
    with tempfile.TemporaryDirectory(prefix="chancery-bench-") as folder:
        # Where the runner runs as root, its database does not, and must be able to reach its folder.
        os.chmod(folder, 0o755)
        runner = Runner(options.runner, Path(folder) / "cluster")
        try:
            kept = measure(runner, options)
        finally:
            runner.stop()
    kept = {"when": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), "machine": report.machine(), **kept}
    print("\nWriting\n")
    report.print_table(*writing_table(kept))
    print(f"\nProofs from {kept['tree']:,} entries\n")
    report.print_table(*proofs_table(kept))
    print(f"\nVerifying an export: {report.number(statistics.median(kept['verified']))} entries a second")
    if options.quick:
        print("\nRESULTS.md is left as it is: only a whole run writes it")
        return 0
    (options.work / "ledger.json").write_text(json.dumps(kept, indent=1))
    report.write_ledger(bench, section(kept))
    print(f"\nadded to {bench / 'RESULTS.md'}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
