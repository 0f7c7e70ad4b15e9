"""Starts the service on its embedded default, makes requests to it, and adds the figures to RESULTS.md."""

import argparse
import json
import os
import re
import select
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from harness import content, report
from harness.compare import find_font, say
from harness.peers import Inputs, RunningPeer, all_peers

# The first start makes the database cluster.
START_TIMEOUT_SECONDS = 90
STOP_TIMEOUT_SECONDS = 30
# In process, before and after the requests: enough documents that a tick does not matter.
IN_PROCESS_COUNT = 1_000
IN_PROCESS_ROUNDS = 3
# At the pace of the requests: for so long, and with at least so many documents.
PACED_SECONDS = 2
PACED_COUNT_MIN = 200
WORKSPACE = "Bench"


class Service:
    """A service in a fresh folder."""

    def __init__(self, binary: Path, folder: Path, fonts: Path):
        self.binary, self.folder = binary, folder
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("CHANCERY_")}
        self.environment |= {"CHANCERY_FONTS": str(fonts)}
        self.data = folder / "data"
        self.log = folder / "serve.log"
        self.process = None
        self.address = ""

    def command(self, *words: str) -> list[str]:
        """A command line of the binary."""
        return [str(self.binary), "--data-folder", str(self.data), *words]

    def ask(self, *words: str) -> str:
        """Runs a command and gives what it prints."""
        done = subprocess.run(
            self.command(*words), env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise SystemExit(f"error: chancery {' '.join(words)}: exit code {done.returncode}: {done.stderr.strip()}")
        return done.stdout.strip()

    def start(self) -> None:
        """Starts the service and waits until it says where it listens."""
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                self.command("serve", "--listen", "127.0.0.1:0"),
                env=self.environment,
                cwd=self.folder,
                stdout=subprocess.PIPE,
                stderr=log,
            )
        end = time.monotonic() + START_TIMEOUT_SECONDS
        said = b""
        while not (found := re.search(rb"listening on http://(\S+)\n", said)):
            readable, _, _ = select.select([self.process.stdout], [], [], max(0.0, end - time.monotonic()))
            part = os.read(self.process.stdout.fileno(), 65_536) if readable else b""
            if not part:
                raise SystemExit(f"error: the service does not start: {self.log.read_text(errors='replace')[-2000:]}")
            said += part
        self.address = found[1].decode()

    def stop(self) -> None:
        """Stops the service as an operator would."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(STOP_TIMEOUT_SECONDS)
            except subprocess.TimeoutExpired:
                say("the service does not stop by itself; it is killed")
                self.process.kill()
                self.process.wait()


def in_process_ms(engine: RunningPeer) -> list[float]:
    """CPU time of the document in process, a few times."""
    return [engine.render(IN_PROCESS_COUNT).cpu_ms / IN_PROCESS_COUNT for _round in range(IN_PROCESS_ROUNDS)]


def at_the_pace(engine: RunningPeer, requests_per_second: float) -> float:
    """CPU time of the document in process when one is made as often as a request came.

    A processor that idles between documents has cold caches, which costs a service with one caller as much.
    """
    period_us = round(1_000_000 / requests_per_second)
    count = max(PACED_COUNT_MIN, round(PACED_SECONDS * requests_per_second))
    return engine.render(count, period_us=period_us).cpu_ms / count


def main() -> int:
    """Starts, measures, reports."""
    parser = argparse.ArgumentParser(prog="bench/http", description=__doc__)
    parser.add_argument("--seconds", type=int, default=5, help="longest time of one round")
    parser.add_argument("--requests", type=int, default=20_000, help="most requests of one round")
    parser.add_argument("--callers", default="1,2,4,8,32", help="numbers of callers, one round each and kind of answer")
    parser.add_argument("--binary", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--runner", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--fonts", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--work", type=Path, required=True, help=argparse.SUPPRESS)
    options = parser.parse_args()

    bench = Path(__file__).resolve().parent.parent
    data = options.work / "data"
    content.write(data, bench / "data" / "invoice.json", [])
    fonts = [find_font(options.fonts, name) for name in ("Inter_400Regular.ttf", "Inter_600SemiBold.ttf")]
    inputs = Inputs({"invoice": data / "invoice.json"}, *fonts)
    us = all_peers(bench, options.runner)[0]

    say("checking the load generator itself")
    subprocess.run([str(options.runner), "self-check"], check=True)
    with tempfile.TemporaryDirectory(prefix="chancery-bench-") as folder:
        # Where the service runs as root, its database does not, and must be able to reach its folder.
        os.chmod(folder, 0o755)
        service = Service(options.binary, Path(folder), options.fonts)
        engine = RunningPeer.start(us, "invoice", inputs, options.work)
        try:
            say("starting the service")
            service.start()
            service.ask("workspace", "create", WORKSPACE)
            key = Path(folder) / "key"
            key.touch(0o600)
            key.write_text(service.ask("key", "create", "--workspace", WORKSPACE, "--name", "bench"))
            template = service.ask("template", "import", str(bench / "templates" / "invoice.json"), "--workspace", WORKSPACE)
            costs = in_process_ms(engine)
            rounds = load(options, service, key, template, inputs.contents["invoice"])
            service.stop()
            costs += in_process_ms(engine)
            for entry in rounds:
                entry["paced_ms"] = at_the_pace(engine, entry["requests_per_second"])
        finally:
            engine.stop()
            service.stop()
    kept = {
        "when": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()),
        "machine": report.machine(),
        "in_process_ms": statistics.median(costs),
        "rounds": rounds,
    }
    (options.work / "http.json").write_text(json.dumps(kept, indent=1))
    print(f"\nThe invoice over HTTP; in process it costs {report.number(kept['in_process_ms'])} ms CPU\n")
    report.print_table(*report.http_table(rounds, kept["in_process_ms"]))
    report.write(bench, options.work)
    print(f"\nadded to {bench / 'RESULTS.md'}")
    return 1 if any(entry["failures"] for entry in rounds) else 0


def load(options: argparse.Namespace, service: Service, key: Path, template: str, invoice: Path) -> list[dict]:
    """Runs the load generator and gives its figures, one object a round."""
    command = [
        *[str(options.runner), "load", "--address", service.address, "--key-file", str(key), "--template-id", template],
        *["--content", str(invoice), "--service-pid", str(service.process.pid), "--cluster", str(service.data)],
        *["--seconds", str(options.seconds), "--requests", str(options.requests), "--callers", options.callers],
    ]
    rounds = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            entry = json.loads(line)
            rounds.append(entry)
            say(f"{entry['answer']}, {entry['callers']} callers: {entry['requests_per_second']:,.0f} requests/s, {entry['failures']} failures")
    if not rounds:
        raise SystemExit(f"error: the load generator ended with the code {process.returncode} and no figures")
    return rounds


if __name__ == "__main__":
    sys.exit(main())
