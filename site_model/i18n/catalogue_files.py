"""The interface words of a language, read from its gettext catalogue (`locale/<language>.po`)."""

from __future__ import annotations

import gettext
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from site_model.i18n.catalogues import (
    MarkingTranslations,
    first_form,
    missing,
    without_wrong,
    words_of,
    wrong_in,
)
from site_model.problems import ContentError, Problem
from site_model.types import SOURCE_LANGUAGE
from site_model.version import ROOT

CATALOGUES = ROOT / "locale"
TEMPLATE = "opora.pot"
FORM_FOLDERS = ("site_model/", "contact_service/")
"""Where the interface words of a form and of the answers to it stand."""


def form_words_missing(language: str, catalogues: Path = CATALOGUES) -> tuple[str, ...]:
    """The interface words of forms, and of the answers to them, without translation.

    Raises FileNotFoundError for a language that has no catalogue.
    """
    if language == SOURCE_LANGUAGE:
        return ()
    template, translated = (catalogues / name for name in (TEMPLATE, f"{language}.po"))
    return missing(_known(template), _known(translated), FORM_FOLDERS)


def read_words(file: Path) -> Catalog:
    """A gettext file, .po or .pot; for one that is none it raises whatever it meets."""
    with file.open("rb") as stream:
        return read_po(
            stream, locale=None if file.name == TEMPLATE else file.stem, abort_invalid=True
        )


def refuse_wrong_words(language: str, catalogues: Path = CATALOGUES) -> None:
    """Raise ContentError for translations that hold markup or break what is put into them."""
    if language == SOURCE_LANGUAGE:
        return
    file = catalogues / f"{language}.po"
    if wrong := list(wrong_words(file, readable(file))):
        raise ContentError(wrong)


def wrong_words(file: Path, words: Catalog) -> Iterator[Problem]:
    """Where a catalogue that was read from a file holds what would break a page."""
    for word in words_of(words):
        for what in wrong_in(word, words):
            said = f"„{first_form(word)}“: {what}"
            yield Problem(f"{file.parent.name}/{file.name}", word.lineno or 0, "", said)


def readable(file: Path) -> Catalog:
    """A gettext file; raises ContentError for one that cannot be read."""
    try:
        return read_words(file)
    except FileNotFoundError:
        raise
    except Exception as error:  # what a file says of itself, as its charset, ends in any error
        raise _unreadable(file, error) from None


def _unreadable(file: Path, error: Exception) -> ContentError:
    what = f"не може да се прочете ({error})"
    line = getattr(error, "lineno", None) or 0
    return ContentError([Problem(f"{file.parent.name}/{file.name}", line, "", what)])


def _known(file: Path) -> Catalog:
    """A gettext file for use: once in a process, and anew when the file changed.

    What would break a page counts as not translated; ContentError for what cannot be read.
    """
    return _read_once(file, file.stat().st_mtime_ns)


@cache
def _read_once(file: Path, _changed_ns: int) -> Catalog:
    return without_wrong(readable(file))


def translations(
    language: str, catalogues: Path = CATALOGUES, *, mark: bool = False
) -> gettext.NullTranslations:
    """The interface texts in `language`; the words in the templates are the Bulgarian ones.

    A word without translation stays Bulgarian; `mark` sets marks around it. Raises
    FileNotFoundError for a language that has no catalogue, ContentError for one that cannot be
    read.
    """
    if language == SOURCE_LANGUAGE:
        return gettext.NullTranslations()
    file = catalogues / f"{language}.po"
    compiled = BytesIO(_compiled(file, file.stat().st_mtime_ns))
    try:
        found = gettext.GNUTranslations(compiled)
    except Exception as error:  # its rule for plural forms is an expression
        raise _unreadable(file, error) from None
    if mark:
        found.add_fallback(MarkingTranslations())
    return found


@cache
def _compiled(file: Path, changed_ns: int) -> bytes:
    """A .po file in gettext's binary form, without what is fuzzy; anew when the file changed."""
    compiled = BytesIO()
    write_mo(compiled, _read_once(file, changed_ns))
    return compiled.getvalue()
