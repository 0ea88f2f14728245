"""Pure: facts as the words of a page, in which nothing can be taken for Markdown or HTML."""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from html import escape

from babel.dates import format_date, format_skeleton
from markupsafe import Markup

from site_model.base import SOURCE_LANGUAGE, Text

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


@lru_cache(maxsize=10_000)
def format_as_of(value: str | date, language: str) -> str:
    """A day, a month or a year in words: `2014-06-04` is „4 юни 2014 г.“ in Bulgarian."""
    parts = [int(part) for part in str(value).split("-")]
    if len(parts) == 1:
        return format_skeleton("y", date(parts[0], 1, 1), locale=language)
    if len(parts) == 2:
        return format_skeleton("yMMMM", date(parts[0], parts[1], 1), locale=language)
    return format_date(date(*parts), "long", locale=language)
