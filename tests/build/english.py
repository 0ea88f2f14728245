"""Makes an English of a kind: „EN “ and the Bulgarian words in Latin letters.

A word that stayed Bulgarian on an English page then shows itself by its letters.
"""

from __future__ import annotations

import gettext
import re
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from built_pages import change_yaml, every_text
from support import ROOT


def latin(text: str) -> str:
    """The text with some Latin letter for each Bulgarian one."""
    return re.sub("[а-яА-Я]", lambda letter: chr(ord("a") + ord(letter[0]) % 26), text)


def english(text: str) -> str:
    """What the English translation of a text is in these tests."""
    return f"EN {latin(text)}"


def translate_yaml(path: Path) -> None:
    """Give every text of a file its English."""

    def change(data: Any) -> Any:
        for text in every_text(data):
            text["en"] = english(text["bg"])
        return data

    change_yaml(path, change)


def messages() -> set[str]:
    """The interface words of both packages, as a translator would extract them."""
    templates = {"templates/**.md": "jinja2", "templates/**.html": "jinja2"}
    kinds = {"**.py": "python", **templates}
    options = {pattern: {"trim_blocks": "true", "lstrip_blocks": "true"} for pattern in templates}
    found: set[str] = set()
    for package in ("site_model", "site_build"):
        for _, _, message, *_ in extract_from_dir(ROOT / package, kinds.items(), options):
            found.add(message if isinstance(message, str) else message[0])
    return found


def write_catalogue(folder: Path) -> None:
    """A gettext catalogue with the English of every interface word."""
    catalog = Catalog(locale="en", domain="opora")
    for message in messages():
        catalog.add(message, english(message))
    file = folder / "en" / "LC_MESSAGES" / "opora.mo"
    file.parent.mkdir(parents=True)
    with file.open("wb") as stream:
        write_mo(stream, catalog)
    assert gettext.translation("opora", folder, ["en"]).gettext("Услуги") == english("Услуги")
