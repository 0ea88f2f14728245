"""The table of a week says what the facts' hours say, and is written as them, both ways."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from site_editor.hours.days import minute_of, year_day, year_day_words
from site_editor.hours.week import DAYS, Table, TableError, hours_of, lines_of, table_of
from site_model.facts.opening_hours.days import OpenDays
from site_model.facts.opening_hours.rules import parsed_hours
from site_model.facts.opening_hours.syntax import YearDay, clock

STEP = 15  # minutes

moments = st.integers(0, 24 * 60 // STEP).map(lambda n: n * STEP)


@st.composite
def rows(draw: st.DrawFn) -> dict[str, str]:
    """What a person tells of one day; "" for nothing."""
    state = draw(st.sampled_from(["", "open", "appointment", "off"]))
    if state in ("", "off"):
        return {"state": state} if state else {}
    least = 2 if state == "open" else 0
    count = draw(st.sampled_from([n for n in (0, 2, 4) if n >= least]))
    times = sorted(draw(st.lists(moments, min_size=count, max_size=count, unique=True)))
    named = zip(("start", "end", "again", "until"), map(clock, times), strict=False)
    return {"state": state, **dict(named)}


days = st.dates(date(2024, 1, 1), date(2030, 12, 31))


@st.composite
def closed_rows(draw: st.DrawFn) -> dict[str, str]:
    """Closed days: of one year or of every, one or several, or whole months."""
    first = draw(days)
    last = draw(st.sampled_from([first, first + timedelta(draw(st.integers(1, 90)))]))
    year = draw(st.booleans())
    if draw(st.booleans()):
        pair = [YearDay(day.month, None, day.year if year else None) for day in (first, last)]
    else:
        pair = [YearDay(day.month, day.day, day.year if year else None) for day in (first, last)]
    words = [year_day_words(day) for day in pair]
    return {"first": words[0]} | ({"last": words[1]} if words[1] != words[0] else {})


tables = st.fixed_dictionaries({}, optional={day: rows() for day in (*DAYS, "ph")}).flatmap(
    lambda week: st.lists(closed_rows(), max_size=2).map(
        lambda closed: (
            {day: row for day, row in week.items() if row} | ({"closed": closed} if closed else {})
        )
    )
)


def in_any_order(table: Table | None) -> Table | None:
    """Closed days may be told in any order."""
    if table and "closed" in table:
        return table | {"closed": sorted(table["closed"], key=str)}
    return table


@settings(deadline=None)
@given(tables)
def test_table_becomes_hours_and_the_same_table(table: Table) -> None:
    """What a person typed stands there again, and the words of the site are the same."""
    try:
        hours = hours_of(table)
    except TableError as error:
        assert set(error.faults) <= {"closed"}  # days that meet
        return
    if not hours:
        assert table == {}
        return
    again = table_of(hours)
    assert in_any_order(again) == in_any_order(table)
    assert again is not None
    assert hours_of(again) == hours
    assert lines_of(hours) and lines_of(hours_of(again)) == lines_of(hours)


EXPRESSIBLE = [
    "Mo-Fr 09:00-12:00,13:00-17:00; Sa \"by appointment\"; PH off",
    "Mo,We 09:00-12:00; Tu 10:00-11:00 \"by appointment\"; Su off",
    "24/7",
    "00:00-24:00; PH off",
    "Mo-Fr,PH 09:00-17:00",
    "Mo-Fr 08:30-17:00; Sa,PH off",
    "Mo-Fr 09:00-17:00; Aug off; Dec 24-Jan 2 off",
    "Mo-Fr 09:00-17:00; PH 10:00-12:00; 2026 Dec 24-Jan 2 off; Mar 8 off",
    "2026 Aug 1-15 off",
    "Jul-Aug off; PH off",
]  # fmt: skip


@pytest.mark.parametrize("hours", EXPRESSIBLE)
def test_hours_of_a_file_become_a_table_that_means_the_same(hours: str) -> None:
    """Also where the file spells it otherwise: the centre is open at the same minutes."""
    table = table_of(hours)
    assert table
    first, last = date(2026, 7, 1), date(2027, 6, 30)
    told, written = (
        list(OpenDays(parsed_hours(one)).intervals(first, last)) for one in (hours, hours_of(table))
    )
    assert told == written
    assert table_of(hours_of(table)) == table


@pytest.mark.parametrize(
    "hours",
    [
        "Mo-Fr 22:00-02:00",
        "Mo-Fr 08:00-10:00,11:00-13:00,14:00-16:00",
        "Jul-Aug Mo-Fr 09:00-13:00",
        "Mo-Fr 09:00-17:00; Dec 24 09:00-12:00",
        "Mo-Fr 09:00-17:00; Aug Sa off",
        "Mo-Fr 09:00-17:00; Aug \"by appointment\"",
        "всеки ден",
    ],
)  # fmt: skip
def test_what_a_table_cannot_say_is_none(hours: str) -> None:
    """Nights, three spans, seasons with hours of their own."""
    assert table_of(hours) is None


@pytest.mark.parametrize(
    ("typed", "minute"),
    [("9", 540), ("9.30", 570), ("09:05", 545), ("9,15", 555), ("24", 1440), ("17 ч.", 1020)],
)
def test_hours_are_read_as_people_write_them(typed: str, minute: int) -> None:
    """A full stop, a comma, no minutes, „ч.“."""
    assert minute_of(typed) == minute


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("24.12.2026", YearDay(12, 24, 2026)),
        ("24.12.", YearDay(12, 24)),
        ("29.2", YearDay(2, 29)),
        ("24 декември", YearDay(12, 24)),
        ("24.12.26 г.", YearDay(12, 24, 2026)),
        ("Август", YearDay(8)),
        ("август 2027", YearDay(8, None, 2027)),
    ],
)
def test_days_are_read_as_people_write_them(typed: str, day: YearDay) -> None:
    """With a year once, without one every year, a month by its name."""
    assert year_day(typed) == day
    assert year_day(year_day_words(day)) == day


@pytest.mark.parametrize(
    ("table", "place"),
    [
        ({"mo": {"start": "9"}}, "mo-end"),
        ({"mo": {"end": "17"}}, "mo-start"),
        ({"mo": {"start": "9", "end": "25"}}, "mo-end"),
        ({"mo": {"start": "17", "end": "9"}}, "mo-end"),
        ({"mo": {"start": "9", "end": "13", "again": "12", "until": "17"}}, "mo-again"),
        ({"mo": {"start": "9", "end": "12", "again": "12", "until": "17"}}, "mo-again"),
        ({"mo": {"state": "off", "start": "9", "end": "17"}}, "mo-state"),
        ({"ph": {"state": "open"}}, "ph-start"),
        ({"closed": [{"first": "31.2"}]}, "closed-0-first"),
        ({"closed": [{"last": "1.2"}]}, "closed-0-first"),
        ({"closed": [{"first": "15.8.2026", "last": "1.8.2026"}]}, "closed-0-last"),
        ({"closed": [{"first": "август", "last": "3.9"}]}, "closed-0-last"),
        ({"closed": [{"first": "1.8", "last": "9.8"}, {"first": "5.8", "last": "20.8"}]}, "closed"),
    ],
)  # fmt: skip
def test_slips_are_told_beside_their_field(table: Table, place: str) -> None:
    """One sentence each, in Bulgarian and without a sign of the syntax."""
    with pytest.raises(TableError) as told:
        hours_of(table)
    assert list(told.value.faults) == [place]
    sentence = told.value.faults[place]
    assert not any("a" <= sign.lower() <= "z" for sign in sentence)
