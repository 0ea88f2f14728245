"""Projects that nobody wrote: each optional field empty or full, in one to five languages.

The fields come from the model itself, so a new one is tried without a word here.
"""

from __future__ import annotations

import types
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any, Literal, Union, get_args, get_origin

import yaml
from openpyxl import load_workbook
from PIL import Image
from pydantic import BaseModel, EmailStr, RootModel
from pydantic_core import PydanticUndefined

from site_build.authoring.from_spreadsheet import from_spreadsheet
from site_build.authoring.new_centre import write_news
from site_build.authoring.new_project import begin_project
from site_build.authoring.spreadsheet.xlsx_writing import write_spreadsheet
from site_build.pipeline import Project
from site_model.facts.centre import Centre
from site_model.facts.contacts import Notice, OpeningHours
from site_model.facts.pictures import Photograph
from site_model.facts.services import ProgrammeDate
from site_model.facts.shared import Authorities, HelpLines, Law, Site
from site_model.loading.loader import load_catalogues
from site_model.types import Source, Text

TODAY = date(2026, 11, 22)
LANGUAGES = ("bg", "en", "tr", "uk", "ar")
SHARED: dict[str, type[BaseModel]] = {
    "site.yml": Site,
    "help_lines.yml": HelpLines,
    "law.yml": Law,
    "authorities.yml": Authorities,
}
WORDS = (
    "Помагаме на деца и родители.",
    "1. Първо, * второ и # трето",
    "_подчертано_ {{ law }} <b>",
    "Съвет за детето ѝ → ✓ ☎ 😀",
    "Λόγια ə 北京",
    "мама",
    "0888 12 34 56 | до 18 г.",
    "https://a.example/" + "дълго-" * 20,
    "Ако детето\nе на 5 – 7 години: „да“ & не",
    "-",
)
HOURS = ("Mo-Fr 09:00-17:00; PH off", "Mo-Fr 09:00-12:00,13:00-17:00", "24/7", "Sa 10:00-14:00")
SOURCE = "razkaz.txt"


class Generator:
    """Makes facts; `full` is the share of optional fields that are filled in, from 0 to 1."""

    def __init__(self, random: Random, full: float, languages: tuple[str, ...]) -> None:
        self.random = random
        self.full = full
        self.languages = languages
        self.number = 0

    def centre(self, id: str, groups: list[str], kinds: list[str]) -> dict[str, Any]:
        """The facts of a centre as its YAML file has them."""
        data = self.of_model(Centre)
        data["id"] = id
        served = data.get("target_groups", [])
        for one in served:
            one["group"] = groups.pop(self.random.randrange(len(groups)))
        codes = [one["group"] for one in served]
        services = [service["id"] for service in data["services"]]
        for one in (*data["services"], *data.get("programmes", ())):
            if "groups" in one:
                one["groups"] = codes[: self.random.randrange(3)]
            if one.get("kind"):
                one["kind"] = self.random.choice(kinds)
            if one.get("part_of") and services:
                one["part_of"]["service"] = self.random.choice(services)
            else:
                one.pop("part_of", None)
        return data

    def of_model(self, model: type[BaseModel]) -> dict[str, Any]:
        data = {
            name: self.value(name, field.annotation)
            for name, field in model.model_fields.items()
            if field.default is PydanticUndefined or self.random.random() < self.full
        }
        for name, field in model.model_fields.items():  # „address:“ and nothing behind it
            if name not in data and field.default is None and self.random.random() < 0.2:
                data[name] = None
        for first, last in (("first", "until"), ("starts", "ends")):  # in their order, or none
            if data.get(last) and data.get(first):
                data[first], data[last] = sorted((data[first], data[last]))
        if data.get("ends") and data["ends"] == data.get("starts"):
            del data["ends"]
        if model is OpeningHours and not data.get("osm"):
            data["text"] = self.of_root(Text)
        if model is Notice and not data.get("first"):
            data.pop("closed", None)
        if model is ProgrammeDate and not data.get("starts"):
            data.pop("ends", None)
        if model is Photograph and not data.get("alt"):
            data.pop("file", None)
        return data

    def value(self, name: str, annotation: Any) -> Any:
        kind = _bare(annotation)
        named = {
            "osm": self.random.choice(HOURS),
            "number": self.random.choice(("0373 9 10 76", "+359 888 123 456", "112")),
            "address": "ime@primer.bg" if kind is EmailStr else None,
            "website": "https://a.example/",
            "starts": f"{self.random.randrange(24):02}:00",
            "ends": f"{self.random.randrange(24):02}:30",
            "file": "snimka.png",
            "checked_on": self.random.choice(("2026", "2026-10", "2026-11-20")),
            "as_of": self.random.choice(("1878", "2014-06", "2014-06-04", "undated")),
        }.get(name)
        if named is not None:
            return named
        if get_origin(kind) is tuple:
            inner = get_args(kind)[0]
            return [self.value(name, inner) for _ in range(self.random.choice((0, 1, 1, 2)))]
        if get_origin(kind) is Literal:
            return self.random.choice(get_args(kind))
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            return self.of_root(kind) if issubclass(kind, RootModel) else self.of_model(kind)
        self.number += 1
        near = str(TODAY + timedelta(days=self.random.randrange(-60, 60)))
        plain = {
            int: self.random.choice((1, 2, 30, 10**9)),
            bool: self.random.random() < 0.5,
            date: near,
            str: f"{'abcdef'[self.number % 6]}{self.number}",
        }
        return plain[kind]

    def of_root(self, kind: type[RootModel[Any]]) -> Any:
        if issubclass(kind, Source):
            return f"{SOURCE}:{self.random.randrange(1, 6)}"
        assert issubclass(kind, Text)
        said = self.random.choice(WORDS)
        some = [code for code in self.languages if self.random.random() < 0.7]
        return {code: f"{said} ({code})" for code in dict.fromkeys(("bg", *some))}

    def thinned(self, data: Any, model: type[BaseModel]) -> Any:
        """Data of a real file, in which some optional fields are left out."""
        if not isinstance(data, dict):
            return data
        made = {}
        for name, value in data.items():
            field = model.model_fields[name]
            if field.default is not PydanticUndefined and self.random.random() >= self.full:
                continue
            kind = _bare(field.annotation)
            inner = _bare(get_args(kind)[0]) if get_origin(kind) is tuple else kind
            plain = isinstance(inner, type) and issubclass(inner, BaseModel)
            if plain and not issubclass(inner, RootModel):
                value = (  # noqa: PLW2901
                    [self.thinned(one, inner) for one in value]
                    if isinstance(value, list)
                    else self.thinned(value, inner)
                )
            made[name] = value
        return made


