"""What people and programs spell in many ways, brought to one spelling: signs, and days."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import cache
from typing import Final

from babel.dates import get_month_names

from site_model.text.cleaning import clean

MONTHS_IN: Final = ("bg", "en", "tr", "uk", "ar")

_DAY = re.compile(
    r"(?<!\d)(?P<first>\d{4}|\d{1,2})"
    r"(?:[\s./-]{1,3}(?P<month>\d{1,2})[\s./-]{1,3}|[\s./-]{0,3}(?P<named>[^\W\d]{1,12})[\s.,/-]{0,3})"
    r"(?P<last>\d{4}|\d{1,2})(?!\d)"
)
_WHOLE_DAY = re.compile(_DAY.pattern + r"\s*(?:г|год|година|р|року)?[.,]?", re.IGNORECASE)
_ROMAN: Final = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")


def plainly(text: str) -> str:
    """On one line, with the plain form of each sign and the hyphen for every dash.

    So `０８８８‑１２３` is 0888-123 (compatibility forms: Unicode Standard Annex #15).
    """
    plain = clean(unicodedata.normalize("NFKC", text))
    return " ".join("".join("-" if _is_dash(sign) else sign for sign in plain).split())


def parse_day(value: str) -> date | None:
    """The day that is written, day before month, or None; a year of two digits is of our century.

    For instance 2026-11-28, 28.11.2026 г., 28. 11. 26, 28-11-2026, 28 ноември 2026, 28.XI.2026.
    """
    found = _WHOLE_DAY.fullmatch(plainly(value))
    return _day(found) if found else None


def find_day(value: str) -> date | None:
    """The first day in a text that says more than the day, or None."""
    days = map(_day, _DAY.finditer(plainly(value)))
    return next((day for day in days if day), None)


def day_spelled(value: str) -> str:
    """A day as 28.11.2026; what is more than a day stays as it was written."""
    day = parse_day(value)
    return f"{day.day:02}.{day.month:02}.{day.year:04}" if day else value


def _is_dash(sign: str) -> bool:
    return unicodedata.category(sign) == "Pd" or sign == "\N{MINUS SIGN}"


def _day(found: re.Match[str]) -> date | None:
    first, last = found["first"], found["last"]
    day, year = (last, first) if len(first) == 4 else (first, last)
    if len(year) == 1:
        return None
    named = found["named"]
    month = _months().get(named.casefold(), 0) if named else int(found["month"])
    try:
        return date(int(year) + (2000 if len(year) < 4 else 0), month, int(day))
    except ValueError:
        return None


@cache
def _months() -> dict[str, int]:
    """The number of each month by its names in the languages of our pages, and in Roman figures."""
    names = {
        name.rstrip(".").casefold(): number
        for language in MONTHS_IN
        for width in ("wide", "abbreviated")
        for context in ("format", "stand-alone")
        for number, name in get_month_names(width, context, language).items()
    }
    return names | {figure: number for number, figure in enumerate(_ROMAN, 1)}
