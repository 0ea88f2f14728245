"""`numbers`: what leaves the database for the report of a year tells of nobody."""

from __future__ import annotations

import csv
import itertools
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest

from contact_service.outbox.outbox import Outbox
from contact_service.outbox.tallies import FIRST_TALLIED, Cells, month_of
from service_admin.__main__ import main
from service_admin.monitoring.status_page import status_page
from service_admin.monitoring.watcher import snapshot
from service_admin.numbers import _rounded, last_month, said_of_last_month
from site_model.types import SOFIA
from tests.support.service.service_parts import SECRET, Instance

NOW = datetime.now(UTC)
LAST = last_month(NOW)
YEAR = LAST[:4]
FEW = "под 5"
DAY = timedelta(days=1)


@pytest.fixture
def program(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a command of the program with the instance's settings."""
    monkeypatch.setenv("OPORA_SECRET", SECRET)
    file = instance.folder / "service.toml"
    file.write_text(instance.toml, encoding="utf-8")

    def run(*arguments: str) -> int:
        return main(["--settings", str(file), *arguments])

    return run


def fill(outbox: Outbox, secret: str = SECRET) -> None:
    """Letters to Harmanli in the last month and in this one; all of them were counted at night,
    which began long ago.
    """
    outbox.mark(FIRST_TALLIED, NOW - 800 * DAY)
    cells, now = Cells(secret), month_of(NOW)
    for cell, number in (
        (cells.letters(LAST, "harmanli", "contact", "bg"), 7),
        (cells.letters(LAST, "harmanli", "contact", "uk"), 3),
        (cells.letters(LAST, "harmanli", "referral", "bg"), 12),
        (cells.letters(now, "harmanli", "contact", "bg"), 40),
        (cells.answered_letters(LAST, "harmanli"), 6),
    ):
        for _ in range(number):
            outbox.count_in(cell)
    outbox.count_the_day(NOW)


def table(said: str) -> list[dict[str, str]]:
    """The CSV as a program reads it that takes semicolons, as Excel on a Bulgarian Windows."""
    assert said.startswith("\ufeff")
    rows = list(csv.DictReader(StringIO(said[1:], newline=""), delimiter=";"))
    assert "закръглено до 5" in rows.pop()["Център"]
    return rows


def of_harmanli(rows: list[dict[str, str]]) -> dict[tuple[str, str], str]:
    found = [row for row in rows if row["Център"] == "ЦОП Харманли"]
    return {(row["Формуляр"], row["Език"]): row["общо"] for row in found}


def test_a_year_as_a_table(
    instance: Instance, program: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every form in every language that the centre has, in each month that is over; small numbers
    are not told, sums are right before they are rounded.
    """
    fill(instance.outbox())
    assert program("numbers", "--csv") == 0
    rows = table(capsys.readouterr().out)
    months = list(rows[0])[3:-1]
    assert months[0] == "януари"
    assert len(months) == int(LAST[5:])
    told = of_harmanli(rows)
    assert told["Пишете ни", "български"] == "5"
    assert told["Пишете ни", "украински"] == FEW
    assert told["Пишете ни", "турски"] == FEW, "as if somebody had written"
    assert told["Насочване на дете", "български"] == "10"
    assert told["всички писма", ""] == "20"
    assert told["с отговор на сайта", ""] == "5"
    [every] = [r for r in rows if r["Център"] == "ЦОП Харманли" and r["Формуляр"] == "всички писма"]
    assert every[months[-1]] == "20"
    cells = {value for row in rows for name, value in row.items() if name in (*months, "общо")}
    assert cells == {FEW, "5", "10", "20"}


def test_the_same_in_a_terminal(
    instance: Instance, program: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sums of the year, with what they are; nothing of the month that goes on."""
    fill(instance.outbox())
    assert program("numbers", "--year", YEAR) == 0
    said = capsys.readouterr()
    assert "ЦОП Харманли, Пишете ни, български: 5\n" in said.out
    assert "ЦОП Харманли, всички писма: 20\n" in said.out
    assert f"ЦОП Сопот, всички писма: {FEW}\n" in said.out
    assert "закръглено до 5" in said.out
    assert "40" not in said.out
    assert said.err == ""


def test_what_was_not_counted_is_not_said_to_be_few(
    instance: Instance, program: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Months before the first count, years that are not kept or have not been: said in words."""
    outbox = instance.outbox()
    assert program("numbers") == 1
    assert (
        f"Брои се от {month_of(NOW)[5:]}.{NOW.astimezone(SOFIA).year} г." in capsys.readouterr().out
    )
    assert said_of_last_month(outbox, NOW) == "още не са броени"
    outbox.count_the_day(NOW - 40 * DAY)
    outbox.count_the_day(NOW - 10 * DAY)
    assert outbox.first_month(NOW) == month_of(NOW - 40 * DAY)
    fill(outbox)
    for year in (NOW.year - 2, NOW.year + 1, 10000, 20260):
        assert program("numbers", "--year", str(year)) == 1
        assert f"За {year} г. няма преброен месец" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        program("numbers", "--year", "миналата")
    assert "--year не може да е „миналата“" in capsys.readouterr().err


def test_numbers_that_no_row_has_are_not_passed_over(
    instance: Instance, program: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """With another secret, or of a form that is gone: it is said that there are some."""
    fill(instance.outbox(), "the secret before this one, of 32 signs")
    assert program("numbers") == 0
    said = capsys.readouterr()
    assert f"ЦОП Харманли, всички писма: {FEW}\n" in said.out
    assert "смяна на тайната" in said.err


def test_no_number_comes_out_of_a_sum() -> None:
    """Of a small number beside another one, their sum tells at most whether it is 0 or above 2."""
    found: dict[tuple[Any, ...], set[int]] = {}
    for small, other in itertools.product(range(5), range(5, 53)):
        told = _rounded(other), _rounded(small + other)
        found.setdefault(told, set()).add(small)
    assert min(map(len, found.values())) >= 3
    assert [_rounded(number) for number in (0, 4, 5, 7, 8, 12, 13)] == [FEW, FEW, 5, 5, 10, 10, 15]


def test_the_status_page_tells_of_the_last_month(instance: Instance) -> None:
    """Of all centres together; it stays the same while letters come."""
    outbox = instance.outbox()

    def said() -> str:
        page = status_page(snapshot(instance.settings(), outbox, (), NOW), refreshes=True)
        return " ".join(re.sub(r"<[^>]+>", " ", page).split())

    assert "Писма миналия месец още не са броени" in said()
    fill(outbox)
    assert "Писма миналия месец 20, с отговор на сайта: 5" in said()
    outbox.count_in(Cells(SECRET).letters(month_of(NOW), "sopot", "contact", "bg"))
    outbox.count_the_day(NOW + DAY)
    assert "Писма миналия месец 20, с отговор на сайта: 5" in said()


@pytest.mark.parametrize(
    ("now", "month"),
    [
        (datetime(2027, 1, 1, 12, tzinfo=UTC), "2026-12"),
        (datetime(2026, 12, 31, 21, 59, tzinfo=UTC), "2026-11"),
        (datetime(2026, 12, 31, 22, 0, tzinfo=UTC), "2026-12"),
        (datetime(2027, 3, 31, 23, 0, tzinfo=UTC), "2027-03"),
    ],
)
def test_the_last_month_is_the_one_that_is_over_in_sofia(now: datetime, month: str) -> None:
    """In January, of the year before."""
    assert last_month(now) == month
