"""Pure: what a person typed in a form: its tree, arranged anew, and told as facts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from site_build.authoring.spreadsheet.cell_reading import READERS, NotUnderstoodError, curl_quotes
from site_build.authoring.spreadsheet.columns import bare, item_model
from site_editor.facts_to_form import is_about_source, show_value
from site_editor.form_part import BASED_ON, Part, Typed
from site_editor.hours.form import copy_monday, told_table
from site_editor.hours.week import TableError, hours_of, table_of
from site_model.types import SOURCE_LANGUAGE, Sourced

MOST_STEPS: Final = 8
Faults = dict[str, list[str]]
"""Sentences on what is wrong, by the name of the part that they stand beside."""


def typed_tree(form: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """What was typed, as a tree; raises ValueError for what no page of ours sends."""
    root: dict[str, Any] = {}
    for name, values in form.items():
        *above, last = name.split("-")
        here = root
        for step in above if len(above) < MOST_STEPS else ():
            here = here.setdefault(step, {})
            if not isinstance(here, dict):
                raise ValueError(name)
        here[last] = list(values)
    tree = _settled(root)
    if not isinstance(tree, dict):
        raise ValueError("items without a field")
    return tree


def _settled(node: Any) -> Any:
    """Numbered steps become lists, single values texts."""
    if isinstance(node, list):
        return node[0] if len(node) == 1 else node
    made = {name: _settled(one) for name, one in node.items()}
    numbered = {int(name): one for name, one in made.items() if re.fullmatch(r"\d{1,3}", name)}
    if not numbered:
        return made
    items = [one for _, one in sorted(numbered.items()) if isinstance(one, dict)]
    return [Typed({BASED_ON: ""} | one) for one in items]


def arrange(tree: dict[str, Any], what: str, place: str) -> str:
    """Add an item to a list, remove or move one; returns the name of the part that is meant.

    Raises ValueError or LookupError for what is not there.
    """
    *above, last = place.split("-")
    here: Any = tree
    for step in above:
        here = here[int(step)] if isinstance(here, list) else here.setdefault(step, {})
        if not isinstance(here, dict | list):
            raise LookupError(place)
    if what in ("clear", "same"):
        return _change_week(here, last, what, place)
    if what == "add":
        items = here.get(last) if isinstance(here, dict) else None
        if not isinstance(items, list | None):
            raise LookupError(place)
        items = items or []
        if items and _is_empty(items[-1]):  # pressed again before anything was typed
            return f"{place}-{len(items) - 1}"
        here[last] = [*items, Typed({BASED_ON: ""})]
        return f"{place}-{len(items)}"
    if not isinstance(here, list) or not 0 <= int(last) < len(here):
        raise LookupError(place)
    item = here.pop(int(last))
    at = int(last)
    if what != "remove":
        at = max(0, at - 1) if what == "up" else min(len(here), at + 1)
        here.insert(at, item)
    return "-".join((*above, str(at)))


def _is_empty(item: Any) -> bool:
    """Whether nothing was typed in an item that is no fact yet."""
    if not isinstance(item, dict) or item.get(BASED_ON):
        return False
    return not any(_said(one) for one in item.values())


def _said(value: Any) -> bool:
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return any(map(_said, inner)) if inner else bool(value)


def _change_week(here: Any, last: str, what: str, place: str) -> str:
    """Empty a table of hours, or give all working days those of Monday."""
    if not isinstance(here, dict) or last not in here:
        raise LookupError(place)
    if what == "clear":
        here[last] = {}
    elif isinstance(here[last], dict):
        copy_monday(here[last])
    return place


class Telling:
    """Facts as a form tells them. What was not changed stays as `base` has it, to the sign."""

    def __init__(self) -> None:
        self.faults: Faults = {}

    def fields(self, model: type[BaseModel], parts: Sequence[Part], base: Any) -> dict[str, Any]:
        """The fields of a model; one that was emptied is left out."""
        known = base if isinstance(base, dict) else {}
        made = dict(known)
        for part in parts:
            name = part.name.rpartition("-")[2]
            value = self._value(model, name, part, known.get(name))
            if value is None:
                made.pop(name, None)
            else:
                made[name] = value
            renewed = part.kind not in ("group", "many") and value != known.get(name)
            if renewed and issubclass(model, Sourced) and is_about_source(model, "as_of"):
                made.pop("as_of", None)  # the day of what stood here before
        return made

    def _value(self, model: type[BaseModel], name: str, part: Part, base: Any) -> Any:
        known = model.model_fields[name]
        if inner := item_model(known):
            before = base if isinstance(base, list) else []
            told = [self._item(inner, one, before) for one in part.parts if not one.empty]
            return told or ([] if base == [] or known.is_required() else None)
        if part.empty and part.kind != "yes":
            return None
        if part.kind == "group":
            return self.fields(bare(known.annotation), part.parts, base)
        if part.kind == "week":
            return self._hours(part, base)
        if part.kind == "list":
            before = [one for one in base or () if one in part.values]
            return [*before, *(one for one in part.values if one not in before)]
        same = part.value == show_value(part.kind, base)
        return base if same else self._leaf(part, base)

    def _hours(self, part: Part, base: Any) -> Any:
        table = told_table(part)
        if isinstance(base, str) and table == table_of(base):
            return base
        try:
            return hours_of(table)
        except TableError as error:
            for steps, sentence in error.faults.items():
                self.faults[f"{part.name}-{steps}"] = [sentence]
            return base

    def _item(self, model: type[BaseModel], part: Part, before: list[Any]) -> dict[str, Any]:
        at = int(part.base) if re.fullmatch(r"\d{1,3}", part.base) else len(before)
        return self.fields(model, part.parts, before[at] if at < len(before) else {})

    def _leaf(self, part: Part, base: Any) -> Any:
        if part.kind == "yes":
            return part.value == "yes"
        try:
            if part.kind == "words":
                others = base if isinstance(base, dict) else {}
                return others | {SOURCE_LANGUAGE: curl_quotes(part.value)}
            reader = READERS.get(part.kind)
            return reader(part.value, part.value).value if reader else part.value
        except NotUnderstoodError as error:
            self.faults.setdefault(part.name, []).append(str(error))
            return base
