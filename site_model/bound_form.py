"""A form definition bound to a centre and to what somebody sent: parsing, validation, answers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from stdnum.bg import egn
from wtforms import BooleanField, Form, RadioField, SelectMultipleField, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]
from wtforms.validators import Email, Length, StopValidation, ValidationError

from site_model.base import Text
from site_model.facts import Centre, TargetGroup
from site_model.form import (
    TRAP,
    Choice,
    ChoiceBase,
    Choices,
    Consent,
    Day,
    EmailAddress,
    ErrorCode,
    FormDefinition,
    FormField,
    PhoneField,
    TypedText,
)

SOFIA = ZoneInfo("Europe/Sofia")
Validator = Callable[[Form, Any], None]


@dataclass(frozen=True)
class Question:
    """A field as one centre asks it: `options` are (id, label) in the asked language."""

    field: FormField
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    """A question and what was answered to it, both in the words of that day."""

    field_id: str
    label: str
    values: tuple[str, ...]
    safe_contact: bool


@dataclass(frozen=True)
class CentreForm:
    """One form of one centre in one language, ready to be shown and to be parsed."""

    definition: FormDefinition
    centre: Centre
    language: str
    questions: tuple[Question, ...]
    parser: type[Form]

    def bind(self, data: Any = None) -> Form:
        """The WTForms form holding `data` (a MultiDict of the request), or an empty one."""
        return self.parser(data)

    def errors(self, form: Form) -> dict[str, str]:
        """Validate; the first error of each field, in the form's order."""
        form.validate()
        return {field.name: str(field.errors[0]) for field in form if field.errors}

    def answers(self, form: Form) -> tuple[Answer, ...]:
        """What was answered, in the form's order; an unanswered question has no values."""
        return tuple(
            Answer(
                question.field.id,
                question.field.label.to(self.language),
                _values(question, form[question.field.id].data),
                question.field.safe_contact,
            )
            for question in self.questions
        )


def centre_form(
    definition: FormDefinition,
    centre: Centre,
    groups: Mapping[str, TargetGroup],
    language: str,
) -> CentreForm:
    """Bind a definition to a centre; a choice for which the centre has no facts is left out."""
    questions = tuple(
        Question(field, options)
        for field in definition.fields
        if (options := _options(field, definition, centre, groups, language))
        or not isinstance(field, ChoiceBase)
    )
    attributes: dict[str, Any] = {
        question.field.id: _wtforms_field(question, definition, language) for question in questions
    }
    attributes[TRAP] = StringField(validators=[_must_be_empty(definition.trap_filled.to(language))])
    parser = type(f"{definition.id}_form", (Form,), attributes)
    return CentreForm(definition, centre, language, questions, parser)


def _options(
    field: FormField,
    definition: FormDefinition,
    centre: Centre,
    groups: Mapping[str, TargetGroup],
    language: str,
) -> tuple[tuple[str, str], ...]:
    if not isinstance(field, ChoiceBase):
        return ()
    legal = definition.reader == "institution"
    named: Iterable[tuple[str, Text]]
    match field.options_from:
        case "services":
            named = (
                (s.id, s.legal_name if legal and s.legal_name else s.name) for s in centre.services
            )
        case "programmes":
            named = ((p.id, p.name) for p in centre.programmes)
        case "target_groups":
            served = [groups[item.group] for item in centre.target_groups]
            named = ((g.id, g.legal if legal else g.plain) for g in served)
        case None:
            named = ((option.id, option.label) for option in field.options)
    return tuple((key, text.to(language)) for key, text in named)


