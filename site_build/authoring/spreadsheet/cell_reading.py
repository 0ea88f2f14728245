"""Pure: what people type into a cell, and what Excel makes of it, as the value that is meant.

A Bulgarian Excel makes a number of 0887123456, a time of 14:00, a month of 03.2018; a person
writes „7, 8, 12“, straight quotes and „гр. Велинград“. Each is read; what was not written quite
so is said, so that a person can see what was understood.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any, Final

from site_build.authoring.spreadsheet.columns import NO, YES, Column
from site_build.authoring.spreadsheet.sheet import ErrorValue, Formula
from site_build.wording.facts import UNDATED_WORDS, day_words
from site_model.text.spellings import parse_day, plainly
from site_model.types import SOURCE_LANGUAGE

Code = Mapping[str, str]
"""The codes of a list by everything that may stand for them, each as `key` spells it."""

_TIME: Final = re.compile(
    r"(?P<hour>\d{1,2})(?:[:.,](?P<minutes>[0-5]\d))?\s*(?:ч\.?|час(?:а|ове)?)?"
)
_YEAR: Final = re.compile(r"(\d{4})\s*(?:г\.?|година)?")
_QUOTATION: Final = re.compile('["„“”«»]')
_COUNTED: Final = re.compile(r"(\d[\d\s]*?)\s+(?!хил|мил|млн|млрд|дес|стот)[^\W\d]+\.?")
"""„40 места“, and no word that is part of the number."""
_ENGLISH: Final = re.compile(r"“([^“”„]*)”")
_QUOTED: Final = re.compile(r'"([^"]*)"')
_QUOTES: Final = {SOURCE_LANGUAGE: ("„", "“"), "uk": ("«", "»")}
_AGREED: Final = {YES: True, "yes": True, "true": True, NO: False, "no": False, "false": False}


class NotUnderstoodError(ValueError):
    """The text says what is wrong and the fix."""


@dataclass(frozen=True)
class Understood:
    """A value, and how it is to be read where it was not written quite so, or ""."""

    value: Any
    said: str = ""


def key(text: str) -> str:
    """The same for words that differ only in gaps, capital letters, dashes, quotation marks and a
    full stop at the end.
    """
    return " ".join(_QUOTATION.sub("", plainly(text)).split()).casefold().rstrip(".")


def read_cell(column: Column, language: str, raw: Any, listed: Code) -> Understood | None:
    """What a cell says, or None for an empty one; raises NotUnderstoodError."""
    if isinstance(raw, Formula):
        raise NotUnderstoodError("тук има формула. Напишете самия отговор, без =.")
    if isinstance(raw, ErrorValue) or re.fullmatch(r"#(N/A|[A-Z/0]{3,8}[!?])", str(raw).strip()):
        raise NotUnderstoodError(f"тук има грешка от таблицата ({raw}). Напишете самия отговор.")
    text = _written(raw)
    if not text:
        return None
    if column.kind == "list":
        return Understood(_several(raw, text, listed))
    if column.kind == "choice":
        return Understood(one_of(text, listed))
    if column.kind == "words":
        return _words(raw, text, language)
    return READERS[column.kind](raw, text)


def _text(raw: Any, text: str) -> Understood:
    if not isinstance(raw, str) and not text.isdigit():
        raise NotUnderstoodError(_turned(text))
    return Understood(text)


def _turned(text: str) -> str:
    return f"таблицата е превърнала написаното в {text}. Направете клетката „Текст“ и пишете пак."


def _written(raw: Any) -> str:
    """A cell as its reader sees it."""
    match raw:
        case None:
            return ""
        case bool():
            return YES if raw else NO
        case float():
            return str(int(raw)) if raw.is_integer() else str(raw).replace(".", ",")
        case date():
            return day_words(raw.isoformat())
        case time():
            return f"{raw:%H:%M}"
    return str(raw).strip()


def _words(raw: Any, text: str, language: str) -> Understood:
    said = curl_quotes(raw if isinstance(raw, str) else text, language)
    return Understood(said, said if '"' in text else "")


def curl_quotes(text: str, language: str = SOURCE_LANGUAGE) -> str:
    """A text with straight quotes as its language has them; raises NotUnderstoodError.

    They stand in pairs, or nobody knows which of them opens. So do the English ones that Word
    makes of them; beside „ the first of these closes a Bulgarian pair.
    """
    opening, closing = _QUOTES.get(language, ("“", "”"))
    said = text if "„" in text else _ENGLISH.sub(rf"{opening}\1{closing}", text)
    said = _QUOTED.sub(rf"{opening}\1{closing}", said)
    if '"' in said:
        raise NotUnderstoodError('кавичката " е сама. Напишете двойка „…“ или я махнете.')
    return said


def _number(_: Any, text: str) -> Understood:
    counted = _COUNTED.fullmatch(text)
    plain = re.sub(r"(?<=\d)[\s](?=\d{3}\b)", "", counted[1] if counted else text)
    if not re.fullmatch(r"-?\d{1,15}", plain):
        raise NotUnderstoodError(f"„{text}“ не е цяло число. Пише се само с цифри, например 12.")
    return Understood(int(plain), plain if counted else "")


def _agreed(_: Any, text: str) -> Understood:
    if (said := key(text)) not in _AGREED:
        raise NotUnderstoodError(f"„{text}“ не е отговор тук. Пише се {YES} или {NO}.")
    return Understood(_AGREED[said])


def _day(raw: Any, text: str) -> Understood:
    day = raw if isinstance(raw, date) else parse_day(text)
    if day is None:
        raise NotUnderstoodError(
            f"„{text}“ не е ден от календара. Пише се например 28.11.2026, с деня и годината."
        )
    return Understood(day.isoformat())


def _moment(raw: Any, text: str) -> Understood:
    return _day(raw, text) if isinstance(raw, date) else Understood(moment(text))


def moment(text: str) -> str:
    """A day, a month or a year as 2018-03, or `undated`; raises NotUnderstoodError."""
    if day := parse_day(text):
        return day.isoformat()
    if key(text) in (UNDATED_WORDS, "undated"):
        return "undated"
    if year := _YEAR.fullmatch(text):
        return year[1]
    month = parse_day(f"1.{text}") or parse_day(f"1 {text}") or parse_day(f"{text}-1")
    if month is None:
        raise NotUnderstoodError(
            f"„{text}“ не е дата от календара. Пише се например 28.11.2026, 11.2026 или 2026."
        )
    return month.isoformat()[:7]


def _time(raw: Any, text: str) -> Understood:
    if isinstance(raw, time):
        return Understood(text)
    found = _TIME.fullmatch(text)
    if not found or int(found["hour"]) > 23:
        raise NotUnderstoodError(f"„{text}“ не е час. Пише се например 14:00.")
    said = f"{int(found['hour']):02}:{found['minutes'] or '00'}"
    return Understood(said, "" if said == text else said)


def _phone(raw: Any, text: str) -> Understood:
    """A telephone; a number has lost the nought or the plus before it."""
    if isinstance(raw, str):
        return Understood(text)
    if not text.isdigit():
        raise NotUnderstoodError(_turned(text))
    if text.startswith("359") and len(text) > 10:
        return Understood(f"+{text}", f"+{text}")
    if len(text) in (7, 8, 9):
        return Understood(f"0{text}", f"0{text}")
    return Understood(text)


READERS: Final[Mapping[str, Callable[[Any, str], Understood]]] = {
    "text": _text,
    "number": _number,
    "yes": _agreed,
    "day": _day,
    "moment": _moment,
    "time": _time,
    "phone": _phone,
}


def _several(raw: Any, text: str, listed: Code) -> list[str]:
    """The codes of several things: each on a line, or between semicolons, or numbers and commas."""
    if isinstance(raw, float) and not raw.is_integer():
        raise NotUnderstoodError(
            f"таблицата е превърнала номерата в число: {text}. Напишете ги с точка и запетая, "
            "например 7; 8."
        )
    parts = []
    for line in text.splitlines():
        for part in [line] if key(line) in listed else line.split(";"):
            numbers = [one.strip() for one in part.split(",")]
            parts += numbers if all(key(one) in listed for one in numbers) else [part]
    return [one_of(part, listed) for part in parts if part.strip()]


def one_of(text: str, listed: Code) -> str:
    """The code of what a text names; raises NotUnderstoodError."""
    if (said := key(text)) in listed:
        return listed[said]
    near = [one for one in listed if len(said) > 3 and said in one] or difflib.get_close_matches(
        said, [one for one in listed if not one.isdigit()], n=1
    )
    fix = f"Може би „{near[0]}“?" if near else "Изберете от лист „Списъци“."
    raise NotUnderstoodError(f"„{' '.join(text.split())}“ го няма в списъка. {fix}")
