"""Numbers of letters on every database: each counted once, and none tells the hour of a letter."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from contact_service.box import Box
from contact_service.outbox.outbox import Accepted, Outbox
from contact_service.outbox.tallies import Cells, month_of
from contact_service.sealing import SealedMail
from service_admin.backup.outbox_copy import copy_database, found_here, write_checked_copy
from service_admin.monitoring.watcher import Watch
from tests.support.service.service_parts import SECRET, Instance

# 20:00 in Sofia; no test asks what time it is.
EVENING = datetime(2026, 11, 21, 18, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOVEMBER = "2026-11"
CELLS = Cells(SECRET)
CELL = CELLS.letters(NOVEMBER, "harmanli", "contact", "uk")
ANSWERED = CELLS.answered_letters(NOVEMBER, "harmanli")
BOX = Box(b"place", b"slot", b"note")
CONTACT = "/send/bg/harmanli/contact"


@pytest.fixture
def outbox(database_url: str) -> Iterator[Outbox]:
    """Each test that takes this runs on every database."""
    with closing(Outbox(database_url)) as outbox:
        yield outbox


def counted(outbox: Outbox) -> int:
    return outbox.numbers_between("0000-01", "9999-12")[CELL]


def test_a_letter_counts_from_the_next_night_on(outbox: Outbox) -> None:
    """Not in the hour in which it came; once, however often the night's count is made."""
    outbox.count_the_day(EVENING)
    outbox.count_in(CELL)
    outbox.count_in(CELL)
    outbox.count_the_day(EVENING + HOUR)
    assert counted(outbox) == 0
    for minutes in (0, 1, 5 * 60, 23 * 60):
        outbox.count_the_day(EVENING + 4 * HOUR + timedelta(minutes=minutes))
        assert counted(outbox) == 2
    outbox.count_in(CELL)
    outbox.count_the_day(EVENING + DAY)
    assert counted(outbox) == 2
    outbox.count_the_day(EVENING + 2 * DAY)
    assert counted(outbox) == 3


def test_a_count_that_broke_off_is_made_good_by_the_next(outbox: Outbox) -> None:
    """Killed between the mark and the numbers: they wait for the next night."""
    outbox.count_in(CELL)
    outbox.mark("tallied", EVENING)
    outbox.count_the_day(EVENING + HOUR)
    assert counted(outbox) == 0
    outbox.count_the_day(EVENING + DAY)
    assert counted(outbox) == 1


@pytest.mark.parametrize(
    "day", [datetime(2026, 10, 25, tzinfo=UTC), datetime(2027, 3, 28, tzinfo=UTC)]
)
def test_clocks_that_change_count_nothing_twice(outbox: Outbox, day: datetime) -> None:
    """Over the night with an hour more or less: a letter each hour, one count on each day."""
    changes, before = 0, 0
    for hour in range(72):
        outbox.count_the_day(day - DAY + hour * HOUR)
        changes += counted(outbox) != before
        before = counted(outbox)
        assert before <= hour
        outbox.count_in(CELL)
    assert changes == 3
    outbox.count_the_day(day + 4 * DAY)
    assert counted(outbox) == 72


def test_a_clock_that_jumps_counts_nothing_twice(outbox: Outbox) -> None:
    """Two days ahead, back again, a year behind: what is counted is what came."""
    for number, jump in enumerate((0, 2, 0, -365, 0, 1), start=1):
        outbox.count_in(CELL)
        outbox.count_the_day(EVENING + jump * DAY)
        outbox.count_the_day(EVENING + jump * DAY + HOUR)
        assert counted(outbox) <= number
    outbox.count_the_day(EVENING + 9 * DAY)
    assert counted(outbox) == 6


def test_letters_that_come_while_it_counts_are_all_counted(outbox: Outbox) -> None:
    """Several at a time, in one cell and in others, beside several nights."""
    others = [CELLS.letters(NOVEMBER, "harmanli", "contact", language) for language in "abc"]

    def work(number: int) -> None:
        outbox.count_in([CELL, *others][number % 4])
        outbox.count_the_day(EVENING + number * DAY)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(40)))
    outbox.count_the_day(EVENING + 99 * DAY)
    assert outbox.numbers_between(NOVEMBER, NOVEMBER) == dict.fromkeys([CELL, *others], 10)


def test_a_letter_is_answered_once(outbox: Outbox) -> None:
    """By the first answer of its box: not by the same press again, a second answer or another
    box's, and not by one for which there is no box.
    """
    mail = SealedMail("<1@example.org>", "centre@example.org", b"sealed")
    outbox.accept(Accepted("A", "harmanli", 1, b"mac", [mail], "code", BOX), EVENING)
    for once in (b"first", b"first", b"second"):
        assert outbox.put_answer(BOX.place, b"sealed", EVENING, once, ANSWERED)
    assert not outbox.put_answer(b"elsewhere", b"sealed", EVENING, b"third", ANSWERED)
    outbox.count_the_day(EVENING + DAY)
    assert outbox.numbers_between(NOVEMBER, NOVEMBER) == {ANSWERED: 1}


