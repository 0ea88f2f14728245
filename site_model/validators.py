"""What an answer must be: cleaning, and the WTForms validators that the kinds of fields use."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from stdnum.bg import egn
from wtforms import Form
from wtforms.validators import StopValidation, ValidationError

from site_model.form import Choice, ErrorCode, FormField

SOFIA = ZoneInfo("Europe/Sofia")
Validator = Callable[[Form, Any], None]


def clean(value: str | None) -> str:
    """Normal form C, plain newlines, no control or bidi characters, no space at the ends.

    Digits become 0 to 9, so that staff can dial a number that was written in Arabic ones.

    Bidi and control characters could make the sheet that staff read say something
    else than what was sent (Unicode TR 36).
    """
    text = (value or "").replace("\r\n", "\n").replace("\r", "\n")
    if not text.replace("\n", "").replace("\t", "").isprintable():  # as nearly all texts are
        text = "".join(sign for sign in text if sign in "\n\t" or not _is_hidden(sign))
    text = _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
    return unicodedata.normalize("NFC", text).strip()


_OTHER_DIGIT = re.compile(r"(?![0-9])\d")


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co"}


def parse_day(value: str) -> date | None:
    """A day written as 2026-11-21 or 21.11.2026, or None."""
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(value.rstrip("г. "), pattern).date()
        except ValueError:
            continue
    return None


def presence(
    field: FormField, words: Callable[[ErrorCode], str], asked: Callable[[Form], frozenset[str]]
) -> Validator:
    """Stops the chain on an empty answer: with an error where one was needed, else without.

    `asked` gives the questions that are asked; the chain of any other stops here.
    """

    def check(form: Form, bound: Any) -> None:
        if field.id not in asked(form):
            raise StopValidation
        if bound.data:
            return
        condition = field.required_when
        if field.required or (
            condition
            and condition.field in asked(form)
            and condition.holds_for(chosen(form[condition.field].data))
        ):
            raise StopValidation(words("missing"))
        raise StopValidation

    return check


def chosen(data: Any) -> list[Any]:
    """The answers to a choice, of which one or several may be picked."""
    return data if isinstance(data, list) else [data]


def is_offered(options: Iterable[tuple[str, str]], message: str) -> Validator:
    offered = {key for key, _ in options}

    def check(_form: Form, bound: Any) -> None:
        if not set(chosen(bound.data)) <= offered:
            raise ValidationError(message)

    return check


def is_not_stop(field: Choice, language: str) -> Validator:
    stops = {option.id: option.stop for option in field.options if option.stop}

    def check(_form: Form, bound: Any) -> None:
        if stop := stops.get(bound.data):
            raise ValidationError(stop.to(language))

    return check


def is_phone(message: str) -> Validator:
    def check(_form: Form, bound: Any) -> None:
        digits = re.sub(r"\D", "", bound.data)
        if not re.fullmatch(r"\+?[\d\s()/.-]+", bound.data) or not 5 <= len(digits) <= 15:
            raise ValidationError(message)

    return check


def is_past_day(not_date: str, in_future: str) -> Validator:
    def check(_form: Form, bound: Any) -> None:
        day = parse_day(bound.data)
        if day is None:
            raise ValidationError(not_date)
        if day > datetime.now(SOFIA).date():
            raise ValidationError(in_future)

    return check


def no_personal_number(message: str) -> Validator:
    """Refuses ten digits that pass the check sum of an ЕГН; digits set apart are let through."""

    def check(_form: Form, bound: Any) -> None:
        if any(egn.is_valid(number) for number in re.findall(r"(?<!\d)\d{10}(?!\d)", bound.data)):
            raise ValidationError(message)

    return check


def must_be_empty(message: str) -> Validator:
    def check(_form: Form, bound: Any) -> None:
        if bound.data:
            raise ValidationError(message)

    return check
