"""Words of another language in a page, that nothing says the language of (WCAG 3.1.2)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

# Written with Latin letters in Bulgarian too, and read letter by letter or as Bulgarians say them.
LATIN_IN_BULGARIAN = {
    "Chrome": "name of a program",
    "Firefox": "name of a program",
    "Safari": "name of a program",
    "Mac": "name of a computer",
    "KB": "unit of size",
    "AA": "level of a standard",
    "CSV": "name of a format",
    "HSDS": "sign of a standard",
    "UTF-8": "name of an encoding",
    "UUID": "sign of a standard",
    "iCalendar": "name of a format",
    "vCard": "name of a format",
    "EN": "sign of a European standard",
    "IP": "as in IP адрес",
    "JavaScript": "name of a language for machines, the same in all of ours",
    "PDF": "name of a format, a word of Bulgarian by now",
    "QR": "as in QR код",
    "WCAG": "sign of a standard",
    "cop1": "name of a file",
    "cop2": "name of a file",
    "cop4": "name of a file",
    "v3.2.1": "version of a standard",
}
ADDRESS = re.compile(r"\S+@\S+|https?://\S+|[\w-]+(\.[\w-]+)*\.(bg|org|com|eu)(/\S*)?")
LATIN_WORD = re.compile(r"[\w.-]*[A-Za-z][\w.-]*")
CYRILLIC_WORD = re.compile(r"[А-Яа-я]+")
CYRILLIC = ("bg", "uk")
"""Languages in whose text a Cyrillic word may be their own."""


def foreign_words(page: html.HtmlElement) -> Iterator[str]:
    """Latin words in Bulgarian text, Cyrillic ones in a text of other letters.

    A name in an attribute, in the title or in an option cannot be told apart from the words
    around it, so there Cyrillic ones are let be. A drawing that is hidden is not read at all.
    """
    for element in page.iter():
        if not isinstance(element.tag, str) or element.tag in ("script", "style"):
            continue
        if element.xpath("ancestor-or-self::svg[@aria-hidden='true']"):
            continue
        (language,) = element.xpath("(ancestor-or-self::*/@lang)[last()]")
        texts = [element.text, *(child.tail for child in element)]
        if language == "bg":
            names = ("aria-label", "title", "alt", "placeholder")
            for text in [*texts, *map(element.get, names)]:
                yield from _latin(text)
        elif language not in CYRILLIC and element.tag not in ("title", "option", "textarea"):
            for text in texts:
                yield from CYRILLIC_WORD.findall(text or "")


def _latin(text: str | None) -> list[str]:
    words = LATIN_WORD.findall(ADDRESS.sub(" ", text or ""))
    found = [word.strip(".-") for word in words]
    return [word for word in found if word not in LATIN_IN_BULGARIAN]
