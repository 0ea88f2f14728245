"""Pure: a page that needs no template and no built site, for when one of them is what failed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape
from typing import NamedTuple


class Telephone(NamedTuple):
    """A number as it is written and as it is dialled, and whose it is or what it is for."""

    number: str
    dialled: str
    name: str


class Exit(NamedTuple):
    """„Бързо излизане“: a plain link, because no script can be counted on here."""

    words: str
    url: str


@dataclass(frozen=True)
class BarePage:
    """What stands on every such page, whose language is written in `direction`."""

    language: str
    direction: str
    exit: Exit
    telephones: tuple[Telephone, ...]

    def html(self, title: str, *sentences: str, written: Iterable[str] = ()) -> str:
        """The whole page, from plain text; `written` are answers, to be read and copied."""
        numbers = (
            f'<li>{escape(phone.name)}: <a href="tel:{escape(phone.dialled)}" dir="ltr">'
            f"{escape(phone.number)}</a></li>"
            for phone in self.telephones
        )
        parts = (
            *(f"<p>{escape(sentence)}</p>" for sentence in sentences),
            *("<ul>", *numbers, "</ul>"),
            *(
                f'<pre class="written" dir="auto" translate="no">{escape(text)}</pre>'
                for text in written
            ),
        )
        return (
            f'<!DOCTYPE html>\n<html lang="{self.language}" dir="{self.direction}">\n<head>\n'
            '<meta charset="utf-8">\n'
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
            f"<title>{escape(title)}</title>\n"
            '<link rel="stylesheet" href="/assets/opora.css">\n</head>\n<body>\n'
            '<header class="help-strip"><p><a class="exit" rel="nofollow noreferrer" '
            f'href="{escape(self.exit.url)}">{escape(self.exit.words)}</a></p></header>\n<main>\n'
            f"<h1>{escape(title)}</h1>\n{chr(10).join(parts)}\n</main>\n</body>\n</html>\n"
        )
