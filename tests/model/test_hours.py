"""Opening hours: what is understood, what is refused, and when a centre is open in truth."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from broken_content import HARMANLI, content_copy, problems_in, replace_once

from site_model.holidays import orthodox_easter, public_holidays
from site_model.hours import ZONE, intervals, parsed_hours

# Days off as calendars of those years had them.
HOLIDAYS = {
    2021: "01-01 03-03 04-30 05-01 05-02 05-03 05-04 05-06 05-24 09-06 09-22 "
    "12-24 12-25 12-26 12-27 12-28",
    2022: "01-01 01-03 03-03 04-22 04-23 04-24 04-25 05-01 05-02 05-06 05-24 09-06 09-22 "
    "12-24 12-25 12-26 12-27 12-28",
    2026: "01-01 03-03 04-10 04-11 04-12 04-13 05-01 05-06 05-24 05-25 09-06 09-07 09-22 "
    "12-24 12-25 12-26 12-28",
}


@pytest.mark.parametrize("year", HOLIDAYS)
def test_bulgaria_rests_on_these_days(year: int) -> None:
    """Holidays, Easter's four days, and working days that stand in for a weekend."""
    assert [f"{day:%m-%d}" for day in public_holidays(year)] == HOLIDAYS[year].split()


def test_easter_is_the_orthodox_one() -> None:
    """Sundays of several years; in 2025 it was that of the Western churches too."""
    easters = {2023: "04-16", 2024: "05-05", 2025: "04-20", 2026: "04-12", 2027: "05-02"}
    assert {year: f"{orthodox_easter(year):%m-%d}" for year in easters} == easters


def open_times(osm: str, first: date, days: int = 1, *closed: date) -> list[str]:
    """When a centre is open, as `21T09:00+02:00/17:00`."""
    closures = [(day, day) for day in closed]
    last = first + timedelta(days=days - 1)
    return [
        f"{found.start:%d}T{found.start.isoformat(timespec='minutes')[11:]}/{found.end:%H:%M}"
        + ("~" if found.by_appointment else "")
        for found in intervals(parsed_hours(osm), closures, first, last)
    ]


def test_a_day_has_its_intervals() -> None:
    """Before noon and after, by appointment on Saturday, nothing on Sunday."""
    osm = 'Mo-Fr 09:00-12:00,13:00-17:00; Sa 10:00-12:00 "by appointment"'
    friday = date(2026, 11, 20)
    assert open_times(osm, friday, 3) == [
        "20T09:00+02:00/12:00",
        "20T13:00+02:00/17:00",
        "21T10:00+02:00/12:00~",
    ]


def test_hours_keep_to_the_clock_when_it_changes() -> None:
    """Nine o'clock is nine o'clock on both sides of the night of 25 October 2026."""
    assert open_times("Mo-Su 09:00-17:00", date(2026, 10, 24), 2) == [
        "24T09:00+03:00/17:00",
        "25T09:00+02:00/17:00",
    ]


def test_the_day_that_stands_in_for_a_holiday_is_closed() -> None:
    """26 December 2026 is a Saturday, so Monday the 28th is off."""
    osm = "Mo-Fr 09:00-17:00; PH off"
    assert open_times(osm, date(2026, 12, 24), 5) == []
    assert open_times(osm, date(2026, 12, 29)) == ["29T09:00+02:00/17:00"]


def test_a_centre_may_work_on_holidays_and_in_seasons() -> None:
    """Hours of its own on PH, and of one summer."""
    osm = "Mo-Fr,PH 09:00-17:00; Jun 15-Aug 31 Mo-Fr 08:00-14:00"
    assert open_times(osm, date(2026, 12, 25)) == ["25T09:00+02:00/17:00"]
    assert open_times(osm, date(2027, 7, 5)) == ["05T08:00+03:00/14:00"]


def test_a_closure_wins_over_the_rules() -> None:
    """Days of a notice that says „closed“ are closed, and only those."""
    days = open_times("Mo-Fr 09:00-17:00", date(2026, 11, 23), 3, date(2026, 11, 24))
    assert days == ["23T09:00+02:00/17:00", "25T09:00+02:00/17:00"]


def test_intervals_end_with_the_last_day() -> None:
    """Day and night is one interval from midnight to midnight."""
    (whole,) = intervals(parsed_hours("24/7"), (), date(2026, 11, 23), date(2026, 11, 24))
    assert whole.start == datetime(2026, 11, 23, tzinfo=ZONE)
    assert whole.end == datetime(2026, 11, 25, tzinfo=ZONE)


REFUSED = {
    "no hours at all": ("от 9 до 17", "не са часове по правилата на OpenStreetMap"),
    "hours without minutes": ("Mo-Fr 9-17", "не са часове"),
    "a day that is none": ("Mo-Fri 09:00-17:00", "не са часове"),
    "days without hours": ("Mo-Fr", "липсват часове"),
    "what has no plain words": ("Mo-Fr sunrise-17:00", "не може да каже с думи"),
    "weeks of the year": ("week 1-10 Mo 09:00-12:00", "не може да каже с думи"),
    "over midnight": ("Mo-Fr 22:00-02:00", "краят е преди началото"),
    "a remark of its own": ('Mo "обадете се"', 'само "by appointment"'),
    "holidays of one month": ("Jun PH off", "PH стои само"),
}


@pytest.mark.parametrize(("osm", "said"), REFUSED.values(), ids=REFUSED)
def test_hours_that_cannot_be_shown_are_refused_with_their_place(
    tmp_path: Path, osm: str, said: str
) -> None:
    """The file, the line, the field and what to write instead."""
    content = content_copy(tmp_path)
    hours = f"opening_hours:\n  osm: '{osm}'\n  source: 000_cee4bc3b0dd5abd9.txt:1\n"
    replace_once(content / HARMANLI, "phones:\n", f"{hours}phones:\n")
    (problem,) = problems_in(content)
    assert problem.file == f"content/{HARMANLI}"
    assert problem.field == "opening_hours → osm"
    assert said in problem.sentence


WRONG = {
    "no hours in any form": (
        "opening_hours: {source: '000_cee4bc3b0dd5abd9.txt:1'}\n",
        "липсват часовете",
    ),
    "a notice without its last day": (
        "notices: [{text: {bg: Ремонт.}, source: '000_cee4bc3b0dd5abd9.txt:1'}]\n",
        "липсва",
    ),
    "a closure without its first day": (
        "notices: [{text: {bg: Ремонт.}, until: 2027-01-02, closed: true, "
        "source: '000_cee4bc3b0dd5abd9.txt:1'}]\n",
        "от кой ден центърът е затворен",
    ),
    "a notice that ends before it begins": (
        "notices: [{text: {bg: Ремонт.}, first: 2027-02-01, until: 2027-01-02, "
        "source: '000_cee4bc3b0dd5abd9.txt:1'}]\n",
        "първият ден (first) е след последния",
    ),
    "a day that no calendar has": ("next_check: 2027-02-30\n", "датата се пише година-месец-ден"),
}


@pytest.mark.parametrize(("text", "said"), WRONG.values(), ids=WRONG)
def test_times_that_do_not_agree_are_refused(tmp_path: Path, text: str, said: str) -> None:
    """Each with a sentence that says what is missing."""
    content = content_copy(tmp_path)
    replace_once(content / HARMANLI, "phones:\n", f"{text}phones:\n")
    (problem,) = problems_in(content)
    assert said in problem.sentence
