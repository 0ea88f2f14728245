"""Markdown to HTML with the library and the settings that the engine has, but each part once.

Pages of a thousand centres share most of their paragraphs. A page is cut where Markdown allows no
part to change another, and each part is converted by the library the first time that it is seen.
A page that cannot be cut so is converted whole; `tests/site_build/html/test_same_pages.py`
holds both ways, and plain `mkdocs build`, to the same bytes.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import quote, unquote
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from site_build.pages.page import path_of

_BREAK = re.compile(r"(\n\n+|\n(?=#{1,6} ))")
_INLINE = frozenset(
    ("a", "abbr", "b", "bdi", "bdo", "br", "code", "em", "i", "img", "small", "span", "strong")
)
_VOID = frozenset(("br", "hr", "img", "input", "wbr"))
_ELEMENT = re.compile(
    r"<(?:address|aside|blockquote|dl|details|div|figure|form|nav|ol|p|script|section|table|ul)[ >]"
)
_HEADING = re.compile(r"#{1,6} [^\n]*")
_LIST = re.compile(r"(?:[-*+]|\d+\.) ")
# Lines that cannot be taken for anything else than a paragraph's.
_LINE = r"(?:[^\W_]|[„“(&–]|<(?:a|bdi|em|span|strong)\b|\[[^\]\n]*\]\()[^\n]*"
_PARAGRAPH = re.compile(rf"{_LINE}(?:\n *{_LINE})*")
# What the library changes or looks for before it knows of paragraphs: tabs, line ends of Windows,
# its own signs, blank lines of spaces, code fences, references, the table of contents.
_REACHING = re.compile(r"[\t\r\x02\x03]|^ +$|^(?:```|~~~)|\]:|\[TOC\]|<plaintext", re.MULTILINE)
_TAG = re.compile(
    r"<(?:(?P<end>/?)(?P<name>[a-z][a-z0-9-]*)"
    r"""(?:\s+[a-zA-Z_:][\w:.-]*(?:="[^"]*"|='[^']*')?)*\s*(?P<alone>/?)>)?"""
)
_ID = re.compile(r'\sid="([^"]*)"')
_TITLE = re.compile(r"<h[1-6]\b")
# In such a path the library sees nothing but letters.
_PLAIN_PATH = re.compile(r"[A-Za-z0-9/.~-]+")
_AFTER = "after"
_HOME = "/\ue002/"
"""Stands for where a centre's pages are. A private-use sign: no text holds it."""
# A path; the library hides addresses of mail behind signs that no path has.
_RELATIVE = re.compile(r"(?P<file>[\w.%-][\w ./%-]*)(?P<rest>(?:[?#].*)?)")
MOST_KEPT = 20_000


class PageMarkdown:
    """Converts the Markdown of pages; `extensions` and `configs` are the engine's."""

    def __init__(self, extensions: Sequence[str], configs: Mapping[str, Any]) -> None:
        self._markdown = Markdown(extensions=list(extensions), extension_configs=dict(configs))
        self._links = _SiteLinks(self._markdown)
        self._markdown.treeprocessors.register(self._links, "site_links", 0)
        self._kept: dict[str, str] = {}

    def whole(self, text: str, folder: str = "", root: str = "", pages: Container[str] = ()) -> str:
        """A page converted in one piece.

        Its links to files, as seen from `folder` (a path with a slash at its end, or ""), become
        paths below `root`; those to Markdown files where there is such a page among `pages`.
        """
        self._links.here = (folder, root, pages)
        self._markdown.reset()
        # As the file of a page ends: the library keeps what follows an element that is not closed.
        return str(self._markdown.convert(f"{text}\n"))

    def html(self, text: str, home: str) -> str:
        """The same in parts; links to Markdown files must be paths already.

        Links below the path `home` are hidden from the library: so a part that has no others is
        the same at every centre.
        """
        hidden = text
        if _PLAIN_PATH.fullmatch(home):
            hidden = text.replace(f"]({home}", f"]({_HOME}").replace(f'="{home}', f'="{_HOME}')
        parts = None if _HOME in text else _parts(hidden)
        if parts is None:
            return self.whole(text)
        html = "\n".join(
            f"{part.text}{part.blank}" if part.is_html else self._part(part.text, home)
            for part in parts
        )
        ids = _ID.findall(html)
        # The library gives a second heading of the same words another id.
        return html.replace(_HOME, home).strip() if len(ids) == len(set(ids)) else self.whole(text)

    def _part(self, part: str, home: str) -> str:
        made = self._made(part)
        # The path may be among the words that the id of a heading is made of.
        return self._made(part.replace(_HOME, home)) if _TITLE.search(made) else made

    def _made(self, part: str) -> str:
        if part not in self._kept:
            if len(self._kept) >= MOST_KEPT:
                self._kept.clear()
            # The paragraph after it shows how many line ends belong to a part.
            made = self.whole(f"{part}\n\n{_AFTER}")
            self._kept[part] = made.removesuffix(f"\n<p>{_AFTER}</p>")
        return self._kept[part]


