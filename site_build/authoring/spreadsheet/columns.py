"""Pure: a centre's facts as tables in Bulgarian, and back, without loss.

One table has the facts that there are once, a row for each; every list has a table of its own, a
row for each item. Columns are made from the model, so a new field has its column by itself.
"""

from __future__ import annotations

import re
import types
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal, Union, get_args, get_origin

from babel import UnknownLocaleError
from pydantic import BaseModel, RootModel
from pydantic.fields import FieldInfo

from site_build.wording.facts import day_words
from site_model.facts.centre import Centre
from site_model.facts.people import GroupServed
from site_model.facts.shared import Catalogues
from site_model.field_metadata import (
    CatalogueName,
    Choices,
    CodeOf,
    FieldWords,
    ReadAs,
    metadata,
    words_of,
)
from site_model.i18n.languages import in_bulgarian
from site_model.types import SOURCE_LANGUAGE, Sourced, Text

Kind = Literal["text", "words", "number", "day", "moment", "time", "phone", "yes", "choice", "list"]

CENTRE_SHEET: Final = "Център"
NAME_COLUMN: Final = "Какво"
EXPLANATION_COLUMN: Final = "Обяснение"
ANSWER_COLUMN: Final = "Отговор"
LISTS_SHEET: Final = "Списъци"
YES: Final = "да"
NO: Final = "не"
OF_ITEM: Final = "Към"
"""The column of a table of parts: the code or name of the item that each row belongs to."""
NEEDED_WORDS: Final = "Нужно. "
EXPLAINS: Final = "↑ "
"""Begins each explanation below a title, so that no answer is ever taken for one."""

_AUTO: Final = ("id", "slug", "checked_on", "next_check")
"""What a person need not write: it stands after what only they know."""
_MADE: Final[Mapping[type[BaseModel], tuple[str, ...]]] = {
    Centre: ("name", "short_name"),
    GroupServed: ("group",),
}
"""What is made of the place, or of a group's own name, where it is left out; see `completion`."""


@dataclass(frozen=True)
class Column:
    """One plain value of a model: its steps from there, what it is called and what belongs in it.

    `choices` are the values that it may have, each with its Bulgarian words; those of a
    `catalogue` are known only when its list is read. `needed` is what nobody can leave out and
    nothing is made of; `of_source` says where a fact was read, or of what day it is.
    """

    steps: tuple[str, ...]
    title: str
    explanation: str
    kind: Kind
    choices: Mapping[str, str]
    catalogue: CatalogueName | None = None
    needed: bool = False
    of_source: bool = False


@dataclass(frozen=True)
class Table:
    """The sheet of one list: `steps` lead to it; two steps for a list inside the items of one."""

    title: str
    steps: tuple[str, ...]
    columns: tuple[Column, ...]


def bare(annotation: Any) -> Any:
    """An annotation without None and metadata."""
    while True:
        if hasattr(annotation, "__metadata__"):
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, types.UnionType):
            (annotation,) = (a for a in get_args(annotation) if a is not type(None))
        else:
            return annotation


def is_model(kind: Any) -> bool:
    return (
        isinstance(kind, type) and issubclass(kind, BaseModel) and not issubclass(kind, RootModel)
    )


def columns_of(
    model: type[BaseModel],
    steps: tuple[str, ...] = (),
    above: FieldWords | None = None,
    *,
    needed: bool = True,
) -> Iterator[Column]:
    """The plain values of a model, those of models inside it too; lists of models are left out.

    `above` is what the field is called that holds the model, where another one does.
    """
    own = [n for n in model.model_fields if not _is_source(model, n)]
    for name in (*own, *(n for n in model.model_fields if _is_source(model, n))):
        field = model.model_fields[name]
        kind, words = bare(field.annotation), words_of(model, name)
        source = _is_source(model, name)
        made = (*_AUTO, "source", *_MADE.get(model, ()))
        asked = needed and field.is_required() and name not in made
        if above and own == [name]:
            words = above
        elif above:
            explained = f"За „{above.title}“. {words.explanation}" if source else words.explanation
            words = FieldWords(f"{above.title}: {words.title}", explained)
        here = (*steps, name)
        if is_model(kind):
            yield from columns_of(kind, here, words, needed=asked)
        elif not item_model(field):
            choices, code = metadata(field, Choices), metadata(field, CodeOf)
            yield Column(
                here,
                *words,
                kind_of(field),
                choices.words if choices else {},
                code.catalogue if code else None,
                asked,
                source,
            )


