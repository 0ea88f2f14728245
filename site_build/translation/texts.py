"""Every text that people wrote in more than one language, as it stands in its file, beside its
translations: in content/, docs/ and locale/.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from babel.messages.catalog import Message

from site_build.project import Project
from site_build.translation.gaps import hand_written
from site_build.translation.page_parts import Part, parts_of
from site_model.i18n.catalogue_files import TEMPLATE, readable
from site_model.i18n.catalogues import first_form, forms_of, words_of
from site_model.loading.loader import SEARCH, Loc, read_written, written_files
from site_model.loading.yaml_lines import parse_yaml
from site_model.problems import ContentError, Problem
from site_model.types import SOURCE_LANGUAGE, Text


@dataclass(frozen=True)
class Written:
    """One text, and where it stands in each language: a Problem without its sentence yet."""

    words: Mapping[str, str]
    places: Mapping[str, Problem]


def in_content(project: Project) -> Iterator[Written]:
    """Every text of content/ but words to search with: those are no translations of each other."""
    folder = project.content
    for file in written_files(folder, "**/*.yml"):
        parsed = parse_yaml(read_written(file))
        name = f"{folder.name}/{file.relative_to(folder).as_posix()}"
        for loc, text in texts_in(parsed.data):
            if file.name == SEARCH and not {"words", "same"}.isdisjoint(loc):
                continue
            field = parsed.lines(loc)[1]
            yield Written(
                {code: str(words) for code, words in text.items()},
                {code: Problem(name, parsed.lines((*loc, code))[0], field, "") for code in text},
            )


def text_places(texts: Iterable[Written]) -> dict[str, tuple[str, ...]]:
    """Where Bulgarian texts stand, by text in one line: file, line and field."""
    places: dict[str, tuple[str, ...]] = {}
    for text in texts:
        key = " ".join(text.words[SOURCE_LANGUAGE].split())
        at = text.places[SOURCE_LANGUAGE]
        places[key] = (*places.get(key, ()), f"{at.file}:{at.line} {at.field}".rstrip())
    return places


def in_pages(project: Project, languages: Sequence[str]) -> Iterator[Written]:
    """Every part of the pages of docs/, beside those translations that have the same parts."""
    for name, text in hand_written(project.hand_written(SOURCE_LANGUAGE)).items():
        bulgarian = tuple(parts_of(text))
        parts = {SOURCE_LANGUAGE: bulgarian}
        for code, translated in _translations(project, name, languages):
            if _unlike(bulgarian, translated) is None:
                parts[code] = translated
        for number in range(len(bulgarian)):
            yield Written(
                {code: of[number].text for code, of in parts.items()},
                {code: _in_page(code, name, of[number].line) for code, of in parts.items()},
            )


def pages_unlike(project: Project, languages: Sequence[str]) -> Iterator[Problem]:
    """Where the translation of a page begins to have other parts than the Bulgarian page."""
    for name, text in hand_written(project.hand_written(SOURCE_LANGUAGE)).items():
        for code, translated in _translations(project, name, languages):
            if line := _unlike(tuple(parts_of(text)), translated):
                yield replace(
                    _in_page(code, name, line),
                    sentence="оттук нататък частите на страницата не са като на българската: "
                    "заглавията, абзаците и точките трябва да са толкова и в същия ред",
                )


def texts_of_pages(project: Project, languages: Sequence[str]) -> list[tuple[str, Text]]:
    """The parts of pages with their translations, for memory; each with its Bulgarian file."""
    return [
        (text.places[SOURCE_LANGUAGE].file, Text.model_construct(dict(text.words)))
        for text in in_pages(project, languages)
    ]


def in_catalogues(project: Project, languages: Sequence[str]) -> Iterator[Written]:
    """Every interface word, by itself and with each translation."""
    for word in _readable_words(project.catalogues / TEMPLATE):
        yield _word(project, word, SOURCE_LANGUAGE, first_form(word))
    for code in languages:
        for word in _readable_words(project.catalogues / f"{code}.po"):
            if not word.fuzzy:
                for said in filter(None, forms_of(word)):
                    yield _word(project, word, code, said)


def _readable_words(file: Path) -> Iterable[Message]:
    """None of a file that is not there or cannot be read: `words.faults` says that."""
    try:
        return words_of(readable(file))
    except (FileNotFoundError, ContentError):
        return ()


def _word(project: Project, word: Message, code: str, said: str) -> Written:
    name = TEMPLATE if code == SOURCE_LANGUAGE else f"{code}.po"
    place = Problem(f"{project.catalogues.name}/{name}", word.lineno or 0, "", "")
    return Written({SOURCE_LANGUAGE: first_form(word), code: said}, {code: place})


def _translations(
    project: Project, name: str, languages: Sequence[str]
) -> Iterator[tuple[str, tuple[Part, ...]]]:
    for code in languages:
        file = project.hand_written(code) / name
        if code != SOURCE_LANGUAGE and file.exists():
            yield code, tuple(parts_of(read_written(file)))


def _unlike(bulgarian: Sequence[Part], translated: Sequence[Part]) -> int | None:
    """The line of the first part that is not of the form of its Bulgarian one; None if all are."""
    for ours, theirs in zip(bulgarian, translated, strict=False):
        if ours.kind != theirs.kind:
            return theirs.line
    return translated[-1].line if len(bulgarian) != len(translated) else None


def _in_page(code: str, name: str, line: int) -> Problem:
    return Problem(f"docs/{code}/{name}", line, "", "")


def texts_in(data: object, loc: Loc = ()) -> Iterator[tuple[Loc, dict[str, Any]]]:
    """Every text of a document, by language, with its way from the top."""
    if isinstance(data, dict) and isinstance(data.get(SOURCE_LANGUAGE), str):
        yield loc, data
    elif isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            yield from texts_in(value, (*loc, key))
