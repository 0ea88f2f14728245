"""What a language writes its own way: quotation marks, commas, dates, how many of what."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from lxml import html

from site_model.i18n.catalogues import wrong_in
from site_model.i18n.templates import template_environment
from tests.support.pages.built_pages import every_page
from tests.support.pages.pdf_tools import tool

MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
WRONG = {
    "en": rf"[„«»]|\b(?:{MONTHS}) \d{{1,2}}\b",
    "tr": "[„«»]",
    "uk": "[„“”]",
    "ar": "[„“”]|[,;?] *[\u0621-\u064a]|[\u0621-\u064a] *[,;?]",
}
"""What no text of a language holds: the marks of another, and a date with its month first."""


def said(tree: html.HtmlElement, language: str) -> Iterator[str]:
    """The texts of a page in its own language: whole blocks, and the names in attributes."""
    for part in tree.xpath("//*[@lang]")[1:]:
        if part.get("lang") != language:
            for child in part:
                part.remove(child)
            part.text = "\ufffc"
    for block in tree.xpath("//title|//h1|//h2|//h3|//p|//li|//dt|//dd|//label|//legend|//option"):
        yield " ".join(block.text_content().split())
    yield from tree.xpath(
        "//@aria-label | //@title | //@alt | //meta[@name='description']/@content"
    )


def strange_in(text: str, language: str) -> str | None:
    """The place of a text that is written as another language writes."""
    found = re.search(WRONG[language], text)
    return text[max(0, found.start() - 30) : found.end() + 30] if found else None


@pytest.mark.parametrize("language", WRONG)
def test_a_page_is_written_with_the_signs_of_its_language(site: Path, language: str) -> None:
    """„ “ are Bulgarian, « » Ukrainian and Arabic, ، is Arabic, and November 30 American."""
    wrong = {
        (name, found)
        for name, tree in every_page(site / language).items()
        for text in said(html.fromstring(html.tostring(tree)), language)
        if (found := strange_in(text, language))
    }
    assert not wrong


def text_on(sheet: Path) -> str:
    """In reading order, without the marks for lines from the right that poppler sets."""
    return re.sub("[\u202a-\u202e]|\\s+", " ", tool("pdftotext", sheet, "-"))


@pytest.mark.parametrize("language", WRONG)
def test_a_sheet_is_written_with_the_signs_of_its_language(site: Path, language: str) -> None:
    """Leaflets, wall cards and forms on paper, as a foreign program reads them."""
    sheets = sorted((site / language).rglob("*.pdf"))
    assert sheets
    wrong = {
        (sheet.name, found) for sheet in sheets if (found := strange_in(text_on(sheet), language))
    }
    assert not wrong


@pytest.mark.parametrize(
    ("language", "counted"),
    [
        ("bg", {1: "1 страница", 2: "2 страници", 21: "21 страници"}),
        ("en", {1: "1 page", 2: "2 pages", 21: "21 pages"}),
        ("tr", {1: "1 sayfa", 2: "2 sayfa"}),
        ("uk", {1: "1 сторінка", 2: "2 сторінки", 5: "5 сторінок", 21: "21 сторінка"}),
        ("ar", {1: "صفحة واحدة", 2: "صفحتان", 3: "3 صفحات", 11: "11 صفحة", 102: "102 صفحة"}),
    ],
)
def test_how_many_pages_a_sheet_has_is_said_as_the_language_counts(
    language: str, counted: dict[int, str]
) -> None:
    """One, two, a few and many are different words; Arabic says one and two without a digit."""
    shown = template_environment(language).from_string(
        "{{ ngettext('%(num)s страница', '%(num)s страници', pages) }}"
    )
    assert {number: shown.render(pages=number) for number in counted} == counted


@pytest.mark.parametrize(
    ("language", "form", "refused"),
    [("ar", 1, False), ("ar", 2, False), ("ar", 4, True), ("uk", 0, True), ("tr", 0, True)],
)
def test_only_the_word_for_one_number_may_leave_the_number_out(
    language: str, form: int, refused: bool
) -> None:
    """صفحتان is two pages, but сторінка alone would stand for 1, for 21 and for 31."""
    catalog = Catalog(locale=language)
    forms = ["%(num)s x"] * catalog.num_plurals
    forms[form] = "x"
    word = catalog.add(("%(num)s страница", "%(num)s страници"), forms)
    assert bool(list(wrong_in(word, catalog))) == refused
