"""Opening hours: what is understood, what is refused, and when a centre is open in truth."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from site_model.facts.opening_hours.days import OpenDays
from site_model.facts.opening_hours.holidays import orthodox_easter, public_holidays
from site_model.facts.opening_hours.rules import parsed_hours
from site_model.types import SOFIA
from tests.support.content.broken_content import HARMANLI, content_copy, problems_in, replace_once

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
    open_days = OpenDays(parsed_hours(osm), tuple((day, day) for day in closed))
    last = first + timedelta(days=days - 1)
    return [
        f"{found.start:%d}T{found.start.isoformat(timespec='minutes')[11:]}/{found.end:%H:%M}"
        + {"open": "", "appointment": "~", "appointment_day": "?"}[found.kind]
        for found in open_days.intervals(first, last)
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
    always = OpenDays(parsed_hours("24/7"))
    (whole,) = always.intervals(date(2026, 11, 23), date(2026, 11, 24))
    assert whole.start == datetime(2026, 11, 23, tzinfo=SOFIA)
    assert whole.end == datetime(2026, 11, 25, tzinfo=SOFIA)


def test_a_night_goes_on_to_the_morning() -> None:
    """Friday's night ends on Saturday; the eve of a holiday, and of a closure, at midnight."""
    friday = date(2026, 11, 20)
    assert open_times("Mo-Fr 22:00-06:00; PH off", friday) == [
        "20T00:00+02:00/06:00",
        "20T22:00+02:00/00:00",
    ]
    assert open_times("Fr 22:00-06:00", friday, 2) == ["20T22:00+02:00/06:00"]
    assert open_times("Fr 22:00-06:00", friday, 2, date(2026, 11, 21)) == ["20T22:00+02:00/00:00"]
    assert open_times("Fr 18:00-24:00; Sa 00:00-02:00", friday, 2) == ["20T18:00+02:00/02:00"]
    holiday = open_times("Mo-Su 22:00-06:00; PH off", date(2026, 12, 23), 2)
    assert holiday == ["23T00:00+02:00/06:00", "23T22:00+02:00/00:00"]


def test_by_appointment_alone_is_a_day_and_no_hour() -> None:
    """A centre that says no hours claims none."""
    assert open_times('Mo "by appointment"', date(2026, 11, 23)) == ["23T00:00+02:00/00:00?"]


UNDERSTOOD = {
    "as keyboards write it": ("Mo–Fr 9:00–17:00,  PH 09:00-12:00".replace(",  ", "; "), 2),
    "days of one month": ("Mo-Fr 09:00-17:00; Aug 1-15 off", 2),
    "over New Year": ("Mo-Fr 09:00-17:00; Dec 24-Jan 2 off; PH off", 3),
    "a season in which no holiday falls": ("Mo 09:00-17:00; PH off; Jul-Aug Mo off", 3),
    "one day that is a holiday": ("Mo-Fr 09:00-17:00; PH off; Dec 24 09:00-12:00", 3),
    "part of a season": ("Mo-Su 09:00-17:00; Jun-Sep 08:00-14:00; Aug off", 3),
    "a leap day": ("Mo-Su 09:00-17:00; Feb 29 off", 2),
    "midnight as nought": ("Mo 18:00-00:00", 1),
    "hours in any order": ("Mo 13:00-17:00, 09:00-12:00", 1),
    "closed days after open holidays": ("Mo-Fr 09:00-17:00; PH 09:00-12:00; Dec 24-Jan 2 off", 3),
    "closed days after a week with holidays": ("Mo-Fr,PH 09:00-12:00; Dec 24-Jan 2 off", 2),
}


@pytest.mark.parametrize(("osm", "rules"), UNDERSTOOD.values(), ids=UNDERSTOOD)
def test_what_people_write_is_understood(osm: str, rules: int) -> None:
    """Each rule has its days."""
    assert len(parsed_hours(osm)) == rules


SPELLINGS = (
    "Mo-Fr 09:00 - 17:00; Aug 1-15 off",
    "Mo-Fr 9-17; Aug 1 - 15 off",
    "Mo-Fr 09.00–17.00; Aug 1-15 closed",
    "Пн-Пт 9:00-17; Aug 1-15 off",
    "понеделник - петък 9 - 17 ч.; Aug 1-15 затворено",
    "mon-fri 9-17; Aug 1-15 off",
)


@pytest.mark.parametrize("osm", SPELLINGS)
def test_other_spellings_of_the_same_hours_are_the_same(osm: str) -> None:
    assert parsed_hours(osm) == parsed_hours("Mo-Fr 09:00-17:00; Aug 1-15 off")


