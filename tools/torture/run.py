"""Torture: letters are sent while everything breaks; then every receipt is held against mails.

    .venv/bin/python -m tools.torture.run --letters 10000 --seed 1 --database sqlite

Real processes on loopback; `launch` says what is changed in the delivery process.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from contact_service.outbox.outbox import Outbox
from tests.support.postgres import SERVERS, Postgres
from tests.support.project import free_port
from tools.torture.answers import Answerers
from tools.torture.bad_mail_server import BadMailServer
from tools.torture.faults import Faults, remove_disk, small_disk
from tools.torture.parts import OperatorFolder, build_site_in
from tools.torture.processes import Processes
from tools.torture.senders import Senders
from tools.torture.verdict import Copy, Verdict, compare, parse_sheet, table, traces


@dataclass(frozen=True)
class Plan:
    """What a run does; `pause` is the mean rest of a sender between letters, in seconds."""

    letters: int
    seed: int
    database: str
    pause: float
    drain_seconds: float = 300


def torment(plan: Plan, folder: Path, site: Path) -> tuple[Verdict, str]:
    """One run in an empty `folder`; the verdict and its table."""
    disk = small_disk(folder)
    home = disk or folder
    postgres = None
    with tempfile.TemporaryDirectory(prefix="opora-") as sockets:
        try:
            if plan.database in SERVERS:
                postgres = Postgres.create(home, Path(sockets), plan.database)
                url = postgres.url
            else:
                (home / "outbox").mkdir()
                url = f"sqlite:///{home / 'outbox' / 'outbox.sqlite3'}"
            place = OperatorFolder(folder, site, free_port(), url)
            place.write()
            return _run(plan, place, postgres, disk)
        finally:
            if postgres:
                postgres.stop("immediate")
            remove_disk(disk)


def _run(
    plan: Plan, place: OperatorFolder, postgres: Postgres | None, disk: Path | None
) -> tuple[Verdict, str]:
    started = time.monotonic()
    mail = BadMailServer(plan.seed, place.smtp_port)
    mail.open()
    processes = Processes(place)
    senders = Senders(processes.port, plan.letters, plan.seed, plan.pause)
    faults = Faults(plan.seed, processes, mail, postgres, disk)
    answerers = Answerers(place, mail.taken, senders.seen)
    try:
        processes.start()
        answerers.start()
        faults.start()
        try:
            senders.send_all()
        finally:
            faults.heal()
        readable = traces([place.folder])  # with all that the kills left behind
        with closing(Outbox(place.database)) as outbox:
            left = wait_until_empty(outbox, plan.drain_seconds)
            given_up = read_given_up(outbox, place)
        answerers.end()
    finally:
        answerers.leave()
        processes.stop()
        mail.close()
    verdict = compare(
        senders.seen,
        [read(place, address, content) for address, content in mail.taken],
        given_up,
        mail.refused,
        sorted({*readable, *traces([place.folder])}),
        forgot=faults.forgot,
        without_second=faults.second.without,
    )
    lost, opened = answerers.judge()
    verdict = replace(verdict, answers_lost=lost, opened_by_another=opened)
    end = {
        "answers stored": len(answerers.stored),
        "answers tried again": answerers.tries - len(answerers.stored),
        "answers read at once": answerers.read_early,
        "still waiting at the end": left,
        "disk could be filled": "yes" if disk else "no",
        "seconds": round(time.monotonic() - started),
    }
    return verdict, table(verdict, {**events(processes, faults, senders, mail), **end})


def events(
    processes: Processes, faults: Faults, senders: Senders, mail: BadMailServer
) -> dict[str, int | str]:
    """What happened during a run, and how often."""
    happened = sorted((processes.did + faults.did).items())
    answers = {f"answers {status or 'none'}": n for status, n in sorted(senders.statuses.items())}
    moods = {f"mail server: {deed}": n for deed, n in sorted(mail.did.items())}
    return {**dict(happened), **answers, **moods}


def wait_until_empty(outbox: Outbox, seconds: float) -> int:
    """How many mails still wait after that time; 0 as soon as none does."""
    deadline = time.monotonic() + seconds
    while (left := outbox.counts()["waiting"]) and time.monotonic() < deadline:
        time.sleep(0.2)
    return left


def read_given_up(outbox: Outbox, place: OperatorFolder) -> list[Copy]:
    """The mails that were given up, opened."""
    wanted = "SELECT recipient, content FROM deliveries WHERE state = 'given_up'"
    with outbox.reading() as connection:
        rows = connection.exec_driver_sql(wanted).all()
    return [read(place, row.recipient, row.content) for row in rows]


def read(place: OperatorFolder, recipient: str, content: bytes) -> Copy:
    mail, sheet = place.text_of(content)
    return parse_sheet(recipient, str(mail["Message-ID"]), sheet)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", *SERVERS), default="sqlite")
    parser.add_argument("--pause", type=float, default=0.05, help="mean rest of a sender (s)")
    parser.add_argument("--site", type=Path, help="a built site; else one is built first")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):  # as at Ctrl+C: end the processes, free the disk
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    plan = Plan(options.letters, options.seed, options.database, options.pause)
    with tempfile.TemporaryDirectory(prefix="opora-torture-") as scratch:
        folder = Path(scratch) / "instance"
        folder.mkdir()
        (Path(scratch) / "site").mkdir()
        site = options.site or build_site_in(Path(scratch) / "site")
        verdict, result = torment(plan, folder, site)
    print(result)
    wrong = (
        verdict.lost,
        verdict.stuck,
        verdict.taken_twice,
        verdict.merged,
        verdict.traces,
        verdict.answers_lost,
    )
    for line in [line for lines in wrong for line in lines][:20]:
        print(line)
    return 0 if verdict.good else 1


if __name__ == "__main__":
    sys.exit(main())
