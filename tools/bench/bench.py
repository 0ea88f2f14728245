"""What receiving one letter costs, beside an empty handler and the form of the tutorials.

    .venv/bin/python -m tools.bench.bench [--seconds 2] [--rounds 3] [--variants]

Prints Markdown tables, all from one run on this machine, everything on loopback. Servers
take turns in each round and the best round counts, since a shared machine only ever slows.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from contact_service.outbox.outbox import Outbox
from contact_service.web.receipts import ReceiptTokens
from tests.support.postgres import SERVERS, Postgres
from tests.support.project import ROOT, free_port
from tools.bench.load import CLIENTS, MARK, Load, press
from tools.bench.servers import Server, delivering, opora_command, peer_command, running
from tools.bench.smtp_sink import Sink
from tools.bench.steps import steps
from tools.torture.parts import (
    LETTER,
    PATH,
    SECRET,
    OperatorFolder,
    build_site_in,
    encode_letter,
    post,
)

GUNICORN = ["gunicorn", "--bind", "127.0.0.1:{port}", "--chdir", str(ROOT), "--workers"]
SYNC = [*GUNICORN, "2"]
# waitress and granian are no part of the project: uv pip install --target FOLDER waitress
# granian, and PYTHONPATH=FOLDER for this program.
VARIANTS = {
    "gunicorn sync, 2": SYNC,
    "gunicorn gthread, 2 x 4": [*GUNICORN, "2", "--worker-class", "gthread", "--threads", "4"],
    "waitress, 1 x 4": ["waitress", "--listen", "127.0.0.1:{port}"],
    "granian, 2 x 1": ["granian", "--interface", "wsgi", "--port", "{port}", "--workers", "2"],
}
CALM = 10  # letters a second; a centre gets a few a day
CONTACT = PATH.format(centre="harmanli")
# About 1 KB of Bulgarian, as the anchors have it.
BODY = encode_letter(
    {**LETTER, "services": ["psychological"], "message": LETTER["message"] * 5 + MARK.decode()}
)


@dataclass(frozen=True)
class Row:
    """What was measured of one server."""

    name: str
    full: Load
    cpu_ms: float
    calm: Load
    mib: tuple[float, float]


def measure(servers: Sequence[Server], seconds: float, rounds: int) -> list[Row]:
    """All servers in turns: at full load, and at once at CALM letters a second."""
    best: dict[str, Row] = {}
    for server in servers:
        press(server.port, CONTACT, BODY, 0.5)
    for _ in range(rounds):
        for server in servers:
            before = server.cpu_seconds()
            full = press(server.port, CONTACT, BODY, seconds)
            cpu_ms = (server.cpu_seconds() - before) * 1000 / len(full.times)
            calm = press(server.port, CONTACT, BODY, seconds, CALM)
            row = Row(server.name, full, cpu_ms, calm, server.worker_mib())
            best[server.name] = max(row, best.get(server.name, row), key=lambda row: row.full.rate)
    return list(best.values())


def load_table(rows: Sequence[Row]) -> str:
    base = rows[0].full.rate
    lines = [
        f"| | letters a second | of (a) | p50 / p99 ms at {CALM} a second | CPU ms a letter | "
        "MiB a worker (PSS) | refused |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        p50, p99 = (row.calm.percentile(n) * 1000 for n in (50, 99))
        lines.append(
            f"| {row.name} | {row.full.rate:,.0f} | {row.full.rate / base:.0%} | "
            f"{p50:.1f} / {p99:.1f} | {row.cpu_ms:.2f} | "
            f"{row.mib[0]:.0f} ({row.mib[1]:.0f}) | "
            f"{row.full.refused + row.calm.refused} |"
        )
    return "\n".join(lines)


@contextmanager
def place_on(database: str, scratch: Path, smtp_port: int) -> Iterator[OperatorFolder]:
    """An operator's folder with an empty outbox on that database, made by an earlier start."""
    with tempfile.TemporaryDirectory(prefix="opora-") as sockets, ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(dir=scratch))
        url = f"sqlite:///{folder / 'outbox.sqlite3'}"
        if database in SERVERS:
            postgres = Postgres.create(folder, Path(sockets), database)
            stack.callback(postgres.stop, "fast")
            url = postgres.url
        place = OperatorFolder(folder, scratch / "site" / "site", smtp_port, url)
        place.write()
        Outbox(url).close()
        yield place


