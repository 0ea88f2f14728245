"""The one module of this package that reads files: the content folder, templates, catalogues."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from site_model.base import SOURCE_LANGUAGE
from site_model.centre import Centre
from site_model.checks import cross_check
from site_model.facts import (
    Authorities,
    Catalogues,
    Content,
    HelpLines,
    Law,
    ServiceKinds,
    Site,
    TargetGroups,
)
from site_model.form import FormDefinition
from site_model.form_places import PLACED_FORMS
from site_model.form_versions import AcceptedVersions
from site_model.located_yaml import NotYamlError, parse_yaml
from site_model.problems import ContentError, LineFinder, Problem, problems_of
from site_model.search import SearchWords
from site_model.statements import AccessibilityResults

Model = TypeVar("Model", bound=BaseModel)

ACCESSIBILITY_RESULTS = "accessibility_results.yml"
FORM_VERSIONS = "form_versions.yml"
TARGET_GROUPS = "target_groups.yml"
SERVICE_KINDS = "service_kinds.yml"


class Kept(Protocol):
    """Where values that take long to read are kept under a key that is long too: a whole file."""

    def get(self, key: str) -> Any:
        """The value, or None."""

    def put(self, key: str, value: Any) -> None:
        """Keep a value for the next time."""


def load_content(folder: Path, kept: Kept | None = None) -> Content:
    """Read and check a content folder; raises ContentError with every problem in it.

    A file whose text is `kept` is not read again; how files hold together is checked every time.
    """
    reader = _Reader(folder, kept)
    site = reader.read("site.yml", Site)
    groups = reader.read(TARGET_GROUPS, TargetGroups)
    kinds = reader.read_if_there(SERVICE_KINDS, ServiceKinds)
    lines = reader.read("help_lines.yml", HelpLines)
    law = reader.read("law.yml", Law)
    authorities = reader.read("authorities.yml", Authorities)
    accessibility = reader.read_if_there(ACCESSIBILITY_RESULTS, AccessibilityResults)
    search = reader.read("search.yml", SearchWords)
    centres = reader.read_all("centres", Centre)
    forms = reader.read_all("forms", FormDefinition)
    reader.require("forms", PLACED_FORMS, "Към този формуляр водят страниците на всеки център.")
    versions = reader.read_if_there(FORM_VERSIONS, AcceptedVersions)
    source_lengths = reader.source_lengths()
    if reader.problems or not (site and groups and lines and law and authorities and search):
        raise ContentError(reader.problems)
    content = Content(
        site=site,
        centres=centres,
        groups={group.id: group for group in groups.groups},
        kinds={kind.id: kind for kind in kinds.kinds} if kinds else {},
        help_lines={line.id: line for line in lines.lines},
        law={note.id: note for note in law.notes},
        authorities={body.id: body for body in authorities.authorities},
        forms=forms,
        accessibility=accessibility,
        search=search,
        accepted_versions=versions.root if versions else {},
    )
    if problems := list(cross_check(content, reader.line_of, source_lengths)):
        raise ContentError(problems)
    return content


def load_catalogues(folder: Path) -> Catalogues:
    """What centres may name by code, where there may be no centre yet; raises ContentError."""
    reader = _Reader(folder)
    groups = reader.read(TARGET_GROUPS, TargetGroups)
    kinds = reader.read_if_there(SERVICE_KINDS, ServiceKinds)
    if reader.problems or groups is None:
        raise ContentError(reader.problems)
    return {
        "groups": {group.id: group for group in groups.groups},
        "kinds": {kind.id: kind for kind in kinds.kinds} if kinds else {},
    }


class _Reader:
    """Reads YAML files into models and gathers the problems instead of stopping at one."""

    def __init__(self, folder: Path, kept: Kept | None = None) -> None:
        self.folder = folder
        self._kept = kept
        self.problems: list[Problem] = []
        self._located: dict[str, LineFinder] = {}

    def line_of(self, name: str, path: tuple[str | int, ...]) -> Problem:
        """A Problem without its sentence yet: where `path` stands in the file `name`."""
        if name not in self._located:  # its value was kept
            text = (self.folder / name).read_text(encoding="utf-8")
            self._located[name] = parse_yaml(text).lines
        line, words = self._located[name](path)
        return Problem(self._shown(name), line, words, "")

    def read_all(self, kind: str, model: type[Model]) -> dict[str, Model]:
        """Every .yml file of a folder, by its id, which is the file's name."""
        found: dict[str, Model] = {}
        paths = sorted((self.folder / kind).glob("*"))
        for path in paths:
            name = f"{kind}/{path.name}"
            if path.suffix != ".yml":
                self._add(name, 1, "името на файла трябва да свършва на .yml.")
                continue
            value = self.read(name, model)
            if value is None:
                continue
            key: str = value.id  # type: ignore[attr-defined]
            if key != path.stem:
                sentence = f"файлът се казва {path.name}, затова тук се пише {path.stem}."
                self.problems.append(replace(self.line_of(name, ("id",)), sentence=sentence))
            found[key] = value
        if not paths:
            self._add(f"{kind}/", 1, "в папката няма нито един файл .yml.")
        return found

    def read(self, name: str, model: type[Model]) -> Model | None:
        """One file as its model, or None and the problems of it."""
        text = self.read_text(name)
        if text is None:
            return None
        key = f"{model.__name__} {name}\n{text}"
        known: Model | None = self._kept.get(key) if self._kept else None
        if known is not None:
            return known
        before = len(self.problems)
        value = self._validated(name, text, model)
        if self._kept and len(self.problems) == before:
            self._kept.put(key, value)
        return value

    def _validated(self, name: str, text: str, model: type[Model]) -> Model | None:
        try:
            parsed = parse_yaml(text)
        except NotYamlError as error:
            self._add(name, error.line, str(error))
            return None
        self._located[name] = parsed.lines
        for key, line in parsed.repeated:
            self._add(name, line, "е написано два пъти. Оставете едното.", key)
        try:
            return model.model_validate(parsed.data)
        except ValidationError as error:
            self.problems += problems_of(error, model, self._shown(name), parsed.lines)
            return None

    def read_if_there(self, name: str, model: type[Model]) -> Model | None:
        """As `read`, for a file that a project may not have yet."""
        return self.read(name, model) if (self.folder / name).exists() else None

    def require(self, kind: str, names: Iterable[str], why: str) -> None:
        """A problem for each of these files of a folder that is not there."""
        for name in names:
            file = f"{kind}/{name}.yml"
            if not (self.folder / file).exists():
                self._add(file, 1, f"файлът липсва. {why}")

    def read_text(self, name: str) -> str | None:
        """The text of a file, or None and the problem of it."""
        try:
            return (self.folder / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            self._add(name, 1, "файлът липсва.")
        except UnicodeDecodeError:
            self._add(
                name, 1, "файлът не е записан като UTF-8. Запишете го отново с това кодиране."
            )
        return None

    def source_lengths(self) -> dict[str, int]:
        """Number of lines of every text that facts may name as their source."""
        names = sorted(path.name for path in (self.folder / "sources").glob("*.txt"))
        texts = {name: self.read_text(f"sources/{name}") for name in names}
        return {name: len((text or "").splitlines()) for name, text in texts.items()}

    def _add(self, name: str, line: int, sentence: str, field: str = "") -> None:
        self.problems.append(Problem(self._shown(name), line, field, sentence))

    def _shown(self, name: str) -> str:
        return f"{self.folder.name}/{name}"


def text_places(folder: Path) -> dict[str, tuple[str, ...]]:
    """Where the Bulgarian texts of a content folder stand, by text: file, line and field."""
    places: dict[str, tuple[str, ...]] = {}
    for file in sorted(folder.rglob("*.yml")):
        parsed = parse_yaml(file.read_text(encoding="utf-8"))
        for loc, text in _bulgarian(parsed.data, ()):
            line, words = parsed.lines(loc)
            place = f"{folder.name}/{file.relative_to(folder).as_posix()}:{line} {words}"
            key = " ".join(text.split())
            places[key] = (*places.get(key, ()), place)
    return places


def _bulgarian(
    data: object, loc: tuple[str | int, ...]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if isinstance(data, dict) and isinstance(data.get(SOURCE_LANGUAGE), str):
        yield loc, data[SOURCE_LANGUAGE]
    elif isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _bulgarian(value, (*loc, key))
