"""Titles, headings, landmarks, help in one place, and the language of words, on every page."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from built_pages import Pages, every_page, words
from foreign_words import foreign_words
from lxml import html

pytestmark = pytest.mark.accessibility("structure")


def test_words_of_another_language_say_so(site: Path) -> None:
    """On the pages of all languages a screen reader is told when to change its voice."""
    pages = every_page(site)
    assert {page.get("lang") for page in pages.values()} == {"bg", "en", "tr", "uk", "ar"}
    found = {name: list(foreign_words(page)) for name, page in pages.items()}
    assert {name: words for name, words in found.items() if words} == {}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>Отворете Google Maps.</p>", ["Google", "Maps"]),
        ("<p>Отворете <span lang='en'>Google Maps</span>.</p>", []),
        ("<p>Отворете PDF или пишете на cop@abv.bg.</p>", []),
        ("<p lang='en'>Call ОЗД now.</p>", ["ОЗД"]),
        ("<p lang='en'>Call <span lang='bg'>ОЗД</span> now.</p>", []),
        ("<p lang='ar'>58в</p>", ["в"]),
        ("<p lang='uk'>ДСП</p>", []),
    ],
)
def test_foreign_words_are_found(text: str, found: list[str]) -> None:
    """What the test above looks for, on small examples."""
    page = html.document_fromstring(f"<html lang='bg'><body>{text}</body></html>")
    assert list(foreign_words(page)) == found


def test_titles_are_unique(pages: Pages) -> None:
    """No two pages of one language share a title, and none is empty."""
    titles = Counter((page.get("lang"), page.findtext(".//title")) for page in pages.values())
    assert [title for title, count in titles.items() if count > 1 or not title[1]] == []


def test_headings_make_an_outline(pages: Pages) -> None:
    """One h1 in the main part, and no level is jumped over."""
    for name, page in pages.items():
        levels = [
            int(h.tag[1])
            for h in page.xpath(
                "//*[re:match(name(), '^h[1-6]$')]",
                namespaces={"re": "http://exslt.org/regular-expressions"},
            )
        ]
        assert levels.count(1) == len(page.xpath("//main//h1")) == 1, name
        jumps = [pair for pair in zip([0, *levels], levels, strict=False) if pair[1] > pair[0] + 1]
        assert jumps == [], name


def test_landmarks(pages: Pages) -> None:
    """One header, main and footer in this order; navigations have names that differ."""
    for name, page in pages.items():
        outer = [e.tag for e in page.find("body") if e.tag in ("header", "main", "footer")]
        assert outer == ["header", "main", "footer"], name
        navigations = [nav.get("aria-label") for nav in page.iter("nav")]
        assert all(navigations), name
        assert len(set(navigations)) == len(navigations), name
        (skip,) = page.xpath("(//body//a)[1]")
        assert page.get_element_by_id(skip.get("href").removeprefix("#")).tag == "main"


def test_help_stands_in_the_same_place(pages: Pages) -> None:
    """The ways to help have one order: first in the header, first in the footer (WCAG 3.2.6)."""
    for name, page in pages.items():
        header = page.xpath("//header//a/@href")
        assert header[1:3] == ["tel:112", "tel:116111"], name
        calls = [href for href in header if href.startswith("tel:") or "/pomosht/" in href]
        assert calls[2].endswith("/pomosht/"), name
        footer = page.xpath("//footer//a/@href")
        assert footer[0].endswith("/pomosht/"), name


def test_the_open_page_is_marked_in_the_menu(pages: Pages) -> None:
    """At most one entry of a menu is the current one, and it leads to the page itself."""
    for name, page in pages.items():
        for menu in page.xpath("//nav//ul"):
            current = menu.xpath(".//a[@aria-current='page']")
            assert len(current) <= 1, name
            assert all(a.get("href").lstrip("/") + "index.html" == name for a in current), name


def test_links_with_the_same_words_lead_to_the_same_place(pages: Pages) -> None:
    """In the main part of a page, words of a link tell where it goes (WCAG 2.4.4)."""
    for name, page in pages.items():
        goals: dict[str, set[str]] = {}
        for link in page.xpath("//main//a[@href]"):
            goals.setdefault(link.get("aria-label") or words(link), set()).add(link.get("href"))
        assert {said: to for said, to in goals.items() if len(to) > 1 or not said} == {}, name


def test_nothing_is_named_by_its_place_alone(site: Path) -> None:
    """Who does not see the page cannot find what is only „най-долу“ (WCAG 2.2, 1.3.3)."""
    places = re.compile(
        r"[^.!?]*\b(?:най-долу|най-горе|вляво|вдясно|отляво|отдясно"
        r"|at the (?:very )?(?:top|bottom)|on the (?:left|right))\b[^.!?]*"
    )
    found = {
        name: sentences
        for name, page in every_page(site).items()
        if (sentences := [one for one in places.findall(words(page)) if not re.search("[„“]", one)])
    }
    assert found == {}
    assert places.findall("Press the button at the very bottom. Натисни бутона най-долу!") != []
