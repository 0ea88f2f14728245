"""Pure: what a built page says where a translation is missing.

Wherever a translation was wanted and there was none, the page holds the Bulgarian text
between two marks (`site_model.i18n.languages.marked`). Here the marks become what a browser and
a screen reader understand, and the texts between them are what the report lists.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape, unescape

from site_model.i18n.languages import END, START, strip_flags
from site_model.i18n.typography import BULGARIAN_CLOSE, BULGARIAN_OPEN, Kind, pieces
from site_model.types import SOURCE_LANGUAGE

_NOTE = re.compile(r"<!-- partly:start -->(.*?)<!-- partly:end -->\n?", re.DOTALL)
_OLDER = re.compile(r"<!-- older:start -->(.*?)<!-- older:end -->\n?", re.DOTALL)
_MARKED = re.compile(f"{START}([^{START}{END}]*){END}")


@dataclass(frozen=True)
class Resolved:
    """A page without marks, and the Bulgarian texts that were marked on it."""

    html: str
    texts: frozenset[str]


def resolve(html: str, older: Mapping[str, str] | None = None) -> Resolved:
    """Make elements of the marks; keep the notes on the translation only where they are true.

    `older` are translations of an earlier text, each with the Bulgarian text of now.
    """
    html = _with_older(html, older or {})
    without_note = _NOTE.sub("", html)
    if START not in without_note:
        return Resolved(strip_flags(without_note), frozenset())
    texts = frozenset(plain(text) for text in _MARKED.findall(html))
    return Resolved(_elements(_NOTE.sub(r"\1\n", html)), texts)


def _with_older(html: str, older: Mapping[str, str]) -> str:
    """The note on older translations with the Bulgarian texts beside it, or no note."""
    said = plain(html) if older else ""
    now = [bulgarian for words, bulgarian in older.items() if plain(words) in said]
    items = "".join(f"<li>{escape(one)}</li>" for one in dict.fromkeys(now))
    listed = f'<ul lang="{SOURCE_LANGUAGE}">{items}</ul>'
    return _OLDER.sub(lambda note: f"{note[1]}{listed}\n" if now else "", html)


def plain(text: str) -> str:
    """A text as it can be looked for: no markup, single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", text)).split())


def _elements(html: str) -> str:
    return "".join(
        piece.html.replace(START, BULGARIAN_OPEN).replace(END, BULGARIAN_CLOSE)
        if piece.kind is Kind.TEXT
        else strip_flags(piece.html)
        for piece in pieces(html, SOURCE_LANGUAGE)
    )
