"""The way to support: one set of facts, drawn and written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree, html

from site_build.pages.support_diagram import Branch, SupportWay, draw, support_way
from site_model.content import Content
from tests.support.content.editions import edition_in
from tests.support.pages.built_pages import page, words

SUPPORT = "kak-da-poluchite-podkrepa"
COLOURS = {"currentColor", "none"}


def picture(site: Path, centre: str) -> html.HtmlElement:
    (found,) = page(site, f"{centre}/{SUPPORT}").xpath("//main//*[@class='drawing']")
    return found


def drawn_words(drawing: html.HtmlElement | etree._Element) -> str:
    """All words of a drawing in the order in which they are drawn."""
    return " ".join(drawing.xpath(".//*[local-name()='text']/text()"))


@pytest.mark.parametrize(
    ("centre", "routes"),
    [
        (
            "harmanli",
            ["Вие сами", "Отдел „Закрила на детето“", "Училище или друга институция"],
        ),
        ("sopot", []),
    ],
)
def test_only_routes_that_the_centre_names_are_drawn(
    content: Content, centre: str, routes: list[str]
) -> None:
    """Harmanli names three kinds of routes and Sopot none; nothing is added."""
    way = support_way(edition_in(content), content.centres[centre])
    assert list(way.routes) == routes


@pytest.mark.parametrize("centre", ["harmanli", "sopot"])
def test_the_list_says_what_the_drawing_says(site: Path, centre: str) -> None:
    """Each word of the drawing stands in the list beside it, in the same order."""
    (beside,) = picture(site, centre).xpath("./following-sibling::ol")
    said = words(beside)
    place = 0
    for word in drawn_words(picture(site, centre)).split():
        found = said.find(word, place)
        assert found >= 0, f"„{word}“ не е на мястото си в списъка"
        place = found + len(word)


def test_the_steps_are_those_of_the_law(site: Path, content: Content) -> None:
    """Every step of each way in content/law.yml is drawn."""
    shown = drawn_words(picture(site, "harmanli"))
    ways = [note.way for note in content.law.values() if note.way]
    assert len(ways) == 2
    for way in ways:
        for text in (way.title, *way.steps):
            assert text.to("bg") in shown


@pytest.mark.parametrize("centre", ["harmanli", "sopot"])
def test_the_drawing_takes_the_colours_of_the_page(site: Path, centre: str) -> None:
    """No colour, style or id of its own: dark pages, forced colours and our policy allow it."""
    for element in picture(site, centre).iter():
        assert not {"style", "id", "href"} & set(element.attrib)
        assert {element.get("fill"), element.get("stroke")} - {None} <= COLOURS


def test_readers_hear_the_list_and_not_the_drawing(site: Path) -> None:
    """The drawing is hidden from screen readers; the list beside it is not."""
    assert picture(site, "sopot").get("aria-hidden") == "true"


def test_signs_in_facts_stay_words() -> None:
    """What looks like markup in a fact is drawn as it is written."""
    way = SupportWay(("<b>&",), "Център", (Branch("Път", ("Стъпка",)),))
    assert "<b>&" in drawn_words(etree.fromstring(draw(way)))


def test_boxes_do_not_touch_each_other() -> None:
    """However long the words are, each box begins below the one before it in its column."""
    steps = tuple("дълга стъпка " * length for length in (1, 5, 9))
    way = SupportWay(("а", "б " * 60), "Център", (Branch("Едно", steps), Branch("Две", steps)))
    boxes = etree.fromstring(draw(way)).xpath("//*[local-name()='rect']")
    columns: dict[str, float] = {}
    for box in boxes:
        top, height = float(box.get("y")), float(box.get("height"))
        assert top > columns.get(box.get("x"), -1)
        columns[box.get("x")] = top + height
    assert len(boxes) == 2 + 1 + 6
    (height,) = re.findall(r'viewBox="-2 -2 \S+ (\S+)"', draw(way))
    assert float(height) > max(columns.values())
