"""Pure: the days on which Bulgaria rests, by art. 154 of the Labour Code (checked 2026-11).

A day that the Council of Ministers adds for one year is in no rule: a centre that rests on it says
so in a notice.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

_FIXED = ((1, 1), (3, 3), (5, 1), (5, 6), (5, 24), (9, 6), (9, 22), (12, 24), (12, 25), (12, 26))
_DAY = timedelta(days=1)
_SATURDAY = 5


@cache
def public_holidays(year: int) -> tuple[date, ...]:
    """All days off of a year, in order: holidays, and working days that stand in for them.

    Para. 2: where holidays other than Easter's fall on a weekend, the first or the first two
    working days after are days off.
    """
    easter = orthodox_easter(year)
    fixed = [date(year, month, day) for month, day in _FIXED]
    off = {*fixed, *(easter + days * _DAY for days in (-2, -1, 0, 1))}
    for holiday in fixed:
        if holiday.weekday() >= _SATURDAY:
            instead = holiday
            while instead in off or instead.weekday() >= _SATURDAY:
                instead += _DAY
            off.add(instead)
    return tuple(sorted(off))


def orthodox_easter(year: int) -> date:
    """Easter Sunday of the Orthodox Church in today's calendar (Meeus, Julian algorithm)."""
    moon = (19 * (year % 19) + 15) % 30
    weekday = (2 * (year % 4) + 4 * (year % 7) - moon + 34) % 7
    month, day = divmod(moon + weekday + 114, 31)
    return date(year, month, day + 1) + 13 * _DAY  # 13 days from 1900 to 2099
