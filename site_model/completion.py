"""Facts as somebody just told them, completed with what no person should have to write.

Codes and addresses come from names, `checked_on` is the day on which they were told, and each
fact that names no source rests on the telling itself: a text for content/sources.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, RootModel

from site_model.base import SOURCE_LANGUAGE, Fact, Sourced
from site_model.centre import Centre
from site_model.field_words import CHOICE_WORDS, words_of
from site_model.latin import latin_words
from site_model.problems import models_within

Data = dict[str, Any]


@dataclass
class SaidText:
    """A text for content/sources, line by line; `file` is its name there."""

    file: str
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
    return str(data.get("id") or latin_words(_bulgarian(data.get("place"))))


def completed(data: Data, today: str, said: SaidText) -> Data:
    """The same facts with codes, dates and sources; what is lacking else stays lacking.

    `today` is a day as 2026-11-22. The lines of `said` grow by what had no source.
    """
    place = _bulgarian(data.get("place"))
    whole: Data = {"id": centre_id(data), "checked_on": today, "services": []}
    if place:
        whole["short_name"] = {SOURCE_LANGUAGE: f"ЦОП {place}"}
        whole["name"] = {"text": {SOURCE_LANGUAGE: f"Център за обществена подкрепа, {place}"}}
    whole |= data
    for kind in ("services", "programmes"):
        whole[kind] = list(_with_codes(whole.get(kind, ()), kind, whole["checked_on"]))
    _name_services(whole)
    sourced: Data = _sourced(whole, Centre, said)
    return sourced


def _with_codes(items: Any, kind: str, checked_on: str) -> Iterator[Data]:
    taken: set[str] = {item["id"] for item in items if item.get("id")}
    for item in items:
        base = latin_words(_bulgarian(item.get("name")), "_") or kind.removesuffix("s")
        names = (base, *(f"{base}_{number}" for number in range(2, len(items) + 2)))
        code = item.get("id") or next(name for name in names if name not in taken)
        taken.add(code)
        made = {"id": code, "checked_on": checked_on}
        if kind == "services":
            made["slug"] = code.replace("_", "-")
        yield made | item


def _name_services(whole: Data) -> None:
    """A programme that names its service by its name names it by its code instead."""
    codes = {_bulgarian(item.get("name")): item["id"] for item in whole["services"]}
    for number, programme in enumerate(whole["programmes"]):
        part = programme.get("part_of") or {}
        if part.get("service") not in codes.values() and part.get("service") in codes:
            part = part | {"service": codes[part["service"]]}
            whole["programmes"][number] = programme | {"part_of": part}


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
        told = "; ".join(_told(made, model))
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


def _told(data: Data, model: type[BaseModel]) -> Iterator[str]:
    """What was told of one thing, each answer after the name of its field."""
    for name in model.model_fields:
        value = data.get(name)
        if not value or name in ("id", "slug", "checked_on", *Sourced.model_fields):
            continue
        if isinstance(value, dict):
            value = _bulgarian(value)
        if isinstance(value, list):
            value = ", ".join(map(str, value))
        shown = CHOICE_WORDS.get((model, name), {}).get(str(value), value)
        if shown:
            yield f"{words_of(model, name).title}: {shown}"
