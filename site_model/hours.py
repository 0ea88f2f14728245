"""Pure: opening hours in the syntax of OpenStreetMap, as rules and as intervals of time.

https://wiki.openstreetmap.org/wiki/Key:opening_hours. opening-hours-py checks and evaluates
them; the rules here are the part of the syntax that the pages can say in plain words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from site_model.holidays import public_holidays

ZONE: Final = ZoneInfo("Europe/Sofia")
WEEKDAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
BY_APPOINTMENT: Final = "by appointment"

_WEEKDAY = "|".join(WEEKDAYS)
_DAYS = rf"(?:{_WEEKDAY})(?:-(?:{_WEEKDAY}))?|PH"
_MONTH_DAY = rf"(?:\d{{4}} )?(?:{'|'.join(MONTHS)})(?: \d\d?)?"
_DATES = rf"{_MONTH_DAY}(?:-{_MONTH_DAY})?"
_TIMES = r"\d\d:\d\d-\d\d:\d\d"
_RULE: Final = re.compile(
    rf"(?:(?P<dates>{_DATES}) ?)?"
    rf"(?:(?P<days>(?:{_DAYS})(?:,(?:{_DAYS}))*) ?)?"
    rf"(?P<state>off|closed|24/7|(?P<times>{_TIMES}(?:,{_TIMES})*))?"
    r'(?: ?"(?P<comment>[^"]*)")?'
)


@dataclass(frozen=True)
class Rule:
    """One rule: on which days, and when. `days` are names of WEEKDAYS, as spans.

    No `times` means closed, or the whole day where `by_appointment` or `always` is set.
    """

    dates: str = ""
    days: tuple[tuple[str, str], ...] = ()
    holidays: bool = False
    times: tuple[tuple[str, str], ...] = ()
    by_appointment: bool = False
    always: bool = False

    @property
    def closed(self) -> bool:
        return not (self.times or self.by_appointment or self.always)


@dataclass(frozen=True)
class Interval:
    """A time in which the centre receives people; aware of its zone."""

    start: datetime
    end: datetime
    by_appointment: bool


def parsed_hours(text: str) -> tuple[Rule, ...]:
    """The rules of an expression; raises ValueError with a sentence in Bulgarian."""
    # Five megabytes that the service, which loads the same facts, needs only for hours.
    from opening_hours import validate

    if not validate(text):
        raise ValueError(
            f"„{text}“ не са часове по правилата на OpenStreetMap; пише се например "
            "Mo-Fr 09:00-17:00; PH off"
        )
    return tuple(_rule(part.strip()) for part in text.split(";"))


def _rule(text: str) -> Rule:
    found = _RULE.fullmatch(text)
    if not found or not text:
        raise ValueError(
            f"„{text}“ сайтът не може да каже с думи. Ползвайте дни (Mo-Fr, PH), месеци и часове, "
            "а другото напишете в text"
        )
    if found["comment"] not in (None, BY_APPOINTMENT):
        raise ValueError(f'в кавички може да стои само "{BY_APPOINTMENT}"; другото е за text')
    if not (found["state"] or found["comment"]):
        raise ValueError(f"„{text}“: липсват часове, например 09:00-17:00, или off")
    names = (found["days"] or "").split(",")
    if found["dates"] and "PH" in names:
        raise ValueError(f"„{text}“: PH стои само, без месеци и дати")
    spans = tuple((first, last or first) for first, _, last in (n.partition("-") for n in names))
    times = tuple(
        (start, end)
        for start, _, end in (n.partition("-") for n in (found["times"] or "").split(",") if n)
    )
    for start, end in times:
        if not start < end <= "24:00":
            raise ValueError(f"{start}-{end}: краят е преди началото или след полунощ")
    return Rule(
        found["dates"] or "",
        tuple(span for span in spans if span[0] in WEEKDAYS),
        "PH" in names,
        times,
        found["comment"] is not None,
        found["state"] == "24/7",
    )


def intervals(
    rules: Iterable[Rule],
    closures: Iterable[tuple[date, date]],
    first: date,
    last: date,
) -> Iterator[Interval]:
    """When the centre is open from the beginning of `first` to the end of `last`.

    `closures` are days on which it is closed whatever the rules say, both included.
    """
    from opening_hours import OpeningHours

    years = range(first.year, last.year + 2)
    holidays = ",".join(_osm_day(day) for year in years for day in public_holidays(year))
    parts = [part for rule in rules for part in _written(rule, holidays)]
    parts += [f"{_osm_day(start)}-{_osm_day(end)} off" for start, end in closures]
    found = OpeningHours("; ".join(parts), timezone=ZONE)
    start = datetime.combine(first, time(), ZONE)
    end = end_of(last)
    for begins, ends, state, comment in found.intervals(start, end):
        if str(state) == "open" and begins < end:
            yield Interval(begins, min(ends, end), BY_APPOINTMENT in str(comment))


def end_of(day: date) -> datetime:
    """Midnight in Sofia with which a day ends."""
    return datetime.combine(day + timedelta(days=1), time(), ZONE)


def _written(rule: Rule, holidays: str) -> Iterator[str]:
    """A rule in the syntax again, with the true holidays in the place of `PH`."""
    state = ",".join(f"{start}-{end}" for start, end in rule.times)
    if rule.always:
        state = "00:00-24:00"
    if rule.by_appointment:
        state = f'{state} "{BY_APPOINTMENT}"'.strip()
    days = ",".join(first if first == last else f"{first}-{last}" for first, last in rule.days)
    if days or not rule.holidays:
        yield " ".join(filter(None, (rule.dates, days, state or "off")))
    if rule.holidays:
        yield f"{holidays} {state or 'off'}"


def _osm_day(day: date) -> str:
    return f"{day.year} {MONTHS[day.month - 1]} {day.day}"
