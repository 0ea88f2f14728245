"""Pure: the sentence around a place of a text, and the one that stands for it in a translation."""

from __future__ import annotations

import re
from typing import Final

from site_model.i18n.word_patterns import around

_SENTENCE: Final = re.compile(
    r"\S.*?(?:[.!?…؟][“”»)*]*(?=\s+[^\sa-zа-яіїєґçğıöşü\d])|$)", re.MULTILINE
)
_LINE: Final = re.compile(r"\S.*")
_SIGNS: Final = 80
"""Signs on each side of a place that are shown of a longer sentence."""

Span = tuple[int, int]


def sentence_at(text: str, at: Span) -> str:
    """The sentence in which a place begins; of a long one what is around the place."""
    spans = _spans(_SENTENCE, text, (0, len(text)))
    start, end = _holding(spans, at[0]) if spans else (0, len(text))
    first = max(at[0] - start, 0)
    last = min(at[1], end, at[0] + _SIGNS) - start
    return around(text[start:end], first, last, _SIGNS)


def place_beside(text: str, at: Span, other: str) -> Span:
    """Where a text that says the same has what is said at this place: as near as can be told."""
    ours, theirs = (0, len(text)), (0, len(other))
    for pattern in (_LINE, _SENTENCE):
        here, there = _spans(pattern, text, ours), _spans(pattern, other, theirs)
        if here and len(here) == len(there):
            ours = _holding(here, at[0])
            theirs = there[here.index(ours)]
    return theirs


def _spans(pattern: re.Pattern[str], text: str, within: Span) -> list[Span]:
    return [one.span() for one in pattern.finditer(text, *within)]


def _holding(spans: list[Span], place: int) -> Span:
    return next((one for one in spans if place < one[1]), spans[-1])
