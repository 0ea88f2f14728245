"""Facts as somebody just told them, completed with what no person should have to write.

Codes and addresses come from names, `checked_on` is the day on which they were told, and each
fact that names no source rests on the telling itself: a text for content/sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import BaseModel, RootModel

from site_build.authoring.spreadsheet.columns import Names, cell_value, columns_of, item_model
from site_model.facts.centre import Centre
from site_model.field_metadata import words_of
from site_model.problems import models_within
from site_model.text.transliteration import latin_words
from site_model.types import SOURCE_LANGUAGE, Fact, Sourced

Data = dict[str, Any]


@dataclass
class SaidText:
    """A text for content/sources, line by line; `file` is its name there.

    `names` are what the things of each catalogue are called.
    """

    file: str
    names: Names
    lines: list[str] = field(default_factory=list)

    def add(self, line: str) -> str:
        """Write a line down; returns where it stands, as a fact names its source."""
        self.lines.append(" ".join(line.split()))
        return f"{self.file}:{len(self.lines)}"

    @property
    def text(self) -> str:
        return "".join(f"{line}\n" for line in self.lines)


def centre_id(data: Data) -> str:
    """The code that the facts name, or one made of the place's name; "" where neither is told."""
    return str(data.get("id") or latin_words(_bulgarian(place_name(data.get("place")))))


def complete(data: Data, today: str, said: SaidText) -> Data:
    """The same facts with codes, dates and sources; what is lacking else stays lacking.

    `today` is a day as 2026-11-22. The lines of `said` grow by what had no source.
    """
    data = data | {"place": place_name(data["place"])} if "place" in data else data
    place = _bulgarian(data.get("place"))
    whole: Data = {"id": centre_id(data), "checked_on": today, "services": [], "programmes": []}
    if place:
        whole["short_name"] = {SOURCE_LANGUAGE: f"ЦОП {place}"}
        whole["name"] = {"text": {SOURCE_LANGUAGE: f"Център за обществена подкрепа, {place}"}}
    whole |= data
    for one in whole.get("municipalities", ()):
        one["name"] = _without(_OF_MUNICIPALITY, one.get("name"))
    for name, known in Centre.model_fields.items():
        inner = item_model(known)
        if inner and "id" in inner.model_fields and name in whole:
            whole[name] = list(_with_codes(whole[name], name, inner, whole["checked_on"]))
    _name_services(whole)
    if "target_groups" in whole:
        _code_own_groups(whole)
    sourced: Data = _sourced(whole, Centre, said)
    return sourced


_OF_TOWN: Final = re.compile(r"\s*(?:(?:гр|с)\.|(?:гр|с|град|село)(?=\s))\s*", re.IGNORECASE)
_OF_MUNICIPALITY: Final = re.compile(r"\s*(?:общ\.|(?:общ|община)(?=\s))\s*", re.IGNORECASE)


def place_name(place: Any) -> Any:
    """A place without „гр.“ or „с.“ before it: names and addresses are made of it."""
    return _without(_OF_TOWN, place)


def _without(before: re.Pattern[str], text: Any) -> Any:
    """The same text without such a beginning in Bulgarian."""
    words = _bulgarian(text)
    begin = before.match(words)
    return text | {SOURCE_LANGUAGE: words[begin.end() :]} if begin else text


def _with_codes(items: Any, kind: str, model: type[BaseModel], checked_on: str) -> Iterator[Data]:
    taken: set[str] = {item["id"] for item in items if item.get("id")}
    for item in items:
        base = latin_words(_bulgarian(item.get("name")), "_") or kind.removesuffix("s")
        names = (base, *(f"{base}_{number}" for number in range(2, len(items) + 2)))
        code = item.get("id") or next(name for name in names if name not in taken)
        taken.add(code)
        made = {"id": code, "checked_on": checked_on, "slug": code.replace("_", "-")}
        yield {name: made[name] for name in made if name in model.model_fields} | item


def _name_services(whole: Data) -> None:
    """A programme that names its service by its name names it by its code instead."""
    codes = {_bulgarian(item.get("name")): item["id"] for item in whole["services"]}
    for number, programme in enumerate(whole["programmes"]):
        part = programme.get("part_of") or {}
        if part.get("service") not in codes.values() and part.get("service") in codes:
            part = part | {"service": codes[part["service"]]}
            whole["programmes"][number] = programme | {"part_of": part}


def _code_own_groups(whole: Data) -> None:
    """A group of which only the centre's name was told has its code of that, wherever it stands."""
    codes: dict[str, str] = {}
    served = list(whole["target_groups"])
    for number, one in enumerate(served):
        name = _bulgarian(one.get("name"))
        if name and not one.get("group"):
            first_words = latin_words(name, "_").split("_")[:4]
            codes[name] = "_".join(first_words) or f"group_{number + 1}"
            served[number] = one | {"group": codes[name]}
    whole["target_groups"] = served
    for item in (*whole["services"], *whole["programmes"]):
        if "groups" in item:
            item["groups"] = [codes.get(group, group) for group in item["groups"]]


def _bulgarian(text: Any) -> str:
    return str(text.get(SOURCE_LANGUAGE, "")) if isinstance(text, dict) else ""


def _sourced(data: Any, model: type[BaseModel], said: SaidText, field: str = "") -> Any:
    """Facts below `data`, those that have no source with a line of `said`.

    `field` is what the field is called that holds them.
    """
    if not isinstance(data, dict):
        return data
    made = dict(data)
    if issubclass(model, Sourced) and not made.get("source"):
        told = "; ".join(_told(made, model, said.names))
        alone = f"{words_of(Fact, 'text').title}: "
        made["source"] = said.add(f"{field}: {told.removeprefix(alone)}" if field else told)
    for name, known in model.model_fields.items():
        inner = [m for m in models_within(known.annotation) if not issubclass(m, RootModel)]
        if inner and isinstance(value := made.get(name), list):
            title = words_of(model, name).title
            made[name] = [_sourced(item, inner[0], said, title) for item in value]
        elif inner and name in made:
            made[name] = _sourced(made[name], inner[0], said, words_of(model, name).title)
    return made


def _told(data: Data, model: type[BaseModel], names: Names) -> Iterator[str]:
    """What was told of one thing, each answer after the name of its field."""
    for column in columns_of(model):
        field = column.steps[-1]
        if len(column.steps) > 1 or column.of_source or field in ("id", "slug", "checked_on"):
            continue
        language = SOURCE_LANGUAGE if column.kind == "words" else ""
        if (said := cell_value(column, data.get(field), language, names)) is not None:
            yield f"{column.title}: {', '.join(str(said).splitlines())}"