def _wtforms_field(question: Question, definition: FormDefinition, language: str) -> Any:
    field = question.field

    def words(code: ErrorCode) -> str:
        return field.errors[code].to(language)

    validators: list[Validator] = [_presence(field, words)]
    match field:
        case TypedText():
            validators.append(Length(max=field.max_length, message=words("too_long")))
            validators.append(_no_personal_number(definition.personal_number_found.to(language)))
            if isinstance(field, EmailAddress):
                validators.append(Email(message=words("not_email")))
            elif isinstance(field, PhoneField):
                validators.append(_is_phone(words("not_phone")))
            return StringField(filters=[clean], validators=validators)
        case Day():
            validators.append(_is_past_day(words("not_date"), words("in_future")))
            return StringField(filters=[clean], validators=validators)
        case Consent():
            return BooleanField(validators=validators)
        case Choice():
            validators += [
                _is_offered(question, words("not_offered")),
                _is_not_stop(field, language),
            ]
            return RadioField(
                choices=_select_choices(question), validate_choice=False, validators=validators
            )
        case Choices():
            validators.append(_is_offered(question, words("not_offered")))
            return SelectMultipleField(
                choices=_select_choices(question), validate_choice=False, validators=validators
            )


def clean(value: str | None) -> str:
    """Normal form C, plain newlines, no control or bidi characters, no space at the ends.

    Bidi and control characters could make the sheet that staff read say something
    else than what was sent (Unicode TR 36).
    """
    text = unicodedata.normalize("NFC", value or "").replace("\r\n", "\n").replace("\r", "\n")
    kept = (
        c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"}
    )
    return "".join(kept).strip()


def parse_day(value: str) -> date | None:
    """A day written as 2026-11-21 or 21.11.2026, or None."""
    for pattern in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(value.rstrip("г. "), pattern).date()
        except ValueError:
            continue
    return None


def _presence(field: FormField, words: Callable[[ErrorCode], str]) -> Validator:
    """Stops the chain on an empty answer: with an error where one was needed, else without."""

    def check(form: Form, bound: Any) -> None:
        if bound.data:
            return
        condition = field.required_when
        if field.required or (
            condition and _answered(form[condition.field].data, condition.any_of)
        ):
            raise StopValidation(words("missing"))
        raise StopValidation

    return check


def _answered(data: Any, any_of: tuple[str, ...]) -> bool:
    chosen = data if isinstance(data, list) else [data]
    return any(item in any_of for item in chosen)


def _is_offered(question: Question, message: str) -> Validator:
    offered = {key for key, _ in question.options}

    def check(_form: Form, bound: Any) -> None:
        chosen = bound.data if isinstance(bound.data, list) else [bound.data]
        if not set(chosen) <= offered:
            raise ValidationError(message)

    return check


def _is_not_stop(field: Choice, language: str) -> Validator:
    stops = {option.id: option.stop for option in field.options if option.stop}

    def check(_form: Form, bound: Any) -> None:
        if stop := stops.get(bound.data):
            raise ValidationError(stop.to(language))

    return check


def _is_phone(message: str) -> Validator:
    def check(_form: Form, bound: Any) -> None:
        digits = re.sub(r"\D", "", bound.data)
        if not re.fullmatch(r"\+?[\d\s()/.-]+", bound.data) or not 5 <= len(digits) <= 15:
            raise ValidationError(message)

    return check


def _is_past_day(not_date: str, in_future: str) -> Validator:
    def check(_form: Form, bound: Any) -> None:
        day = parse_day(bound.data)
        if day is None:
            raise ValidationError(not_date)
        if day > datetime.now(SOFIA).date():
            raise ValidationError(in_future)

    return check


def _no_personal_number(message: str) -> Validator:
    """Refuses ten digits that pass the check sum of an ЕГН; digits set apart are let through."""

    def check(_form: Form, bound: Any) -> None:
        if any(egn.is_valid(number) for number in re.findall(r"(?<!\d)\d{10}(?!\d)", bound.data)):
            raise ValidationError(message)

    return check


def _must_be_empty(message: str) -> Validator:
    def check(_form: Form, bound: Any) -> None:
        if bound.data:
            raise ValidationError(message)

    return check


def _select_choices(question: Question) -> list[SelectChoice]:
    return [SelectChoice(key, label) for key, label in question.options]


def _values(question: Question, data: Any) -> tuple[str, ...]:
    match question.field:
        case Consent():
            return ("✓",) if data else ()
        case Choice() | Choices():
            chosen = data if isinstance(data, list) else [data]
            return tuple(label for key, label in question.options if key in chosen)
        case _:
            return (data,) if data else ()
