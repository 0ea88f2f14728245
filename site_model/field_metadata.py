"""What stands beside a field of a model, for whatever shows it to staff.

Comments in a YAML file, columns of a spreadsheet, hints of an editor (JSON Schema), questions for
the telephone and of `make new-centre`: each reads the field itself, so that a new fact is one edit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal, NamedTuple, TypeVar, get_args

from pydantic import BaseModel, Field
from pydantic.fields import FieldInfo

CatalogueName = Literal["groups", "kinds"]
"""A list that all centres share, whose things facts name by their codes."""
ReadKind = Literal["moment", "time", "phone"]


class FieldWords(NamedTuple):
    """The Bulgarian name of a field, and a sentence or two on what belongs in it."""

    title: str
    explanation: str


def words(title: str, explanation: str) -> Any:
    """The Bulgarian name of a field, and a sentence or two on what belongs in it."""
    return Field(title=title, description=explanation)


@dataclass(frozen=True)
class Asked:
    """A fact that is asked for on the telephone while the centre has not given it.

    `{name}` in the `question` is the name of the service or programme that it is a fact of.
    What is asked `of_all` has a star (★); the rest is worth asking in the same call. The fact is
    not lacking where the field `unless` says it in another way.
    """

    question: str
    of_all: bool = False
    unless: str = ""


@dataclass(frozen=True)
class Prompt:
    """A field that `make new-centre` asks for, in the order of the model.

    `why` stands behind the explanation. `default` is what an empty answer means; it may be left
    empty unless `needed`. `after` names the field that is asked for just before. A list is asked
    for item by item: each field of the item that has a Prompt, the first until there are no more,
    or once for each choice with the question `of_each`.
    """

    why: str = ""
    default: str = ""
    needed: bool = False
    after: str = ""
    of_each: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Choices:
    """What the values of a choice are called in Bulgarian."""

    words: Mapping[str, str] = field(hash=False)


@dataclass(frozen=True)
class CodeOf:
    """A value that is the code of a thing in a list."""

    catalogue: CatalogueName


@dataclass(frozen=True)
class ReadAs:
    """How a text is read that is no words, when it is typed into a cell or as an answer."""

    kind: ReadKind


Metadata = TypeVar("Metadata", Asked, Prompt, Choices, CodeOf, ReadAs)


def metadata(known: FieldInfo, kind: type[Metadata]) -> Metadata | None:
    """What of this class a field has, or the type that it is made of."""
    return next((one for one in _all_of(known) if isinstance(one, kind)), None)


@cache  # a build asks for each field of each fact
def _all_of(known: FieldInfo) -> tuple[Any, ...]:
    return (*known.metadata, *_all_within(known.annotation))


def _all_within(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for part in get_args(annotation):
        yield from _all_within(part)


def words_of(model: type[BaseModel], name: str) -> FieldWords:
    """What a field is called, and what belongs in it."""
    known = model.model_fields[name]
    return FieldWords(known.title or name, known.description or "")
