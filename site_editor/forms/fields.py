"""Pure: a form and its questions as fields on a page, and what was typed there as their data.

Which fields there are, what they are called and what can be chosen comes from the model, so that a
new kind of question is shown without a word here. Each text has its translations beside it.
What cannot stand so is put into the data as it was typed: the model says what is wrong with it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, get_args

from pydantic import BaseModel

from site_build.authoring.spreadsheet.cell_reading import NotUnderstoodError, curl_quotes
from site_build.authoring.spreadsheet.columns import bare, is_model, kind_of
from site_editor.facts_to_form import without_files
from site_editor.form_part import Part
from site_editor.forms.questions import Data, conditions_in, error_codes, mapping, words_in
from site_model.field_metadata import Choices, metadata, words_of
from site_model.forms.conditions import Condition, ShowIf
from site_model.forms.kinds import ERRORS
from site_model.i18n.languages import in_bulgarian
from site_model.types import SOURCE_LANGUAGE, Text

KEPT: Final = ("id", "version", "slug", "fields", "autocomplete")
"""What is made, stands elsewhere, or has its own value in every form."""
OTHER: Final = "друго, както е записано"


def told_fields(model: type[BaseModel], *fixed: str) -> list[str]:
    """The fields of a model that a person tells."""
    return [name for name in model.model_fields if name not in (*KEPT, *fixed)]


@dataclass(frozen=True)
class Fields:
    """`lists` are what can be chosen, by the name of a field; `languages` begin with Bulgarian."""

    lists: Mapping[str, Mapping[str, str]]
    languages: Sequence[str]

    def parts(
        self, model: type[BaseModel], data: Any, names: Sequence[str], above: str = ""
    ) -> tuple[Part, ...]:
        """The fields of a model as its data has them; `above` begins their names."""
        known = mapping(data)
        return tuple(self._part(model, name, known, f"{above}{name}") for name in names)

    def _part(self, model: type[BaseModel], name: str, data: Data, place: str) -> Part:
        title, hint = words_of(model, name)
        kind, inner = _shape(model, name)
        needed = model.model_fields[name].is_required() or kind == "yes"
        part = Part(place, title, without_files(hint), needed=needed)
        value = data.get(name)
        if kind == "texts":
            return self._texts(part, value)
        if kind == "errors":
            texts = {code: Part(f"{place}-{code}", ERRORS[code][0]) for code in error_codes(data)}
            said = mapping(value)
            made = tuple(self._texts(one, said.get(code)) for code, one in texts.items())
            return replace(part, parts=made)
        if kind == "group":
            return replace(part, parts=self.parts(inner, value, told_fields(inner), f"{place}-"))
        if kind == "many":
            items = enumerate(value or ())
            made = tuple(self._item(inner, one, f"{place}-{at}", at) for at, one in items)
            return replace(part, kind=kind, parts=made)
        if kind in ("list", "condition"):
            chosen = tuple(conditions_in(value) if kind == "condition" else map(str, value or ()))
            choices = self._choices(model, name, chosen)
            return replace(part, kind="list", values=chosen, choices=choices)
        shown = _shown(model, name, value)
        kind = "choice" if name in self.lists else kind
        choices = self._choices(model, name, [shown]) if kind == "choice" else {}
        return replace(part, kind=kind, value=shown, choices=choices)

    def _item(self, model: type[BaseModel], data: Any, place: str, at: int) -> Part:
        part = Part(place, str(at + 1), base=str(mapping(data).get("id", "")))
        if model is Text:
            return self._texts(replace(part, title="Текст"), data)
        return replace(part, parts=self.parts(model, data, told_fields(model), f"{place}-"))

    def _texts(self, part: Part, value: Any) -> Part:
        titles = {code: f"{part.title} ({in_bulgarian(code)})" for code in self.languages}
        titles[SOURCE_LANGUAGE] = part.title
        made = tuple(
            Part(f"{part.name}-{code}", title, kind="words", value=words_in(value, code), base=code)
            for code, title in titles.items()
        )
        return replace(part, kind="texts", parts=made)

    def _choices(self, model: type[BaseModel], name: str, chosen: Sequence[str]) -> dict[str, str]:
        known = metadata(model.model_fields[name], Choices)
        words = self.lists.get(name) or (known.words if known else {})
        return dict(words) | {one: OTHER for one in chosen if one and one not in words}

    def read(
        self, model: type[BaseModel], typed: Any, data: Data, names: Sequence[str]
    ) -> dict[str, Any]:
        """The data with what was typed; what says the same as before stays as it was written."""
        made, tree = dict(data), mapping(typed)
        for name in names:
            value = self._value(model, name, tree.get(name), data.get(name))
            if value is None:
                made.pop(name, None)
            else:
                made[name] = value
        return made

    def _value(self, model: type[BaseModel], name: str, typed: Any, base: Any) -> Any:
        kind, inner = _shape(model, name)
        match kind:
            case "texts":
                value: Any = self._text(typed, base)
            case "errors":
                said, value = mapping(typed), dict(mapping(base))
                for code in (one for one in ERRORS if one in said):
                    value[code] = self._text(said[code], value.get(code))
                value = {code: text for code, text in value.items() if text}
            case "group":
                value = self.read(inner, typed, mapping(base), told_fields(inner))
            case "many":
                value = self._items(inner, typed, base or ())
                if not value and (base == [] or model.model_fields[name].is_required()):
                    return []
            case "condition":
                value = _condition(_several(typed), base, inner)
            case "list":
                value = _codes(_several(typed), base)
            case _:
                typed = " ".join(str(typed or "").split())
                if name == "kind" and typed not in self.lists["kind"]:
                    return base  # without a kind nothing is known of a question
                return _plain_value(kind, typed, _shown(model, name, base), base)
        return value or None

    def _items(self, model: type[BaseModel], typed: Any, base: Sequence[Any]) -> list[Any]:
        items = typed if isinstance(typed, list) else []
        pairs = [(one, base[at] if at < len(base) else {}) for at, one in enumerate(items)]
        if model is Text:
            return [self._text(*pair) or {} for pair in pairs]
        return [self.read(model, one, mapping(was), told_fields(model)) for one, was in pairs]

    def _text(self, typed: Any, base: Any) -> dict[str, Any] | None:
        made = dict(mapping(base))
        for code in self.languages:
            said = " ".join(str(mapping(typed).get(code) or "").split())
            if said == words_in(base, code):
                continue
            made.pop(code, None)
            if said:
                made[code] = _curled(said, code)
        return made or None


def _curled(said: str, language: str) -> str:
    try:
        return curl_quotes(said, language)
    except NotUnderstoodError:
        return said


def _shape(model: type[BaseModel], name: str) -> tuple[str, Any]:
    """How a field is shown, and the model of what is in it."""
    known = model.model_fields[name]
    kind = bare(known.annotation)
    items = bare(get_args(kind)[0]) if get_args(kind) and kind_of(known) == "list" else None
    if kind in (ShowIf, Condition):
        return "condition", kind
    if name == "errors":
        return "errors", Text
    if is_model(kind):
        return "group", kind
    if items is Text or is_model(items):
        return "many", items
    return {"words": "texts"}.get(kind_of(known), kind_of(known)), Text


def _shown(model: type[BaseModel], name: str, value: Any) -> str:
    """A plain value as a field shows it; where none is written, that which the model gives."""
    known = model.model_fields[name]
    if value is None and not known.is_required():
        value = known.default
    if kind_of(known) == "yes":
        return "yes" if str(value).lower() in ("true", "да") else ""
    return "" if value is None else str(value)


def _plain_value(kind: str, typed: str, shown: str, base: Any) -> Any:
    if typed == shown:
        return base
    if kind == "yes":
        return typed == "yes"
    return int(typed) if kind == "number" and typed.isascii() and typed.isdigit() else typed or None


def _condition(said: Sequence[str], base: Any, kind: Any) -> Any:
    if set(said) == set(conditions_in(base)):
        return base
    answers: dict[str, list[str]] = {}
    for one in said:
        answers.setdefault(one.partition(".")[0], []).append(one.partition(".")[2])
    if kind is ShowIf or not answers:
        return answers or None
    first = next(iter(answers))
    return {"field": first, "any_of": answers[first] if len(answers) == 1 else list(said)}


def _codes(said: Sequence[str], base: Any) -> Any:
    codes = [str(one) for one in base or ()]
    made = [*(one for one in codes if one in said), *(one for one in said if one not in codes)]
    return base if made == codes else made


def _several(typed: Any) -> list[str]:
    said = typed if isinstance(typed, list) else [typed]
    return [one for one in said if one and isinstance(one, str)]
