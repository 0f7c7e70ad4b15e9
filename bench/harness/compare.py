"""Measures all engines in turns, and writes the table."""

import argparse
import json
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from harness import content, expected, report, words
from harness.peers import Inputs, Peer, PeerFailed, Reading, RunningPeer, all_peers

ROWS = {"table": 4_000}
DOCUMENTS = ("invoice", "table", "growth", "pictures")
GROWTH_ROWS = (10, 100, 1_000, 2_500, 5_000, 7_500, 10_000)
# Long enough that ticks of 10 ms do not matter, short enough that all engines take turns often.
BATCH_SECONDS = 0.8
# Just-in-time compilers need some documents and some time; others lose nothing by it.
WARM_UP_SECONDS = 2.0
WARM_UP_COUNT = 40
WARM_UP_SECONDS_MAX = 10.0
# An engine whose first document takes longer is not warmed up and measured by that document alone.
SLOW_SECONDS = 15.0
# An engine that has used so much time does not take part in further rounds.
BUDGET_SECONDS = 30.0
# Documents of a batch; above it a batch of the fastest engine would be no longer than a tick.
BATCH_COUNT_MAX = 20_000
# What one call of a peer that puts many documents into one file renders.
MANY_COUNT = 200


@dataclass
class Line:
    """What came out for one engine and one document."""

    peer: Peer
    document: str
    version: str = ""
    failure: str = ""
    start_cpu_ms: float = 0.0
    first_cpu_ms: float = 0.0
    first_only: bool = False
    readings: list[Reading] = field(default_factory=list)
    memory_mib: float = 0.0
    pages: int = 0
    tagged: bool = False
    pdf_version: str = ""
    text: str = ""
    size_bytes: int = 0
    spent_seconds: float = 0.0

    def cpu_ms(self) -> float:
        """Median CPU time of a document."""
        return statistics.median(reading.cpu_ms / reading.count for reading in self.readings)

    def wall_ms(self) -> float:
        """Median time of a document by the clock on the wall."""
        return statistics.median(reading.wall_ms / reading.count for reading in self.readings)

    def spread(self) -> float:
        """Half the distance between the fastest and the slowest round, as a part of the median."""
        values = [reading.cpu_ms / reading.count for reading in self.readings]
        middle = statistics.median(values)
        return (max(values) - min(values)) / 2 / middle if middle else 0.0

    def add(self, reading: Reading) -> None:
        """Keeps a measurement."""
        self.readings.append(reading)
        self.size_bytes = reading.size_bytes // reading.count


@dataclass
class Contest:
    """The engines that render one document, each running."""

    document: str
    inputs: Inputs
    work: Path
    lines: list[Line] = field(default_factory=list)
    running: list[tuple[Line, RunningPeer]] = field(default_factory=list)

    def enter(self, peer: Peer, label: str) -> None:
        """Starts an engine, checks the text of its first document and warms it up."""
        line = Line(peer, label)
        self.lines.append(line)
        say(f"{label}: {peer.title}: starting")
        try:
            runner = RunningPeer.start(peer, self.document, self.inputs, self.work)
        except (PeerFailed, OSError) as failure:
            self.fail(line, failure)
            return
        self.running.append((line, runner))
        line.version, line.start_cpu_ms = runner.version, runner.start_cpu_ms
        output = self.work / f"{peer.name}-{label}.pdf"
        try:
            index = runner.next_index
            first = runner.render(1, output)
            line.first_cpu_ms = first.cpu_ms
            self.inspect(line, output, index)
            if first.wall_ms > SLOW_SECONDS * 1000:
                line.first_only = True
                line.add(first)
                self.leave(line, runner)
                return
            if peer.many_in_one:
                runner.render(MANY_COUNT)
                return
            begin, count = time.monotonic(), 0
            while (spent := time.monotonic() - begin) < WARM_UP_SECONDS_MAX:
                if spent >= WARM_UP_SECONDS and count >= WARM_UP_COUNT:
                    break
                runner.render(1)
                count += 1
        except (PeerFailed, OSError, ValueError, KeyError) as failure:
            self.fail(line, failure)
            self.leave(line, runner)

    def inspect(self, line: Line, output: Path, index: int) -> None:
        """Reads the PDF back and compares its words with those of the content."""
        found = words.inspect(output)
        line.pages, line.tagged, line.pdf_version = found.pages, found.tagged, found.version
        remarks = []
        if line.peer.name == "floor":
            index = 0  # It writes the document 0 whatever it is asked for.
        difference = words.difference(found.words, expected.WORDS[self.document](self.inputs.contents[self.document], index))
        if difference:
            remarks.append(difference)
        loose = [name for name, embedded in found.fonts.items() if not embedded and "Inter" in name]
        if loose or not any("Inter" in name for name in found.fonts):
            remarks.append("the font is not embedded")
        line.text = "; ".join(remarks)

    def measure(self, rounds: int) -> None:
        """Lets the engines render in turns; each round begins with another engine."""
        for number in range(rounds):
            turn = number % max(1, len(self.running))
            for line, runner in self.running[turn:] + self.running[:turn]:
                if line.failure or line.spent_seconds > BUDGET_SECONDS:
                    continue
                say(f"{line.document}: round {number + 1} of {rounds}: {line.peer.title}")
                try:
                    reading = runner.render(self.batch(line))
                except (PeerFailed, OSError) as failure:
                    self.fail(line, failure)
                    continue
                line.add(reading)
                line.spent_seconds += reading.wall_ms / 1000

    def batch(self, line: Line) -> int:
        """How many documents the next batch has."""
        if line.peer.many_in_one:
            return MANY_COUNT
        if line.readings:
            last = line.readings[-1]
            per_document = last.wall_ms / last.count
            return max(1, min(BATCH_COUNT_MAX, round(BATCH_SECONDS * 1000 / per_document)))
        return max(1, min(100, round(BATCH_SECONDS * 1000 / max(1.0, line.first_cpu_ms))))

    def fail(self, line: Line, failure: Exception) -> None:
        """Notes a failure."""
        line.failure = str(failure) or type(failure).__name__
        say(f"{line.document}: {line.peer.title}: FAILED: {line.failure}")

    def leave(self, line: Line, runner: RunningPeer) -> None:
        """Ends an engine."""
        line.memory_mib = runner.memory.peak_kib / 1024
        runner.stop()
        self.running = [entry for entry in self.running if entry[1] is not runner]

    def end(self) -> None:
        """Ends all engines."""
        for line, runner in list(self.running):
            self.leave(line, runner)


