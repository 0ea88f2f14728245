"""Pure: from built pages to the index that the page script searches.

The index holds the text itself, each sentence once, and what the script needs to read it as
`lemmas` does. So it tells what the pages tell, and the script shows it without another request.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml.etree import _Element

from site_build.edition import Edition
from site_build.search.rules import Rules, rules_for
from site_build.search.tables import Tables, kept_tables
from site_model.facts.search_words import Answer, Pointer, word_list

_BREAKS = frozenset(
    re.findall(
        r"\w+",
        """
        address article aside blockquote br caption dd details div dl dt fieldset figcaption
        figure footer form h1 h2 h3 h4 h5 h6 header hr label legend li main nav ol p pre section
        summary table tbody td th thead tr ul
        """,
    )
)
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_UNSEEN = frozenset(("script", "style", "template", "svg", "noscript"))
_ASIDE = frozenset(("trap", "about-translation", "in-language"))
"""Classes of what is no part of a page's text: for robots, or about the translation."""


@dataclass(frozen=True)
class Section:
    """A heading and the sentences below it; `anchor` is "" before the first heading with an id."""

    anchor: str
    heading: str
    texts: tuple[str, ...]


@dataclass(frozen=True)
class SearchPage:
    """A built page: its address, title and sections; `centre` is None for a common page.

    `home` is where the centre's pages stand below the language's root, if not in its folder.
    """

    url: str
    title: str
    centre: str | None
    sections: tuple[Section, ...]
    ids: frozenset[str] = frozenset()
    home: str | None = None


@dataclass(frozen=True)
class Link:
    """An address and the words that lead there."""

    url: str
    title: str


def read_page(
    tree: _Element, url: str, centre: str | None, site_name: str, home: str | None = None
) -> SearchPage:
    """What `<main>` of a built page says, cut at its headings.

    `home` is where the centre's pages stand, if not in a folder named as it is.
    """
    main: Any = tree.find(".//main")
    title = " ".join(str(tree.findtext(".//title")).split()).removesuffix(f" – {site_name}")
    runs = _Runs(main).found
    starts = [place for place, (level, *_) in enumerate(runs) if level] or [len(runs)]
    sections = [Section("", "", _texts(runs[: starts[0]]))]
    for start, end in zip(starts, [*starts[1:], len(runs)], strict=True):
        if start < len(runs):
            level, anchor, heading = runs[start]
            anchor = "" if level == "h1" else anchor
            sections.append(Section(anchor, heading, _texts(runs[start + 1 : end])))
    found = tuple(section for section in sections if section.heading or section.texts)
    return SearchPage(url, title, centre, found, frozenset(main.xpath(".//@id")), home)


def _texts(runs: Iterable[Run]) -> tuple[str, ...]:
    return tuple(text for _, _, text in runs)


Run = tuple[str, str, str]
"""`h1` to `h6` or "", the id, and the text between two block tags."""


class _Runs:
    """Gathers the runs of text of an element."""

    def __init__(self, element: _Element) -> None:
        self.found: list[Run] = []
        self._level = self._anchor = self._text = ""
        self._read(element)
        self._cut()

    def _read(self, element: _Element) -> None:
        tag = element.tag
        if not isinstance(tag, str) or not _is_seen(element):
            return
        is_block = tag in _BREAKS
        if is_block:
            self._cut(tag if tag in _HEADINGS else "", element.get("id", ""))
        self._text += element.text or ""
        for inner in element:
            self._read(inner)
            self._text += inner.tail or ""
        if is_block:
            self._cut()

    def _cut(self, level: str = "", anchor: str = "") -> None:
        if text := " ".join(self._text.split()):
            self.found.append((self._level, self._anchor, text))
        self._level, self._anchor, self._text = level, anchor, ""


def _is_seen(element: _Element) -> bool:
    if element.tag in _UNSEEN:
        return False
    attributes = element.attrib
    if not attributes:
        return True
    return (
        not _ASIDE.intersection(attributes.get("class", "").split())
        and "hidden" not in attributes
        and attributes.get("aria-hidden") != "true"
    )


