"""Text in lines that are short enough for any mail program to leave as they are."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_PIECES = re.compile(r" +|[^ ]+")


def wrap(text: str, columns: int) -> Iterator[str]:
    """The lines of a text, each at most `columns` wide: broken at spaces, and inside longer words.

    Wide signs, as Chinese ones and emoji, take two columns, all others one, marks too: so no
    line is long in bytes either. No line begins with a mark that belongs to a letter before it.
    """
    for line in text.splitlines() or [""]:
        yield from _broken(line.rstrip(" "), columns)


def _broken(line: str, columns: int) -> Iterator[str]:
    begun, width = "", 0
    for piece, wide in _pieces(line, columns):
        if width + wide <= columns:
            begun, width = begun + piece, width + wide
            continue
        if begun.strip(" "):
            yield begun.rstrip(" ")
        # Spaces at which a line was broken are not kept: they would push words about.
        begun, width = ("", 0) if piece.startswith(" ") else (piece, wide)
    yield begun


def _pieces(line: str, columns: int) -> Iterator[tuple[str, int]]:
    """Words and the gaps between them with their widths; longer words in parts."""
    for found in _PIECES.finditer(line):
        part: list[str] = []
        wide = 0
        for sign in found[0]:
            taken = _columns(sign)
            if wide + taken > columns and sign != " " and not _is_mark(sign):
                yield "".join(part), wide
                part, wide = [], 0
            part.append(sign)
            wide += taken
        yield "".join(part), wide


def _columns(sign: str) -> int:
    """Unicode Standard Annex #11."""
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign).startswith("M")
