"""The outbox on a real SQLite file and on a real PostgreSQL."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import event, text
from sqlalchemy.exc import SQLAlchemyError

from contact_service.keys import open_note
from contact_service.outbox.engine import Wakeup
from contact_service.outbox.errors import ReferenceTakenError
from contact_service.outbox.outbox import Accepted, Outbox, Stored
from contact_service.sealing import SealedMail
from tests.support.postgres import NewDatabase
from tests.support.waiting import PATIENCE

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
# Written out and not taken from the code, so that a change there is noticed.
LEASE, SAME_LETTER = timedelta(minutes=10), timedelta(minutes=5)
JUST = timedelta(milliseconds=1)
MAIL = SealedMail("<1@example.org>", "centre@example.org", b"sealed bytes")


def letter(reference: str, *mails: SealedMail, mac: bytes = b"mac") -> Accepted:
    return Accepted(reference, "harmanli", 1, mac, mails)


@pytest.fixture
def outbox(database_url: str) -> Iterator[Outbox]:
    """Each test that takes this runs on both databases."""
    with closing(Outbox(database_url)) as outbox:
        yield outbox


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Outbox]:
    """On an SQLite that overwrites nothing unless it is told to, as some are compiled."""
    with closing(Outbox(f"sqlite:///{tmp_path / 'outbox.sqlite3'}")) as outbox:
        event.listen(outbox.engine.pool, "connect", _keep_deleted_bytes, insert=True)
        yield outbox


def _keep_deleted_bytes(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA secure_delete=OFF")


def test_accepted_is_leased_once(outbox: Outbox) -> None:
    """A leased parcel is not given to a second process until the lease has ended."""
    outbox.accept(letter("A", MAIL), NOW)
    first = outbox.lease(NOW)
    assert first is not None
    assert first.content == b"sealed bytes"
    assert outbox.lease(NOW + LEASE - JUST) is None
    again = outbox.lease(NOW + LEASE)
    assert again is not None
    assert again.id == first.id


def test_retry_waits_for_its_time(outbox: Outbox) -> None:
    """After a failed attempt the parcel comes back at its time, with its attempts counted."""
    outbox.accept(letter("A", MAIL), NOW)
    parcel = outbox.lease(NOW)
    assert parcel is not None
    outbox.retry_at(parcel, NOW + timedelta(minutes=1))
    assert outbox.lease(NOW + timedelta(seconds=59)) is None
    assert outbox.next_due() == NOW + timedelta(minutes=1)
    again = outbox.lease(NOW + timedelta(minutes=1))
    assert again is not None
    assert again.attempts == 1


def test_leased_parcel_is_next_due_when_its_lease_ends(outbox: Outbox) -> None:
    """The delivery process may sleep until the lease of another one ends."""
    outbox.accept(letter("A", MAIL), NOW)
    outbox.lease(NOW)
    assert outbox.next_due() == NOW + LEASE


def test_recipients_are_delivered_apart(outbox: Outbox) -> None:
    """One bad address never holds up another."""
    other = SealedMail("<2@example.org>", "second@example.org", b"sealed for the second")
    outbox.accept(letter("A", MAIL, other), NOW)
    first, second = outbox.lease(NOW), outbox.lease(NOW)
    assert first is not None
    assert second is not None
    outbox.give_up(first)
    outbox.forget(second)
    assert outbox.counts() == {"waiting": 0, "given_up": 1}


def test_same_reference_is_refused_whole(outbox: Outbox) -> None:
    """A reference that is taken stores nothing at all, not even for another recipient."""
    outbox.accept(letter("A", MAIL), NOW)
    other = SealedMail("<2@example.org>", "second@example.org", b"x")
    with pytest.raises(ReferenceTakenError):
        outbox.accept(letter("A", other, MAIL, mac=b"other"), NOW)
    assert outbox.counts() == {"waiting": 1, "given_up": 0}


def test_delivered_bytes_are_gone_from_the_files(sqlite: Outbox, tmp_path: Path) -> None:
    """After delivery and purge neither the file nor its log holds the sealed bytes."""
    sqlite.accept(letter("A", MAIL), NOW)
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"sealed bytes" in held
    parcel = sqlite.lease(NOW)
    assert parcel is not None
    sqlite.forget(parcel)
    sqlite.purge(NOW)
    left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"sealed bytes" not in left


def test_commits_are_durable(sqlite: Outbox, tmp_path: Path) -> None:
    """WAL with synchronous=FULL (2), and deleted bytes are overwritten."""
    sqlite.accept(letter("A", MAIL), NOW)
    with sqlite.engine.connect() as connection:
        values = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "secure_delete")
        }
    assert values == {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1}


def test_errors_hide_what_was_to_be_stored(outbox: Outbox) -> None:
    """Also those that the outbox turns into its own, which may show in a debugger or a dump."""
    with pytest.raises(SQLAlchemyError) as caught, outbox.engine.connect() as connection:
        connection.execute(text("SELECT 1 FROM nowhere WHERE a = :a"), {"a": "canary"})
    assert "canary" not in str(caught.value)


def test_naive_time_is_refused(outbox: Outbox) -> None:
    """A time without its zone would shift by hours; it is an error instead."""
    with pytest.raises(ValueError, match="time zone"):
        outbox.accept(letter("A", MAIL), datetime(2026, 11, 21))


def test_two_processes_write_in_a_row(sqlite: Outbox, tmp_path: Path) -> None:
    """A writer waits for another one instead of failing."""
    other = sqlite3.connect(
        tmp_path / "outbox.sqlite3", isolation_level=None, check_same_thread=False
    )
    other.execute("BEGIN IMMEDIATE")
    timer = threading.Timer(0.3, other.execute, ["COMMIT"])
    timer.start()
    sqlite.accept(letter("A", MAIL), NOW)
    timer.join()
    other.close()
    assert sqlite.counts()["waiting"] == 1


def test_same_letter_is_stored_once(outbox: Outbox) -> None:
    """The same letter within five minutes gets the first reference and time, and one mail."""
    assert outbox.accepted_lately(b"mac", NOW) is None
    first = outbox.accept(letter("A", MAIL), NOW)
    again = outbox.accept(letter("B", MAIL), NOW + SAME_LETTER - JUST)
    assert outbox.accepted_lately(b"mac", NOW + SAME_LETTER - JUST) == Stored("A", NOW)
    assert first == again == Stored("A", NOW)
    assert outbox.counts()["waiting"] == 1
    later = NOW + SAME_LETTER
    assert outbox.accepted_lately(b"mac", later) is None
    assert outbox.accepted_lately(b"other", NOW) is None
    assert outbox.accept(letter("C", MAIL), later) == Stored("C", later)


def test_recent_letters_of_the_future_are_forgotten(outbox: Outbox) -> None:
    """What a clock that was wrong wrote swallows no letter, and is purged."""
    outbox.accept(letter("A", MAIL), NOW + timedelta(hours=3))
    assert outbox.accepted_lately(b"mac", NOW) is None
    assert outbox.accept(letter("B", MAIL), NOW) == Stored("B", NOW)
    outbox.accept(letter("C", MAIL, mac=b"other"), NOW + timedelta(days=400))
    outbox.purge(NOW)
    assert recent_rows(outbox) == 1


def recent_rows(outbox: Outbox) -> int:
    with outbox.engine.connect() as connection:
        return int(connection.exec_driver_sql("SELECT count(*) FROM recent").scalar_one())


def test_recent_letters_tell_nothing(outbox: Outbox) -> None:
    """The table shows its reader no reference and no key to it; after five minutes nothing."""
    outbox.accept(letter("DF4GJ-2UV79", MAIL, mac=b"m" * 32), NOW)
    with outbox.engine.connect() as connection:
        [[name, note]] = connection.exec_driver_sql("SELECT name, note FROM recent").fetchall()
    assert b"DF4GJ" not in bytes(name) + bytes(note)
    assert b"m" * 8 not in bytes(name) + bytes(note)
    with pytest.raises(InvalidTag):
        open_note(bytes(name), bytes(note))
    outbox.purge(NOW + SAME_LETTER - JUST)
    assert recent_rows(outbox) == 1
    outbox.purge(NOW + SAME_LETTER)
    assert recent_rows(outbox) == 0


def test_process_whose_lease_ran_out_changes_nothing(outbox: Outbox) -> None:
    """Two processes with the same parcel: only the one that holds the lease decides."""
    outbox.accept(letter("A", MAIL), NOW)
    slow = outbox.lease(NOW)
    quick = outbox.lease(NOW + LEASE)
    assert slow is not None
    assert quick is not None
    outbox.forget(slow)
    outbox.give_up(slow)
    assert outbox.counts() == {"waiting": 1, "given_up": 0}
    outbox.forget(quick)
    assert outbox.counts() == {"waiting": 0, "given_up": 0}


def test_marks_remember_when(outbox: Outbox) -> None:
    """The newest time of a mark counts; a mark that was never set has none."""
    assert outbox.last_mark("heartbeat", NOW) is None
    outbox.mark("heartbeat", NOW)
    outbox.mark("heartbeat", NOW + LEASE)
    assert outbox.last_mark("heartbeat", NOW + LEASE) == NOW + LEASE


def test_only_one_marks_what_was_not_marked_in_a_day(outbox: Outbox) -> None:
    """Of two processes that see the same alarm one says it, and again after a day."""
    day = timedelta(days=1)
    assert outbox.mark_unless("alarm", NOW, NOW - day, NOW)
    assert not outbox.mark_unless("alarm", NOW, NOW - day, NOW)
    assert not outbox.mark_unless("alarm", NOW + day / 2, NOW - day / 2, NOW + day / 2)
    assert outbox.last_mark("alarm", NOW) == NOW
    assert outbox.mark_unless("alarm", NOW + day, NOW, NOW + day)


def test_letters_that_come_at_once_are_all_stored(new_database: NewDatabase) -> None:
    """Each writer waits for the others, and none for so long that its letter is refused."""
    url, writers, letters = new_database(), 8, 25

    def write(writer: int) -> None:
        with closing(Outbox(url)) as outbox:
            for number in range(letters):
                name = f"{writer}-{number}"
                outbox.accept(letter(name, MAIL, mac=name.encode()), NOW)

    with ThreadPoolExecutor(writers) as pool:
        list(pool.map(write, range(writers)))
    with closing(Outbox(url)) as outbox:
        assert outbox.counts()["waiting"] == writers * letters


def test_bell_of_sqlite(sqlite: Outbox, tmp_path: Path) -> None:
    """A letter that another process commits wakes the process that waits; reading wakes nobody."""
    delay, longest = 0.5, PATIENCE
    with (
        closing(Wakeup(sqlite.engine, threading.Event())) as wakeup,
        closing(Outbox(f"sqlite:///{tmp_path / 'outbox.sqlite3'}")) as other,
    ):
        wakeup.wait(longest)  # the first time it cannot know what was before
        started = time.monotonic()
        other.counts()
        wakeup.wait(delay)
        assert time.monotonic() - started >= delay * 0.9
        timer = threading.Timer(delay, other.accept, [letter("A", MAIL), NOW])
        started = time.monotonic()
        timer.start()
        wakeup.wait(longest)
        assert delay * 0.9 < time.monotonic() - started < longest / 2
        timer.join()
        sqlite.purge(NOW)
        with closing(sqlite3.connect(tmp_path / "outbox.sqlite3")) as file:
            assert file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone() == (0, 0, 0)


def test_who_only_reads_waits_for_no_writer(tmp_path: Path) -> None:
    """A process that starts while another one writes can say at once what there is."""
    url = f"sqlite:///{tmp_path / 'outbox.sqlite3'}"
    with closing(Outbox(url)) as outbox, outbox.engine.begin() as writing:
        writing.exec_driver_sql("DELETE FROM marks")
        with closing(Outbox(url)) as other:
            assert other.counts() == {"waiting": 0, "given_up": 0}
