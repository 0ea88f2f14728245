"""Pure: HTML as its reader needs it: numbers in one piece, Bulgarian words said to be so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum, auto
from heapq import merge
from typing import Final

from site_model.i18n.languages import SiteLanguage
from site_model.types import SOURCE_LANGUAGE

BULGARIAN_OPEN: Final = f'<span lang="{SOURCE_LANGUAGE}" dir="ltr">'
BULGARIAN_CLOSE: Final = "</span>"

_MARKUP: Final = re.compile(r"(<!--.*?-->|<[^>]*>)", re.DOTALL)
_TAG: Final = re.compile(r"<(/?)([a-z][a-z0-9]*)", re.IGNORECASE)
_LANGUAGE: Final = re.compile(r'\slang="([^"]*)"')
_EMPTY: Final = frozenset(("area", "br", "col", "hr", "img", "input", "link", "meta", "wbr"))
_SPACE_IN_NUMBER: Final = re.compile(r" (?<=\d )(?=\d)")
_CYRILLIC: Final = "\u0400-\u04ff"
_WORD: Final = rf"„?\d*[{_CYRILLIC}]+“?"
_LETTER: Final = re.compile(f"[{_CYRILLIC}]")
_WORDS: Final = re.compile(rf"{_WORD}(?:[\s.,/–-]+{_WORD})*")
_NAME: Final = re.compile(r"<([a-z][a-z0-9]*)\b", re.IGNORECASE)


def in_one_piece(text: str) -> str:
    """Text with a no-break space inside each number, for the reasons that `as_read` gives."""
    return _SPACE_IN_NUMBER.sub("\u00a0", text)


class Kind(Enum):
    """What may be done with a piece of HTML."""

    MARKUP = auto()
    KEPT = auto()
    """Text that somebody typed or may copy: not a sign of it changes."""
    PLAIN = auto()
    """Text in which no HTML element may stand."""
    TEXT = auto()


_KIND_IN: Final = {
    **dict.fromkeys(("textarea", "script", "style", "code", "pre"), Kind.KEPT),
    **dict.fromkeys(("title", "option", "svg"), Kind.PLAIN),
}


_APART: Final = re.compile(
    rf"<!--.*?-->|<({'|'.join(_KIND_IN)})\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)


@dataclass(frozen=True)
class Piece:
    """A tag, a comment, or the text between two of them, in the language that was said last."""

    html: str
    kind: Kind
    language: str


@dataclass
class _Spoken:
    """An element with a `lang`; `open` counts it and the elements of its name inside it."""

    element: str
    language: str
    open: int = 1


def pieces(html: str, language: str) -> Iterator[Piece]:
    """HTML cut at its tags; joined again it is the same. `language` is that of its beginning."""
    spoken = [_Spoken("", language)]
    inside = ""
    for place, piece in enumerate(_MARKUP.split(html)):
        if place % 2 == 0:
            yield Piece(piece, _KIND_IN.get(inside, Kind.TEXT), spoken[-1].language)
            continue
        yield Piece(piece, Kind.MARKUP, spoken[-1].language)
        tag = _TAG.match(piece)
        if tag is None:  # a comment, or the document type
            continue
        closing, name = bool(tag[1]), tag[2].lower()
        if inside:
            inside = "" if closing and name == inside else inside
        elif not closing and name in _KIND_IN:
            inside = name
        else:
            _follow(spoken, name, piece, closing=closing)


def _follow(spoken: list[_Spoken], name: str, tag: str, *, closing: bool) -> None:
    """Keep the row of languages true after one tag."""
    last = spoken[-1]
    if closing:
        last.open -= name == last.element
        if not last.open:
            spoken.pop()
    elif name not in _EMPTY:
        if said := _LANGUAGE.search(tag):
            spoken.append(_Spoken(name, said[1]))
        else:
            last.open += name == last.element


def as_read(html: str, language: SiteLanguage) -> str:
    """A page or a part of one, for those who read `language`.

    Numbers: a telephone number is not torn at the end of a line, and between Arabic words a
    browser does not show „116 111“ as „111 116“: a no-break space belongs to the number (Unicode
    Bidirectional Algorithm, rule W4). Words: in a language of other letters, Cyrillic words
    („ОЗД“, the name of a law) are said to be Bulgarian, so that a screen reader changes its voice.
    """
    marks_words = not _LETTER.search(language.own_name)
    spoken = list(_languages(html)) if marks_words else []
    parts: list[str] = []
    place = 0
    for start, end, kind in _apart(html):
        for match in _outside_tags(html, start, _found(html, start, end, marks_words)):
            read = match[0]
            if read == " ":
                read = "\u00a0"
            elif kind is Kind.TEXT:
                inside = (code for a, b, code in reversed(spoken) if a < match.start() < b)
                if next(inside, language.code) == language.code:
                    read = f"{BULGARIAN_OPEN}{read}{BULGARIAN_CLOSE}"
            parts += (html[place : match.start()], read)
            place = match.end()
    return "".join((*parts, html[place:]))


def _apart(html: str) -> Iterator[tuple[int, int, Kind]]:
    """From where to where text may be changed, and what may be done there.

    What somebody typed is not even looked at: it may be as long as a letter can be.
    """
    place = 0
    for element in _APART.finditer(html):
        yield place, element.start(), Kind.TEXT
        kind = _KIND_IN.get((element[1] or "").lower(), Kind.KEPT)
        if kind is not Kind.KEPT:
            yield *element.span(), kind
        place = element.end()
    yield place, len(html), Kind.TEXT


def _found(html: str, start: int, end: int, marks_words: bool) -> Iterable[re.Match[str]]:
    """What may have to change, in its order: spaces in numbers, and words if they are marked."""
    spaces = _SPACE_IN_NUMBER.finditer(html, start, end)
    words = _words(html, start, end) if marks_words else ()
    return merge(spaces, words, key=re.Match.start)


def _words(html: str, place: int, end: int) -> Iterator[re.Match[str]]:
    """Every match of _WORDS. Its first letter is looked for, because that is ten times as fast."""
    while letter := _LETTER.search(html, place, end):
        start = letter.start()
        while start > place and html[start - 1].isdecimal():
            start -= 1
        start -= start > place and html[start - 1] == "„"
        words = _WORDS.match(html, start, end)
        assert words  # noqa: S101 - it has at least the letter
        yield words
        place = words.end()


def _outside_tags(html: str, seen: int, found: Iterable[re.Match[str]]) -> Iterator[re.Match[str]]:
    """Those, in their order, that stand in no tag after the place `seen`."""
    for match in found:
        place = match.start()
        while (tag := html.find("<", seen, place)) >= 0:
            end = html.find(">", tag)
            seen = end + 1 if end >= 0 else len(html)
        if seen <= place:
            seen = place
            yield match


def _languages(html: str) -> Iterator[tuple[int, int, str]]:
    """From where to where each `lang` holds, the outer before the inner."""
    for said in _LANGUAGE.finditer(html):
        start = html.rfind("<", 0, said.start())
        tag = _NAME.match(html, start) if start >= 0 else None
        if tag is None or ">" in html[start : said.start()]:
            continue
        name = tag[1].lower()
        if name not in _EMPTY:
            yield start, _end_of(html, start, name), said[1]


def _end_of(html: str, start: int, name: str) -> int:
    depth = 0
    for tag in re.compile(rf"<(/?){name}\b[^>]*>", re.IGNORECASE).finditer(html, start):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.end()
    return len(html)
