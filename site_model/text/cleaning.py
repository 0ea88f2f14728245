"""What somebody typed, made into what can be read: one cleaning for every answer and every fact.

The sheet as text, the sheet as PDF and the page that comes back all show the cleaned text.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from itertools import chain
from typing import Final

MOST_MARKS: Final = 30
"""In a run of combining marks: Stream-Safe Text Format, Unicode Standard Annex #15, section 13."""
MOST_RAW: Final = 4
"""How many signs may come for one that is allowed: line ends, letters and emoji in parts."""

# Letters, marks and symbols that show nothing, as far as their category does not say so: those of
# Default_Ignorable_Code_Point (DerivedCoreProperties.txt), and blank ones of several scripts.
_UNSEEN: Final = chain(
    (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800, 0x3164, 0xFFA0, 0xFFFC),
    (0x13441, 0x13442, 0x16FE4, 0x1D159),
    range(0x180B, 0x1810),
    range(0xFE00, 0xFE10),
    range(0xE0100, 0xE01F0),
)
_REPLACED: Final = (
    dict.fromkeys("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029", "\n")
    | dict.fromkeys("\t\x1f", " ")
    | dict.fromkeys(map(chr, _UNSEEN), "")
)
# Emoji that are younger than this Python are still people's words; the range is kept for them
# (Extended_Pictographic, Unicode Technical Standard #51).
_YOUNG_EMOJI: Final = range(0x1F000, 0x1FB00)

_PLAIN: Final = re.compile(
    r"[\n -~\u00c0-\u017f\u0400-\u0481\u0490\u0491\u0621-\u063a\u0641-\u064a–„“…]*"
)
"""Most texts: Latin, Cyrillic and Arabic letters and such as stay as they are, side by side too."""

FROM_THE_RIGHT: Final = "\u061c\u200c\u200d\u200e\u200f\u2066\u2067\u2068\u2069"
"""Unseen signs that Arabic, Persian or Hebrew sentences need: joiners, marks of direction, and
isolates, which keep an address in one piece among words that run from the right.
"""
_ISOLATES: Final = "\u2066\u2067\u2068"
_ISOLATE_ENDS: Final = "\u2069"


def clean(value: str | None, keep: str = "") -> str:
    """Only what can be seen: every line end is a line feed, every gap a plain space.

    Controls, format signs, blank letters, private and unassigned signs go: they could make the
    sheet that staff read say something else than what was sent (Unicode TR 36), or pass as
    an answer where nothing is written. The two joiners are among them: Arabic, Indic scripts
    and emoji stay readable without, and between two digits they would hide a number. Digits
    become 0 to 9, so that staff can dial them. A mark needs a letter under it. Normal form C, no
    space at the ends. The signs of `keep` stay. Takes time in proportion to the length.
    """
    if _PLAIN.fullmatch(value or ""):
        return (value or "").strip()
    text = strip_unseen((value or "").replace("\r\n", "\n"), keep)
    text = unicodedata.normalize("NFC", _with_few_marks(text))  # which takes some marks apart
    return _with_few_marks(text).strip()


def clean_from_the_right(value: str) -> str:
    """A text of a language that is written from the right, with the unseen signs that it needs."""
    opened = sum(map(value.count, _ISOLATES))
    even = opened == value.count(_ISOLATE_ENDS)
    return clean(value, FROM_THE_RIGHT if even else FROM_THE_RIGHT.strip(_ISOLATES + _ISOLATE_ENDS))


def strip_unseen(text: str, keep: str = "") -> str:
    """The same, sign by sign, with every space and line end in its place."""
    left = {sign: _seen(sign) for sign in set(text).difference(keep)}
    changed = {ord(sign): seen for sign, seen in left.items() if seen != sign}
    return text.translate(changed) if changed else text


def reader(longest: int, spelled: Callable[[str], str] = str) -> Callable[[str | None], str]:
    """Reads the answer to a question that takes `longest` signs: cleaned, then `spelled`.

    What is far longer stays as it came, looked at by nobody: it is going to be refused, and its
    writer gets all of it back.
    """

    def read(value: str | None) -> str:
        typed = value or ""
        return typed if len(typed) > MOST_RAW * longest else spelled(clean(typed))

    return read


def _seen(sign: str) -> str:
    """What is left of one sign."""
    if sign in _REPLACED:
        return _REPLACED[sign]
    match unicodedata.category(sign):
        case "Zs":
            return " "
        case "Nd":
            return str(unicodedata.decimal(sign))
        case "Cc" | "Cf" | "Cs" | "Co":
            return ""
        case "Cn":
            return sign if ord(sign) in _YOUNG_EMOJI else ""
    return sign


def _with_few_marks(text: str) -> str:
    """Without marks that stand on nothing, and with at most MOST_MARKS on one letter."""
    marks = {sign for sign in set(text) if unicodedata.category(sign).startswith("M")}
    if not marks:
        return text
    kept = []
    run = MOST_MARKS
    for sign in text:
        if sign in marks:
            run += 1
        else:
            run = MOST_MARKS if sign in " \n" else 0
        if run <= MOST_MARKS or sign not in marks:
            kept.append(sign)
    return "".join(kept)
