"""The service's pages are made from the built site: same head, menu and footer, other middle."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape, unescape
from pathlib import Path

_ACTION = re.compile(r"""\b(?:form)?action\s*=\s*("[^"]*"|'[^']*'|[^>\s]*)""", re.IGNORECASE)
START, END = "<!-- middle:start -->", "<!-- middle:end -->"


@dataclass(frozen=True)
class Shell:
    """A built page, split around its middle and its title."""

    before_title: str
    title: str
    after_title: str
    after_middle: str

    def page(self, middle: str, *, title: str | None = None, title_prefix: str = "") -> str:
        """A whole page. `middle` is HTML; `title` is plain text."""
        words = title_prefix + (escape(title) if title is not None else self.title)
        return f"{self.before_title}{words}{self.after_title}{middle}{self.after_middle}"


class PageMissingError(Exception):
    """The built site lacks a page that the service needs; it must be built first."""


def split_page(html: str) -> Shell:
    """Split a built page; raises PageMissingError if it is not one."""
    head, found_start, rest = html.partition(START)
    _, found_end, after_middle = rest.partition(END)
    before_title, found_title, tail = head.partition("<title>")
    title, found_close, after_title = tail.partition("</title>")
    if not (found_start and found_end and found_title and found_close):
        raise PageMissingError("страницата не е направена от тази версия на сайта")
    return Shell(before_title + "<title>", title, "</title>" + after_title, after_middle)


def forms_sent_elsewhere(site_folder: Path, service: str) -> Iterator[tuple[Path, str]]:
    """Built pages with an address, of a form or a button, that is neither on the site nor below
    `service`, the path or the whole address of the service.
    """
    for page in sorted(site_folder.rglob("*.html")):
        for found in _ACTION.finditer(page.read_text(encoding="utf-8", errors="replace")):
            address = unescape(found[1].strip("\"'")).strip().replace("\\", "/")
            here = not address.startswith("//") and ":" not in address.partition("/")[0]
            if not here and not address.startswith(f"{service}/"):
                yield page, address


class ShellStore:
    """Reads shells from the built site and reads them again when the site was built anew.

    While a new build is being swapped in, what was read before goes on serving.
    """

    def __init__(self, site_folder: Path) -> None:
        self._folder = site_folder
        self._known: dict[Path, tuple[int, Shell]] = {}

    def shell(self, path: Path) -> Shell:
        """The shell of a built page, `path` being below the site's folder."""
        file = self._folder / path
        try:
            changed = file.stat().st_mtime_ns
            if path not in self._known or self._known[path][0] != changed:
                self._known[path] = changed, split_page(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            if path not in self._known:
                raise PageMissingError(f"няма {file}. Направете сайта: make build") from None
        return self._known[path][1]
