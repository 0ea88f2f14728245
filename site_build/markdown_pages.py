"""Markdown to HTML with the library and the settings that the engine has, but each part once.

Pages of a thousand centres share most of their paragraphs. A page is cut where Markdown allows no
part to change another, and each part is converted by the library the first time that it is seen.
A page that cannot be cut so is converted whole; `tests/build/test_same_pages.py` holds both
ways, and plain `mkdocs build`, to the same bytes.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Container, Iterator, Mapping, Sequence
from functools import cache
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.treeprocessors import Treeprocessor

from site_build.page import path_of

_BLOCK_TAGS = "address|aside|blockquote|dl|details|div|figure|form|nav|ol|p|script|section|table|ul"
_ELEMENT = re.compile(rf"<({_BLOCK_TAGS})[\s>]", re.IGNORECASE)
_BLOCK_LINE = re.compile(
    rf"^ {{0,3}}</?(?:{_BLOCK_TAGS}|h[1-6]|hr|!--)", re.IGNORECASE | re.MULTILINE
)
_BLANK = re.compile(r"\n(?:[ \t]*\n)+|\Z")
_HEADING = re.compile(r"#{1,6} ")
_LIST = re.compile(r"(?:[-*+]|\d+\.) ")
# What a paragraph may begin with and cannot be taken for anything else.
_PARAGRAPH = re.compile(r"[^\W_]|[„“(&–]|<(?:a|bdi|em|span|strong)\b|\[[^\]]*\]\(")
_HEADING_ID = re.compile(r'<h[1-6] id="([^"]*)"')
_AFTER = "after"
_HOME = "/\ue002/"
"""Stands for where a centre's pages are. A private-use sign: no text holds it."""
# A path; the library hides addresses of mail behind signs that no path has.
_RELATIVE = re.compile(r"[\w.-][\w./-]*")
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
        return str(self._markdown.convert(text))

    def html(self, text: str, home: str) -> str:
        """The same in parts; links to Markdown files must be paths already.

        Links below the path `home` are hidden from the library: so a part that has no others is
        the same at every centre.
        """
        hidden = text.replace(f"]({home}", f"]({_HOME}").replace(f'"{home}', f'"{_HOME}')
        parts = list(_parts(hidden))
        if "" in parts:
            return self.whole(text)
        html = "\n".join(
            f"{part}\n" if _is_html(part) else self._part(part) for part in parts
        ).strip()
        ids = _HEADING_ID.findall(html)
        # The library gives a second heading of the same words another id.
        return html.replace(_HOME, home) if len(ids) == len(set(ids)) else self.whole(text)

    def _part(self, part: str) -> str:
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
        for element in root.iter("a"):
            element.set("href", self._led(element.get("href", "")))

    def _led(self, address: str) -> str:
        file, mark, place = address.partition("#")
        if not _RELATIVE.fullmatch(file):
            return address
        folder, root, pages = self.here
        path = posixpath.normpath(folder + file)
        if not file.endswith(".md"):
            return f"{root}{path}{mark}{place}"
        return f"{root}{path_of(path)}{mark}{place}" if path_of(path) in pages else address


def _is_html(part: str) -> bool:
    """Whether Markdown passes a part through as it is."""
    element = _ELEMENT.match(part)
    if not element or "markdown=" in part:
        return False
    return _end_of(part, 0, element[1]) == len(part)


def _parts(text: str) -> Iterator[str]:
    """The parts of a page; "" if there is one of which nothing is known."""
    gathered = ""
    place = 0
    text = text.strip("\n")
    while place < len(text):
        element = _ELEMENT.match(text, place)
        start = _end_of(text, place, element[1]) if element else place
        blank = _BLANK.search(text, start)
        end, after = blank.span() if blank else (len(text), len(text))
        part, place = text[place:end], after
        if not element and (not _is_known(part) or _BLOCK_LINE.search(part)):
            yield ""
        if _LIST.match(part) and gathered:  # a blank line does not end a list
            gathered += f"\n\n{part}"
            continue
        if gathered:
            yield gathered
        gathered = part if _LIST.match(part) else ""
        if not gathered:
            yield part
    if gathered:
        yield gathered


def _is_known(part: str) -> bool:
    return bool(_HEADING.match(part) or _LIST.match(part) or _PARAGRAPH.match(part))


@cache
def _tags(name: str) -> re.Pattern[str]:
    return re.compile(rf"<(/?){name}\b[^>]*>", re.IGNORECASE)


def _end_of(text: str, start: int, name: str) -> int:
    """Where the element that begins at `start` ends; the end of the text if it does not."""
    depth = 0
    for tag in _tags(name).finditer(text, start):
        depth += -1 if tag[1] else 1
        if not depth:
            return tag.end()
    return len(text)
