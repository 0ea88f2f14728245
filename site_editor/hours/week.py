"""Pure: opening hours as the table of a week, read from the facts' `osm` and written as it.

A table is made of texts, as a form has it: for each day and for holidays whether it is open, and
two spans; and the days on which the centre is closed. What it cannot say is no table at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

from site_build.wording.hours import hours_lines
from site_editor.hours.days import (
    NoSuchTimeError,
    minute_of,
    year_day,
    year_day_sign,
    year_day_words,
)
from site_model.facts.opening_hours.days import deciding, week
from site_model.facts.opening_hours.rules import general_first, parsed_hours
from site_model.facts.opening_hours.syntax import (
    BY_APPOINTMENT,
    DAY,
    WEEKDAYS,
    Dates,
    Rule,
    YearDay,
    clock,
    rules_of,
)
from site_model.types import SOURCE_LANGUAGE

Row = dict[str, str]
Table = dict[str, Any]
"""Rows by the day, and a list of closed days."""

DAYS: Final = {
    "mo": "Понеделник",
    "tu": "Вторник",
    "we": "Сряда",
    "th": "Четвъртък",
    "fr": "Петък",
    "sa": "Събота",
    "su": "Неделя",
}
HOLIDAYS: Final = "ph"
CLOSED: Final = "closed"
STATES: Final = {
    "open": "отворено",
    "appointment": "по уговорка",
    "off": "затворено",
}
_WEEK: Final = tuple(date(2026, 11, day) for day in range(23, 30))
SPANS: Final = (("start", "end"), ("again", "until"))
"""The steps of the two spans of a day."""


class TableError(ValueError):
    """What is wrong in a table: sentences by the steps to the field, as mo-start."""

    def __init__(self, faults: Mapping[str, str]) -> None:
        super().__init__("; ".join(faults.values()))
        self.faults = dict(faults)


def lines_of(hours: str) -> tuple[str, ...]:
    """What readers of the site will read, line by line; nothing for what is no hours."""
    try:
        rules = parsed_hours(hours)
    except ValueError:
        return ()
    return tuple(line.sentence(str) for line in hours_lines(rules, SOURCE_LANGUAGE, str))


def table_of(hours: str) -> Table | None:
    """The table that says the same, or None where a table cannot."""
    try:
        rules = parsed_hours(hours)
    except ValueError:
        return None
    undated = tuple(rule for rule in rules if not rule.dates)
    if any(len(rule.times) > len(SPANS) or _is_of_night(rule) for rule in undated):
        return None
    table: Table = {day: _row(rule) for day, rule in zip(DAYS, week(undated), strict=True) if rule}
    if any(rule.holidays for rule in undated):
        rows = [_row(deciding(undated, day, holiday=True)) for day in _WEEK]
        if any(row != rows[0] for row in rows):
            return None
        table[HOLIDAYS] = rows[0]
    closed = [rule for rule in rules if rule.dates]
    if not all(rule.closed and not rule.days for rule in closed):
        return None
    if closed:
        table[CLOSED] = [_closed_row(rule.dates) for rule in closed if rule.dates]
    return table


def _is_of_night(rule: Rule) -> bool:
    return any(end > DAY for _, end in rule.times)


def _row(rule: Rule | None) -> Row:
    if rule is None or rule.closed:
        return {"state": "off"} if rule else {}
    row = {"state": "appointment" if rule.by_appointment else "open"}
    for (first, last), (start, end) in zip(SPANS, rule.times, strict=False):
        row |= {first: clock(start), last: clock(end)}
    return row


def _closed_row(dates: Dates) -> Row:
    first, last = dates.first, dates.last
    row = {"first": year_day_words(first)}
    if first.year and not last.year:
        last = replace(last, year=first.year + dates.reversed)
    return row | ({} if last == first else {"last": year_day_words(last)})


def hours_of(table: Mapping[str, Any]) -> str:
    """The table in the syntax of the facts, "" for an empty one; raises TableError."""
    faults: dict[str, str] = {}
    said = {day: _of_row(day, table.get(day, {}), faults) for day in (*DAYS, HOLIDAYS)}
    holidays = said.pop(HOLIDAYS)
    parts = list(_of_week(said))
    parts += [f"PH {holidays}"] if holidays else []
    for at, row in enumerate(table.get(CLOSED, ())):
        parts += _of_closed(f"{CLOSED}-{at}", row, faults)
    if faults:
        raise TableError(faults)
    if not parts:
        return ""
    text = "; ".join(rule.text for rule in general_first(rules_of("; ".join(parts))))
    try:
        parsed_hours(text)
    except ValueError:  # the days have no faults of their own, so closed ones meet others
        raise TableError(
            {CLOSED: "тези дни се застъпват или не оставят отворен ден. Напишете ги като едно."}
        ) from None
    return text


def _of_week(said: Mapping[str, str]) -> Iterator[str]:
    """A rule for all days that say the same, the earliest first."""
    for what in dict.fromkeys(filter(None, said.values())):
        days = [day for day, one in enumerate(said.values()) if one == what]
        runs = [day for day in days if day - 1 not in days]
        names = []
        for first in runs:
            last = next(day for day in range(first, 7) if day + 1 not in days)
            names.append("-".join(dict.fromkeys((WEEKDAYS[first], WEEKDAYS[last]))))
        yield what if len(days) == 7 else f"{','.join(names)} {what}"


def _of_row(day: str, row: Mapping[str, str], faults: dict[str, str]) -> str:
    times = [span for steps in SPANS if (span := _of_span(day, row, steps, faults))]
    state = row.get("state") or ("open" if times else "")
    if len(times) > 1 and times[1][0] <= times[0][1]:
        faults.setdefault(
            f"{day}-again", "втората част започва, преди да е свършила първата. Поправете часа."
        )
    if state == "off" and times:
        faults.setdefault(f"{day}-state", "или е затворено, или има часове. Махнете едното.")
    if state == "open" and not times:
        faults.setdefault(f"{day}-start", "напишете от колко до колко часа е отворено.")
    spans = ",".join(f"{clock(start)}-{clock(end)}" for start, end in times)
    closing = {"off": "off", "appointment": f'"{BY_APPOINTMENT}"'}.get(state, "")
    return " ".join(filter(None, (spans, closing)))


def _of_span(
    day: str, row: Mapping[str, str], steps: tuple[str, str], faults: dict[str, str]
) -> tuple[int, int] | None:
    typed = [row.get(step, "") for step in steps]
    if not any(typed):
        return None
    minutes = []
    for step, text in zip(steps, typed, strict=True):
        try:
            if not text:
                raise NoSuchTimeError("тук липсва час. Напишете го или махнете другия.")
            minutes.append(minute_of(text))
        except NoSuchTimeError as error:
            faults[f"{day}-{step}"] = str(error)
    if len(minutes) < len(steps):
        return None
    if minutes[1] <= minutes[0]:
        faults[f"{day}-{steps[1]}"] = (
            "краят е преди началото. Ако е след полунощ, напишете часовете само с думи."
        )
    return minutes[0], minutes[1]


def _of_closed(place: str, row: Mapping[str, str], faults: dict[str, str]) -> list[str]:
    """The rule of closed days; none for an empty row."""
    typed = {step: text for step in ("first", "last") if (text := row.get(step, ""))}
    days: dict[str, YearDay] = {}
    for step, text in typed.items():
        try:
            days[step] = year_day(text)
        except NoSuchTimeError as error:
            faults[f"{place}-{step}"] = str(error)
    if "first" not in typed and "last" in typed:
        faults[f"{place}-first"] = "напишете и първия ден."
    if len(days) < len(typed) or "first" not in days:
        return []
    first, last = days["first"], days.get("last", days["first"])
    signs = dict.fromkeys((year_day_sign(first), year_day_sign(last)))
    rule = f"{'-'.join(signs)} off"
    try:
        rules_of(rule)
    except ValueError:
        faults[f"{place}-last"] = (
            "от този до онзи ден не се разбира кои дни са. Първият е преди последния; пишат се два "
            "дни или два месеца, и двата с година или и двата без."
        )
    return [rule]
