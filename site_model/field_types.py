"""Pure: days, hours, yes or no, and addresses as people write them, for the fields of facts."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, Any, Final

from pydantic import AfterValidator, BeforeValidator, EmailStr, HttpUrl, WithJsonSchema

from site_model.field_metadata import ReadAs
from site_model.text.plurals import count_phrase
from site_model.text.spellings import parse_day
from site_model.types import LAST_YEAR, SOURCE_LANGUAGE, Text

_ANSWERS: Final = {"да": True, "не": False}
_TIME: Final = re.compile(r"(\d{1,2})(?:[:.](\d\d)(?::00)?)?(?:\s*(?:ч|часа)\.?)?")
_LONGEST_NAME: Final = 64
"""What a mailbox may have before @ (RFC 5321, section 4.5.3.1.1)."""
_LONGEST_ADDRESS: Final = 320
"""The name, @ and the 255 of a domain (RFC 5321, section 4.5.3.1.2): to tell apart the addresses
of a long text takes long.
"""
_TIME_FORM: Final = r"^([01]\d|2[0-3]):[0-5]\d$"


def other_letter(text: str) -> str:
    """A sentence on the first letter that only looks Latin among Latin ones; "" if none does."""
    if not re.search("[A-Za-z]", text):
        return ""
    for place, sign in enumerate(text, 1):
        if sign.isalpha() and not sign.isascii():
            cyrillic = unicodedata.name(sign, "").startswith("CYRILLIC")
            alphabet = "на кирилица" if cyrillic else "от друга азбука"
            return f"в „{text}“ знак № {place}, „{sign}“, е {alphabet}. Напишете го на латиница"
    return ""


def _yes_or_no(value: Any) -> Any:
    return _ANSWERS.get(value.strip().lower(), value) if isinstance(value, str) else value


def _day(value: Any) -> date:
    day = parse_day(value) if isinstance(value, str) else value
    if not isinstance(day, date):
        raise ValueError("датата се пише година-месец-ден, например 2026-11-21")
    if not 1990 <= day.year <= LAST_YEAR:
        raise ValueError(
            f"„{value}“ е твърде далеч: годината е от 1990 до {LAST_YEAR}. "
            "Ако нещо няма край, махнете реда"
        )
    return day


def _time(value: str) -> str:
    found = _TIME.fullmatch(value)
    time = f"{int(found[1]):02}:{found[2] or '00'}" if found else ""
    if not re.match(_TIME_FORM, time):
        raise ValueError(f"„{value}“ не е час; пише се като 09:30")
    return time


def _email(value: Any) -> Any:
    if isinstance(value, str):
        value = value.strip().removeprefix("mailto:")
        if len(value) > _LONGEST_ADDRESS:
            raise ValueError("тук се пише един имейл, а е написано много повече. Оставете главния")
        if len(re.findall(r"\S+@\S+", value)) > 1 or value.count("@") > 1:
            raise ValueError(f"„{value}“ са няколко имейла, а тук се пише един. Оставете главния")
    name, at, host = str(value).rpartition("@")
    if said := other_letter(host) or other_letter(name if host.isascii() else ""):
        raise ValueError(said)
    if at and host.isascii() and not name.isascii():
        raise ValueError(f"„{name}“ пред @ не е на латиница. Напишете го отново на латиница")
    if len(name) > _LONGEST_NAME:
        raise ValueError(
            f"пред @ има {count_phrase(len(name), 'знак', 'знака')}, а може да са най-много "
            f"{_LONGEST_NAME}. Сравнете с адреса, както го дава центърът"
        )
    return value


def is_a_place(name: Text) -> Text:
    """The same name; raises ValueError for one without letters."""
    text = name.to(SOURCE_LANGUAGE)
    if not any(map(str.isalpha, text)):
        raise ValueError(f"„{text}“ не е име на място: в него няма букви")
    return name


def _one_place(name: Text) -> Text:
    text = name.to(SOURCE_LANGUAGE)
    if re.search(r"[,;/\n]|\sи\s", text):
        raise ValueError(f"„{text}“ са няколко места. Напишете всяко отделно, на свой ред")
    return is_a_place(name)


def _web(value: Any) -> Any:
    host, _, rest = str(value).partition("://")[2].partition("/")
    for part in (host, *re.findall(r"[^\W\d_]+", rest)):
        if said := other_letter(part):
            raise ValueError(said)
    return value


YesNo = Annotated[bool, BeforeValidator(_yes_or_no)]
"""true or false, да or не."""

Day = Annotated[date, BeforeValidator(_day)]
"""A day in any usual spelling, day before month; never a number of seconds."""

TimeOfDay = Annotated[
    str,
    AfterValidator(_time),
    WithJsonSchema({"type": "string", "pattern": _TIME_FORM}),
    ReadAs("time"),
]
"""09:30, also written 9:30, 9.30 or 9 ч."""

PlaceName = Annotated[Text, AfterValidator(is_a_place)]
"""What a place is called, with letters in it."""

OnePlace = Annotated[Text, AfterValidator(_one_place)]
"""The same, where a list has a row for each."""

MailAddress = Annotated[EmailStr, BeforeValidator(_email)]
"""An address in which no letter only looks like another (Unicode TR 36, section 2)."""

WebAddress = Annotated[HttpUrl, BeforeValidator(_web)]
"""The same of an address on the web."""
