"""The one module of this package that reads files: the content folder, templates, catalogues."""

from __future__ import annotations

import gettext
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, ValidationError

from site_model.base import SOURCE_LANGUAGE, Text
from site_model.checks import cross_check
from site_model.facts import Centre, Content, HelpLines, Law, Site, TargetGroups
from site_model.form import FormDefinition
from site_model.problems import ContentError, LineFinder, Problem, problems_of

Model = TypeVar("Model", bound=BaseModel)
Located = dict[tuple[str | int, ...], int]


class _Yaml(yaml.CSafeLoader):
    """YAML with the 1.2 core scalars only: `no`, `12:30` and dates stay the text they are."""


_Yaml.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("tag:yaml.org,2002:bool", r"^(?:true|false)$", "tf"),
    ("tag:yaml.org,2002:int", r"^-?(?:0|[1-9]\d*)$", "-0123456789"),
    ("tag:yaml.org,2002:null", r"^(?:null|~|)$", ["n", "~", ""]),
):
    _Yaml.add_implicit_resolver(_tag, re.compile(_pattern), list(_first))


def load_content(folder: Path) -> Content:
    """Read and check a content folder; raises ContentError with every problem in it."""
    reader = _Reader(folder)
    site = reader.read("site.yml", Site)
    groups = reader.read("target_groups.yml", TargetGroups)
    lines = reader.read("help_lines.yml", HelpLines)
    law = reader.read("law.yml", Law)
    centres = reader.read_all("centres", Centre)
    forms = reader.read_all("forms", FormDefinition)
    if reader.problems or not (site and groups and lines and law):
        raise ContentError(reader.problems)
    content = Content(
        site=site,
        centres=centres,
        groups={group.id: group for group in groups.groups},
        help_lines={line.id: line for line in lines.lines},
        law={note.id: note for note in law.notes},
        forms=forms,
    )
    if problems := list(cross_check(content, reader.line_of, _source_lengths(folder))):
        raise ContentError(problems)
    return content


class _Reader:
    """Reads YAML files into models and gathers the problems instead of stopping at one."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.problems: list[Problem] = []
        self._located: dict[str, LineFinder] = {}

    def line_of(self, name: str, path: tuple[str | int, ...]) -> Problem:
        """A Problem without its sentence yet: where `path` stands in the file `name`."""
        line, words = self._located[name](path)
        return Problem(self._shown(name), line, words, "")

    def read_all(self, kind: str, model: type[Model]) -> dict[str, Model]:
        found: dict[str, Model] = {}
        for path in sorted((self.folder / kind).glob("*.yml")):
            value = self.read(f"{kind}/{path.name}", model)
            if value is None:
                continue
            key: str = value.id  # type: ignore[attr-defined]
            if key != path.stem:
                self._add(
                    f"{kind}/{path.name}",
                    ("id",),
                    f"файлът се казва {path.name}, затова тук се пише {path.stem}.",
                )
            found[key] = value
        if not found and not self.problems:
            self._add(f"{kind}/", (), "в папката няма нито един файл .yml.")
        return found

    def read(self, name: str, model: type[Model]) -> Model | None:
        try:
            text = (self.folder / name).read_text(encoding="utf-8")
        except FileNotFoundError:
            self._add(name, (), "файлът липсва.")
            return None
        except UnicodeDecodeError:
            self._add(
                name, (), "файлът не е записан като UTF-8. Запишете го отново с това кодиране."
            )
            return None
        data = self._parse(name, text)
        if data is None:
            return None
        try:
            return model.model_validate(data)
        except ValidationError as error:
            self.problems += problems_of(error, model, self._shown(name), self._located[name])
            return None

    def _parse(self, name: str, text: str) -> Any:
        loader = _Yaml(text)
        try:
            node = loader.get_single_node()
            if node is None:
                self._add(name, (), "файлът е празен.")
                return None
            line_of: Located = {(): 1}
            for key, line in _walk(node, (), lambda p, n: self._duplicate(name, p, n)):
                line_of[key] = line
            self._located[name] = LineFinder(line_of)
            return loader.construct_document(node)
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            self.problems.append(
                Problem(
                    self._shown(name),
                    line,
                    "",
                    f"редът не може да се прочете като YAML ({error.problem}). "
                    "Проверете отстъпа, двоеточието и кавичките тук и на реда отгоре.",
                )
            )
            return None
        finally:
            loader.dispose()

    def _duplicate(self, name: str, path: tuple[str | int, ...], line: int) -> None:
        self.problems.append(
            Problem(self._shown(name), line, str(path[-1]), "е написано два пъти. Оставете едното.")
        )

    def _add(self, name: str, path: tuple[str | int, ...], sentence: str) -> None:
        line, words = self._located.get(name, LineFinder({(): 1}))(path)
        self.problems.append(Problem(self._shown(name), line, words, sentence))

    def _shown(self, name: str) -> str:
        return f"{self.folder.name}/{name}"


def _walk(
    node: yaml.Node,
    path: tuple[str | int, ...],
    duplicate: Callable[[tuple[str | int, ...], int], None],
) -> Iterator[tuple[tuple[str | int, ...], int]]:
    if isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            here = (*path, key.value)
            line = key.start_mark.line + 1
            if key.value in seen:
                duplicate(here, line)
            seen.add(key.value)
            yield here, line
            yield from _walk(value, here, duplicate)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            here = (*path, number)
            yield here, value.start_mark.line + 1
            yield from _walk(value, here, duplicate)


def _source_lengths(folder: Path) -> Mapping[str, int]:
    """Number of lines of every text that facts may name as their source."""
    return {
        path.name: len(path.read_text(encoding="utf-8").splitlines())
        for path in (folder / "sources").glob("*.txt")
    }


CATALOGUES = Path(__file__).parent / "locale"


def translations(language: str, catalogues: Path = CATALOGUES) -> gettext.NullTranslations:
    """The interface texts in `language`; the words in the templates are the Bulgarian ones.

    Raises FileNotFoundError for a language that has no catalogue.
    """
    if language == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    return gettext.translation("opora", catalogues, [language])


def template_environment(
    language: str, *folders: Path, catalogues: Path = CATALOGUES
) -> Environment:
    """The Jinja environment of pages and forms: strict, escaping, in one language.

    `folders` are searched before this package's own templates. Adds the filter
    `t`, which takes a Text to the environment's language.
    """
    environment = Environment(
        loader=FileSystemLoader([*folders, Path(__file__).parent / "templates"]),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_translations(  # type: ignore[attr-defined]
        translations(language, catalogues), newstyle=True
    )

    def in_language(text: Text) -> str:
        return text.to(language)

    environment.filters["t"] = in_language
    environment.globals["language"] = language
    return environment
