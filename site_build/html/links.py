"""Pure: the links between languages, set right once it is known which pages each one has.

Templates link as if every page existed in every language. Here, a link inside a language to
a page that it lacks is led to the Bulgarian page and says so; a link of the language switch
is led to the nearest page above it; an alternate that does not exist is taken out.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote

from site_model.types import SOURCE_LANGUAGE

_LINK = re.compile(
    r'<a\b(?P<before>[^>]*?)\bhref="(?P<path>/[^"#?]*)(?P<rest>[^"]*)"(?P<after>[^>]*)>'
    r"(?P<inner>.*?)</a>",
    re.DOTALL,
)
_ALTERNATE = re.compile(r'<link rel="alternate" hreflang="(\w+)" href="([^"]*)">\n')


@dataclass(frozen=True)
class Place:
    """A language's pages: `root` is the path on which they stand, `pages` are below it."""

    root: str
    url: str
    pages: frozenset[str]

    def has(self, path: str) -> bool:
        """Whether there is such a page, or such a file that is no page."""
        return path in self.pages or not (path == "" or path.endswith("/"))

    def nearest(self, path: str) -> str:
        """The page at `path`, or the first above it that exists."""
        while path not in self.pages and path:
            path = path[: path.rstrip("/").rfind("/") + 1]
        return path


class LanguageLinks:
    """Sets the links of a language's pages right.

    `places` are all languages', and `said` is what a link says that leads to a Bulgarian page:
    „на български“.
    """

    def __init__(self, language: str, places: Mapping[str, Place], said: str) -> None:
        self._language = language
        self._places = places
        self._said = said
        self._right: set[str] = set()

    def set_links(self, html: str) -> str:
        """A built page with its links set right."""
        return _ALTERNATE.sub(self._alternate, _LINK.sub(self._link, html))

    def _link(self, found: re.Match[str]) -> str:
        if found["path"] in self._right:
            return found[0]
        there = _language_of(found["path"], self._places)
        place = self._places[there]
        path = unquote(found["path"].removeprefix(place.root))
        if place.has(path):
            self._right.add(found["path"])
            return found[0]
        if there != self._language or self._language == SOURCE_LANGUAGE:
            if f'hreflang="{there}"' not in found["after"]:
                return found[0]  # no link of the switch: `finish` says that it leads nowhere
            return _led(found, place.root + quote(place.nearest(path)), found["rest"])
        source = self._places[SOURCE_LANGUAGE]
        if path not in source.pages:
            return found[0]
        return _led(
            found,
            source.root + quote(path),
            found["rest"],
            f' hreflang="{SOURCE_LANGUAGE}"',
            f'<span class="in-language"> ({self._said})</span>',
        )

    def _alternate(self, found: re.Match[str]) -> str:
        place = self._places[found[1]]
        return found[0] if found[2].removeprefix(place.url) in place.pages else ""


def _led(link: re.Match[str], path: str, rest: str, more: str = "", note: str = "") -> str:
    return f'<a{link["before"]}href="{path}{rest}"{more}{link["after"]}>{link["inner"]}{note}</a>'


def _language_of(path: str, places: Mapping[str, Place]) -> str:
    """The language below whose root a path stands; Bulgarian, where no other's is."""
    inside = (code for code, place in places.items() if path.startswith(place.root))
    return max(inside, key=lambda code: len(places[code].root), default=SOURCE_LANGUAGE)
