"""Opening hours as HSDS and schema.org write them: weekdays and times on the clock of the place,
each with the days between which it holds. Neither knows „by appointment“: that stands in words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from site_build.open_data.ids import stable_id
from site_build.wording.hours import WEEKS, hours_sentence
from site_model.facts.centre import Centre
from site_model.facts.opening_hours.days import days_between, week
from site_model.facts.opening_hours.syntax import DAY, WEEKDAYS, clock
from site_model.types import SOURCE_LANGUAGE

_LONG: Final = (
    *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    *("Saturday", "Sunday"),
)
_WEEK: Final = timedelta(weeks=1)


@dataclass(frozen=True)
class Weekly:
    """An interval of some weekdays, from `first` to `last`; None where it holds on.

    `closes` may be on the next day: it is then not after `opens`.
    """

    days: tuple[int, ...]
    opens: str
    closes: str
    first: date | None = None
    last: date | None = None


def schedules(centre: Centre, location_id: str, today: date) -> list[dict[str, Any]]:
    """Records of HSDS: one with all in words, then one for each weekly interval."""
    sentence = hours_sentence(centre, SOURCE_LANGUAGE, str)
    if not sentence or not centre.opening_hours:
        return []
    dated = [
        {
            "id": stable_id("schedule", centre.id, *_names(one)),
            "location_id": location_id,
            "freq": "WEEKLY",
            "byday": ",".join(WEEKDAYS[day].upper() for day in one.days),
            "opens_at": one.opens,
            "closes_at": one.closes,
            **_between("valid_from", "valid_to", one),
        }
        for one in weekly_hours(centre, today)
    ]
    id = stable_id("schedule", centre.id)
    return [{"id": id, "location_id": location_id, "description": sentence}, *dated]


def specifications(centre: Centre, today: date) -> list[dict[str, Any]]:
    """Of schema.org: OpeningHoursSpecification."""
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": [f"https://schema.org/{_LONG[day]}" for day in one.days],
            "opens": one.opens,
            "closes": one.closes,
            **_between("validFrom", "validThrough", one),
        }
        for one in weekly_hours(centre, today)
    ]


def weekly_hours(centre: Centre, today: date) -> list[Weekly]:
    """When the centre is open, as intervals that come every week.

    Days off, seasons and closures of the coming WEEKS end an interval and begin it again.
    """
    known = today + timedelta(weeks=WEEKS)
    days_of: dict[tuple[tuple[int, int], date | None, date | None], list[int]] = defaultdict(list)
    usual = [rule.times if rule else () for rule in week(centre.open_days.rules)]
    for (day, times), found in sorted(_occurrences(centre, today, known).items()):
        for first, last in _runs(found):
            goes_on = last + _WEEK > known and times in usual[day]
            begun = first - _WEEK < today
            days_of[times, None if begun else first, None if goes_on else last].append(day)
    return [
        Weekly(tuple(days), clock(start), _closes(start, end), first, last)
        for ((start, end), first, last), days in days_of.items()
    ]


def _occurrences(
    centre: Centre, first: date, last: date
) -> dict[tuple[int, tuple[int, int]], list[date]]:
    """The days of each interval of each weekday, without those by appointment."""
    open_days = centre.open_days
    found = defaultdict(list)
    for day in days_between(first, last):
        rule = open_days.rule(day)
        for times in () if rule is None or rule.by_appointment else open_days.times(day):
            found[day.weekday(), times].append(day)
    return found


def _runs(days: list[date]) -> Iterator[tuple[date, date]]:
    """The first and last of days that follow each other every week."""
    first = days[0]
    for one, following in pairwise(days):
        if following - one > _WEEK:
            yield first, one
            first = following
    yield first, days[-1]


def _closes(start: int, end: int) -> str:
    """schema.org takes an end that is not after the start for one of the next day; of a whole
    day search engines want the last minute.
    """
    if end == DAY:
        return "23:59" if start == 0 else "00:00"
    return clock(end)


def _names(one: Weekly) -> tuple[str, ...]:
    begins = (one.first.isoformat(),) if one.first else ()
    return (WEEKDAYS[one.days[0]], one.opens, *begins)


def _between(first: str, last: str, one: Weekly) -> dict[str, str]:
    days = {first: one.first, last: one.last}
    return {name: day.isoformat() for name, day in days.items() if day}


def hsds_status(state: str | None) -> str:
    """HSDS has no word for „limited“: it is active, and the text of the centre says how."""
    return "temporarily closed" if state == "paused" else "active"