def say(text: str) -> None:
    """Shows progress on standard error."""
    print(f"[{time.strftime('%H:%M:%S')}] {text}", file=sys.stderr, flush=True)


def compare(document: str, peers: list[Peer], inputs: Inputs, work: Path, rounds: int) -> list[Line]:
    """Measures one document."""
    contest = Contest(document, inputs, work)
    try:
        for peer in peers:
            if document in peer.documents:
                contest.enter(peer, document)
        contest.measure(rounds)
    finally:
        contest.end()
    return contest.lines


def growth(us: Peer, inputs: Inputs, data: Path, work: Path, rounds: int) -> list[Line]:
    """Measures tables of several lengths, ours only."""
    lines, contests = [], []
    try:
        for row_count in GROWTH_ROWS:
            contents = inputs.contents | {"table": data / f"table-{row_count}.json"}
            contest = Contest("table", Inputs(contents, inputs.regular, inputs.semibold), work)
            contests.append(contest)
            contest.enter(us, f"{row_count} rows")
        for _round in range(rounds):
            for contest in contests:
                contest.measure(1)
    finally:
        for contest in contests:
            contest.end()
            lines += contest.lines
    return lines


def pictures(runner: Path, examples: Path, fonts: Path) -> list[dict]:
    """Has the engine draw the examples; figures by format and example."""
    command = [runner, "pictures", "--examples", examples, "--fonts", fonts]
    drawn = subprocess.run(command, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in drawn.stdout.splitlines()]


def find_font(folder: Path, name: str) -> Path:
    """A font file anywhere below a folder."""
    found = sorted(folder.rglob(name))
    if not found:
        raise SystemExit(f"error: no {name} below {folder}; CHANCERY_FONTS names the folder with the fonts")
    return found[0]


def main() -> int:
    """Reads the command line, measures, reports."""
    parser = argparse.ArgumentParser(prog="bench/run", description=__doc__)
    parser.add_argument("--only", help="engines, separated by commas; all when not given")
    parser.add_argument("--documents", default=",".join(DOCUMENTS), help=f"of {', '.join(DOCUMENTS)}; separated by commas")
    parser.add_argument("--rounds", type=int, default=7, help="rounds; the median counts")
    parser.add_argument("--runner", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--fonts", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()

    bench = Path(__file__).resolve().parent.parent
    peers = all_peers(bench, options.runner)
    names = [peer.name for peer in peers]
    only = options.only.split(",") if options.only else names
    documents = options.documents.split(",")
    unknown = (set(only) - set(names)) | (set(documents) - set(DOCUMENTS))
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; engines are {', '.join(names)}")

    began = time.time()
    data = options.work / "data"
    content.write(data, bench / "data" / "invoice.json", sorted({*ROWS.values(), *GROWTH_ROWS}))
    inputs = Inputs(
        {"invoice": data / "invoice.json", "table": data / f"table-{ROWS['table']}.json"},
        find_font(options.fonts, "Inter_400Regular.ttf"),
        find_font(options.fonts, "Inter_600SemiBold.ttf"),
    )
    chosen = [peer for peer in peers if peer.name in only]
    results: dict[str, list[Line]] = {}
    for document in ("invoice", "table"):
        if document in documents:
            results[document] = compare(document, chosen, inputs, options.work, options.rounds)
    if "growth" in documents and "us" in only:
        results["growth"] = growth(peers[0], inputs, data, options.work, min(options.rounds, 5))
    drawn = pictures(options.runner, bench.parent / "examples", options.fonts) if "pictures" in documents else []

    is_whole = set(only) == set(names) and set(documents) == set(DOCUMENTS)
    report.finish(bench, options.work, results, drawn, time.time() - began, is_whole)
    # What is wrong with a peer stands in the table; only what is wrong with us is an error.
    ours = [line for group in results.values() for line in group if line.peer.name in ("us", "floor")]
    return 1 if any(line.failure or line.text for line in ours) else 0


if __name__ == "__main__":
    sys.exit(main())
