"""What an answer must be: the WTForms validators that the kinds of fields use."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from stdnum.bg import egn
from wtforms import Form
from wtforms.validators import StopValidation, ValidationError

from site_model.text.spellings import find_day
from site_model.text.telephones import can_be_dialled
from site_model.types import SOFIA, Text

Validator = Callable[[Form, Any], None]


def chosen_answers(data: Any) -> list[Any]:
    """The answers to a choice, of which one or several may be picked."""
    return data if isinstance(data, list) else [data]


def is_offered(options: Iterable[str], message: str) -> Validator:
    offered = set(options)

    def check(_form: Form, bound: Any) -> None:
        if not set(chosen_answers(bound.data)) <= offered:
            raise ValidationError(message)

    return check


def does_not_stop(stop: Callable[[Any], Text | None], to: Callable[[Text], str]) -> Validator:
    """Refuses an answer that keeps the letter back, with what `stop` says of it."""

    def check(_form: Form, bound: Any) -> None:
        if said := stop(bound.data):
            raise ValidationError(to(said))

    return check


def is_short_enough(longest: int, message: str) -> Validator:
    """Stops the chain as well: nothing looks at a text of any length."""

    def check(_form: Form, bound: Any) -> None:
        if len(bound.data) > longest:
            raise StopValidation(message)

    return check


def is_phone(message: str) -> Validator:
    """Refuses what nobody can dial; the spelling turns no one away."""

    def check(_form: Form, bound: Any) -> None:
        if not can_be_dialled(bound.data):
            raise ValidationError(message)

    return check


def is_past_day(not_date: str, in_future: str) -> Validator:
    def check(_form: Form, bound: Any) -> None:
        day = find_day(bound.data)
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
