"""Torture: letters are sent while everything breaks; then every receipt is held against mails.

    .venv/bin/python tests/torture/run.py --letters 10000 --seed 1 --database sqlite

Real processes on loopback; `launch_delivery` says what is changed in the delivery process.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from sqlalchemy import select  # noqa: E402
from support import free_port  # noqa: E402
from torture.bad_mail_server import BadMailServer  # noqa: E402
from torture.crew import Crew  # noqa: E402
from torture.parts import OperatorFolder, Postgres, build_site_in  # noqa: E402
from torture.senders import Senders  # noqa: E402
from torture.troubles import Troubles, remove_disk, small_disk  # noqa: E402
from torture.verdict import Copy, Verdict, compare, opened, table, traces  # noqa: E402

from contact_service.outbox import Outbox  # noqa: E402
from contact_service.tables import deliveries  # noqa: E402


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
            if plan.database == "postgresql":
                postgres = Postgres.create(home, Path(sockets))
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
    crew = Crew(place)
    senders = Senders(crew.port, plan.letters, plan.seed, plan.pause)
    troubles = Troubles(plan.seed, crew, mail, postgres, disk)
    try:
        crew.start()
        troubles.start()
        try:
            senders.send_all()
        finally:
            troubles.heal()
        readable = traces([place.folder])  # with all that the kills left behind
        outbox = Outbox(place.database)
        left = wait_until_empty(outbox, plan.drain_seconds)
        given_up = kept(outbox, place)
        outbox.close()
    finally:
        crew.stop()
        mail.close()
    verdict = compare(
        senders.seen,
        [read(place, address, content) for address, content in mail.taken],
        given_up,
        mail.refused,
        sorted({*readable, *traces([place.folder])}),
    )
    end = {
        "still waiting at the end": left,
        "disk could be filled": "yes" if disk else "no",
        "seconds": round(time.monotonic() - started),
    }
    return verdict, table(verdict, {**events(crew, troubles, senders, mail), **end})


def events(
    crew: Crew, troubles: Troubles, senders: Senders, mail: BadMailServer
) -> dict[str, int | str]:
    """What happened during a run, and how often."""
    happened = sorted((crew.did + troubles.did).items())
    answers = {f"answers {status or 'none'}": n for status, n in sorted(senders.statuses.items())}
    moods = {f"mail server: {deed}": n for deed, n in sorted(mail.did.items())}
    return {**dict(happened), **answers, **moods}


def wait_until_empty(outbox: Outbox, seconds: float) -> int:
    """How many mails still wait after that time; 0 as soon as none does."""
    deadline = time.monotonic() + seconds
    while (left := outbox.counts()["waiting"]) and time.monotonic() < deadline:
        time.sleep(0.2)
    return left


def kept(outbox: Outbox, place: OperatorFolder) -> list[Copy]:
    """The mails that were given up, opened."""
    wanted = select(deliveries.c.recipient, deliveries.c.content).where(
        deliveries.c.state == "given_up"
    )
    with outbox.engine.connect() as connection:
        rows = connection.execute(wanted).all()
    return [read(place, row.recipient, row.content) for row in rows]


def read(place: OperatorFolder, recipient: str, content: bytes) -> Copy:
    mail, sheet = place.text_of(content)
    return opened(recipient, str(mail["Message-ID"]), sheet)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--letters", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--pause", type=float, default=0.05, help="mean rest of a sender (s)")
    options = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGHUP):  # as at Ctrl+C: end the processes, free the disk
        signal.signal(number, lambda number, _frame: sys.exit(128 + number))
    plan = Plan(options.letters, options.seed, options.database, options.pause)
    with tempfile.TemporaryDirectory(prefix="opora-torture-") as scratch:
        folder = Path(scratch) / "instance"
        folder.mkdir()
        (Path(scratch) / "site").mkdir()
        verdict, result = torment(plan, folder, build_site_in(Path(scratch) / "site"))
    print(result)
    for line in (*verdict.lost, *verdict.stuck, *verdict.taken_twice, *verdict.traces)[:20]:
        print(line)
    return 0 if verdict.good else 1


if __name__ == "__main__":
    sys.exit(main())
