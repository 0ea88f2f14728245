"""A form definition bound to a centre and to what somebody sent: parsing, validation, answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from wtforms import BooleanField, Form, RadioField, SelectMultipleField, StringField
from wtforms.validators import Email, Length

from site_model.base import SOURCE_LANGUAGE, Text
from site_model.centre import Centre
from site_model.conditions import asked
from site_model.facts import TargetGroup
from site_model.form import (
    LEFT_OUT,
    TRAP,
    Choice,
    ChoiceBase,
    Choices,
    Condition,
    Consent,
    Day,
    EmailAddress,
    ErrorCode,
    FormDefinition,
    FormField,
    PhoneField,
    TypedText,
)
from site_model.form_versions import marks
from site_model.validators import (
    Validator,
    chosen,
    clean,
    is_not_stop,
    is_offered,
    is_past_day,
    is_phone,
    must_be_empty,
    no_personal_number,
    presence,
)


@dataclass(frozen=True)
class Question:
    """A field as one centre asks it: `options` are (id, label) in the asked language.

    `staff_options` are the same for those who read the answers, who read Bulgarian.
    """

    field: FormField
    options: tuple[tuple[str, str], ...] = ()
    staff_options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Answer:
    """A question and what was answered to it, in the Bulgarian words of that day.

    What a person wrote stays as it was written.
    """

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
    asked: Callable[[Form], frozenset[str]]
    """The ids of the questions that are asked, after what was chosen."""

    def bind(self, data: Any = None) -> Form:
        """The WTForms form holding `data` (a MultiDict of the request), or an empty one."""
        return self.parser(data)

    def errors(self, form: Form) -> dict[str, str]:
        """Validate; the first error of each field, in the form's order."""
        form.validate()
        return {field.name: str(field.errors[0]) for field in form if field.errors}

    @cached_property
    def marks(self) -> str:
        """The marks of its questions, as its page carries them: worked out once, not per letter."""
        return marks(self.definition)

    @property
    def conditional(self) -> bool:
        """Whether some question is asked only after some answers."""
        return any(question.field.show_if for question in self.questions)

    def left_out(self, form: Form) -> tuple[str, ...]:
        """The ids of questions that were answered though they are not asked."""
        asked = self.asked(form)
        return tuple(
            question.field.id
            for question in self.questions
            if question.field.id not in asked and form[question.field.id].data
        )

    def told(self, form: Form) -> frozenset[str]:
        """Those of which the page has already said that their answers will not be sent."""
        return frozenset(form[LEFT_OUT].data if self.conditional else ())

    def named(self, condition: Condition) -> tuple[int, str, tuple[str, ...]]:
        """A condition in words: the number and label of its question, and of its answers."""
        ids = [question.field.id for question in self.questions]
        place = ids.index(condition.field)
        asked = self.questions[place]
        labels = tuple(text for key, text in asked.options if key in condition.any_of)
        return place + 1, asked.field.label.to(self.language), labels

    def answers(self, form: Form) -> tuple[Answer, ...]:
        """What was answered to the questions that are asked, in the form's order.

        An unanswered question has no values.
        """
        asked = self.asked(form)
        return tuple(
            Answer(
                question.field.id,
                question.field.label.to(SOURCE_LANGUAGE),
                _values(question, form[question.field.id].data),
                question.field.safe_contact,
            )
            for question in self.questions
            if question.field.id in asked
        )


def centre_form(
    definition: FormDefinition,
    centre: Centre,
    groups: Mapping[str, TargetGroup],
    language: str,
) -> CentreForm:
    """Bind a definition to a centre; a choice for which the centre has no facts is left out."""
    questions = tuple(
        Question(field, _in(options, language), _in(options, SOURCE_LANGUAGE))
        for field in definition.fields
        if (options := named_options(field, definition, centre, groups))
        or not isinstance(field, ChoiceBase)
    )
    asked = _asked(tuple(question.field for question in questions))
    attributes: dict[str, Any] = {
        question.field.id: _wtforms_field(question, definition, language, asked)
        for question in questions
    }
    if any(question.field.show_if for question in questions):
        attributes[LEFT_OUT] = SelectMultipleField(choices=[], validate_choice=False)
    attributes[TRAP] = StringField(validators=[must_be_empty(definition.trap_filled.to(language))])
    parser = type(f"{definition.id}_form", (Form,), attributes)
    return CentreForm(definition, centre, language, questions, parser, asked)


def _asked(fields: tuple[FormField, ...]) -> Callable[[Form], frozenset[str]]:
    if not any(field.show_if for field in fields):  # as in most forms: nothing to work out
        everything = frozenset(field.id for field in fields)
        return lambda _form: everything
    return lambda form: asked(fields, lambda name: chosen(form[name].data))


def named_options(
    field: FormField,
    definition: FormDefinition,
    centre: Centre,
    groups: Mapping[str, TargetGroup],
) -> tuple[tuple[str, Text], ...]:
    """The answers that a centre offers to a question: id and label; empty if there are none."""
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
    return tuple(named)


def _in(options: Iterable[tuple[str, Text]], language: str) -> tuple[tuple[str, str], ...]:
    return tuple((key, text.to(language)) for key, text in options)


def _wtforms_field(
    question: Question,
    definition: FormDefinition,
    language: str,
    asked: Callable[[Form], frozenset[str]],
) -> Any:
    field = question.field

    def words(code: ErrorCode) -> str:
        return field.errors[code].to(language)

    validators: list[Validator] = [presence(field, words, asked)]
    match field:
        case TypedText():
            validators.append(Length(max=field.max_length, message=words("too_long")))
            validators.append(no_personal_number(definition.personal_number_found.to(language)))
            if isinstance(field, EmailAddress):
                validators.append(Email(message=words("not_email")))
            elif isinstance(field, PhoneField):
                validators.append(is_phone(words("not_phone")))
            return StringField(filters=[clean], validators=validators)
        case Day():
            validators.append(is_past_day(words("not_date"), words("in_future")))
            return StringField(filters=[clean], validators=validators)
        case Consent():
            return BooleanField(validators=validators)
        case Choice():
            validators += [
                is_offered(question.options, words("not_offered")),
                is_not_stop(field, language),
            ]
            return RadioField(choices=[], validate_choice=False, validators=validators)
        case Choices():
            validators.append(is_offered(question.options, words("not_offered")))
            return SelectMultipleField(choices=[], validate_choice=False, validators=validators)


def _values(question: Question, data: Any) -> tuple[str, ...]:
    match question.field:
        case Consent():
            return ("✓",) if data else ()
        case Choice() | Choices():
            return tuple(label for key, label in question.staff_options if key in chosen(data))
        case _:
            return (data,) if data else ()