def load_rows(places: Mapping[str, OperatorFolder], options: argparse.Namespace) -> list[Row]:
    """Rows of the load table: the two peers first, then Opora on each database."""
    with ExitStack() as stack:
        servers = []

        def start(name: str, command: list[str], port: int, env: Mapping[str, str]) -> None:
            servers.append(stack.enter_context(running(name, command, port, env)))

        def start_peer(words: str, options: Sequence[str], env: Mapping[str, str]) -> None:
            port = free_port()
            start(words, peer_command(port, options), port, env)

        first = next(iter(places.values()))
        peers = {
            kind: {
                **first.environment(),
                "BENCH_PEER": kind,
                "PYTHONPATH": os.pathsep.join([str(ROOT), os.getenv("PYTHONPATH", "")]),
                "BENCH_SMTP_PORT": str(first.smtp_port),
            }
            for kind in ("empty", "tutorial", "opora")
        }
        start_peer("(a) empty handler", SYNC, peers["empty"])
        start_peer("(b) tutorial, mail inside", SYNC, peers["tutorial"])
        for letter, (database, place) in zip("cd", places.items(), strict=False):
            port = free_port()
            name = f"({letter}) Opora, {database}"
            start(name, opora_command(port), port, place.environment())
        for words, command in VARIANTS.items() if options.variants else ():
            if find_spec(command[0]) is None:
                print(f"not installed: {command[0]}")
                continue
            start_peer(f"(a) {words}", command, peers["empty"])
            start_peer(f"(c) {words}", command, peers["opora"])
        return measure(servers, options.seconds, options.rounds)


def delivery_rate(place: OperatorFolder, sink: Sink, seconds: float) -> float:
    """Mails a second that one delivery process takes out of the backlog of the load."""
    sink.arrived.clear()
    with delivering(place):
        while not sink.arrived:
            time.sleep(0.01)
        begun = time.time()
        time.sleep(seconds)
        number, spent = len(sink.arrived), max(sink.arrived.values()) - begun
        while len(sink.arrived) < number + 1 and time.time() < begun + seconds + 0.2:
            time.sleep(0.01)
    return number / max(spent, 0.001)


def times_to_mailbox(place: OperatorFolder, sink: Sink, letters: int) -> list[float]:
    """Seconds from the receipt to the mailbox, one letter at a time with an empty outbox."""
    sink.arrived.clear()
    port = free_port()
    tokens = ReceiptTokens(SECRET)
    accepted: dict[str, float] = {}
    with running("web", opora_command(port), port, place.environment()), delivering(place):
        while not sink.arrived:  # both processes are at work when the first letter has come
            post(port, CONTACT, BODY.replace(MARK, b"first"))
            time.sleep(0.5)
        for number in range(letters):
            time.sleep(0.05 + 0.013 * (number % 7))  # not in step with anybody's waiting
            body = BODY.replace(MARK, b"mailbox%05d" % number)
            status, where = post(port, CONTACT, body)
            receipt = tokens.read(where.rpartition("/")[2])
            assert status == 303 and receipt, status
            accepted[receipt.reference] = time.time()
        deadline = time.time() + 10
        while not accepted.keys() <= sink.arrived.keys() and time.time() < deadline:
            time.sleep(0.05)
    return [max(0.0, sink.arrived[reference] - moment) for reference, moment in accepted.items()]


def delivery_table(rates: Mapping[str, float], times: Mapping[str, list[float]]) -> str:
    lines = [
        "| | mails delivered a second | receipt to mailbox: median / p99 ms |",
        "| --- | --- | --- |",
    ]
    for name, spent in times.items():
        p99 = statistics.quantiles(spent, n=100)[98]
        lines.append(
            f"| {name} | {rates[name]:,.0f} | "
            f"{statistics.median(spent) * 1000:.0f} / {p99 * 1000:.0f} |"
        )
    return "\n".join(lines)


def steps_table(place: OperatorFolder, letters: int) -> str:
    found = steps(place, BODY, letters)
    whole = found[0][1]
    lines = ["| step | CPU ms a letter | share |", "| --- | --- | --- |"]
    lines += [f"| {what} | {ms:.3f} | {ms / whole:.0%} |" for what, ms in found]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=10, help="of load in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--variants", action="store_true", help="other WSGI servers too")
    parser.add_argument("--databases", nargs="+", default=["SQLite", "PostgreSQL"])
    options = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, {CLIENTS} clients\n")
    with tempfile.TemporaryDirectory(prefix="opora-bench-") as folder, ExitStack() as stack:
        scratch = Path(folder)
        (scratch / "site").mkdir()
        build_site_in(scratch / "site")
        sink = stack.enter_context(Sink(free_port()))
        make = {n: place_on(n.lower(), scratch, sink.port) for n in options.databases}
        places = {name: stack.enter_context(place) for name, place in make.items()}
        print(load_table(load_rows(places, options)), end="\n\n", flush=True)
        rates = {n: delivery_rate(place, sink, options.seconds) for n, place in places.items()}
        fresh = {n: place_on(n.lower(), scratch, sink.port) for n in options.databases}
        number = max(30, int(options.seconds * 10))
        times = {}
        for name, place in fresh.items():
            with place as empty:
                times[name] = times_to_mailbox(empty, sink, number)
        print(delivery_table(rates, times), end="\n\n", flush=True)
        with place_on("sqlite", scratch, sink.port) as place:
            print(steps_table(place, 300))
    return 0


if __name__ == "__main__":
    sys.exit(main())
