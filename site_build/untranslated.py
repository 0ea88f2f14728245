"""Pure: what a built page says where a translation is missing.

Wherever a translation was wanted and there was none, the page holds the Bulgarian text
between two marks (`site_model.languages.marked`). Here the marks become what a browser and
a screen reader understand, and the texts between them are what the report lists.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from site_model.base import SOURCE_LANGUAGE
from site_model.languages import END, START, unmarked
from site_model.reading import BULGARIAN_CLOSE, BULGARIAN_OPEN, Kind, pieces

_NOTE = re.compile(r"<!-- partly:start -->(.*?)<!-- partly:end -->\n?", re.DOTALL)
_MARKED = re.compile(f"{START}([^{START}{END}]*){END}")


@dataclass(frozen=True)
class Resolved:
    """A page without marks, and the Bulgarian texts that were marked on it."""

    html: str
    texts: frozenset[str]


def resolved(html: str) -> Resolved:
    """Make elements of the marks; keep the note on partial translation only where it is true."""
    without_note = _NOTE.sub("", html)
    if START not in without_note:
        return Resolved(unmarked(without_note), frozenset())
    texts = frozenset(plain(text) for text in _MARKED.findall(html))
    return Resolved(_elements(_NOTE.sub(r"\1\n", html)), texts)


def plain(text: str) -> str:
    """A text as it can be looked for: no markup, single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", text)).split())


def _elements(html: str) -> str:
    return "".join(
        piece.html.replace(START, BULGARIAN_OPEN).replace(END, BULGARIAN_CLOSE)
        if piece.kind is Kind.TEXT
        else unmarked(piece.html)
        for piece in pieces(html, SOURCE_LANGUAGE)
    )
