"""Boxes on a real SQLite file and on real PostgreSQL servers: none is lost, none stays too long."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from contact_service.box import (
    Box,
    OtherCodeError,
    new_box,
    new_code,
    note_of,
    opened_answer,
    place_of,
    sealed_answer,
    slot_of,
)
from contact_service.outbox.errors import OutboxUnavailableError, ReferenceTakenError
from contact_service.outbox.outbox import Accepted, Outbox, Stored
from contact_service.sealing import SealedMail
from service_admin.monitoring.watcher import Watch
from tests.support.postgres import NewDatabase
from tests.support.project import ROOT
from tests.support.service.service_parts import SECRET, Instance

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
HOUR, DAY, JUST = timedelta(hours=1), timedelta(days=1), timedelta(milliseconds=1)
# The midnight after the sixtieth day, written out so that a change in the code is noticed.
END = datetime(2027, 1, 21, tzinfo=UTC)
MAIL = SealedMail("<1@example.org>", "centre@example.org", b"sealed bytes")
CODE, ANSWER_CODE = new_code(), new_code()
PLACE, SLOT = place_of(SECRET, CODE), slot_of(SECRET, ANSWER_CODE)
BOX = new_box(SECRET, CODE, ANSWER_CODE, {"centre": "harmanli"})
MOST = 20


@pytest.fixture
def outbox(database_url: str) -> Iterator[Outbox]:
    """Each test that takes this runs on every database."""
    with closing(Outbox(database_url)) as outbox:
        yield outbox


def letter(
    reference: str = "A", mac: bytes = b"mac", box: Box | None = BOX, code: str = CODE
) -> Accepted:
    return Accepted(reference, "harmanli", 1, mac, [MAIL], code, box)


def another() -> Box:
    return new_box(SECRET, new_code(), new_code(), {})


def answer(value: str) -> bytes:
    return sealed_answer(note_of(BOX, ANSWER_CODE), {"kind": "text", "value": value})


def rows(outbox: Outbox, table: str) -> int:
    with outbox.reading() as connection:
        return int(connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one())  # noqa: S608


def test_an_answer_goes_from_the_letter_to_the_code(outbox: Outbox) -> None:
    """Found by the answering code, sealed to its note, read with the receipt's code, newest first.

    An empty box is another thing than none.
    """
    assert outbox.accept(letter(), NOW) == Stored("A", NOW, CODE)
    box = outbox.box_at(SLOT, NOW)
    assert box == BOX
    assert note_of(box, ANSWER_CODE)["centre"] == "harmanli"
    assert outbox.answers_at(PLACE, NOW) == []
    for value in ("one", "two"):
        assert outbox.put_answer(box.place, answer(value), NOW + HOUR)
    found = outbox.answers_at(PLACE, NOW + HOUR)
    assert found is not None
    assert [opened_answer(CODE, content)["value"] for content in found] == ["two", "one"]
    for place in (SLOT, place_of(SECRET, ANSWER_CODE), place_of("other" + SECRET, CODE), b""):
        assert outbox.answers_at(place, NOW) is None
        assert not outbox.put_answer(place, answer("three"), NOW)
    for slot in (PLACE, slot_of(SECRET, CODE), b""):
        assert outbox.box_at(slot, NOW) is None


def test_the_same_letter_again_has_the_first_code(outbox: Outbox) -> None:
    """Anyone who presses twice has one letter and one box; after five minutes there is a second."""
    outbox.accept(letter(), NOW)
    again = letter("B", box=another(), code=new_code())
    assert outbox.accept(again, NOW + HOUR / 20) == Stored("A", NOW, CODE)
    assert outbox.accepted_lately(b"mac", NOW + HOUR / 20) == Stored("A", NOW, CODE)
    assert rows(outbox, "boxes") == 1
    assert outbox.accept(again, NOW + HOUR).code == again.code
    assert rows(outbox, "boxes") == 2
    assert outbox.accept(letter("C", b"other", None, ""), NOW).code == ""
    assert outbox.accepted_lately(b"other", NOW) == Stored("C", NOW)
    assert rows(outbox, "boxes") == 2


def test_no_letter_without_its_box_and_no_box_without_its_letter(outbox: Outbox) -> None:
    """Whichever cannot be stored, neither is, and the same letter is not taken for one."""
    outbox.accept(letter(), NOW)
    for twin in (replace(another(), place=PLACE), replace(another(), slot=SLOT)):
        with pytest.raises(OutboxUnavailableError):
            outbox.accept(letter("B", b"other", twin), NOW)
    with pytest.raises(ReferenceTakenError):
        outbox.accept(letter("A", b"other", another()), NOW)
    assert outbox.accepted_lately(b"other", NOW) is None
    assert (outbox.counts()["waiting"], rows(outbox, "boxes")) == (1, 1)
    outbox.accept(letter("B", b"other", another()), NOW)
    assert (outbox.counts()["waiting"], rows(outbox, "boxes")) == (2, 2)


KILLED = """
import os, signal, sys
from datetime import UTC, datetime
from sqlalchemy import event
from contact_service.box import Box
from contact_service.outbox.outbox import Accepted, Outbox
from contact_service.sealing import SealedMail
outbox = Outbox(sys.argv[1])
@event.listens_for(outbox.engine, "after_cursor_execute")
def kill(_connection, _cursor, statement, *_rest):
    if statement.startswith("INSERT INTO " + sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)
