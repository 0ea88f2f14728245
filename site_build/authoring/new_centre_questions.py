"""Pure: what `make new-centre` asks, and the facts that the answers are.

What is asked stands in the model: each field that has a `Prompt`, in the words that it has
everywhere. Only the names of a centre, made of one another, are asked for in a way of their own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from site_build.authoring.completion import Data, place_name
from site_build.authoring.spreadsheet.cell_reading import READERS, curl_quotes
from site_build.authoring.spreadsheet.columns import bare, is_model, kind_of
from site_model.facts.centre import Centre
from site_model.facts.contacts import OpeningHours
from site_model.facts.opening_hours.rules import parsed_hours
from site_model.facts.shared import Catalogues, Coded
from site_model.field_metadata import CatalogueName, Choices, CodeOf, Prompt, metadata, words_of
from site_model.prompts import Ask, Check, Question
from site_model.text.transliteration import latin_words
from site_model.types import SOURCE_LANGUAGE, Figure, Sourced


def _words(answer: str) -> Data:
    return {SOURCE_LANGUAGE: curl_quotes(answer)}


def _hours(answer: str) -> Data:
    """Hours by the rules of OpenStreetMap where they begin like it, otherwise in words."""
    if re.match(r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|\d\d:\d\d|24/7)\b", answer):
        parsed_hours(answer)
        return {"osm": answer}
    return {"text": _words(answer)}


def _figure(answer: str) -> Data:
    found = re.fullmatch(r"(\d{1,9})\s+(\D.*)", answer)
    if not found:
        raise ValueError(f"„{answer}“ не е число и какво се брои. Напишете например 30 случая")
    return {"value": int(found[1]), "unit": _words(found[2])}


_OF_MODELS: Final[Mapping[type[BaseModel], Callable[[str], Data]]] = {
    OpeningHours: _hours,
    Figure: _figure,
}
"""How an answer is read that is more than one value."""

Listed = Mapping[str, str]
"""What can be chosen: what each thing is called, by its code."""
Lists = Mapping[CatalogueName, Listed]
_NO_LISTS: Final[Lists] = {}
_LONGEST_ID: Final = 60
"""Signs: files and folders have this name, and more."""
_UNWRITTEN: Final = "otgovori.txt:1"
"""The source of a fact that is only being told."""
Step = Callable[[Ask, Data], Data]
"""Asks one thing, knowing what was told before; returns the facts that were told."""


def asked_facts(ask: Ask, catalogues: Catalogues, taken: Callable[[str], bool]) -> Data:
    """Ask all questions; returns what was told, to be completed by `authoring.completion`.

    `taken` says whether there is a centre of this id already.
    """
    data: Data = {}
    of_model = (_step(name, catalogues) for name in _prompted(Centre))
    steps = [*_names(taken), *of_model]
    for number, step in enumerate(steps, 1):
        far = f"{number} от {len(steps)}"

        def numbered(question: Question, far: str = far) -> Any:
            return ask(replace(question, progress=far))

        data |= {key: value for key, value in step(numbered, data).items() if value}
    return data


def _prompted(model: type[BaseModel]) -> Mapping[str, Prompt]:
    """The fields of a model that are asked for, in order."""
    found = {name: metadata(field, Prompt) for name, field in model.model_fields.items()}
    names = [name for name, prompt in found.items() if prompt and not prompt.after]
    for name, prompt in found.items():
        if prompt and prompt.after:
            names.insert(names.index(prompt.after) + 1, name)
    return {name: prompt for name in names if (prompt := found[name])}


def _names(taken: Callable[[str], bool]) -> list[Step]:
    """What a centre is called: its place, of which the other names are made."""

    def place(ask: Ask, _: Data) -> Data:
        question = _question(Centre, "place", Prompt("По него хората намират центъра."))
        return {"place": place_name(ask(question))}

    def name(ask: Ask, data: Data) -> Data:
        full = f"Център за обществена подкрепа, {data['place'][SOURCE_LANGUAGE]}"
        return {"name": ask(_question(Centre, "name", Prompt(default=full)))}

    def short_name(ask: Ask, data: Data) -> Data:
        short = f"ЦОП {data['place'][SOURCE_LANGUAGE]}"
        return {"short_name": ask(_question(Centre, "short_name", Prompt(default=short)))}

    def id_(ask: Ask, data: Data) -> Data:
        made = latin_words(data["place"][SOURCE_LANGUAGE]) or "tsentar"
        question = _question(Centre, "id", Prompt(default=made))
        return {"id": ask(replace(question, check=_free(taken, question.check)))}

    return [place, name, short_name, id_]


def _free(taken: Callable[[str], bool], slug: Check) -> Check:
    def check(answer: str) -> Any:
        value = slug(answer)
        if len(answer) > _LONGEST_ID:
            raise ValueError(f"„{answer}“ е твърде дълъг: най-много {_LONGEST_ID} знака")
        if taken(answer):
            raise ValueError(f"„{answer}“ вече е заето. Напишете друг код")
        return value

    return check


def _step(name: str, catalogues: Catalogues) -> Step:
    """Asks for a field of a centre: once, or for each item of its list."""
    inner = _model_of(Centre.model_fields[name])
    lists: dict[CatalogueName, Listed] = {
        catalogue: _names_in(listed) for catalogue, listed in catalogues.items()
    }

    def step(ask: Ask, data: Data) -> Data:
        if not (inner and _prompted(inner)):
            return {name: ask(_question(Centre, name, lists=lists))}
        helped = [one["group"] for one in data.get("target_groups", ())]
        own: Lists = lists | {"groups": {code: lists["groups"][code] for code in helped}}
        return {name: list(_items(ask, name, inner, own))}

    return step


def _items(ask: Ask, above: str, model: type[BaseModel], lists: Lists) -> Iterator[Data]:
    """Things of one kind: one for each choice, or until there are no more."""
    (first, prompt), *more = _prompted(model).items()
    parts = [
        _question(model, name, lists=lists, above=above)
        for name, _ in more
        if _listed(model.model_fields[name], lists) != {}
    ]
    for code, words in prompt.of_each.items():
        key = f"{above}.{code}"
        each = replace(parts[0], key=key, title=words, why=prompt.why, needed=False)
        if text := ask(each):
            yield {first: code, more[0][0]: text}
    if prompt.of_each:
        return
    why = f"{words_of(Centre, above).explanation} Питаме една по една."
    question = replace(_question(model, first, Prompt(why), above=above), needed=False)
    while name := ask(question):
        item = {first: name}
        for part in parts:
            if (value := ask(replace(part, about=name[SOURCE_LANGUAGE]))) is not None:
                item[part.key.rpartition(".")[2]] = value
        yield item
        question = replace(question, why="Още нещо? Ако няма, оставете празно.")


def _question(
    model: type[BaseModel],
    name: str,
    prompt: Prompt | None = None,
    lists: Lists = _NO_LISTS,
    above: str = "",
) -> Question:
    """The question for a field, in the words that it has everywhere."""
    field, words = model.model_fields[name], words_of(model, name)
    prompt = prompt or metadata(field, Prompt) or Prompt()
    listed = _listed(field, lists)
    several = get_origin(bare(field.annotation)) is tuple
    default = prompt.default
    if listed and field.default in listed:
        default = str(list(listed).index(field.default) + 1)
    return Question(
        f"{above}.{name}" if above else name,
        words.title,
        f"{words.explanation} {prompt.why}".strip(),
        check=_check(field, listed, several=several),
        default=default,
        needed=prompt.needed or field.is_required(),
        several=several,
        choices=listed or {},
    )


def _check(field: FieldInfo, listed: Listed | None, *, several: bool) -> Check:
    """Reads an answer, one of several, as the field holds it; raises what the model would."""
    inner = _model_of(field)
    kind = field.rebuild_annotation()
    adapter = TypeAdapter(get_args(bare(kind))[0] if several else kind)

    def check(answer: str) -> Any:
        if inner is None:
            value = _read(field, answer, listed)
        elif inner in _OF_MODELS:
            value = _OF_MODELS[inner](answer)
        else:
            value = {_value_of(inner): _read(_value_field(field), answer, listed)}
        adapter.validate_python(value | {"source": _UNWRITTEN} if inner else value)
        return value

    return check


def _read(field: FieldInfo, answer: str, listed: Listed | None) -> Any:
    if listed is not None:
        return _code(answer, listed)
    kind = kind_of(field)
    return _words(answer) if kind == "words" else READERS[kind](answer, answer).value


def _model_of(field: FieldInfo) -> type[BaseModel] | None:
    """The model that a field holds, once or as a list."""
    kind = bare(field.annotation)
    kind = bare(get_args(kind)[0]) if get_origin(kind) is tuple else kind
    return kind if is_model(kind) else None


def _value_of(model: type[BaseModel]) -> str:
    """The one field of a fact in which the answer stands."""
    needed = [name for name, field in model.model_fields.items() if field.is_required()]
    (name,) = (name for name in needed if name not in Sourced.model_fields)
    return name


def _value_field(field: FieldInfo) -> FieldInfo:
    """The field in which the answer stands: of the fact that a field holds, or it."""
    inner = _model_of(field)
    return inner.model_fields[_value_of(inner)] if inner and inner not in _OF_MODELS else field


def _listed(field: FieldInfo, lists: Lists) -> Listed | None:
    """What can be chosen for a field; None where the answer is written freely."""
    value = _value_field(field)
    if choices := metadata(value, Choices):
        return choices.words
    code = metadata(value, CodeOf)
    return lists[code.catalogue] if code else None


def _code(answer: str, listed: Listed) -> str:
    """The code of a thing of a list; a number of it is one already."""
    if answer not in listed:
        raise ValueError(f"„{answer}“ не е номер от списъка, от 1 до {len(listed)}")
    return answer


def _names_in(listed: Mapping[str, Coded]) -> Listed:
    """The plain names by their codes, each with that of the law where it is another."""
    both = {
        code: (one.plain.to(SOURCE_LANGUAGE), one.legal.to(SOURCE_LANGUAGE))
        for code, one in listed.items()
    }
    return {
        code: plain if plain == legal else f"{plain} (в закона: {legal})"
        for code, (plain, legal) in both.items()
    }
