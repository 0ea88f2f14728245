"""Pure: facts as a form has them. What a person may type of each field is made from the model.

A form is a tree like the facts, whose leaves are texts: a part for each field, in the order of the
model. Where a fact was read, its codes and its days of checking are no part of it: those are kept,
or made, when it is told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from pydantic import BaseModel

from site_build.authoring.spreadsheet.columns import bare, is_model, item_model, kind_of
from site_build.wording.facts import day_words
from site_editor.form_part import BASED_ON, Part, Typed, one_line
from site_editor.hours.form import week_part
from site_editor.plain_words import plainly
from site_model.facts.centre import Centre
from site_model.facts.contacts import OpeningHours
from site_model.facts.pictures import Photograph
from site_model.facts.services import PartOf
from site_model.facts.shared import Catalogues
from site_model.field_metadata import Choices, CodeOf, metadata, words_of
from site_model.types import SOURCE_LANGUAGE, Sourced

Data = Mapping[str, Any]
_KEPT: Final = ("id", "slug", "checked_on", "next_check")
OTHER: Final = "друго, както е записано"


def told_fields(model: type[BaseModel]) -> list[str]:
    """The fields of a model that a person tells."""
    return [
        name
        for name in model.model_fields
        if name not in _KEPT and not is_about_source(model, name)
    ]


def is_about_source(model: type[BaseModel], name: str) -> bool:
    """Whether a field says where a fact was read; a date of history is what it tells."""
    return name in Sourced.model_fields and words_of(model, name) == words_of(Sourced, name)


Lists = Mapping[str, Mapping[str, str]]
"""What can be chosen: what each thing is called, by its code."""


HELPED: Final = "helped"
"""Among the lists: the groups that the centre helps, which alone its services may name."""


def lists_of(catalogues: Catalogues, centre: Centre) -> Lists:
    """The lists that all centres share, and the groups and services of this one."""
    shared = {
        str(name): {code: one.plain.to(SOURCE_LANGUAGE) for code, one in things.items()}
        for name, things in catalogues.items()
    }
    own = {one.group: one.name.to(SOURCE_LANGUAGE) for one in centre.target_groups if one.name}
    groups = own | shared["groups"]
    helped = {one.group: groups[one.group] for one in centre.target_groups}
    services = {one.id: one.name.to(SOURCE_LANGUAGE) for one in centre.services}
    return shared | {"groups": groups, HELPED: helped, "services": services}


@dataclass(frozen=True)
class Reader:
    """Makes parts from facts, or from what a person typed."""

    lists: Lists

    def parts(self, model: type[BaseModel], data: Any, fields: Sequence[str]) -> tuple[Part, ...]:
        """The parts of these fields of a model: as the facts have them, or as they were typed."""
        known = _mapping(data)
        return tuple(self._of_field(model, name, known.get(name), name) for name in fields)

    def _of_field(self, model: type[BaseModel], name: str, value: Any, place: str) -> Part:
        known = model.model_fields[name]
        title, hint = words_of(model, name)
        part = Part(place, title, without_files(hint), needed=known.is_required())
        if inner := item_model(known):
            items = _listed(value)
            made = (self._item(inner, one, place, at) for at, one in enumerate(items))
            return replace(part, kind="many", parts=tuple(made))
        if (model, name) == (OpeningHours, "osm"):
            return week_part(part, value)
        if (model, name) == (Photograph, "file"):
            return replace(
                part, title="Снимка", hint=_CHOSEN, kind="picture", value=one_line(value)
            )
        if is_model(kind := bare(known.annotation)):
            parts = self._inside(kind, value, place)
            return replace(part, parts=parts)
        return self._leaf(part, model, name, value)

    def _item(self, model: type[BaseModel], value: Any, place: str, at: int) -> Part:
        based = str(value[BASED_ON]) if isinstance(value, Typed) else str(at)
        here = f"{place}-{at}"
        return Part(here, str(at + 1), parts=self._inside(model, value, here), base=based)

    def _inside(self, model: type[BaseModel], value: Any, place: str) -> tuple[Part, ...]:
        data = _mapping(value)
        return tuple(
            self._of_field(model, name, data.get(name), f"{place}-{name}")
            for name in told_fields(model)
        )

    def _leaf(self, part: Part, model: type[BaseModel], name: str, value: Any) -> Part:
        known = model.model_fields[name]
        kind: str = kind_of(known)
        code, choices = metadata(known, CodeOf), metadata(known, Choices)
        words = self.lists[code.catalogue] if code else choices.words if choices else {}
        if model is PartOf:
            kind, words = "choice", self.lists["services"]
        if kind == "list":
            if code and code.catalogue == "groups":
                words, part = self.lists[HELPED], replace(part, hint=f"{part.hint} {_OF_CENTRE}")
            several = [value] if value and isinstance(value, str) else _listed(value)
            chosen = tuple(str(one) for one in several if one)
            return replace(part, kind=kind, values=chosen, choices=_with(words, chosen))
        if kind == "choice":
            choices_here = _with(words, [one_line(value)])
            return replace(part, kind=kind, value=one_line(value), choices=choices_here)
        return replace(part, kind=kind, value=show_value(kind, value))


_CHOSEN: Final = (
    "Изберете я от компютъра: JPEG, PNG или WebP. Смалява се сама, а скритото в нея (къде и кога е "
    "снимана) се маха. Без лица на деца."
)
_OF_CENTRE: Final = "Тук са групите от страница „На кого помагаме“; друга се добавя първо там."
_ISO = re.compile(r"\d{4}(-\d\d){0,2}|undated")


def show_value(kind: str, value: Any) -> str:
    """A plain value as a person reads and types it."""
    if kind == "words":
        value = value.get(SOURCE_LANGUAGE) if isinstance(value, Mapping) else value
    if kind == "yes":
        return "yes" if value is True or str(value).lower() in ("true", "да", "yes") else ""
    said = one_line(value)
    return day_words(said) if kind in ("day", "moment") and _ISO.fullmatch(said) else said


def _with(choices: Mapping[str, str], chosen: Sequence[str]) -> dict[str, str]:
    """The choices, and those that the facts have beside."""
    return dict(choices) | {one: OTHER for one in chosen if one and one not in choices}


def without_files(words: str) -> str:
    """An explanation without the names of files and codes, and with days as people write them."""
    return _DAY.sub(r"\3.\2.\1", _OF_FILES.sub("", plainly(words, {}))).strip()


_DAY: Final = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_OF_FILES: Final = re.compile(r"[^.]*\bcontent/[a-z]+[^.]*\.")


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else []
