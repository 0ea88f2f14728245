"""Pure: the way to support, from the facts, as values for a list and as SVG of the same words.

The drawing is vertical and as wide as the text on a phone of 320 px, so that its letters are as
large as those of the page. It has no colour of its own (`currentColor`): it follows dark pages
and forced colours. It has no ids and no styles: the page's strict policy allows none.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from markupsafe import Markup

from site_build.edition import Edition
from site_model.facts.centre import Centre

WIDTH = 284  # what 320 px leave between the page's edges
GAP = 12
FONT = 14.5
LETTER = (
    8.6  # about the width of a letter at FONT in wide system fonts, so that no word leaves its box
)
LINE = 19
PAD = 9
ARROW = 26


@dataclass(frozen=True)
class Branch:
    """What the law makes follow: its name and its steps in order."""

    title: str
    steps: tuple[str, ...]


@dataclass(frozen=True)
class SupportWay:
    """Ways to the centre, the centre, and what may follow; all in the reader's language."""

    routes: tuple[str, ...]
    centre: str
    branches: tuple[Branch, ...]


@dataclass(frozen=True)
class _Box:
    """A box with centred words; `strong` boxes have a heavier edge."""

    x: float
    y: float
    width: float
    lines: tuple[str, ...]
    strong: bool = False

    @property
    def height(self) -> float:
        return len(self.lines) * LINE + 2 * PAD

    @property
    def middle(self) -> float:
        return self.x + self.width / 2

    @property
    def bottom(self) -> float:
        return self.y + self.height


def support_way(edition: Edition, centre: Centre) -> SupportWay:
    """What is to be drawn: the centre's own routes, then what the law notes say follows."""
    _, said = edition.gettext, edition.translate
    kinds = {
        "self": _("Вие сами"),
        "child_protection": _("Отдел „Закрила на детето“"),
        "institution": _("Училище или друга институция"),
    }
    named = {route.kind for route in centre.routes}
    return SupportWay(
        tuple(words for kind, words in kinds.items() if kind in named),
        said(centre.short_name),
        tuple(
            Branch(said(note.way.title), tuple(map(said, note.way.steps)))
            for note in edition.content.law.values()
            if note.way
        ),
    )


def draw(way: SupportWay) -> Markup:
    """The way as an SVG element, hidden from screen readers: the list beside it says the same."""
    parts: list[str] = []
    centre = _Box(0, 0, WIDTH, _wrapped(way.centre, WIDTH), strong=True)
    if routes := _column(way.routes, 0, 0, WIDTH, GAP / 2):
        centre = _Box(0, routes[-1].bottom + ARROW, WIDTH, centre.lines, strong=True)
        parts += [_box(route) for route in routes]
        parts.append(_arrow(WIDTH / 2, routes[-1].bottom, centre.y))
    parts.append(_box(centre))
    bottom = centre.bottom
    width = (WIDTH - GAP * (len(way.branches) - 1)) / max(len(way.branches), 1)
    titles = [_wrapped(branch.title, width) for branch in way.branches]
    first = centre.bottom + ARROW + max(map(len, titles), default=0) * LINE + PAD
    for number, branch in enumerate(way.branches):
        boxes = _column(branch.steps, number * (width + GAP), first, width, ARROW)
        middle = boxes[0].middle
        parts.append(_arrow(middle, centre.bottom, centre.bottom + ARROW))
        parts.append(_words(titles[number], middle, centre.bottom + ARROW, bold=True))
        parts += [_box(box) for box in boxes]
        parts += [_arrow(middle, upper.bottom, lower.y) for upper, lower in pairwise(boxes)]
        bottom = max(bottom, boxes[-1].bottom)
    return Markup(  # noqa: S704 - every word was escaped
        f'<svg class="drawing" viewBox="-2 -2 {WIDTH + 4} {bottom + 4:g}" aria-hidden="true" '
        f'font-size="{FONT}" fill="currentColor" stroke="none">{"".join(parts)}</svg>'
    )


def _column(texts: tuple[str, ...], x: float, y: float, width: float, between: float) -> list[_Box]:
    boxes: list[_Box] = []
    for text in texts:
        top = boxes[-1].bottom + between if boxes else y
        boxes.append(_Box(x, top, width, _wrapped(text, width)))
    return boxes


def _wrapped(text: str, width: float) -> tuple[str, ...]:
    return tuple(textwrap.wrap(text, int((width - PAD) / LETTER), break_on_hyphens=False))


def _box(box: _Box) -> str:
    edge = 3 if box.strong else 1.5
    return (
        f'<rect x="{box.x:g}" y="{box.y:g}" width="{box.width:g}" height="{box.height:g}" rx="8" '
        f'fill="none" stroke="currentColor" stroke-width="{edge}"/>'
    ) + _words(box.lines, box.middle, box.y + PAD, bold=box.strong)


def _words(lines: tuple[str, ...], middle: float, top: float, *, bold: bool) -> str:
    weight = ' font-weight="700"' if bold else ""
    return "".join(
        f'<text x="{middle:g}" y="{y:g}" text-anchor="middle"{weight}>{escape(line)}</text>'
        for line, y in zip(lines, _baselines(top), strict=False)
    )


def _baselines(top: float) -> Iterator[float]:
    """Where lines of words stand below `top`: letters sit a quarter of a line above its end."""
    y = top + LINE * 0.75
    while True:
        yield y
        y += LINE


def _arrow(x: float, start: float, end: float) -> str:
    return (
        f'<path d="M{x:g} {start + 4:g}V{end - 4:g}m-5 -6l5 6 5 -6" fill="none" '
        'stroke="currentColor" stroke-width="2"/>'
    )
