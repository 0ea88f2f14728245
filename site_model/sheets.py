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

from site_model.base import SOURCE_LANGUAGE, Sourced, Text
from site_model.centre import Centre, GroupServed, Programme, Service
from site_model.facts import CatalogueName, Catalogues
from site_model.field_words import CHOICE_WORDS, words_of
from site_model.languages import in_bulgarian

Kind = Literal["text", "words", "number", "day", "yes", "list"]

CENTRE_SHEET: Final = "Център"
NAME_COLUMN: Final = "Какво"
EXPLANATION_COLUMN: Final = "Обяснение"
ANSWER_COLUMN: Final = "Отговор"
LISTS_SHEET: Final = "Списъци"
YES: Final = "да"
NO: Final = "не"
OF_ITEM: Final = "Към"
"""The column of a table of parts: the code or name of the item that each row belongs to."""


CATALOGUES: Final[Mapping[tuple[type[BaseModel], str], CatalogueName]] = {
    (GroupServed, "group"): "groups",
    (Service, "groups"): "groups",
    (Programme, "groups"): "groups",
    (Service, "kind"): "kinds",
}
"""The fields that name something of a list by its code."""


@dataclass(frozen=True)
class Column:
    """One plain value of a model: its steps from there, what it is called and what belongs in it.

    `choices` are the values that it may have, each with its Bulgarian words; those of a
    `catalogue` are known only when its list is read.
    """

    steps: tuple[str, ...]
    title: str
    explanation: str
    kind: Kind
    choices: Mapping[str, str]
    catalogue: CatalogueName | None = None

    @property
    def of_source(self) -> bool:
        return self.steps[-1] in Sourced.model_fields


@dataclass(frozen=True)
class Table:
    """The sheet of one list: `steps` lead to it; two steps for a list inside the items of one."""

    title: str
    steps: tuple[str, ...]
    columns: tuple[Column, ...]


def _bare(annotation: Any) -> Any:
    """An annotation without None and metadata."""
    while True:
        if hasattr(annotation, "__metadata__"):
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, types.UnionType):
            (annotation,) = (a for a in get_args(annotation) if a is not type(None))
        else:
            return annotation


def _is_model(kind: Any) -> bool:
    return (
        isinstance(kind, type) and issubclass(kind, BaseModel) and not issubclass(kind, RootModel)
    )


def columns_of(
    model: type[BaseModel], steps: tuple[str, ...] = (), title: str = ""
) -> Iterator[Column]:
    """The plain values of a model, those of models inside it too; lists of models are left out."""
    own = {n: f for n, f in model.model_fields.items() if n not in Sourced.model_fields}
    sourced = {n: f for n, f in model.model_fields.items() if n in Sourced.model_fields}
    alone = len(own) == 1
    for name, field in {**own, **sourced}.items():
        kind, words = _bare(field.annotation), words_of(model, name)
        named = (
            title
            if title and alone and name in own
            else ": ".join(filter(None, (title, words.title)))
        )
        here = (*steps, name)
        if _is_model(kind):
            yield from columns_of(kind, here, named)
        elif not _items(kind):
            choices = CHOICE_WORDS.get((model, name), {})
            listed = CATALOGUES.get((model, name))
            yield Column(here, named, words.explanation, _kind(kind), choices, listed)


def _items(kind: Any) -> type[BaseModel] | None:
    """The model of a list's items, if it is a list of models."""
    inner = _bare(get_args(kind)[0]) if get_origin(kind) is tuple else None
    return inner if _is_model(inner) else None


def _kind(kind: Any) -> Kind:
    if kind is Text:
        return "words"
    if get_origin(kind) is tuple:
        return "list"
    return {int: "number", date: "day", bool: "yes"}.get(kind, "text")  # type: ignore[return-value]


def tables_of(model: type[BaseModel], steps: tuple[str, ...] = ()) -> Iterator[Table]:
    """A table for each list of models, and for each list inside the items of one."""
    for name, field in model.model_fields.items():
        if inner := _items(_bare(field.annotation)):
            here = (*steps, name)
            title = words_of(model, name).title
            if steps:
                title = f"{words_of(Centre, steps[0]).title} – {title.lower()}"
            yield Table(title, here, tuple(columns_of(inner)))
            yield from tables_of(inner, here)


CENTRE_COLUMNS: Final = tuple(columns_of(Centre))
TABLES: Final = tuple(tables_of(Centre))


_AUTO: Final = ("id", "slug", "checked_on", "next_check")
"""What a person need not write: it stands after what only they know."""

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


def shown(column: Column, value: Any, language: str, names: Names) -> str | int | None:
    """A plain value as a cell shows it."""
    if value is None:
        return None
    if language:
        text: str | None = value.get(language)
        return text
    if column.kind == "number":
        return int(value)
    if column.kind == "yes":
        return YES if value else NO
    known = names[column.catalogue] if column.catalogue else column.choices
    if column.kind == "list":
        return "\n".join(known.get(one, one) for one in value) or None
    return str(known.get(value, value))