def _bare(annotation: Any) -> Any:
    """An annotation without None and what pydantic adds."""
    while True:
        if hasattr(annotation, "__metadata__"):
            annotation = get_args(annotation)[0]
        elif get_origin(annotation) in (Union, types.UnionType):
            annotation = next(a for a in get_args(annotation) if a is not type(None))
        else:
            return annotation


def generated_project(root: Path, seed: int) -> Project:
    """Project number `seed`: every fourth is empty, every fourth full, the others as it falls;
    of the odd ones a centre went through a spreadsheet.
    """
    random = Random(seed)  # noqa: S311
    full = (0.0, 1.0, 0.3, 0.7)[seed // 2 % 4]
    count = random.randint(1, 5)
    generator = Generator(random, full, LANGUAGES[:count])
    begin_project(root)
    content = root / "content"
    (content / "sources" / SOURCE).write_text("ред\n" * 5, encoding="utf-8")
    for name, model in SHARED.items():
        data = yaml.safe_load((content / name).read_text(encoding="utf-8"))
        if name == "site.yml":
            data["languages"] = [_language(code, random) for code in LANGUAGES[:count]]
        _write(content / name, generator.thinned(data, model))
    catalogues = load_catalogues(content)
    for number in range(random.choice((1, 1, 2))):
        codes = [list(catalogues[name]) for name in ("groups", "kinds")]
        facts = generator.centre(f"tsentar{number}", *codes)
        if any(photograph.get("file") for photograph in facts.get("photographs", ())):
            (content / "photographs").mkdir(exist_ok=True)
            Image.new("RGB", (8, 8)).save(content / "photographs" / "snimka.png")
        file = content / "centres" / f"{facts['id']}.yml"
        if seed % 2 and number == 0:
            _through_spreadsheet(content, facts, root / "tablitsa.xlsx", random)
        else:
            _write(file, facts)
    return Project(root, today=TODAY)


def _language(code: str, random: Random) -> dict[str, Any]:
    scope = "full" if code == "bg" else random.choice(("full", "main"))
    return {"code": code, "scope": scope, "read_by_native": random.random() < 0.5}


def _through_spreadsheet(content: Path, facts: dict[str, Any], file: Path, random: Random) -> None:
    """Facts as a person would hand them in: some without source and code."""
    catalogues = load_catalogues(content)
    write_spreadsheet(file, Centre.model_validate(facts), catalogues, [])
    book = load_workbook(file)
    for row in (row for sheet in book for row in sheet.iter_rows()):
        for cell in row:
            if str(cell.value).startswith(SOURCE) and random.random() < 0.5:
                cell.value = None
    book.save(file)
    told = from_spreadsheet(Project(content.parent), file, content, catalogues)
    assert told
    write_news(content, told.news)


def _write(file: Path, data: Any) -> None:
    text = yaml.safe_dump(data, allow_unicode=True, sort_keys=False)
    file.write_text(text, encoding="utf-8")
