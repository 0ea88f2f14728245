"""A form as data: one definition, from which page, validation and mail are made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    WithJsonSchema,
    field_validator,
    model_validator,
)

from site_model.base import (
    SOURCE_LANGUAGE,
    FieldId,
    Frozen,
    Language,
    Slug,
    Text,
    refuse_repeats,
)
from site_model.form_places import PLACED_FORMS, LinkedFrom

TRAP: Final = "homepage"

LEFT_OUT: Final = "left_out"
"""Under this name a page says again which answers it was told will not be sent."""

ErrorCode = Literal[
    "missing", "too_long", "not_email", "not_phone", "not_offered", "not_date", "in_future"
]


class Condition(Frozen):
    """Holds when the choice `field` was answered with one of `any_of`."""

    field: FieldId
    any_of: tuple[FieldId, ...]

    def holds_for(self, chosen: Iterable[str]) -> bool:
        """Whether one of the answers was chosen."""
        return not set(self.any_of).isdisjoint(chosen)


def _several(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Answers = Annotated[
    tuple[FieldId, ...],
    BeforeValidator(_several),
    Field(min_length=1),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]


class ShowIf(RootModel[dict[FieldId, Answers]]):
    """The answer, or one of the answers, to a choice above after which a question is asked."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="after")
    def _one_condition(self) -> Self:
        if len(self.root) != 1:
            raise ValueError("условието е едно: въпрос и отговорите му, например family: [yes]")
        return self

    @property
    def condition(self) -> Condition:
        ((field, answers),) = self.root.items()
        return Condition(field=field, any_of=answers)


class Option(Frozen):
    """One answer of a choice. Picking one with `stop` keeps the form back with that text."""

    id: FieldId
    label: Text
    stop: Text | None = None


class FieldBase(Frozen):
    """What every question has. `used_by` and `why` are shown to whoever asks why we ask.

    `required` holds only while the question is asked: see `site_model.conditions`.
    """

    id: FieldId
    label: Text
    hint: Text | None = None
    required: bool = False
    required_when: Condition | None = None
    show_if: ShowIf | None = None
    safe_contact: bool = False
    errors: Mapping[ErrorCode, Text] = Field(default_factory=dict)
    used_by: Text
    why: Text

    def possible_errors(self) -> set[ErrorCode]:
        return {"missing"} if self.required or self.required_when else set()

    @model_validator(mode="after")
    def _every_error_is_worded(self) -> Self:
        if lacking := sorted(self.possible_errors() - set(self.errors)):
            raise ValueError(f"в „errors“ липсва текст за: {', '.join(lacking)}")
        return self


class TypedText(FieldBase):
    max_length: Annotated[int, Field(ge=1, le=10_000)]
    autocomplete: str | None = None

    def possible_errors(self) -> set[ErrorCode]:
        return super().possible_errors() | {"too_long"}


class ShortText(TypedText):
    kind: Literal["short_text"]


class LongText(TypedText):
    kind: Literal["long_text"]
    rows: Annotated[int, Field(ge=2, le=30)] = 8


class EmailAddress(TypedText):
    kind: Literal["email"]
    max_length: int = 254

    def possible_errors(self) -> set[ErrorCode]:
        return super().possible_errors() | {"not_email"}


class PhoneField(TypedText):
    kind: Literal["phone"]
    max_length: int = 40

    def possible_errors(self) -> set[ErrorCode]:
        return super().possible_errors() | {"not_phone"}


class ChoiceBase(FieldBase):
    """Options are written out, or taken from the facts of the centre."""

    options: tuple[Option, ...] = ()
    options_from: Literal["services", "programmes", "target_groups"] | None = None

    def possible_errors(self) -> set[ErrorCode]:
        return super().possible_errors() | {"not_offered"}

    @model_validator(mode="after")
    def _options_are_unique(self) -> Self:
        refuse_repeats((option.id for option in self.options), "отговор")
        return self

    @model_validator(mode="after")
    def _one_source_of_options(self) -> Self:
        if bool(self.options) == bool(self.options_from):
            raise ValueError("изборът има или „options“, или „options_from“, точно едното")
        return self


class Choice(ChoiceBase):
    kind: Literal["choice"]


class Choices(ChoiceBase):
    kind: Literal["choices"]


class Day(FieldBase):
    kind: Literal["date"]

    def possible_errors(self) -> set[ErrorCode]:
        return super().possible_errors() | {"not_date", "in_future"}


class Consent(FieldBase):
    """A box to tick that something was read; always required."""

    kind: Literal["consent"]
    required: bool = True


FormField = Annotated[
    ShortText | LongText | EmailAddress | PhoneField | Choice | Choices | Day | Consent,
    Field(discriminator="kind"),
]


class FormDefinition(Frozen):
    """A form of `content/forms`.

    `reader` decides the wording of choices that come from facts (families read the
    plain name, institutions the legal one). `before` stands above the first
    question. The trap is the field that people do not see and robots fill in.
    `centres` offer it (left out: all of them), in `languages` (left out: in each language in
    which nothing of it is missing).
    """

    id: FieldId
    version: Annotated[int, Field(ge=1)]
    slug: Slug
    centres: Annotated[tuple[Slug, ...], Field(min_length=1)] | None = None
    languages: Annotated[tuple[Language, ...], Field(min_length=1)] | None = None
    linked_from: LinkedFrom
    reader: Literal["family", "institution"]
    title: Text
    audience: Text
    before: tuple[Text, ...]
    submit: Text
    next_steps: tuple[Text, ...]
    personal_number_found: Text
    trap_label: Text
    trap_filled: Text
    fields: Annotated[tuple[FormField, ...], Field(min_length=1)]

    @field_validator("languages")
    @classmethod
    def _bulgarian_is_there(cls, languages: tuple[str, ...] | None) -> tuple[str, ...] | None:
        if languages and SOURCE_LANGUAGE not in languages:
            raise ValueError("добавете bg: там водят връзките от другите езици")
        return languages

    @property
    def own(self) -> bool:
        """Whether it was added by an operator: pages lead to it only where it says so."""
        return self.id not in PLACED_FORMS

    def field(self, id: str) -> FormField:
        """The question with this id; raises KeyError for one that the form does not have."""
        for field in self.fields:
            if field.id == id:
                return field
        raise KeyError(id)

    def offered_by(self, centre: str) -> bool:
        return self.centres is None or centre in self.centres

    def meant_for(self, language: str) -> bool:
        """Whether its author wants it in this language; the texts may still be missing."""
        return self.languages is None or language in self.languages

    @model_validator(mode="after")
    def _ids_hold_together(self) -> Self:
        seen: set[str] = set()
        for field in self.fields:
            if field.id == TRAP:
                raise ValueError(f"името „{TRAP}“ е запазено за скритото поле")
            if field.id in seen:
                raise ValueError(f"полето „{field.id}“ е написано два пъти")
            seen.add(field.id)
        return self
