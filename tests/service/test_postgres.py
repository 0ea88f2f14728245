"""Several processes on one PostgreSQL: shared work, the bell, a server that goes away."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from postgres import NewDatabase, Postgres
from service_parts import SECRET, Instance, SmtpServer
from sqlalchemy import Engine, TextClause
from support import ROOT

from contact_service.database import Bell, Execute, storing
from contact_service.outbox import CLAIMED, SAME_LETTER, Accepted, Outbox
from contact_service.sealing import SealedMail

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
def bell(outbox: Outbox) -> Iterator[Bell]:
    """A bell that listens already; its first wait returns at once."""
    with closing(Bell(outbox.engine, threading.Event())) as bell:
        bell.wait(10)
        yield bell


def put(outbox: Outbox, reference: str, now: datetime = NOW) -> str:
    """Accept one mail that is named by its reference; returns the reference it got."""
    content = f"Message-ID: <{reference}@example.org>\r\n\r\nsealed\r\n".encode()
    mail = SealedMail(f"<{reference}@example.org>", "centre@example.org", content)
    accepted = Accepted(reference, "harmanli", 1, reference.encode(), [mail])
    return outbox.accept(accepted, now)[0]


def wait_until(true: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} seconds"
        time.sleep(0.05)


def listeners(outbox: Outbox) -> int:
    """How many other processes wait for the bell."""
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
    with log.open("w") as said:
        process = subprocess.Popen(arguments, cwd=ROOT, env=environment, stdout=said, stderr=said)
        try:
            yield
            process.terminate()
            assert process.wait(timeout=20) == 0
        finally:
            process.kill()
            process.wait()


def test_two_processes_send_each_mail_once(
    instance: Instance, smtp_server: SmtpServer, url: str, outbox: Outbox
) -> None:
    """Two delivery processes share 200 mails: none is left out, none is sent twice."""
    settings = instance.folder / "service.toml"
    settings.write_text(instance.toml)
    logs = [instance.folder / "first.log", instance.folder / "second.log"]
    references = [f"REFERENCE-{number:03}" for number in range(PARCELS)]
    with ExitStack() as stack:
        for log in logs:
            stack.enter_context(delivery_process(settings, url, log))
        wait_until(lambda: listeners(outbox) == len(logs))
        for reference in references:
            put(outbox, reference, datetime.now(UTC))
        wait_until(lambda: outbox.counts() == {"waiting": 0, "given_up": 0})
    sent = [mail["Message-ID"] for _, mail in smtp_server.taken]
    assert sorted(sent) == [f"<{reference}@example.org>" for reference in references]
    for log in logs:
        said = log.read_text()
        assert any(reference in said for reference in references), "one did nothing"


def test_accepted_mail_rings_the_bell(outbox: Outbox, bell: Bell) -> None:
    """Who waits for a long time is woken by an accepted mail, and by nothing before it."""
    delay, longest = 0.5, 10
    timer = threading.Timer(delay, put, [outbox, "A"])
    started = time.monotonic()
    timer.start()
    bell.wait(longest)
    waited = time.monotonic() - started
    timer.join()
    assert delay * 0.9 < waited < longest / 2


def test_silent_bell_waits_its_time(bell: Bell) -> None:
    """Without new work the wait ends by itself."""
    started = time.monotonic()
    bell.wait(0.5)
    assert time.monotonic() - started >= 0.5 * 0.9


def restart(server: Postgres) -> None:
    server.stop()
    server.start()


@pytest.mark.parametrize("harm", [restart, Postgres.cut_all], ids=["restart", "cut"])
def test_lost_server_comes_back(
    postgres: Postgres, outbox: Outbox, bell: Bell, harm: Callable[[Postgres], None]
) -> None:
    """After a crash of the server or cut lines, outbox and bell go on in the same process."""
    put(outbox, "BEFORE")
    harm(postgres)
    assert outbox.counts()["waiting"] == 1
    put(outbox, "AFTER")
    parcels = [outbox.lease(NOW), outbox.lease(NOW)]
    assert {parcel.reference for parcel in parcels if parcel} == {"BEFORE", "AFTER"}
    for _ in ("rung before the cut", "the line is cut", "listens anew"):
        bell.wait(0.1)
    test_accepted_mail_rings_the_bell(outbox, bell)


def test_bell_outlives_a_server_that_is_away(postgres: Postgres, bell: Bell) -> None:
    """While the server is away the bell does not fail, and does not return at once either."""
    postgres.stop()
    try:
        bell.wait(0.1)
        started = time.monotonic()
        bell.wait(0.3)
        assert time.monotonic() - started >= 0.3 * 0.9
    finally:
        postgres.start()


def test_same_letter_at_the_same_moment(new_database: NewDatabase) -> None:
    """Two threads with the same answers at once get one reference, and one mail is stored."""
    barrier = threading.Barrier(2)

    def send(outbox: Outbox, number: int, name: str) -> str:
        content = SealedMail(f"<{name}@example.org>", "centre@example.org", b"sealed")
        accepted = Accepted(name, "harmanli", 1, b"same %d" % number, [content])
        barrier.wait(timeout=30)
        return outbox.accept(accepted, NOW)[0]

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
        barrier.wait(timeout=30)
        outbox.mark(f"mark {number}", NOW)

    url = new_database()
    with closing(Outbox(url)) as one, closing(Outbox(url)) as two, ThreadPoolExecutor(2) as pool:
        for number in range(20):
            for marked in [pool.submit(mark, outbox, number) for outbox in (one, two)]:
                marked.result()
        assert one.marked("mark 0") == NOW


def test_same_letter_is_not_forgotten_meanwhile(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A colleague whose clock is ahead has to wait until the second letter got its answer."""
    mail = SealedMail("<1@example.org>", "centre@example.org", b"sealed")
    with closing(Outbox(url)) as here, closing(Outbox(url)) as ahead:
        put(here, "A")
        purge = threading.Thread(target=ahead.purge, args=[NOW + SAME_LETTER])

        @contextmanager
        def storing_while_ahead_purges(engine: Engine) -> Iterator[Execute]:
            with storing(engine) as execute:

                def execute_after_purge(statement: TextClause, values: Mapping[str, Any]) -> Any:
                    if statement is CLAIMED:
                        purge.start()
                        purge.join(0.5)
                    return execute(statement, values)

                yield execute_after_purge

        monkeypatch.setattr("contact_service.outbox.storing", storing_while_ahead_purges)
        again = Accepted("B", "harmanli", 1, b"A", [mail])
        assert here.accept(again, NOW + timedelta(minutes=29))[0] == "A"
        purge.join()
        assert here.counts()["waiting"] == 1
