"""Drawings and pictograms as the browser shows them, on a phone and on a desk, light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, ViewportSize

from tests.support.browser.browser_parts import Demo

SMALLEST_LETTERS = 14  # px, as large as the smallest words of the pages
OUTSIDE = """() => {
  const drawing = document.querySelector('svg.drawing');
  const edge = drawing.getBoundingClientRect();
  return [...drawing.querySelectorAll('text')]
    .map(text => [text.textContent, text.getBoundingClientRect()])
    .filter(([, box]) => box.left < edge.left || box.right > edge.right || box.bottom > edge.bottom)
    .map(([words]) => words);
}"""
CROSSING = """() => {
  const boxes = [...document.querySelectorAll('svg.drawing rect')]
    .map(rect => rect.getBoundingClientRect());
  return [...document.querySelectorAll('svg.drawing text')].filter(text => {
    const own = text.getBoundingClientRect(), middle = (own.top + own.bottom) / 2;
    return boxes.some(box => middle > box.top && middle < box.bottom
      && own.right > box.left && own.left < box.right
      && (own.left < box.left || own.right > box.right));
  }).map(text => text.textContent);
}"""
LETTERS = """() => {
  const drawing = document.querySelector('svg.drawing');
  return parseFloat(drawing.getAttribute('font-size')) * drawing.getScreenCTM().a;
}"""


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
@pytest.mark.parametrize("centre", ["harmanli", "sopot"])
def test_the_drawn_way_can_be_read(
    browser: Browser, demo: Demo, centre: str, width: int, scheme: str
) -> None:
    """Words stay inside their boxes, are as large as other words, and have the page's colour."""
    page = browser.new_page(
        viewport=ViewportSize(width=width, height=700),
        color_scheme="dark" if scheme == "dark" else "light",
    )
    page.goto(f"{demo.site}/{centre}/kak-da-poluchite-podkrepa/")
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate(CROSSING) == []
    assert page.evaluate(LETTERS) >= SMALLEST_LETTERS
    colour = "e => getComputedStyle(e).fill"
    own = page.locator("svg.drawing text").first.evaluate(colour)
    assert own == page.locator("main").evaluate("e => getComputedStyle(e).color")
    page.close()


@pytest.mark.parametrize("width", [320, 1280])
def test_each_pictogram_stands_beside_its_words(browser: Browser, demo: Demo, width: int) -> None:
    """On a phone too, the words stand to the right of a pictogram of at least 48 px."""
    page = browser.new_page(viewport=ViewportSize(width=width, height=700))
    page.goto(f"{demo.site}/harmanli/lesno-za-chetene/")
    for line in page.locator(".easy li").all():
        icon, words = line.locator("svg").bounding_box(), line.locator("p").bounding_box()
        assert icon is not None
        assert words is not None
        assert icon["width"] >= 48
        assert words["x"] >= icon["x"] + icon["width"]
    page.close()