class Linked:
    """Finds the pages that answers name; `root` is the path of the language."""

    def __init__(self, pages: Iterable[SearchPage], root: str) -> None:
        self._found: dict[str, list[SearchPage]] = defaultdict(list)
        for page in pages:
            path = page.url.removeprefix(root)
            self._found[path].append(page)
            home = f"{page.centre}/" if page.home is None else page.home
            if page.centre and path.startswith(home):
                self._found[f"*/{path.removeprefix(home)}"].append(page)

    def links(self, answer: Pointer) -> list[Link]:
        """The pages that an answer names, those of each centre for `*/`; absent ones are left out.

        A language that lacks a page of the centres leads to their main pages, with the gist.
        """
        links: dict[Link, None] = {}
        for place in answer.pages:
            path, _, anchor = place.partition("#")
            if path.startswith("*/") and path not in self._found:
                path, anchor = "*/", ""
            pages = self._found.get(path, [])
            links |= dict.fromkeys(_link(page, anchor) for page in pages if _has(page, anchor))
        return list(links)


def _has(page: SearchPage, anchor: str) -> bool:
    return not anchor or anchor in page.ids


def _link(page: SearchPage, anchor: str) -> Link:
    if not anchor:
        return Link(page.url, page.title)
    headings = {section.anchor: section.heading for section in page.sections}
    return Link(f"{page.url}#{anchor}", f"{headings.get(anchor, '')}: {page.title}".lstrip(": "))


def make_index(
    edition: Edition, pages: tuple[SearchPage, ...], words: Any, *, kept: Path | None
) -> dict[str, Any]:
    """The index of an edition as plain values; `words` is for the script's own sentences.

    What takes long is kept in the folder `kept` for the next build; without one it is left out.
    """
    content, language = edition.content, edition.language
    rules = rules_for(language)
    linked = Linked(pages, edition.root)
    answers = [_answer(answer, edition, linked) for answer in content.search.answers]
    same = [word_list(words.to(language)) for words in content.search.same]
    texts = _Numbered()
    numbered_pages = [
        [
            page.url,
            page.title,
            page.centre or "",
            [
                [section.anchor, section.heading, [texts[text] for text in section.texts]]
                for section in page.sections
            ],
        ]
        for page in pages
    ]
    known = [*texts, *(page.title for page in pages)]
    known += [section.heading for page in pages for section in page.sections]
    known += [word for answer in answers for word in (answer["title"], *answer["words"])]
    known += [word for group in same for word in group]
    tables: Tables = {"merge": {}, "real": ""}
    if kept:
        tables = kept_tables(kept, known, language, rules)
    return {
        "rules": _rules(rules) | tables,
        "texts": list(texts),
        "pages": numbered_pages,
        "answers": answers,
        "same": same,
        "nothing": _pointer(content.search.nothing, edition, linked),
        "lines": [
            {
                "number": line.number,
                "dialled": line.dialled,
                "name": line.name.to(language),
                "call_if": line.call_if.to(language),
            }
            for line in content.first_lines
        ],
        "words": words,
    }


class _Numbered(dict[str, int]):
    """Each text once, with its number."""

    def __missing__(self, text: str) -> int:
        self[text] = len(self)
        return self[text]


def _rules(rules: Rules) -> dict[str, Any]:
    return {
        "suffixes": rules.suffixes,
        "prefixes": rules.prefixes,
        "stop": sorted(rules.stop_words),
        "latin": rules.latin,
        "apart": sorted(rules.apart),
    }


def _answer(answer: Answer, edition: Edition, linked: Linked) -> dict[str, Any]:
    words = word_list(edition.translate(answer.words))
    return _pointer(answer, edition, linked) | {"words": words, "danger": answer.danger}


def _pointer(pointer: Pointer, edition: Edition, linked: Linked) -> dict[str, Any]:
    paper = None if edition.site.takes_letters else pointer.without_service
    return {
        "title": edition.translate(pointer.title),
        "text": edition.translate(paper or pointer.text),
        "links": [[link.url, link.title] for link in linked.links(pointer)],
    }
