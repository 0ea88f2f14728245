"""Several processes on one PostgreSQL: shared work, the wakeup, a server that goes away."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from contact_service.outbox.engine import Wakeup
from contact_service.outbox.errors import OutboxUnavailableError
from contact_service.outbox.outbox import SAME_LETTER, Accepted, Outbox
from contact_service.sealing import SealedMail
from tests.support.postgres import NewDatabase, Postgres
from tests.support.processes import started
from tests.support.project import ROOT
from tests.support.service.service_parts import SECRET, Instance, SmtpServer
from tests.support.waiting import PATIENCE, wait_for

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
PARCELS = 200


@pytest.fixture
def url(postgres: Postgres) -> str:
    return postgres.new_database()


@pytest.fixture
def outbox(url: str) -> Iterator[Outbox]:
    with closing(Outbox(url)) as outbox:
        yield outbox


@pytest.fixture
def wakeup(outbox: Outbox) -> Iterator[Wakeup]:
    """A wakeup that listens already; its first wait returns at once."""
    with closing(Wakeup(outbox.engine, threading.Event())) as wakeup:
        wakeup.wait(10)
        yield wakeup


def put(outbox: Outbox, reference: str, now: datetime = NOW) -> str:
    """Accept one mail that is named by its reference; returns the reference it got."""
    content = f"Message-ID: <{reference}@example.org>\r\n\r\nsealed\r\n".encode()
    mail = SealedMail(f"<{reference}@example.org>", "centre@example.org", content)
    accepted = Accepted(reference, "harmanli", 1, reference.encode(), [mail])
    return outbox.accept(accepted, now).reference


def listeners(outbox: Outbox) -> int:
    """How many other processes wait for the wakeup."""
    with outbox.engine.connect() as connection:
        count = connection.exec_driver_sql(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND query LIKE 'LISTEN %%'"
        )
        return int(count.scalar_one())


@contextmanager
def delivery_process(settings: Path, url: str, log: Path) -> Iterator[None]:
    """`python -m contact_service deliver`, ended with SIGTERM."""
    environment = os.environ | {"OPORA_SECRET": SECRET, "OPORA_DATABASE": url}
    arguments = [sys.executable, "-m", "contact_service", "--settings", str(settings), "deliver"]
    with (
        log.open("w") as said,
        started(arguments, cwd=ROOT, env=environment, stdout=said, stderr=said) as process,
    ):
        yield
    assert process.returncode == 0


def test_two_processes_send_each_mail_once(
    instance: Instance, smtp_server: SmtpServer, url: str, outbox: Outbox
) -> None:
    """Two delivery processes share 200 mails: none is left out, none is sent twice."""
    senders = set()

    def answer(envelope: Any) -> str:
        senders.add(envelope.mail_from)
        return "250 OK"

    smtp_server.answer = answer
    names = ["first", "second"]
    for name in names:
        toml = instance.toml.replace("opora@example.org", f"{name}@example.org")
        (instance.folder / f"{name}.toml").write_text(toml)
    references = [f"REFERENCE-{number:03}" for number in range(PARCELS)]
    with ExitStack() as stack:
        for name in names:
            settings, log = instance.folder / f"{name}.toml", instance.folder / f"{name}.log"
            stack.enter_context(delivery_process(settings, url, log))
        wait_for(lambda: listeners(outbox) == len(names))
        for reference in references:
            put(outbox, reference, datetime.now(UTC))
        wait_for(lambda: outbox.counts() == {"waiting": 0, "given_up": 0})
    sent = [mail["Message-ID"] for _, mail in smtp_server.taken]
    assert sorted(sent) == [f"<{reference}@example.org>" for reference in references]
    assert senders == {f"{name}@example.org" for name in names}, "one did nothing"


def test_accepted_mail_wakes_the_delivery(outbox: Outbox, wakeup: Wakeup) -> None:
    """Who waits for a long time is woken by an accepted mail, and by nothing before it."""
    delay, longest = 0.5, PATIENCE
    timer = threading.Timer(delay, put, [outbox, "A"])
    started = time.monotonic()
    timer.start()
    wakeup.wait(longest)
    waited = time.monotonic() - started
    timer.join()
    assert delay * 0.9 < waited < longest / 2


def test_silent_wakeup_waits_its_time(wakeup: Wakeup) -> None:
    """Without new work the wait ends by itself."""
    started = time.monotonic()
    wakeup.wait(0.5)
    assert time.monotonic() - started >= 0.5 * 0.9


def restart(server: Postgres) -> None:
    server.stop()
    server.start()


@pytest.mark.parametrize("harm", [restart, Postgres.cut_all], ids=["restart", "cut"])
def test_lost_server_comes_back(
    postgres: Postgres, outbox: Outbox, wakeup: Wakeup, harm: Callable[[Postgres], None]
) -> None:
    """After a crash of the server or cut lines, outbox and wakeup go on in the same process."""
    put(outbox, "BEFORE")
    harm(postgres)
    assert outbox.counts()["waiting"] == 1
    put(outbox, "AFTER")
    parcels = [outbox.lease(NOW), outbox.lease(NOW)]
    assert {parcel.reference for parcel in parcels if parcel} == {"BEFORE", "AFTER"}
    for _ in ("rung before the cut", "the line is cut", "listens anew"):
        wakeup.wait(0.1)
    test_accepted_mail_wakes_the_delivery(outbox, wakeup)


def test_wakeup_outlives_a_server_that_is_away(postgres: Postgres, wakeup: Wakeup) -> None:
    """While the server is away the wakeup does not fail, and does not return at once either."""
    postgres.stop()
    try:
        wakeup.wait(0.1)
        started = time.monotonic()
        wakeup.wait(0.3)
        assert time.monotonic() - started >= 0.3 * 0.9
    finally:
        postgres.start()


def test_same_letter_at_the_same_moment(new_database: NewDatabase) -> None:
    """Two threads with the same answers at once get one reference, and one mail is stored."""
    barrier = threading.Barrier(2)

    def send(outbox: Outbox, number: int, name: str) -> str:
        content = SealedMail(f"<{name}@example.org>", "centre@example.org", b"sealed")
        accepted = Accepted(name, "harmanli", 1, b"same %d" % number, [content])
        barrier.wait(timeout=PATIENCE)
        return outbox.accept(accepted, NOW).reference

    url = new_database()
    with closing(Outbox(url)) as one, closing(Outbox(url)) as two, ThreadPoolExecutor(2) as pool:
        for number in range(20):
            first = pool.submit(send, one, number, f"ONE-{number}")
            second = pool.submit(send, two, number, f"TWO-{number}")
            assert first.result() == second.result()
        assert one.counts()["waiting"] == 20


def test_marks_at_the_same_moment(new_database: NewDatabase) -> None:
    """Processes that mark the same thing at once do not fail; one of their times stays."""
    barrier = threading.Barrier(2)

    def mark(outbox: Outbox, number: int) -> None:
        barrier.wait(timeout=PATIENCE)
        outbox.mark(f"mark {number}", NOW)

    url = new_database()
    with closing(Outbox(url)) as one, closing(Outbox(url)) as two, ThreadPoolExecutor(2) as pool:
        for number in range(20):
            for marked in [pool.submit(mark, outbox, number) for outbox in (one, two)]:
                marked.result()
        assert one.last_mark("mark 0", NOW) == NOW


def test_same_letter_is_not_forgotten_meanwhile(url: str) -> None:
    """A colleague whose clock is ahead has to wait until the second letter got its answer."""
    mail = SealedMail("<1@example.org>", "centre@example.org", b"sealed")
    with closing(Outbox(url)) as here, closing(Outbox(url)) as ahead:
        put(here, "A")
        purge = threading.Thread(target=ahead.purge, args=[NOW + SAME_LETTER])

        @event.listens_for(here.engine, "before_cursor_execute")
        def purge_first(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith("SELECT note FROM recent"):
                purge.start()
                purge.join(0.5)

        again = Accepted("B", "harmanli", 1, b"A", [mail])
        assert here.accept(again, NOW + timedelta(minutes=4)).reference == "A"
        purge.join()  # it was started
        assert here.counts()["waiting"] == 1


def test_a_table_that_stays_locked_is_an_error_in_time(outbox: Outbox) -> None:
    """As while somebody runs VACUUM FULL: the sender gets an answer before he is cut off."""
    put(outbox, "A")
    with outbox.engine.connect() as other:
        other.exec_driver_sql("LOCK TABLE deliveries IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(OutboxUnavailableError):
            put(outbox, "B")
    assert put(outbox, "C") == "C"