class _SiteLinks(Treeprocessor):  # type: ignore[misc]
    """Links to files become paths, as the engine makes them."""

    here: tuple[str, str, Container[str]] = ("", "", ())

    def run(self, root: Element) -> None:
        for tag, name in (("a", "href"), ("img", "src")):
            for element in root.iter(tag):
                element.set(name, self._led(element.get(name, "")))

    def _led(self, address: str) -> str:
        found = _RELATIVE.fullmatch(address)
        if not found:
            return address
        folder, root, pages = self.here
        path = posixpath.normpath(folder + unquote(found["file"]))
        if path.endswith(".md"):
            path = path_of(path)
            if path not in pages:
                return address
        return f"{root}{quote(path)}{found['rest']}"


@dataclass(frozen=True)
class _Piece:
    """What stands between two blank lines of a page, or before a heading without one.

    `closes` are elements that were opened in pieces before it, `opens` those that stay open; after
    the last of `closes`, `elements` stand side by side, and there may be text `beside` them.
    """

    text: str
    closes: tuple[str, ...] = ()
    opens: tuple[str, ...] = ()
    elements: int = 0
    beside: bool = False
    is_inline: bool = True
    blank: str = "\n"

    def with_more(self, gap: str, more: _Piece) -> _Piece | None:
        """This piece with the next one, in which its elements go on."""
        left = len(self.opens) - len(more.closes)
        if self.opens[max(left, 0) :] != more.closes[::-1]:
            return None
        if not left and (more.elements or more.beside):
            return None
        return replace(
            self,
            text=f"{self.text}{gap}{more.text}",
            opens=(*self.opens[:left], *more.opens),
            is_inline=self.is_inline and more.is_inline,
        )

    @property
    def is_known(self) -> bool:
        """Whether nothing before can change what is made of it, nor it anything after it."""
        if self.is_block:
            return not self.beside
        known = self.is_list or _HEADING.fullmatch(self.text) or _PARAGRAPH.fullmatch(self.text)
        return bool(known) and self.is_inline

    @property
    def is_block(self) -> bool:
        return bool(_ELEMENT.match(self.text))

    @property
    def is_list(self) -> bool:
        return bool(_LIST.match(self.text))

    @property
    def is_html(self) -> bool:
        """Whether Markdown passes it through as it is."""
        return self.is_block and self.elements == 1 and " markdown" not in self.text


def _parts(text: str) -> list[_Piece] | None:
    """The parts of a page; None if it cannot be cut."""
    parts: list[_Piece] = []
    for gap, piece in _pieces(text.strip("\n")):
        if not piece or not piece.is_known:
            return None
        last = parts[-1] if parts else piece
        if parts and last.is_list and piece.is_list:  # a blank line does not end a list
            parts[-1] = replace(last, text=f"{last.text}{gap}{piece.text}")
            continue
        # What Markdown made of an element may be a list that goes on, or end in a blank line.
        if (gap == "\n" or piece.is_list) and last.is_block and not last.is_html:
            return None
        if gap == "\n":
            parts[-1] = replace(last, blank="")
        parts.append(piece)
    return parts


def _pieces(text: str) -> Iterator[tuple[str, _Piece | None]]:
    """The pieces of a page with the line ends before each; None for one of which nothing is known.

    Blank lines in an element do not end it.
    """
    before = ""
    begun: _Piece | None = None
    broken = _BREAK.split(text)
    for gap, run in zip(["", *broken[1::2]], broken[::2], strict=True):
        piece = _piece(run)
        if piece and begun:
            piece = begun.with_more(gap, piece)
        else:
            before = gap
        begun = piece if piece and piece.opens else None
        if not begun:
            yield before, piece if piece and not piece.closes else None
    if begun:
        yield before, None


@lru_cache(MOST_KEPT)
def _piece(text: str) -> _Piece | None:
    """None if it reaches beyond its blank lines, or is no HTML that its readers agree on."""
    if _REACHING.search(text):
        return None
    closes: list[str] = []
    opens: list[str] = []
    names: set[str] = set()
    beside = ""
    elements = after = 0
    for tag in _TAG.finditer(text):
        name = tag["name"]
        if not name:
            return None
        names.add(name)
        if not opens:
            beside += text[after : tag.start()]
        if not tag["end"]:
            elements += not opens
            if not tag["alone"] and name not in _VOID:
                opens.append(name)
        elif not opens:
            closes.append(name)
            beside, elements = "", 0
        elif opens.pop() != name:
            return None
        after = tag.end()
    if not opens:
        beside += text[after:]
    return _Piece(
        text, tuple(closes), tuple(opens), elements, bool(beside.strip("\n")), names <= _INLINE
    )
