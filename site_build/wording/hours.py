"""Pure: opening hours as plain words, and as the table from which a browser says „open now“."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from babel.dates import format_date, format_skeleton, get_day_names, get_month_names

from site_model.facts.centre import Centre
from site_model.facts.opening_hours.days import Interval, Kind, end_of, week
from site_model.facts.opening_hours.rules import closed_days, rank
from site_model.facts.opening_hours.syntax import DAY, Rule, YearDay, clock
from site_model.i18n.languages import locale_of
from site_model.i18n.punctuation import join_list
from site_model.types import Words

WEEKS = 8
"""How far the table reaches; a site that is built more seldom shows plain hours after it."""

_SIGNS: Final[dict[Kind, str]] = {"open": "+", "appointment": "~", "appointment_day": "?"}


@dataclass(frozen=True)
class HoursLine:
    """On which days, and when: „Понеделник – петък“, („09:00–12:00“, „13:00–17:00“)."""

    days: str
    times: tuple[str, ...]

    def sentence(self, _: Words) -> str:
        return f"{self.days}: {join_list(self.times, _)}"


def hours_lines(rules: tuple[Rule, ...], language: str, _: Words) -> tuple[HoursLine, ...]:
    """A line for each rule: first the week, by its days, then what is special.

    A weekday stands only with the rule that decides it; where two lines name a day, the later
    one holds.
    """
    of_day = week(rules)
    days_of = {rule: [day for day in range(7) if of_day[day] == rule] for rule in of_day if rule}
    opens = any(rule.holidays and not rule.closed for rule in rules)
    special = [rule for rule in rules if rule not in days_of]
    if not opens:  # else closed days stand after the holidays, as they are written
        special.sort(key=rank)
    days_of |= {rule: sorted(rule.days) for rule in special}
    return tuple(
        HoursLine(_days(rule, days, language, _, opens=opens), _times(rule, _))
        for rule, days in days_of.items()
    )


def hours_sentence(centre: Centre, language: str, _: Words) -> str | None:
    """All that the centre said of its hours, in one line of plain text."""
    hours = centre.opening_hours
    if hours is None:
        return None
    lines = [line.sentence(_) for line in hours_lines(hours.rules, language, _)]
    said = "; ".join(lines) + ("." if lines else "")
    text = " ".join(hours.text.to(language).split()) if hours.text else ""
    return " ".join(filter(None, (said, text)))


def _days(rule: Rule, days: list[int], language: str, _: Words, *, opens: bool) -> str:
    """`opens`: on other holidays the centre is open, so it is said of closed days that they hold
    on holidays too.
    """
    names = get_day_names("wide", "stand-alone", locale_of(language))
    every = len(days) == 7
    parts = [
        *([_dates(rule, language)] if rule.dates else []),
        *([] if every else [_span(names[first], names[last]) for first, last in _spans(days)]),
        *([_("официални празници")] if rule.holidays else []),
        *([_("включително празниците")] if opens and closed_days(rule) else []),
    ]
    if every and not rule.dates:
        parts.insert(0, _("всеки ден"))
    label = join_list(parts, _)
    start = re.search(r"\w", label)
    place = start.start() if start else 0
    return label[:place] + label[place : place + 1].upper() + label[place + 1 :]


def _spans(days: list[int]) -> Iterator[tuple[int, int]]:
    """The first and last of each run of weekdays."""
    for day in days:
        if day - 1 not in days:
            yield day, next(last for last in range(day, 7) if last + 1 not in days)


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"


def _dates(rule: Rule, language: str) -> str:
    if rule.dates is None:
        return ""
    return _span(_year_day(rule.dates.first, language), _year_day(rule.dates.last, language))


def _year_day(one: YearDay, language: str) -> str:
    locale = locale_of(language)
    when = date(one.year or 2000, one.month, one.day or 1)
    if one.year and one.day:
        return str(format_date(when, "long", locale=locale))
    if one.year:
        return str(format_skeleton("yMMMM", when, locale=locale))
    if one.day:
        return str(format_skeleton("MMMMd", when, locale=locale))
    return str(get_month_names("wide", "stand-alone", locale)[one.month])


def _times(rule: Rule, _: Words) -> tuple[str, ...]:
    if rule.closed:
        return (_("затворено"),)
    times = [_interval(start, end, _) for start, end in rule.times]
    return (*times, *([_("по уговорка")] if rule.by_appointment else []))


def _interval(start: int, end: int, _: Words) -> str:
    if (start, end) == (0, DAY):
        return _("денонощно")
    hours = f"{clock(start)}–{clock(end)}"
    return _("%(hours)s на другия ден") % {"hours": hours} if end > DAY else hours


def open_table(centre: Centre, today: date) -> str:
    """When the centre is open in the coming weeks: minutes since 1970 and how many, as
    `29384520+480`, with `~` for by appointment and `?` for a day on which people come by
    appointment; last the minute up to which this is known.

    "" for a centre that gave no hours in OpenStreetMap's syntax.
    """
    open_days = centre.open_days
    if not open_days.rules:
        return ""
    last = today + timedelta(weeks=WEEKS)
    known = open_days.intervals(today, last)
    return " ".join([*map(_entry, known), str(int(end_of(last).timestamp()) // 60)])


def _entry(interval: Interval) -> str:
    start = int(interval.start.timestamp()) // 60
    length = int(interval.end.timestamp()) // 60 - start
    return f"{start}{_SIGNS[interval.kind]}{length}"


def status_words(_: Words) -> Iterator[tuple[str, str]]:
    """What the script of the page says, by the name of its data attribute; it fills in {…}."""
    when = {"day": "{day}", "time": "{time}"}
    yield "always", _("Сега е отворено.")
    yield "open", _("Сега е отворено, до %(time)s.") % {"time": "{time}"}
    yield "open-until", _("Сега е отворено, до %(day)s, %(time)s.") % when
    yield "appointment", _("Сега приемат по уговорка. Обадете се, преди да дойдете.")
    yield (
        "appointment-day",
        _("Днес приемат само по уговорка. Обадете се, преди да дойдете."),
    )
    yield "closed", _("Сега е затворено.")
    yield "next", _("Сега е затворено. Отваря: %(day)s, %(time)s.") % when
    yield (
        "next-appointment",
        _("Сега е затворено. По уговорка приемат: %(day)s.") % {"day": "{day}"},
    )