REFUSED = {
    "no hours at all": ("от 9 до 17", "не се разбира"),
    "hours without minutes or days": ("9-17 и 13", "не се разбира"),
    "a day that is none": ("Mo-Fx 09:00-17:00", "не се разбира"),
    "holidays open in closed days": (
        "Mo 10:00-18:00; Dec 24-Jan 2 off; PH 09:00-12:00",
        "последни: Mo 10:00-18:00; PH 09:00-12:00; Dec 24-Jan 2 off",
    ),
    "the same in one rule": (
        "Mo 10:00-18:00; Dec 24-Jan 2 off; Dec 24-Jan 2 PH 09:00-12:00",
        "PH се пише без месеци",
    ),
    "days without hours": ("Mo-Fr", "липсват часове"),
    "what has no plain words": ("Mo-Fr sunrise-17:00", "не се разбира"),
    "weeks of the year": ("week 1-10 Mo 09:00-12:00", "не се разбира"),
    "a remark of its own": ('Mo "обадете се"', 'само "by appointment"'),
    "closed by appointment": ('Mo off "by appointment"', 'само "by appointment"'),
    "holidays of one month": ("Jun PH off", "PH се пише без месеци"),
    "nothing": ("", "празно правило"),
    "a semicolon too many": ("Mo-Fr 09:00-17:00;", "празно правило"),
    "holidays before the week": ("PH off; Mo-Fr 09:00-17:00", "дните: Mo-Fr 09:00-17:00; PH off"),
    "holidays within the week": ("Mo-Fr,PH 09:00-17:00; Sa 10:00-12:00", "PH като отделно"),
    "a season before the week": ("Jul-Aug off; Mo-Fr 09:00-17:00", "09:00-17:00; Jul-Aug off"),
    "a season with holidays after them": ("Mo 09:00-12:00; PH off; Apr 09:00-10:00", "; PH off"),
    "seasons that cross": ("Jun-Jul 09:00-12:00; Jul-Aug off", "по-дългия период"),
    "two rules for the same day": ("Mo 09:00-12:00; Mo 13:00-17:00", "в едно правило"),
    "two rules that take a third": ("Mo-Su 09:00-17:00; Mo-Fr off; Sa-Su off", "в нито един ден"),
    "holidays twice": ("Mo 09:00-12:00; PH off; PH off", "в нито един ден"),
    "a weekday on which the date is not": ("2026 Nov 28 Mo off", "няма нито един такъв ден"),
    "the 30th of February": ("Feb 30 off", "такъв ден няма"),
    "the 29th of one February": ("2026 Feb 29 off", "такъв ден няма"),
    "the 31st of a short month": ("Jun 1-31 off", "такъв ден няма"),
    "the noughth": ("Jan 0 off", "такъв ден няма"),
    "a far year": ("9999 Dec 24-Jan 2 off", "годината е между"),
    "dates reversed": ("Mo 09:00-17:00; Aug 15-Aug 1 off", "първият ден е след последния"),
    "dates reversed by months": ("Mo 09:00-17:00; Aug 15-Jun 1 off", "първият ден е след"),
    "years reversed": ("2027 Jan 1-2026 Dec 31 off", "първият ден е след последния"),
    "a year on one side": ("Aug 1-2027 Aug 5 off", "пред първия ден"),
    "a month and a day": ("Jun-Aug 15 off", "или два месеца"),
    "25 o'clock": ("Mo 09:00-25:00", "от 00:00 до 24:00"),
    "60 minutes": ("Mo 09:60-10:00", "от 00:00 до 24:00"),
    "no time between": ("Mo 09:00-09:00", "един и същи час"),
    "hours reversed": ("Mo-Fr 17:00-09:00", "разменени, напишете 09:00-17:00"),
    "hours that overlap": ("Mo 09:00-12:00,11:00-17:00", "като едно: 09:00-17:00"),
    "hours that touch": ("Mo 09:00-12:00,12:00-17:00", "като едно: 09:00-17:00"),
    "a night into a day off": ("Fr 22:00-06:00; Sa off", "Разделете нощта в полунощ"),
    "a night into other hours": ("Fr 22:00-06:00; Sa 05:00-09:00", "Разделете нощта"),
    "a night into its own morning": ("Mo-Su 05:00-08:00,22:00-06:00", "Разделете нощта"),
    "always, on weekdays": ("Mo-Fr 24/7", "00:00-24:00"),
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
    "an hour that the clock leaves out": (
        "programmes: [{id: p, checked_on: '2026', name: {bg: Игри}, "
        "source: '000_cee4bc3b0dd5abd9.txt:1', dates: [{day: 2027-03-28, starts: '03:30', "
        "ends: '04:30', source: '000_cee4bc3b0dd5abd9.txt:1'}]}]\n",
        "на 28.03.2027 няма 03:30 часа",
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
