"""Pure: opening hours as plain words, and as the table from which a browser says „open now“."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date, format_skeleton, get_day_names, get_month_names

from site_build.centre_pages import Words
from site_model.centre import Centre
from site_model.hours import MONTHS, WEEKDAYS, Interval, Rule, end_of, intervals

WEEKS = 8
"""How far the table reaches; a site that is built more seldom shows plain hours after it."""

_DAY_OF_DATES = re.compile(rf"(?:(\d{{4}}) )?({'|'.join(MONTHS)})(?: (\d\d?))?")


@dataclass(frozen=True)
class HoursLine:
    """On which days, and when: „Понеделник – петък“, „09:00–17:00“."""

    days: str
    times: str


def hours_lines(rules: tuple[Rule, ...], language: str, _: Words) -> tuple[HoursLine, ...]:
    """One line for each rule, in the order in which the centre gave them."""
    return tuple(HoursLine(_days(rule, language, _), _times(rule, _)) for rule in rules)


def hours_sentence(centre: Centre, language: str, _: Words) -> str | None:
    """All that the centre said of its hours, in one line of plain text."""
    hours = centre.opening_hours
    if hours is None:
        return None
    lines = [f"{line.days}: {line.times}" for line in hours_lines(hours.rules, language, _)]
    said = "; ".join(lines) + ("." if lines else "")
    text = " ".join(hours.text.to(language).split()) if hours.text else ""
    return " ".join(filter(None, (said, text)))


def _days(rule: Rule, language: str, _: Words) -> str:
    names = get_day_names("wide", "stand-alone", language)
    spans = [
        _span(names[WEEKDAYS.index(first)], names[WEEKDAYS.index(last)])
        for first, last in rule.days
    ]
    if rule.holidays:
        spans.append(_("официални празници"))
    parts = [*([_dates(rule.dates, language)] if rule.dates else []), *spans]
    label = ", ".join(parts) or _("всеки ден")
    start = re.search(r"\w", label)
    place = start.start() if start else 0
    return label[:place] + label[place : place + 1].upper() + label[place + 1 :]


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} – {last}"


def _dates(text: str, language: str) -> str:
    return " – ".join(
        _month_day(year, month, day, language) for year, month, day in _DAY_OF_DATES.findall(text)
    )


def _month_day(year: str, month: str, day: str, language: str) -> str:
    number = MONTHS.index(month) + 1
    when = date(int(year or 2000), number, int(day or 1))
    if year and day:
        return str(format_date(when, "long", locale=language))
    if year:
        return str(format_skeleton("yMMMM", when, locale=language))
    if day:
        return str(format_skeleton("MMMMd", when, locale=language))
    return str(get_month_names("wide", "stand-alone", language)[number])


def _times(rule: Rule, _: Words) -> str:
    if rule.always:
        return _("денонощно")
    if rule.closed:
        return _("затворено")
    times = [f"{start}–{end}" for start, end in rule.times]
    return ", ".join([*times, *([_("по уговорка")] if rule.by_appointment else [])])


def open_table(centre: Centre, today: date) -> str:
    """When the centre is open in the coming weeks: minutes since 1970 and how many, as
    `29384520+480`, with `~` for by appointment; last the minute up to which this is known.

    "" for a centre that gave no hours in OpenStreetMap's syntax.
    """
    hours = centre.opening_hours
    if hours is None or not hours.rules:
        return ""
    last = today + timedelta(weeks=WEEKS)
    closures = [
        (notice.first, notice.until) for notice in centre.notices if notice.closed and notice.first
    ]
    known = intervals(hours.rules, closures, today, last)
    return " ".join([*map(_entry, known), str(int(end_of(last).timestamp()) // 60)])


def _entry(interval: Interval) -> str:
    start = int(interval.start.timestamp()) // 60
    length = int(interval.end.timestamp()) // 60 - start
    return f"{start}{'~' if interval.by_appointment else '+'}{length}"


def status_words(_: Words) -> Iterator[tuple[str, str]]:
    """What the script of the page says, by the name of its data attribute; it fills in {…}."""
    yield "open", _("Сега е отворено, до %(time)s.") % {"time": "{time}"}
    yield "appointment", _("Сега приемат по уговорка. Обадете се, преди да дойдете.")
    yield "closed", _("Сега е затворено.")
    yield (
        "next",
        (_("Сега е затворено. Отваря: %(day)s, %(time)s.") % {"day": "{day}", "time": "{time}"}),
    )