def _is_source(model: type[BaseModel], name: str) -> bool:
    """Whether a field says where a fact was read; a date of history is what it tells."""
    return name in Sourced.model_fields and words_of(model, name) == words_of(Sourced, name)


def item_model(field: FieldInfo) -> type[BaseModel] | None:
    """The model of a list's items, if it is a list of models."""
    kind = bare(field.annotation)
    inner = bare(get_args(kind)[0]) if get_origin(kind) is tuple else None
    return inner if is_model(inner) else None


def kind_of(field: FieldInfo) -> Kind:
    """How a plain value is read that people typed."""
    kind = bare(field.annotation)
    if kind is Text:
        return "words"
    if get_origin(kind) is tuple:
        return "list"
    if metadata(field, Choices) or metadata(field, CodeOf):
        return "choice"
    known: dict[Any, Kind] = {int: "number", date: "day", bool: "yes"}
    read = metadata(field, ReadAs)
    return known.get(kind) or (read.kind if read else "text")


def tables_of(model: type[BaseModel], steps: tuple[str, ...] = ()) -> Iterator[Table]:
    """A table for each list of models, and for each list inside the items of one."""
    for name, field in model.model_fields.items():
        if inner := item_model(field):
            here = (*steps, name)
            title = words_of(model, name).title
            if steps:
                title = f"{words_of(Centre, steps[0]).title} – {title.lower()}"
            yield Table(title, here, tuple(columns_of(inner)))
            yield from tables_of(inner, here)


CENTRE_COLUMNS: Final = tuple(columns_of(Centre))
TABLES: Final = tuple(tables_of(Centre))


Place = tuple[Column, str]
"""A column of a sheet: a plain value, and its language, or "" for what is no text."""


def places_of(columns: Sequence[Column], languages: Sequence[str]) -> list[Place]:
    """The order of columns: what was told, what can be made of it, sources, translations."""

    def rank(place: Place) -> int:
        column, language = place
        if language not in ("", SOURCE_LANGUAGE):
            return 3
        return 2 if column.of_source else int(column.steps[-1] in _AUTO)

    pairs = (
        (column, language)
        for column in columns
        for language in (languages if column.kind == "words" else ("",))
    )
    return sorted(pairs, key=rank)


def title_of(place: Place) -> str:
    """What a column is called in its language; the code makes sure of the language's name."""
    column, language = place
    if language in ("", SOURCE_LANGUAGE):
        return column.title
    try:
        return f"{column.title} ({in_bulgarian(language)}, {language})"
    except UnknownLocaleError:
        return f"{column.title} ({language})"


def languages_of(titles: Iterable[object]) -> list[str]:
    """The languages that columns of these titles are in, Bulgarian first."""
    found = (re.search(r"([a-z]{2})\)$", str(title).strip()) for title in titles)
    return list(dict.fromkeys([SOURCE_LANGUAGE, *(match[1] for match in found if match)]))


def value_at(data: Any, steps: Sequence[str]) -> Any:
    """The plain value below `data`, or None."""
    for step in steps:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def rows_of(data: Mapping[str, Any], table: Table) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The items of a table's list, each with the code of the item that it belongs to, or ""."""
    first, *inside = table.steps
    for item in data.get(first, ()):
        if not inside:
            yield "", item
        else:
            yield from ((item["id"], part) for part in item.get(inside[0], ()))


Names = Mapping[CatalogueName, Mapping[str, str]]
"""What a sheet calls the things of each catalogue, by their codes."""


def names_of(catalogues: Catalogues) -> Names:
    """The plain names; one that another thing of the list has too is left out."""
    names: dict[CatalogueName, Mapping[str, str]] = {}
    for catalogue, listed in catalogues.items():
        plain = {id: one.plain.to(SOURCE_LANGUAGE) for id, one in listed.items()}
        often = Counter(plain.values())
        names[catalogue] = {id: name for id, name in plain.items() if often[name] == 1}
    return names


def cell_value(column: Column, value: Any, language: str, names: Names) -> str | int | None:
    """A plain value as a cell shows it."""
    if value is None or language:
        return value.get(language) if value else None
    known = names[column.catalogue] if column.catalogue else column.choices
    match column.kind:
        case "number":
            said: str | int | None = int(value)
        case "yes":
            said = YES if value else NO
        case "list":
            said = "\n".join(known.get(one, one) for one in value) or None
        case "day" | "moment":
            said = day_words(value)
        case _:
            said = str(known.get(value, value))
    return said
