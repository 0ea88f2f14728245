"""Makes an English of a kind: „EN “ and the Bulgarian words in Latin letters.

A word that stayed Bulgarian on an English page then shows itself by its letters.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from babel.messages.pofile import write_po

from site_build.translation.catalogues import update
from site_model.i18n.catalogue_files import read_words
from site_model.i18n.catalogues import first_form, words_of
from tests.support.pages.built_pages import change_yaml, every_text
from tests.support.project import ROOT


def latin(text: str) -> str:
    """The text with some Latin letter for each Bulgarian one."""
    return re.sub("[а-яА-Я]", lambda letter: chr(ord("a") + ord(letter[0]) % 26), text)


def english(text: str) -> str:
    """What the English translation of a text is in these tests."""
    return f"EN {latin(text)}"


def translate_yaml(path: Path, code: str = "en") -> None:
    """Give every text of a file its English, in the place of the language `code`."""

    def change(data: Any) -> Any:
        for text in every_text(data):
            text[code] = english(text["bg"])
        return data

    change_yaml(path, change)


def write_catalogue(folder: Path, code: str = "en") -> None:
    """A gettext catalogue with the English of every interface word, and the list of them."""
    update(ROOT, folder, [code])
    words = read_words(folder / f"{code}.po")
    for word in words_of(words):
        said = english(first_form(word))
        word.string = (said,) * words.num_plurals if word.pluralizable else said
    with (folder / f"{code}.po").open("wb") as stream:
        write_po(stream, words, include_lineno=False)
