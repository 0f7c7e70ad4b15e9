"""The engines that are compared, and a running one."""

import json
import os
import select
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from harness import processes

# A peer that says nothing for so long has failed. The slowest table takes about a minute on a slow machine.
ANSWER_TIMEOUT_SECONDS = 240


@dataclass
class Peer:
    """An engine: how it is called, how it is started, and what is special about it."""

    name: str
    title: str
    command: list[str]
    documents: tuple[str, ...] = ("invoice", "table")
    remark: str = ""
    # It writes many documents into one file: pages are those of the whole file, and text is not compared.
    many_in_one: bool = False
    # It does another task than the others: its text is compared, but the table says so.
    other_task: bool = False


@dataclass
class Inputs:
    """Files that every peer gets."""

    contents: dict[str, Path]
    regular: Path
    semibold: Path


def all_peers(bench: Path, runner: Path) -> list[Peer]:
    """All engines in the order of the table."""
    python = str(bench / ".venv" / "bin" / "python")
    peers = bench / "peers"

    def engine(mode: str) -> list[str]:
        return [str(runner), "engine", "--templates", str(bench / "templates"), "--mode", mode]

    def fullbleed(lane: str) -> list[str]:
        return [python, str(peers / "fullbleed_peer.py"), lane]

    return [
        Peer("us", "Chancery", engine("render"), remark="in process, tagged"),
        Peer("floor", "Chancery, writing alone", engine("floor"), remark="the floor: the document is laid out once, then written again and again"),
        Peer("typst", "typst", [python, str(peers / "typst_peer.py")], remark="in process, tagged"),
        Peer("fullbleed", "fullbleed", fullbleed("plain"), remark="HTML, in process"),
        Peer(
            "fullbleed-compiled",
            "fullbleed, compiled",
            fullbleed("compiled"),
            documents=("invoice",),
            remark="HTML compiled once, values bound, one file a document",
        ),
        Peer(
            "fullbleed-batch",
            "fullbleed, compiled, batch",
            fullbleed("batch"),
            documents=("invoice",),
            remark="as above, up to 200 documents in one file",
            many_in_one=True,
        ),
        Peer(
            "fullbleed-fixed",
            "fullbleed, compiled, fixed places",
            fullbleed("fixed"),
            documents=("invoice",),
            remark="less work: amounts are painted at fixed places, not aligned",
            other_task=True,
        ),
        Peer("reportlab", "ReportLab", [python, str(peers / "reportlab_peer.py")], remark="platypus, in process"),
        Peer("pdfme", "pdfme", ["node", str(peers / "pdfme_peer.mjs")], remark="template, in process"),
        Peer("pdfmake", "pdfmake", ["node", str(peers / "pdfmake_peer.mjs")], remark="in process"),
        Peer("weasyprint", "WeasyPrint", [python, str(peers / "weasyprint_peer.py")], remark="HTML, in process"),
        Peer("chromium", "Chromium", ["node", str(peers / "chromium_peer.mjs")], remark="one running browser, all of its processes counted"),
    ]


class PeerFailed(Exception):
    """A peer gave no answer, or said what went wrong."""


@dataclass
class Reading:
    """What one command cost."""

    count: int
    cpu_ms: float
    wall_ms: float
    size_bytes: int


@dataclass
class RunningPeer:
    """A peer that was started for one document."""

    peer: Peer
    document: str
    process: subprocess.Popen
    memory: processes.MemoryWatch
    errors: Path
    version: str = ""
    next_index: int = 1
    start_cpu_ms: float = 0.0
    pending: bytes = field(default=b"")

    @classmethod
    def start(cls, peer: Peer, document: str, inputs: Inputs, work: Path) -> "RunningPeer":
        """Starts a peer in its own session and waits until it is ready."""
        errors = work / f"{peer.name}-{document}.log"
        command = [*peer.command, document, str(inputs.contents[document]), str(inputs.regular), str(inputs.semibold)]
        with errors.open("wb") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
                env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
            )
        running = cls(peer, document, process, processes.MemoryWatch(process.pid), errors)
        try:
            running.version = running.answer()["version"]
        except PeerFailed:
            running.stop()
            raise
        running.start_cpu_ms = processes.cpu_ms(process.pid)
        return running

    def render(self, count: int, output: Path | None = None, period_us: int | None = None) -> Reading:
        """Has the next documents rendered, and measures it."""
        command = {"first": self.next_index, "count": count, "output": str(output) if output else None}
        if period_us:
            command["period_us"] = period_us
        self.next_index += count
        self.memory.begin()
        cpu, wall = processes.cpu_ms(self.process.pid), time.monotonic()
        try:
            self.process.stdin.write(json.dumps(command).encode() + b"\n")
            self.process.stdin.flush()
            answer = self.answer()
        except BrokenPipeError:
            raise PeerFailed(self.last_words()) from None
        finally:
            wall_ms = (time.monotonic() - wall) * 1000
            cpu_ms = processes.cpu_ms(self.process.pid) - cpu
            self.memory.end()
        if not answer["ok"]:
            raise PeerFailed(answer["error"])
        return Reading(count, cpu_ms, wall_ms, answer["bytes"])

    def answer(self) -> dict:
        """The next line that the peer says; lines that are no JSON objects are not for us."""
        end = time.monotonic() + ANSWER_TIMEOUT_SECONDS
        descriptor = self.process.stdout.fileno()
        while True:
            while b"\n" in self.pending:
                line, self.pending = self.pending.split(b"\n", 1)
                if line.startswith(b"{"):
                    return json.loads(line)
            readable, _, _ = select.select([descriptor], [], [], max(0.0, end - time.monotonic()))
            if not readable:
                raise PeerFailed(f"no answer within {ANSWER_TIMEOUT_SECONDS} s")
            part = os.read(descriptor, 65_536)
            if not part:
                raise PeerFailed(self.last_words())
            self.pending += part

    def last_words(self) -> str:
        """The end of what the peer wrote to its standard error."""
        lines = self.errors.read_text(errors="replace").strip().splitlines()
        return lines[-1][:300] if lines else "it ended without a word"

    def stop(self) -> None:
        """Ends the peer and what it started: by closing its input, and by its process ids when that is not enough."""
        self.process.stdin.close()
        try:
            self.process.wait(5)
        except subprocess.TimeoutExpired:
            for pid in processes.tree(self.process.pid):
                try:
                    os.kill(pid, 9)
                except ProcessLookupError:
                    pass
            self.process.wait()
        self.process.stdout.close()
