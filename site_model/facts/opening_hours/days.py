"""Pure: what rules of opening hours mean on each day; the one answer for all that tells of hours.

Words, the table of „open now“, schema.org and HSDS are made of this. A rule is of whole days, and
the last rule that names a day decides it (OpenStreetMap); closures are stronger than any rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import product
from typing import Final, Literal

from site_model.facts.opening_hours.holidays import public_holidays
from site_model.facts.opening_hours.syntax import DAY, Rule
from site_model.types import SOFIA

ONE_DAY: Final = timedelta(days=1)
_MONDAY: Final = date(2026, 11, 23)
_WEEK: Final = 7 * DAY
_CLOSED: Final = Rule()

Kind = Literal["open", "appointment", "appointment_day"]


@dataclass(frozen=True)
class Interval:
    """A time in which the centre receives people; aware of its zone.

    „appointment_day“ is a whole day of which is known only that people come by appointment.
    """

    start: datetime
    end: datetime
    kind: Kind


@dataclass(frozen=True)
class OpenDays:
    """Rules, and days on which the centre is closed whatever they say, both included."""

    rules: tuple[Rule, ...]
    closures: tuple[tuple[date, date], ...] = ()

    def rule(self, day: date) -> Rule | None:
        """What decides a day; None where nothing was said of it."""
        if any(first <= day <= last for first, last in self.closures):
            return _CLOSED
        return deciding(self.rules, day, holiday=day in public_holidays(day.year))

    def times(self, day: date) -> tuple[tuple[int, int], ...]:
        """The intervals that begin on a day, in minutes since its midnight.

        One that goes on to the next day ends at midnight if another rule decides that day.
        """
        rule = self.rule(day)
        if rule is None:
            return ()
        if all(end <= DAY for _, end in rule.times):
            return rule.times
        stays = self.rule(day + ONE_DAY) in (None, rule)
        return tuple((start, end if stays else min(end, DAY)) for start, end in rule.times)

    def intervals(self, first: date, last: date) -> Iterator[Interval]:
        """When the centre is open from the beginning of `first` to the end of `last`."""
        begin, end = _at(first, 0), end_of(last)
        for one in _joined(self._begun(first - ONE_DAY, last)):
            if one.end > begin:
                yield replace(one, start=max(one.start, begin), end=min(one.end, end))

    def _begun(self, first: date, last: date) -> Iterator[Interval]:
        for day in days_between(first, last):
            rule = self.rule(day)
            if rule is None or rule.closed:
                continue
            if not rule.times:
                yield Interval(_at(day, 0), end_of(day), "appointment_day")
            for start, end in self.times(day):
                kind: Kind = "appointment" if rule.by_appointment else "open"
                yield Interval(_at(day, start), _at(day, end), kind)


def deciding(rules: tuple[Rule, ...], day: date, *, holiday: bool) -> Rule | None:
    """The last rule that names a day, or None."""
    return next((rule for rule in reversed(rules) if rule.names(day, holiday=holiday)), None)


def week(rules: tuple[Rule, ...]) -> tuple[Rule | None, ...]:
    """What decides each day of a week like any other, from Monday on."""
    undated = tuple(rule for rule in rules if rule.dates is None)
    return tuple(deciding(undated, _MONDAY + day * ONE_DAY, holiday=False) for day in range(7))


@lru_cache(maxsize=1024)
def week_times(rules: tuple[Rule, ...]) -> tuple[tuple[int, int], ...]:
    """When one need not ask first, in a week like any other: minutes since its Monday began.

    The last may end in the week after.
    """
    return tuple(
        (day * DAY + start, day * DAY + end)
        for day, rule in enumerate(week(rules))
        if rule and not rule.by_appointment
        for start, end in rule.times
    )


def share_time(some: Iterable[tuple[int, int]], others: Iterable[tuple[int, int]]) -> bool:
    """Whether two lists of `week_times` have a minute in common."""
    return any(
        start < until + later and begin + later < end
        for (start, end), (begin, until) in product(some, others)
        for later in (-_WEEK, 0, _WEEK)
    )


def days_between(first: date, last: date) -> Iterator[date]:
    """Every day from `first` to `last`, both included."""
    return (first + number * ONE_DAY for number in range((last - first).days + 1))


def is_on_the_clock(day: date, hour: str) -> bool:
    """Whether Sofia's clocks show that hour; where summer time begins they leave one out."""
    local = datetime.combine(day, time.fromisoformat(hour), SOFIA)
    return local.astimezone(UTC).astimezone(SOFIA).time() == local.time()


def end_of(day: date) -> datetime:
    """Midnight in Sofia with which a day ends."""
    return _at(day, DAY)


def _at(day: date, minute: int) -> datetime:
    days, rest = divmod(minute, DAY)
    return datetime.combine(day + days * ONE_DAY, time(rest // 60, rest % 60), SOFIA)


def _joined(found: Iterable[Interval]) -> Iterator[Interval]:
    """Intervals of one kind that touch as one; none for an hour that the clock leaves out."""
    last: Interval | None = None
    for one in found:
        if one.start.timestamp() >= one.end.timestamp():
            continue
        if last and last.kind == one.kind == "open" and one.start <= last.end:
            last = replace(last, end=max(last.end, one.end))
            continue
        if last:
            yield last
        last = one
    if last:
        yield last
