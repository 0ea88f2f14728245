"""Rules that every page keeps, the real ones and those of made-up projects."""

from __future__ import annotations

from collections import Counter

from tests.support.pages.built_pages import Pages, words


def titles_are_unique(pages: Pages) -> None:
    """No two pages of one language share a title, and none is empty."""
    titles = Counter((page.get("lang"), page.findtext(".//title")) for page in pages.values())
    assert [title for title, count in titles.items() if count > 1 or not title[1]] == []


def headings_make_an_outline(pages: Pages) -> None:
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


def landmarks(pages: Pages) -> None:
    """One header, main and footer in this order; navigations have names that differ."""
    for name, page in pages.items():
        outer = [e.tag for e in page.find("body") if e.tag in ("header", "main", "footer")]
        assert outer == ["header", "main", "footer"], name
        navigations = [nav.get("aria-label") for nav in page.iter("nav")]
        assert all(navigations), name
        assert len(set(navigations)) == len(navigations), name
        (skip,) = page.xpath("(//body//a)[1]")
        assert page.get_element_by_id(skip.get("href").removeprefix("#")).tag == "main"


def help_stands_in_the_same_place(pages: Pages) -> None:
    """The ways to help have one order: first in the header, first in the footer (WCAG 3.2.6)."""
    for name, page in pages.items():
        header = page.xpath("//header//a/@href")
        assert header[1:3] == ["tel:112", "tel:116111"], name
        calls = [href for href in header if href.startswith("tel:") or "/pomosht/" in href]
        assert calls[2].endswith("/pomosht/"), name
        footer = page.xpath("//footer//a/@href")
        assert footer[0].endswith("/pomosht/"), name


def links_with_the_same_words_lead_to_the_same_place(pages: Pages) -> None:
    """In the main part of a page, words of a link tell where it goes (WCAG 2.4.4)."""
    for name, page in pages.items():
        goals: dict[str, set[str]] = {}
        for link in page.xpath("//main//a[@href]"):
            goals.setdefault(link.get("aria-label") or words(link), set()).add(link.get("href"))
        assert {said: to for said, to in goals.items() if len(to) > 1 or not said} == {}, name


RULES = (
    titles_are_unique,
    headings_make_an_outline,
    landmarks,
    help_stands_in_the_same_place,
    links_with_the_same_words_lead_to_the_same_place,
)
