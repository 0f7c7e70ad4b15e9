"""CPU time and memory of a peer: of its process, its descendants and its session, read from /proc."""

import os
import threading
from dataclasses import dataclass
from pathlib import Path

TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")
# Between two looks at the memory of a tree of processes; short enough for a peak, long enough to cost nothing.
MEMORY_INTERVAL_SECONDS = 0.1


@dataclass
class Process:
    """One process as /proc shows it."""

    parent: int
    session: int
    ticks: int


def processes() -> dict[int, Process]:
    """All processes by their id. Ticks are user and system time, with that of children that have ended."""
    found = {}
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            stat = Path(f"/proc/{entry}/stat").read_text()
        except OSError:
            continue  # It has ended since.
        fields = stat.rsplit(")", 1)[1].split()
        found[int(entry)] = Process(int(fields[1]), int(fields[3]), sum(map(int, fields[11:15])))
    return found


def tree(root: int) -> dict[int, Process]:
    """The process, its descendants, and whatever they left behind in its session."""
    everything = processes()
    wanted = {pid for pid, process in everything.items() if pid == root or process.session == root}
    while more := {pid for pid, process in everything.items() if process.parent in wanted} - wanted:
        wanted |= more
    return {pid: process for pid, process in everything.items() if pid in wanted}


def cpu_ms(root: int) -> float:
    """CPU time of the tree up to now, milliseconds, in steps of one tick."""
    return sum(process.ticks for process in tree(root).values()) * 1000 / TICKS_PER_SECOND


def field_kib(pid: int, file: str, name: str) -> int:
    """A number of KiB in a file of /proc, 0 when the process has ended."""
    try:
        for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


class MemoryWatch:
    """Peak memory of a peer.

    For one process that is the kernel's own high-water mark. For a tree it is the largest sum of proportional set
    sizes that was seen, because its processes share much.
    """

    def __init__(self, root: int):
        self.root = root
        self.peak_kib = 0
        self.stopped = threading.Event()
        self.thread = None

    def begin(self) -> None:
        """Starts to look, if there is a tree to look at."""
        if len(tree(self.root)) > 1:
            self.stopped.clear()
            self.thread = threading.Thread(target=self.look, daemon=True)
            self.thread.start()

    def look(self) -> None:
        """Looks until it is stopped."""
        while not self.stopped.is_set():
            total = sum(field_kib(pid, "smaps_rollup", "Pss") for pid in tree(self.root))
            self.peak_kib = max(self.peak_kib, total)
            self.stopped.wait(MEMORY_INTERVAL_SECONDS)

    def end(self) -> None:
        """Stops looking."""
        if self.thread:
            self.stopped.set()
            self.thread.join()
            self.thread = None
        else:
            self.peak_kib = max(self.peak_kib, field_kib(self.root, "status", "VmHWM"))
