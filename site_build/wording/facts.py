"""Pure: facts as the words of a page, in which nothing can be taken for Markdown or HTML."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from html import escape
from typing import Final

from babel.dates import format_date, format_skeleton
from markupsafe import Markup

from site_model.i18n.languages import locale_of
from site_model.types import SOURCE_LANGUAGE, Text

UNDATED_WORDS: Final = "не се знае"
_MARKDOWN_SIGNS = re.compile(r"[\\`*_\[\]{}#|~^]|^(?:[-+=]|\d+(?=[.)]))")


@lru_cache(maxsize=10_000)
def in_markdown(text: str) -> Markup:
    """Text of a fact as HTML in which no sign can be taken for Markdown."""
    escaped = escape(" ".join(text.split()), quote=False)
    signs = _MARKDOWN_SIGNS.sub(lambda m: "".join(f"&#{ord(c)};" for c in m[0]), escaped)
    return Markup(signs)  # noqa: S704 - escaped two lines above


def bulgarian(text: Text) -> Markup:
    """A Bulgarian name on a page of any language, so that it is read and shown as one."""
    name = escape(text.to(SOURCE_LANGUAGE), quote=False)
    return Markup(f'<bdi lang="{SOURCE_LANGUAGE}">{name}</bdi>')  # noqa: S704 - escaped


def whole(text: str) -> Markup:
    """A time, or a few words, that no line breaks and that text from the right does not turn."""
    return Markup('<span class="whole" dir="auto">{}</span>').format(text)


@lru_cache(maxsize=10_000)
def format_as_of(value: str | date, language: str) -> str:
    """A day, a month or a year in words: `2014-06-04` is „4 юни 2014 г.“ in Bulgarian."""
    locale = locale_of(language)
    parts = [int(part) for part in str(value).split("-")]
    if len(parts) == 1:
        return format_skeleton("y", date(parts[0], 1, 1), locale=locale)
    if len(parts) == 2:
        return format_skeleton("yMMMM", date(parts[0], parts[1], 1), locale=locale)
    return format_date(date(*parts), "long", locale=locale)


def day_words(moment: str) -> str:
    """A day, month or year of ISO 8601 as Bulgarians write it; `undated` in words."""
    if moment == "undated":
        return UNDATED_WORDS
    return ".".join(reversed(moment.split("-")))
