"""The one module of this package that reads files: the content folder, templates, catalogues."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.facts.moved_addresses import Moves
from site_model.facts.remembered import REMEMBERED, Remembered, own_memory
from site_model.facts.search_words import SearchWords
from site_model.facts.shared import (
    Authorities,
    Catalogues,
    HelpLines,
    Law,
    ServiceKinds,
    Site,
    TargetGroups,
)
from site_model.facts.statements import AccessibilityResults
from site_model.forms.definition import FormDefinition
from site_model.forms.fingerprints import AcceptedVersions
from site_model.forms.places import PLACED_FORMS
from site_model.i18n.glossary import GLOSSARY, Glossary
from site_model.loading.consistency import cross_check
from site_model.loading.yaml_lines import NotYamlError, parse_yaml
from site_model.problems import ContentError, LineFinder, Problem, problems_of
from site_model.text.saved_files import NotTextError, is_left_behind, text_of

Model = TypeVar("Model", bound=BaseModel)
Loc = tuple[str | int, ...]

ACCESSIBILITY_RESULTS = "accessibility_results.yml"
FORM_VERSIONS = "form_versions.yml"
MOVED = "moved.yml"
SEARCH = "search.yml"
_STEM = re.compile(r"[a-z0-9_-]+")
TARGET_GROUPS = "target_groups.yml"
SERVICE_KINDS = "service_kinds.yml"


class Kept(Protocol):
    """Where values that take long to read are kept under a key that is long too: a whole file."""

    def get(self, key: str) -> Any:
        """The value, or None."""

    def put(self, key: str, value: Any) -> None:
        """Keep a value for the next time."""


def read_written(file: Path) -> str:
    """The text of a file that a person wrote; raises OSError or NotTextError."""
    return text_of(file.read_bytes())


def written_files(folder: Path, pattern: str = "*") -> list[Path]:
    """The files and folders of a pattern below a folder, but those that programs left behind."""
    return sorted(
        path
        for path in folder.glob(pattern)
        if not any(map(is_left_behind, path.relative_to(folder).parts))
    )


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
    search = reader.read(SEARCH, SearchWords)
    centres = reader.read_all("centres", Centre)
    forms = reader.read_all("forms", FormDefinition)
    reader.require("forms", PLACED_FORMS, "Към този формуляр водят страниците на всеки център.")
    versions = reader.read_if_there(FORM_VERSIONS, AcceptedVersions)
    moved = reader.read_if_there(MOVED, Moves)
    remembered = reader.read_if_there(REMEMBERED, Remembered)
    own = {name: reader.read_if_there(str(own_memory(name)), Remembered) for name in centres}
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
        moved=moved.moves if moved else (),
        remembered=remembered or Remembered(),
        remembered_of={name: memory for name, memory in own.items() if memory},
    )
    if problems := list(cross_check(content, reader.line_of, source_lengths)):
        raise ContentError(problems)
    return content


def load_site(folder: Path) -> Site:
    """What holds for the whole site, whatever stands in the other files; raises ContentError."""
    reader = _Reader(folder)
    site = reader.read("site.yml", Site)
    if site is None:
        raise ContentError(reader.problems)
    return site


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


def load_glossary(folder: Path) -> Glossary:
    """The glossary beside the catalogues, empty where there is none; raises ContentError."""
    reader = _Reader(folder)
    glossary = reader.read_if_there(GLOSSARY, Glossary)
    if reader.problems:
        raise ContentError(reader.problems)
    return glossary or Glossary(terms=())


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
            self._located[name] = parse_yaml(read_written(self.folder / name)).lines
        line, words = self._located[name](path)
        return Problem(self._shown(name), line, words, "")

    def read_all(self, kind: str, model: type[Model]) -> dict[str, Model]:
        """Every .yml file of a folder, by its id, which is the file's name."""
        found: dict[str, Model] = {}
        paths = written_files(self.folder / kind)
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
                sentence = (
                    f"файлът се казва {path.name}, затова тук се пише {path.stem}."
                    if _STEM.fullmatch(path.stem)
                    else f"{path.name} изглежда копие на друг файл. Преместете го извън "
                    "папката или го изтрийте; името на файла е от малки латински букви, цифри и "
                    "тирета."
                )
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
            self._add(name, error.line, str(error), error.field)
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
            return read_written(self.folder / name)
        except FileNotFoundError:
            self._add(name, 1, "файлът липсва.")
        except NotTextError as error:
            self._add(name, error.line, str(error))
        return None

    def source_lengths(self) -> dict[str, int]:
        """Number of lines of every text that facts may name as their source."""
        names = [path.name for path in written_files(self.folder / "sources", "*.txt")]
        texts = {name: self.read_text(f"sources/{name}") for name in names}
        return {name: len((text or "").splitlines()) for name, text in texts.items()}

    def _add(self, name: str, line: int, sentence: str, field: str = "") -> None:
        self.problems.append(Problem(self._shown(name), line, field, sentence))

    def _shown(self, name: str) -> str:
        return f"{self.folder.name}/{name}"


def place_of(folder: Path, name: str, path: Loc) -> Problem:
    """Where a value of a content folder's file stands, as a Problem without its sentence yet."""
    return _Reader(folder).line_of(name, path)


def places_with(folder: Path, signs: Iterable[tuple[str, str]]) -> Iterator[tuple[Problem, str]]:
    """Where signs stand in those texts of a content folder that are part of the words which each
    came with; each place as a Problem without its sentence yet, with its sign.
    """
    wanted = [(sign, _squeezed(words)) for sign, words in signs]
    for file in sorted(folder.rglob("*.yml")) if wanted else ():
        parsed = parse_yaml(file.read_text(encoding="utf-8"))
        for loc, text in _strings(parsed.data, ()):
            said = _squeezed(text)
            for sign, words in wanted:
                if sign in said and said in words:
                    line, field = parsed.lines(loc)
                    name = f"{folder.name}/{file.relative_to(folder).as_posix()}"
                    yield Problem(name, line, field, ""), sign


def _squeezed(text: str) -> str:
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _strings(data: object, loc: Loc) -> Iterator[tuple[Loc, str]]:
    """Every text of a document, with its place."""
    if isinstance(data, str):
        yield loc, data
    elif isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from _strings(value, (*loc, key))
