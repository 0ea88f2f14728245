"""Pure: hours of the clock and days of every year, as staff type them in the table of a week."""

from __future__ import annotations

import re
from typing import Final

from babel.dates import get_month_names

from site_model.facts.opening_hours.syntax import DAY, MONTHS, YearDay
from site_model.text.spellings import parse_day, plainly
from site_model.types import SOURCE_LANGUAGE

_HOUR: Final = re.compile(r"(\d{1,2})(?:[:.,]([0-5]\d))?\s*(?:ч\.?|час(?:а|ове)?)?")
_LEAP_YEAR: Final = 2000


class NoSuchTimeError(ValueError):
    """The text says, in Bulgarian, what was typed and how it is written."""


def minute_of(typed: str) -> int:
    """Minutes since midnight of an hour as 9, 9.30 or 24:00; raises NoSuchTimeError."""
    found = _HOUR.fullmatch(typed)
    minute = int(found[1]) * 60 + int(found[2] or 0) if found else DAY + 1
    if minute > DAY:
        raise NoSuchTimeError(f"„{typed}“ не е час. Пише се например 9:30.")
    return minute


def year_day(typed: str) -> YearDay:
    """A day as 24.12 of every year or 24.12.2026 of one, or a month; raises NoSuchTimeError."""
    text = plainly(typed).rstrip(". ")
    if day := parse_day(text):
        return YearDay(day.month, day.day, day.year)
    if day := parse_day(f"{text}.{_LEAP_YEAR}") or parse_day(f"{text} {_LEAP_YEAR}"):
        return YearDay(day.month, day.day)
    name, _, year = text.partition(" ")
    month = parse_day(f"1 {name} {_LEAP_YEAR}") if name.isalpha() else None
    if month and re.fullmatch(r"(\d{4})?", year):
        return YearDay(month.month, None, int(year) if year else None)
    raise NoSuchTimeError(
        f"„{typed}“ не е ден от календара. Пише се например 24.12.2026 или 24.12, ако е всяка "
        "година. Цял месец: август."
    )


def year_day_words(day: YearDay) -> str:
    """The same as staff type it."""
    if day.day is None:
        name = get_month_names("wide", "stand-alone", SOURCE_LANGUAGE)[day.month]
        return f"{name} {day.year}" if day.year else str(name)
    text = f"{day.day:02}.{day.month:02}"
    return f"{text}.{day.year}" if day.year else text


def year_day_sign(day: YearDay) -> str:
    """The same in the syntax of the facts, as 2026 Dec 24."""
    steps = (day.year, MONTHS[day.month - 1], day.day)
    return " ".join(str(one) for one in steps if one)
