"""Pure: which questions of a form are asked, given what was chosen. The page script does the same.

A question with `show_if` is asked only if a choice above it was asked and answered with one of the
named answers. A question that is not asked is neither required nor validated nor mailed. What
somebody wrote there all the same (without JavaScript every question is on the page) is neither
sent nor dropped in silence: `FilledForm.unasked_answers` names it, and the service asks once more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Annotated, Protocol, Self

from pydantic import (
    BeforeValidator,
    ConfigDict,
    Field,
    RootModel,
    WithJsonSchema,
    model_validator,
)

from site_model.field_metadata import words
from site_model.types import FieldId, Frozen


class Condition(Frozen):
    """Holds when the choice `field` was answered with one of `any_of`."""

    field: Annotated[FieldId, words("Въпрос", "Кодът на избор по-горе.")]
    any_of: Annotated[
        tuple[FieldId, ...], words("Отговори", "Кодовете на отговорите, при които важи.")
    ]

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


class Conditional(Protocol):
    """A question, as far as it matters here."""

    @property
    def id(self) -> str: ...

    @property
    def show_if(self) -> ShowIf | None: ...


def asked_questions(
    fields: Iterable[Conditional], chosen: Callable[[str], Collection[str]]
) -> frozenset[str]:
    """The ids of the questions that are asked; `chosen` gives the answers to a choice.

    A condition names a question above its own, so one look from top to bottom is enough.
    """
    found: set[str] = set()
    for field in fields:
        if field.show_if is None:
            found.add(field.id)
            continue
        condition = field.show_if.condition
        if condition.field in found and condition.holds_for(chosen(condition.field)):
            found.add(field.id)
    return frozenset(found)