now = datetime.now(UTC)
if sys.argv[2] == "answers":
    outbox.put_answer(b"place", b"sealed", now)
box = Box(b"killed", b"slot of it", b"note")
mail = SealedMail("<1@example.org>", "centre@example.org", b"sealed")
outbox.accept(Accepted("KILLED", "harmanli", 1, b"killed", [mail], "code", box), now)
"""


@pytest.mark.parametrize("where", ["recent", "deliveries", "boxes", "answers"])
def test_a_process_that_is_killed_leaves_all_or_nothing(database_url: str, where: str) -> None:
    """Between any two rows: no letter without a box, no answer in a half."""
    box = Box(b"place", b"slot", b"note")
    with closing(Outbox(database_url)) as outbox:
        outbox.accept(letter("A", b"mac", box), datetime.now(UTC))
        asked = [sys.executable, "-c", KILLED, database_url, where]
        ended = subprocess.run(asked, cwd=ROOT, env=os.environ, check=False)
        assert ended.returncode == -signal.SIGKILL
        assert outbox.accepted_lately(b"killed", datetime.now(UTC)) is None
        assert [rows(outbox, name) for name in ("deliveries", "boxes", "answers")] == [1, 1, 0]
        assert outbox.put_answer(b"place", b"sealed", datetime.now(UTC))


def test_a_full_box_says_so(outbox: Outbox) -> None:
    """Twenty answers; the next is refused and changes none."""
    outbox.accept(letter(), NOW)
    assert [outbox.put_answer(PLACE, b"%d" % n, NOW) for n in range(MOST + 2)] == [
        *[True] * MOST,
        *[False] * 2,
    ]
    assert outbox.answers_at(PLACE, NOW) == [b"%d" % n for n in reversed(range(MOST))]


def test_one_press_is_stored_once(new_database: NewDatabase) -> None:
    """However often it comes, by several processes at once too; even where the box is full."""
    url = new_database()
    with closing(Outbox(url)) as outbox:
        outbox.accept(letter(), NOW)

        def press(number: int) -> bool:
            with closing(Outbox(url)) as own:
                return own.put_answer(PLACE, b"%d" % number, NOW, b"once")

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(press, range(8))) == [True] * 8
        assert len(outbox.answers_at(PLACE, NOW) or []) == 1
        for number in range(1, MOST):
            assert outbox.put_answer(PLACE, b"another", NOW, b"once %d" % number)
        assert press(9)
        assert not outbox.put_answer(PLACE, b"another", NOW, b"once more")
        assert len(outbox.answers_at(PLACE, NOW) or []) == MOST


def test_answers_at_once_are_all_kept_and_never_too_many(new_database: NewDatabase) -> None:
    """Several people at a centre answer in the same moment, through processes of their own."""
    url, writers, each = new_database(), 4, 8
    with closing(Outbox(url)) as outbox:
        outbox.accept(letter(), NOW)

        def write(writer: int) -> list[bytes]:
            with closing(Outbox(url)) as own:
                texts = [b"%d-%d" % (writer, number) for number in range(each)]
                return [text for text in texts if own.put_answer(PLACE, text, NOW)]

        with ThreadPoolExecutor(writers) as pool:
            stored = [text for texts in pool.map(write, range(writers)) for text in texts]
        assert sorted(outbox.answers_at(PLACE, NOW) or []) == sorted(stored)
        assert len(stored) == MOST


def test_what_is_deleted_while_it_is_answered_leaves_nothing(new_database: NewDatabase) -> None:
    """Whichever of them comes first: the box is gone with every answer."""
    url = new_database()
    with closing(Outbox(url)) as outbox, closing(Outbox(url)) as centre:
        for number in range(20):
            box = another()
            outbox.accept(letter(str(number), b"%d" % number, box), NOW)
            with ThreadPoolExecutor(2) as pool:
                answered = pool.submit(centre.put_answer, box.place, b"sealed", NOW)
                pool.submit(outbox.delete_box, box.place).result()
                answered.result()
            assert outbox.answers_at(box.place, NOW) is None
            assert (rows(outbox, "boxes"), rows(outbox, "answers")) == (0, 0)


def test_a_box_ends_sixty_days_after_the_last_that_happened(outbox: Outbox) -> None:
    """With its letter or its last answer; from then on it is as if there had been none."""
    outbox.accept(letter(), NOW)
    assert outbox.answers_at(PLACE, END) == []
    assert outbox.answers_at(PLACE, END + JUST) is None
    assert outbox.box_at(SLOT, END + JUST) is None
    assert not outbox.put_answer(PLACE, b"late", END + JUST)
    assert outbox.put_answer(PLACE, b"in time", END)
    later = END + timedelta(days=61)
    assert outbox.answers_at(PLACE, later) == [b"in time"]
    assert outbox.answers_at(PLACE, later + JUST) is None
    outbox.purge_boxes(later)
    assert (rows(outbox, "boxes"), rows(outbox, "answers")) == (1, 1)
    outbox.purge_boxes(later + JUST)
    assert (rows(outbox, "boxes"), rows(outbox, "answers")) == (0, 0)


def test_the_end_tells_a_day_and_no_hour(outbox: Outbox) -> None:
    """All that happens from midnight to midnight (UTC) has the same end."""
    midnight = datetime(2026, 11, 21, tzinfo=UTC)
    for number, hour in enumerate((0, 1, 12, 23.99)):
        outbox.accept(letter(str(number), b"%d" % number, another()), midnight + hour * HOUR)
    with outbox.reading() as connection:
        ends = connection.exec_driver_sql("SELECT DISTINCT ends_ms FROM boxes").scalars().all()
    assert ends == [int(END.timestamp() * 1000)]


def test_a_delivery_and_the_letters_purge_leave_boxes_alone(outbox: Outbox) -> None:
    """A box waits for somebody else than the letter does."""
    outbox.accept(letter(), NOW)
    outbox.put_answer(PLACE, b"sealed", NOW)
    parcel = outbox.lease(NOW)
    assert parcel is not None
    outbox.forget(parcel)
    for when in (NOW, NOW + 400 * DAY, NOW - 400 * DAY):
        outbox.purge(when)
    assert outbox.answers_at(PLACE, NOW) == [b"sealed"]


@pytest.mark.parametrize("wrong", [-20_000 * DAY, -400 * DAY, -3 * HOUR, 3 * HOUR, 59 * DAY])
def test_a_clock_that_steps_ends_no_box(outbox: Outbox, wrong: timedelta) -> None:
    """What was there is found by the wrong clock and by the right one, and an answer too."""
    outbox.accept(letter(), NOW)
    assert outbox.box_at(SLOT, NOW + wrong) == BOX
    assert outbox.put_answer(PLACE, b"sealed", NOW + wrong)
    assert outbox.answers_at(PLACE, NOW + wrong) == [b"sealed"]
    outbox.purge_boxes(NOW + wrong)
    for when in (NOW, END):
        assert outbox.answers_at(PLACE, when) == [b"sealed"]


def test_only_a_clock_that_is_steady_deletes_boxes(instance: Instance) -> None:
    """One that has just leapt by years deletes none; one that is right for an hour does."""
    outbox, years = instance.outbox(), timedelta(days=800)
    outbox.accept(letter(), datetime.now(UTC))
    watch = Watch(instance.settings(), outbox)
    watch.round(datetime.now(UTC) + years, may_delete=False)
    assert outbox.box_at(SLOT, datetime.now(UTC)) == BOX
    watch.round(datetime.now(UTC) + timedelta(days=59))
    assert outbox.box_at(SLOT, datetime.now(UTC)) == BOX
    watch.round(datetime.now(UTC) + years)
    assert rows(outbox, "boxes") == 0


def test_deleted_boxes_are_gone_from_the_files(tmp_path: Path) -> None:
    """Neither SQLite's file nor its log holds what was deleted by its reader, or has ended."""
    kept = Box(b"kept place", b"kept slot", b"kept note")
    gone = Box(b"place that goes", b"slot that goes", b"note that goes" * 200)
    words = [b"that goes", b"answer of it"]
    with closing(Outbox(f"sqlite:///{tmp_path / 'outbox.sqlite3'}")) as outbox:
        for number, by_reader in enumerate((True, False)):
            outbox.accept(letter(f"A{number}", b"a%d" % number, kept), NOW) if by_reader else None
            outbox.accept(letter(f"B{number}", b"b%d" % number, gone), NOW - 400 * DAY)
            outbox.put_answer(gone.place, b"answer of it" * 200, NOW - 400 * DAY)
            held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
            assert all(word in held for word in words)
            if by_reader:
                outbox.delete_box(gone.place)
            else:
                outbox.purge_boxes(NOW)
                outbox.purge(NOW)
            left = b"".join(path.read_bytes() for path in tmp_path.iterdir())
            assert not [word for word in words if word in left]
            assert kept.note in left


