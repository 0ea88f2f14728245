"""Pure: opening hours in the syntax of OpenStreetMap, read as rules.

https://wiki.openstreetmap.org/wiki/Key:opening_hours. The part that pages can say in plain words
is understood; the rest is refused with a sentence. What rules mean: `opening_hours.days`.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise
from typing import Final

WEEKDAYS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")
MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
BY_APPOINTMENT: Final = "by appointment"
DAY: Final = 24 * 60
"""Minutes of a day on the clock."""

_YEARS: Final = range(2000, 2099)
"""For these the day of Easter is known; the year after the last one is too."""

_LONGEST_NIGHT: Final = 12 * 60
"""Minutes: an interval over midnight that lasts longer is rather one that is written reversed."""

_WEEKDAY = "|".join(WEEKDAYS)
_DAYS = rf"(?:{_WEEKDAY})(?:-(?:{_WEEKDAY}))?|PH"
_MONTH_DAY = rf"(?:(?:\d{{4}} )?(?:{'|'.join(MONTHS)})(?: \d\d?(?![\d:]))?)"
_TIMES = r"\d\d?:\d\d-\d\d?:\d\d"
_RULE: Final = re.compile(
    rf"(?:(?P<first>{_MONTH_DAY})(?:-(?P<last>{_MONTH_DAY}|\d\d?(?![\d:])))? ?)?"
    rf"(?:(?P<days>(?:{_DAYS})(?:, ?(?:{_DAYS}))*) ?)?"
    rf"(?P<state>off|closed|24/7|(?P<times>{_TIMES}(?:, ?{_TIMES})*))?"
    r'(?: ?"(?P<comment>[^"]*)")?'
)
_DASHES: Final = str.maketrans(dict.fromkeys("–—−‑", "-"))
_ALSO: Final = {
    "Mo": "пн пон понеделник mon monday",
    "Tu": "вт вто вторник tue tuesday",
    "We": "ср сря сряда wed wednesday",
    "Th": "чт чет четвъртък thu thursday",
    "Fr": "пт пет петък fri friday",
    "Sa": "сб съб събота sat saturday",
    "Su": "нд нед неделя sun sunday",
    "PH": "празници",
    "off": "затворено почивка",
}
_WORDS: Final = {
    word: sign for sign, words in _ALSO.items() for word in (sign.lower(), *words.split())
}
# Not after a month: „Aug 1-15“ are days.
_HOURS: Final = re.compile(
    r"(?<![\d:])(?<![A-Z][a-z]{2} )(\d\d?(?::\d\d)?)-(\d\d?(?::\d\d)?)(?![\d:])"
)


@dataclass(frozen=True)
class YearDay:
    """A day that comes every year, or a whole month without `day`; once with `year`."""

    month: int
    day: int | None = None
    year: int | None = None


@dataclass(frozen=True)
class Dates:
    """Days from `first` to `last`, both included; over New Year where `last` is the earlier."""

    first: YearDay
    last: YearDay

    @cached_property
    def _ends(self) -> tuple[tuple[int, int], tuple[int, int]]:
        return (self.first.month, self.first.day or 1), (self.last.month, self.last.day or 31)

    @property
    def reversed(self) -> bool:
        first, last = self._ends
        return first > last

    def __contains__(self, day: date) -> bool:
        first, last = self._ends
        here = (day.month, day.day)
        if year := self.first.year:
            until = self.last.year or year + self.reversed
            return (year, first) <= (day.year, here) <= (until, last)
        return here >= first or here <= last if self.reversed else first <= here <= last


@dataclass(frozen=True)
class Rule:
    """On which days, and when. `days` are numbers of weekdays, Monday is 0; all without any.

    `times` are minutes since the midnight with which a day begins; an end after DAY is on the
    next day. No `times` means closed, or some time of the day where `by_appointment` is set.
    """

    text: str = field(default="", compare=False)
    dates: Dates | None = None
    days: frozenset[int] = frozenset()
    holidays: bool = False
    times: tuple[tuple[int, int], ...] = ()
    by_appointment: bool = False

    @property
    def closed(self) -> bool:
        return not (self.times or self.by_appointment)

    def names(self, day: date, *, holiday: bool) -> bool:
        """Whether the rule is of this day, which may be a public holiday."""
        if self.dates and day not in self.dates:
            return False
        if self.holidays and holiday:
            return True
        return day.weekday() in self.days if self.days else not self.holidays


def rules_of(text: str) -> tuple[Rule, ...]:
    """The rules as they are written; raises ValueError with a sentence in Bulgarian."""
    plain = _as_usual(" ".join(text.translate(_DASHES).split()))
    return tuple(_rule(part.strip()) for part in plain.split(";"))


def _as_usual(text: str) -> str:
    """Other spellings of one meaning as the syntax has it: „Пн-Пт 9.00 - 17 ч.“, „Mon-Fri 9-17“."""
    words = re.sub(r"[^\W\d_]+", lambda found: _WORDS.get(found[0].lower(), found[0]), text)
    hours = re.sub(r"(?<=\d)\s?ч(?:аса)?\b\.?", "", re.sub(r"(\d)\.(?=\d\d\b)", r"\1:", words))
    return _HOURS.sub(_with_minutes, re.sub(r" ?- ?", "-", hours))


def _with_minutes(found: re.Match[str]) -> str:
    return "-".join(hour if ":" in hour else f"{hour}:00" for hour in found.groups())


def _rule(text: str) -> Rule:
    if not text:
        raise ValueError(
            "има празно правило: махнете излишната точка и запетая или напишете часове"
        )
    found = _RULE.fullmatch(text)
    if not found:
        raise ValueError(
            f"„{text}“ не се разбира. Пишат се дни (Mo-Fr, PH), дати (Aug 1-15) и часове, например "
            "Mo-Fr 09:00-17:00; PH off. Другото напишете с думи в text"
        )
    state, appointment = found["state"], found["comment"] is not None
    if appointment and (found["comment"] != BY_APPOINTMENT or state in ("off", "closed", "24/7")):
        raise ValueError(
            f'„{text}“: в кавички може да пише само "{BY_APPOINTMENT}", след дни или часове; '
            "другото е за text"
        )
    if not (state or appointment):
        raise ValueError(f"„{text}“: липсват часове, например 09:00-17:00, или off")
    names = re.split(", ?", found["days"]) if found["days"] else []
    if found["first"] and "PH" in names:
        raise ValueError(f"„{text}“: PH се пише без месеци и дати")
    if state == "24/7" and (found["first"] or names):
        raise ValueError(
            f"„{text}“: 24/7 се пише без нищо друго. За част от дните се пише 00:00-24:00"
        )
    rule = Rule(
        text,
        _dates(text, found["first"], found["last"]) if found["first"] else None,
        frozenset(number for name in names if name != "PH" for number in _weekdays(name)),
        "PH" in names,
        ((0, DAY),) if state == "24/7" else _times(found["times"] or ""),
        appointment,
    )
    if rule.dates and rule.dates.reversed:
        _refuse_reversed(rule, rule.dates)
    return rule


def _weekdays(span: str) -> Iterator[int]:
    first, _, last = span.partition("-")
    start = WEEKDAYS.index(first)
    length = (WEEKDAYS.index(last or first) - start) % 7
    return ((start + step) % 7 for step in range(length + 1))


def _dates(text: str, first: str, last: str | None) -> Dates:
    start = _year_day(first)
    if last and last.isdecimal():
        end = _existing(YearDay(start.month, int(last), start.year), f"{first}-{last}")
    else:
        end = _year_day(last) if last else start
    if (start.day is None) != (end.day is None):
        raise ValueError(f"„{text}“: напишете или два месеца (Jul-Aug), или два дни (Jul 1-Aug 15)")
    if end.year and not start.year:
        raise ValueError(f"„{text}“: годината се пише и пред първия ден")
    years = start.year and end.year
    if years and (end.year, end.month, end.day or 0) < (start.year, start.month, start.day or 0):
        raise ValueError(f"„{text}“: първият ден е след последния")
    return Dates(start, end)


def _year_day(text: str) -> YearDay:
    found = re.fullmatch(r"(?:(\d{4}) )?([A-Z][a-z]{2})(?: (\d\d?))?", text)
    assert found  # noqa: S101 - as the rule's own pattern has it
    year, month, day = found.groups()
    number = MONTHS.index(month) + 1
    return _existing(YearDay(number, int(day) if day else None, int(year) if year else None), text)


def _existing(found: YearDay, text: str) -> YearDay:
    if found.year is not None and found.year not in _YEARS:
        raise ValueError(f"„{text}“: годината е между {_YEARS[0]} и {_YEARS[-1]}")
    last = monthrange(found.year or 2000, found.month)[1]  # 2000 is a leap year
    if found.day is not None and not 1 <= found.day <= last:
        raise ValueError(f"„{text}“: такъв ден няма в календара")
    return found


def _refuse_reversed(rule: Rule, dates: Dates) -> None:
    """Over New Year is right for Dec 24-Jan 2, and a slip for Aug 15-Aug 1."""
    if dates.last.year:
        return
    months = (dates.last.month - dates.first.month) % 12
    if months == 0 or (rule.closed and months > 6):
        raise ValueError(
            f"„{rule.text}“: първият ден е след последния, така че правилото важи почти цяла "
            "година. Напишете по-ранния ден пръв, например Aug 1-15"
        )


def _times(text: str) -> tuple[tuple[int, int], ...]:
    times = sorted(_interval(one.strip()) for one in text.split(",") if one)
    for (start, end), (following, until) in pairwise(times):
        if following <= end:
            raise ValueError(
                f"{clock(start)}-{clock(end)} и {clock(following)}-{clock(until)} се застъпват или "
                f"допират; напишете ги като едно: {clock(start)}-{clock(max(end, until))}"
            )
    return tuple(times)


def _interval(text: str) -> tuple[int, int]:
    (start, end) = (
        int(hour) * 60 + int(minute) for hour, minute in re.findall(r"(\d+):(\d+)", text)
    )
    if start >= DAY or end > DAY or int(text[-2:]) > 59 or int(text.partition("-")[0][-2:]) > 59:
        raise ValueError(
            f"„{text}“: часовете са от 00:00 до 24:00. Ако краят е на другия ден, напишете "
            "например 22:00-02:00"
        )
    if start == end:
        raise ValueError(f"„{text}“: началото и краят са един и същи час; цял ден е 00:00-24:00")
    if end < start:
        end += DAY
    if end > DAY and end - start > _LONGEST_NIGHT:
        raise ValueError(
            f"„{text}“ е {(end - start) // 60} часа, до другия ден. Ако часовете са разменени, "
            f"напишете {clock(end)}-{clock(start)}; ако не са, разделете ги в полунощ на две "
            "правила"
        )
    return start, end


def clock(minute: int) -> str:
    """A minute of `Rule.times` on the clock: 540 is 09:00, 1440 is 24:00, 1800 is 06:00."""
    hour, rest = divmod(minute - DAY if minute > DAY else minute, 60)
    return f"{hour:02}:{rest:02}"
