"""A form definition bound to a centre: which questions it asks, and what parses the answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from wtforms import Form, SelectMultipleField, StringField

from site_model.facts.centre import Centre
from site_model.facts.shared import TargetGroup
from site_model.forms.conditions import Condition
from site_model.forms.definition import FOLLOW_UP, LEFT_OUT, TRAP, TRAP_TOLD, FormDefinition
from site_model.forms.fingerprints import marks
from site_model.forms.kinds import FormField
from site_model.types import Text


@dataclass(frozen=True)
class CentreForm:
    """One form of one centre in one language, ready to be shown and to be parsed."""

    definition: FormDefinition
    centre: Centre
    language: str
    fields: dict[str, FormField]
    """The questions that this centre asks, by their ids."""

    parser: type[Form]

    @cached_property
    def labels(self) -> dict[str, str]:
        """The questions in the language of the form, by their ids."""
        return {name: field.label.to(self.language) for name, field in self.fields.items()}

    @cached_property
    def marks(self) -> str:
        """The marks of its questions, as its page carries them: worked out once, not per letter."""
        return marks(self.definition)

    @property
    def conditional(self) -> bool:
        """Whether some question is asked only after some answers."""
        return any(field.show_if for field in self.fields.values())

    def describe(self, condition: Condition) -> tuple[int, str, tuple[str, ...]]:
        """A condition in words: the number and label of its question, and of its answers."""
        number = list(self.fields).index(condition.field) + 1
        answers = self.fields[condition.field].chosen_options(list(condition.any_of))
        in_words = tuple(answer.label.to(self.language) for answer in answers)
        return number, self.labels[condition.field], in_words


def centre_form(
    definition: FormDefinition,
    centre: Centre,
    groups: Mapping[str, TargetGroup],
    language: str,
) -> CentreForm:
    """Bind a definition to a centre; a choice for which the centre has no facts is left out."""
    fields = {field.id: field for field in fields_at(definition, centre, groups)}
    personal_number = definition.personal_number_found.to(language)

    def to(text: Text) -> str:
        return text.to(language)

    attributes = {name: field.parser(to, personal_number) for name, field in fields.items()}
    if any(field.show_if for field in fields.values()):
        attributes[LEFT_OUT] = SelectMultipleField(choices=[], validate_choice=False)
    attributes[FOLLOW_UP] = StringField()
    attributes[TRAP] = StringField()
    attributes[TRAP_TOLD] = StringField()
    parser = type(f"{definition.id}_form", (Form,), attributes)
    return CentreForm(definition, centre, language, fields, parser)


def fields_at(
    definition: FormDefinition, centre: Centre, groups: Mapping[str, TargetGroup]
) -> list[FormField]:
    """The questions of a form as a centre asks them, with the answers that it offers."""
    legal = definition.reader == "institution"
    asked = (field.at(centre, groups, legal) for field in definition.fields)
    return [field for field in asked if field]
