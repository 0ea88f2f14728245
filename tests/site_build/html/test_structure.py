"""Titles, headings, landmarks, help in one place, and the language of words, on every page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import html

from site_model.content import Content
from tests.support.pages.built_pages import Pages, every_page, words
from tests.support.pages.foreign_words import foreign_words
from tests.support.pages.rules import RULES

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


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_every_page_keeps_the_rules(pages: Pages, rule: Callable[[Pages], None]) -> None:
    """Titles, headings, landmarks, help and links, on every page of the real site."""
    rule(pages)


def test_one_can_leave_from_every_page(site: Path, content: Content) -> None:
    """„Бързо излизане“, its script and how to be safe, above all else but help, in all languages:
    anyone who has learnt that the button is at the top never looks for it in vain."""
    pages = every_page(site)
    words_for_it = {}
    for name, page in pages.items():
        (link,) = page.xpath("//a[@class='exit']")
        assert link.get("href") == str(content.site.exit_url), name
        assert link.get("rel") == "nofollow noreferrer", name
        assert link.get("target") is None, name
        assert link.getparent().getparent().get("class") == "help-strip", name
        assert not page.xpath("//nav/following::a[@class='exit']"), name
        assert len(page.xpath("//head/script[contains(@src, 'assets/exit.js?')]")) == 1, name
        assert page.xpath("//header//a[@class='safe']"), name
        words_for_it.setdefault(page.get("lang"), set()).add(words(link))
    assert all(len(said) == 1 for said in words_for_it.values())
    assert len({said.pop() for said in words_for_it.values()}) == len(content.site.languages)


def test_the_open_page_is_marked_in_the_menu(pages: Pages) -> None:
    """At most one entry of a menu is the current one, and it leads to the page itself."""
    for name, page in pages.items():
        for menu in page.xpath("//nav//ul"):
            current = menu.xpath(".//a[@aria-current='page']")
            assert len(current) <= 1, name
            assert all(a.get("href").lstrip("/") + "index.html" == name for a in current), name


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
