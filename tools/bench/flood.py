"""`make flood`: how long ordinary letters take while somebody sends what is nasty beside them.

    .venv/bin/python -m tools.bench.flood [--seconds 10]

Ordinary letters come at ORDINARY a second, each from a network of its own, first alone and then
with each nasty sender beside them: straight to the service, and through Debian's Caddy and nginx
with the files of deploy/. Everything on loopback, bounded in time and number; it ends by itself.
Prints a Markdown table, all of it from one run. A time counts from when the letter was due.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import signal
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.machine.fronts import front_of
from tests.support.project import free_port
from tools.bench import hostile_senders as hostile
from tools.bench.servers import opora_command, running
from tools.torture.parts import LETTER, OperatorFolder, build_site_in, encode_letter
from tools.torture.processes import children

ORDINARY = 4  # letters a second; a centre gets a few a day
MOST_SECONDS = 40  # that an ordinary letter waits for its answer
FRONTS = ("Debian's Caddy", "nginx")
PER_HOUR = 10  # letters of a network, as the settings have it by themselves


@dataclass(frozen=True)
class Times:
    """What became of ordinary letters, in seconds; `refused` were not answered with a receipt."""

    spent: list[float]
    refused: int

    def __str__(self) -> str:
        if len(self.spent) < 2:
            return f"none of {self.refused}"
        cuts = statistics.quantiles(self.spent, n=100)
        more = f", {self.refused} refused" if self.refused else ""
        return f"{cuts[49] * 1000:,.0f} / {cuts[98] * 1000:,.0f}{more}"


def ordinary(port: int, seconds: float, first: int) -> Times:
    """Send letters for that long, each from a /24 of its own among the loopback addresses."""
    start = time.monotonic() + 0.2

    def one(number: int) -> float | None:
        due = start + number / ORDINARY
        time.sleep(max(0.0, due - time.monotonic()))
        body = encode_letter({**LETTER, "message": f"Писмо {first + number}."})
        network = 256 + (first + number) % 60_000
        source = f"127.{network >> 8}.{network & 255}.7"
        status = hostile.send(port, hostile.request(port, body), source, MOST_SECONDS)
        return time.monotonic() - due if status == 303 else None

    with ThreadPoolExecutor(256) as pool:
        found = list(pool.map(one, range(int(seconds * ORDINARY))))
    spent = [seconds for seconds in found if seconds is not None]
    return Times(spent, len(found) - len(spent))


def beside(
    port: int, sender: hostile.Sender, seconds: float, first: int
) -> tuple[Times, Counter[str]]:
    """The same with the nasty sender beside it; what that was answered."""
    context = multiprocessing.get_context("fork")
    until = time.monotonic() + seconds + 1
    with context.Pool(sender.clients) as pool:
        waiting = [
            pool.apply_async(hostile.go_on, (sender.name, port, number, until))
            for number in range(sender.clients)
        ]
        time.sleep(0.5)
        times = ordinary(port, seconds, first)
        answers: Counter[str] = Counter()
        for one in waiting:
            answers += one.get(120)
    return times, answers


@contextmanager
def way_to(front: str | None, site: Path, scratch: Path) -> Iterator[tuple[int, int | None]]:
    """A fresh service, straight or behind a fresh web server: its port, and that one's process."""
    folder = Path(tempfile.mkdtemp(dir=scratch))
    url = f"sqlite:///{folder / 'outbox.sqlite3'}"
    place = OperatorFolder(folder, site, free_port(), url, PER_HOUR)
    place.write()
    if front is None:
        port = free_port()
        with running("web", opora_command(port), port, place.environment()):
            yield port, None
        return
    with front_of(front, site, folder) as server:
        back = server.service
        with running("web", opora_command(back), back, place.environment()):
            yield server.port, server.process


def peak_mib(pid: int) -> float:
    """The most that a process and its children have held (VmHWM, which counts files too)."""
    found = [Path(f"/proc/{one}/status").read_text() for one in (pid, *children(pid))]
    return sum(int(status.partition("VmHWM:")[2].split()[0]) for status in found) / 1024


def row(
    front: str | None, site: Path, scratch: Path, sender: hostile.Sender, seconds: float
) -> None:
    """Measure and print one line."""
    with way_to(front, site, scratch) as (port, process):
        alone = ordinary(port, seconds, 0)
        with_it, answers = beside(port, sender, seconds, 10_000)
        memory = f"{peak_mib(process):,.0f}" if process else ""
    said = ", ".join(f"{number:,} × {what}" for what, number in sorted(answers.items()))
    way = front or "straight"
    print(f"| {sender.name} | {way} | {alone} | {with_it} | {said} | {memory} |", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="of letters in each half row")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):  # as at Ctrl+C: end the processes
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}\n")
    print("| beside them | way | p50 / p99 ms alone | with it | it was answered | peak MiB |")
    print("| --- | --- | --- | --- | --- | --- |", flush=True)
    with tempfile.TemporaryDirectory(prefix="opora-flood-") as folder:
        scratch = Path(folder)
        (scratch / "site").mkdir()
        site = build_site_in(scratch / "site")
        for sender in hostile.STRAIGHT:
            row(None, site, scratch, sender, options.seconds)
        for front in FRONTS:
            for sender in hostile.THROUGH:
                row(front, site, scratch, sender, options.seconds)
    print(f"\nload at the end {os.getloadavg()[0]:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