def test_a_damaged_row_costs_itself_alone(outbox: Outbox) -> None:
    """What is no sealed answer opens as none; the others are read as ever."""
    outbox.accept(letter(), NOW)
    for content in (answer("one"), b"", b"\xff" * 2096, answer("two")[:-1], answer("two")):
        outbox.put_answer(PLACE, content, NOW)
    read = []
    for content in outbox.answers_at(PLACE, NOW) or []:
        try:
            read.append(opened_answer(CODE, content)["value"])
        except OtherCodeError:
            read.append("")
    assert read == ["two", "", "", "", "one"]


def test_the_tables_hold_nothing_that_can_be_read(tmp_path: Path) -> None:
    """Codes, words, centre and number of the letter are in no byte of the files."""
    with closing(Outbox(f"sqlite:///{tmp_path / 'outbox.sqlite3'}")) as outbox:
        code, answer_code = new_code(), new_code()
        note = {"centre": "canary-centre", "reference": "CANARY-NUMB"}
        box = new_box(SECRET, code, answer_code, note)
        outbox.accept(Accepted("A", "harmanli", 1, b"mac", [MAIL], code, box), NOW)
        said = sealed_answer(note_of(box, answer_code), {"value": "канарче canary"})
        assert outbox.put_answer(box.place, said, NOW)
        outbox.truncate_log()
        with closing(sqlite3.connect(tmp_path / "outbox.sqlite3")) as file:
            assert file.execute("SELECT count(*) FROM answers").fetchone() == (1,)
        held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for known in ("canary", "CANARY", "канарче", code, answer_code, code.replace("-", "")):
        assert known.encode() not in held
    assert code[:7].encode() not in held
