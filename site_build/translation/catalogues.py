"""The interface words, gathered from code and templates into gettext catalogues.

`locale/opora.pot` lists every word; `locale/<language>.po` are the translators' files.
Nothing is compiled: the .po files themselves are read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po

from site_build.atomic_writing import write_whole
from site_model.i18n.catalogue_files import TEMPLATE, read_words, readable, wrong_words
from site_model.i18n.catalogues import words_of
from site_model.problems import ContentError, Problem
from site_model.types import SOURCE_LANGUAGE

_KEYWORDS = {
    "site_model": DEFAULT_KEYWORDS,
    "site_build": DEFAULT_KEYWORDS | {"words": None},  # `parts.words("…")`
    "contact_service": DEFAULT_KEYWORDS | {"words": None},  # `pages.words("…")`
    f"docs/{SOURCE_LANGUAGE}": DEFAULT_KEYWORDS,
}
_JINJA = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}
_KINDS = {"**.py": "python", "**.md": "jinja2", "**.html": "jinja2"}
_OPTIONS = {"**.md": _JINJA, "**.html": _JINJA}
_COMMAND = "make words"


def gather_words(root: Path) -> Catalog:
    """Every word of the code and templates of a project, with the files that hold it."""
    catalog = _new(None)
    for folder, keywords in _KEYWORDS.items():
        found = extract_from_dir(root / folder, _KINDS.items(), _OPTIONS, keywords)
        for file, _line, message, comments, context in sorted(found, key=lambda item: item[0]):
            place = [(f"{folder}/{file}", 0)]
            catalog.add(message, None, place, auto_comments=comments, context=context)
    return catalog


def update(root: Path, catalogues: Path, languages: Iterator[str] | list[str]) -> None:
    """Write the template anew, and bring each language's file up to it.

    What a translator made stays. A word whose Bulgarian changed a little keeps its old
    translation as `fuzzy`, which counts as missing until a translator takes the mark away.
    """
    catalogues.mkdir(exist_ok=True)
    template = gather_words(root)
    _write(catalogues / TEMPLATE, template)
    for language in languages:
        file = catalogues / f"{language}.po"
        words = read_words(file) if file.exists() else _new(language)
        words.update(template, update_header_comment=False)
        _write(file, words)


def _new(language: str | None) -> Catalog:
    return Catalog(locale=language, header_comment="# Opora", project="Opora", fuzzy=False)


def _write(file: Path, catalog: Catalog) -> None:
    write_whole(file, in_file(catalog))


def in_file(catalog: Catalog, *, in_order: bool = True) -> bytes:
    """A catalogue as its file holds it, `in_order` of the places or as it is."""
    made = BytesIO()
    # No line numbers: a change far away from a word is no change of the word.
    write_po(made, catalog, width=0, sort_by_file=in_order, include_lineno=False)
    return re.sub(rb'"(?!Project|Language|Plural|MIME|Content).*: .*\\n"\n', b"", made.getvalue())


def faults(root: Path, catalogues: Path, languages: list[str]) -> Iterator[Problem]:
    """Whatever keeps the catalogues from being used as they are."""
    current = gather_words(root)
    for name in (TEMPLATE, *(f"{language}.po" for language in languages)):
        file = catalogues / name
        place = Problem(f"{catalogues.name}/{name}", 1, "", "")
        try:
            words = readable(file)
        except FileNotFoundError:
            yield replace(place, sentence=f"файлът липсва. Направете го: {_COMMAND}")
            continue
        except ContentError as error:
            yield from error.problems
            continue
        if _ids(words) != _ids(current):
            old = f"не е обновен след промяна на думите. Обновете го: {_COMMAND}"
            yield replace(place, sentence=old)
        yield from wrong_words(file, words)


def _ids(catalog: Catalog) -> set[object]:
    return {(word.id, word.context) for word in words_of(catalog)}
