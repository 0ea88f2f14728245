"""Pure: a page written by hand as its parts, so that each stands beside its translation."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_HEAD = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)
_TITLE = re.compile(r"title: *(.*)")
_MARKUP = re.compile(
    r"\{#.*?#\}|\{%.*?%\}|<!--.*?-->|<[^>]*>|\{:[^}]*\}|\]\([^)]*\)|[\[*]", re.DOTALL
)
_STANDS_FOR_WORDS = re.compile(r"\{\{.*?\}\}|`[^`]*`", re.DOTALL)


@dataclass(frozen=True)
class Part:
    """The title, or what stands between two blank lines; `line` counts from 1."""

    line: int
    text: str

    @property
    def kind(self) -> tuple[str, int]:
        """What of its form a translation has as well: how it begins, and how many items it has."""
        lines = self.text.split("\n")
        begins = re.match(r"#*|<|\{%|\d|-", self.text)
        items = sum(bool(re.match(r" *(?:-|\d+\.) ", line)) for line in lines)
        return (begins[0] if begins else "")[:3], items


def parts_of(page: str) -> Iterator[Part]:
    """The parts of a Markdown page, its title first."""
    head = _HEAD.match(page)
    body = page
    if head:
        for number, line in enumerate(head[1].splitlines(), 2):
            if title := _TITLE.fullmatch(line):
                yield Part(number, title[1])
        body = "\n" * head[0].count("\n") + page[head.end() :]
    for block in re.finditer(r"\S[^\n]*(?:\n[^\n]*\S[^\n]*)*", body):
        yield Part(body.count("\n", 0, block.start()) + 1, block[0])


def prose(text: str) -> str:
    """Only the words of a part; a low line where a value or code stands among them."""
    return prose_with_places(text)[0]


def prose_with_places(text: str) -> tuple[str, tuple[int, ...]]:
    """Also where in the part each sign of its words stands."""
    places = tuple(range(len(text)))
    for pattern, sign in ((_STANDS_FOR_WORDS, "_"), (_MARKUP, "")):
        said, left, after = [], [], 0
        for found in pattern.finditer(text):
            said += [text[after : found.start()], sign]
            left += [*places[after : found.start()], *places[found.start() :][: len(sign)]]
            after = found.end()
        text, places = "".join((*said, text[after:])), (*left, *places[after:])
    return text, places
