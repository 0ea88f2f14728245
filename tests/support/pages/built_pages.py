"""Reads built pages as a person sees them, and changes facts before a build."""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from lxml import etree, html

IN_MENU = 9
"""How many pages of a centre its menu names."""

OF_EVERY_CENTRE = IN_MENU + 3 + 6
"""Those of its menu, three below them, and six that its footer names."""

OF_A_CENTRE = {"harmanli": OF_EVERY_CENTRE + 2, "sopot": OF_EVERY_CENTRE + 4}
"""How many pages each centre has, with one for each of its services."""

INLINE = {"a", "abbr", "b", "bdi", "code", "em", "i", "q", "small", "span", "strong", "sub", "sup"}
UNSEEN = {"script", "style"}
Pages = dict[str, html.HtmlElement]


@cache
def tree(path: Path) -> html.HtmlElement:
    """A built page, parsed; for reading only, because it is parsed once."""
    return html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot()


def page(site: Path, place: str) -> html.HtmlElement:
    """The page at a place like "sopot/uslugi"; "" is the front page."""
    return tree(site / place / "index.html")


def every_page(site: Path) -> Pages:
    """All pages of a site by their file."""
    files = sorted(site.rglob("*.html"))
    return {path.relative_to(site).as_posix(): tree(path) for path in files}


def bulgarian(pages: Pages) -> Pages:
    """The pages that do not stand below another language."""
    return {name: tree for name, tree in pages.items() if not re.match("[a-z]{2}/", name)}


def of_centre(pages: Pages, centre: str) -> Pages:
    """The pages of one centre."""
    return {name: tree for name, tree in pages.items() if name.startswith(f"{centre}/")}


def words(element: html.HtmlElement) -> str:
    """The visible text with single spaces; blocks are set apart, inline tags are not."""
    seen = copy.deepcopy(element)
    seen.tail = None
    for inner in list(seen.iter()):
        if not isinstance(inner.tag, str) or inner.tag in UNSEEN:
            inner.text = None
        elif inner.tag not in INLINE:
            inner.text = f" {inner.text or ''}"
            inner.tail = f" {inner.tail or ''}"
            if len(inner):
                inner[-1].tail = f"{inner[-1].tail or ''} "
    return " ".join("".join(seen.itertext()).split())


def main_words(site: Path, place: str) -> str:
    """What a page says between its header and its footer."""
    (main,) = page(site, place).xpath("//main")
    return words(main)


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder with its bytes."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def change_yaml(path: Path, change: Callable[[Any], Any]) -> None:
    """Read a YAML file, change its data and write it back."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    text = yaml.safe_dump(change(data), allow_unicode=True, sort_keys=False)
    path.write_text(text, encoding="utf-8")


def every_text(data: Any) -> Iterator[dict[str, str]]:
    """Each text in several languages that parsed YAML holds."""
    if isinstance(data, dict):
        if isinstance(data.get("bg"), str):
            yield data
        else:
            for value in data.values():
                yield from every_text(value)
    elif isinstance(data, list):
        for value in data:
            yield from every_text(value)


def entries(text: str) -> dict[str, str | None]:
    """Each address with its `lastmod`."""
    tree = etree.fromstring(text.encode())
    found = {}
    for entry in tree:
        values = {etree.QName(child).localname: child.text for child in entry}
        found[str(values["loc"])] = values.get("lastmod")
    return found