def test_this_year_and_the_last_are_kept(outbox: Outbox) -> None:
    """A clock that is behind or ahead by months forgets nothing of them."""
    months = ("2024-12", "2025-01", "2026-11", "2026-12")
    for month in months:
        outbox.count_in(CELLS.answered_letters(month, "harmanli"))
    outbox.purge_tallies(EVENING - 330 * DAY)
    assert len(outbox.numbers_between(months[0], months[-1])) == 4
    outbox.purge_tallies(EVENING)
    assert {cell.month for cell in outbox.numbers_between(months[0], months[-1])} == {*months[1:]}


def test_months_are_those_of_sofia() -> None:
    """A letter of the last evening by UTC is one of the next month."""
    assert month_of(datetime(2026, 11, 30, 21, 59, tzinfo=UTC)) == "2026-11"
    assert month_of(datetime(2026, 11, 30, 22, 0, tzinfo=UTC)) == "2026-12"


def test_the_file_tells_no_centre_form_or_language(tmp_path: Path) -> None:
    """Of no cell, and who has another secret asks for other cells; nothing tells an order."""
    words = ("canary-centre", "canary_form", "uk-canary")
    cell = CELLS.letters(NOVEMBER, *words)
    with closing(Outbox(f"sqlite:///{tmp_path / 'outbox.sqlite3'}")) as outbox:
        outbox.count_in(cell)
        outbox.count_in(CELLS.answered_letters(NOVEMBER, words[0]))
        outbox.truncate_log()
        held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
        assert cell.name in held
        assert b"canary" not in held
        assert Cells("another secret").letters(NOVEMBER, *words) not in outbox.numbers_between(
            "2", "3"
        )
        file = sqlite3.connect(tmp_path / "outbox.sqlite3")
        with closing(file), pytest.raises(sqlite3.OperationalError):
            file.execute("SELECT rowid FROM tallies")


def test_two_copies_of_a_day_tell_no_hour_and_come_back_once(tmp_path: Path) -> None:
    """Both hold what the night before had; after a restore nothing of it is counted again."""

    def numbers(content: bytes) -> list[Any]:
        with closing(sqlite3.connect(":memory:")) as copy:
            copy.deserialize(content)
            return copy.execute("SELECT * FROM tallies").fetchall()

    file = tmp_path / "outbox.sqlite3"
    with closing(Outbox(f"sqlite:///{file}")) as outbox:
        outbox.count_in(CELL)
        outbox.count_the_day(EVENING)
        first, _ = copy_database(outbox, file, EVENING)
        outbox.count_in(CELL)
        outbox.count_in(ANSWERED)
        second, _ = copy_database(outbox, file, EVENING + HOUR)
        assert numbers(first) == numbers(second) == [(*vars(CELL).values(), 0, 1)]
        assert b"answered" not in second
        outbox.count_the_day(EVENING + DAY)
        assert counted(outbox) == 2
    copy, _ = write_checked_copy(second, file)
    assert found_here(copy)
    with closing(Outbox(f"sqlite:///{copy}")) as outbox:
        outbox.count_the_day(EVENING + DAY)
        assert counted(outbox) == 1


def test_the_watch_counts_at_night(instance: Instance) -> None:
    """In its first round of a day, also when it has just begun; it forgets when its clock has been
    steady for long.
    """
    outbox = instance.outbox()
    outbox.count_in(CELL)
    outbox.count_in(CELLS.answered_letters("2020-01", "harmanli"))
    watch = Watch(instance.settings(), outbox)
    watch.round(EVENING, may_delete=False)
    assert counted(outbox) == 1
    assert len(outbox.numbers_between("2020-01", NOVEMBER)) == 2
    watch.round(EVENING + timedelta(minutes=1))
    assert len(outbox.numbers_between("2020-01", NOVEMBER)) == 1


@pytest.mark.parametrize("wrong", ["DROP TABLE tallies", "ALTER TABLE tallies DROP COLUMN counted"])
def test_a_letter_is_taken_though_it_cannot_be_counted(
    instance: Instance, letter: dict[str, Any], wrong: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Its sender has the receipt, and no line of a log says that something came."""
    client, outbox = instance.client(), instance.outbox()
    with outbox.writing() as connection:
        connection.exec_driver_sql(wrong)
    caplog.clear()
    sent = client.post(CONTACT, data=letter)
    assert sent.status_code == 303
    assert client.get(sent.location).status_code == 200
    assert outbox.counts()["waiting"] == 1
    assert caplog.records == []
