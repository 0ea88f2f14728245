"""Arabic pages: mirrored, nothing over the edge, numbers in their own order."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.support.browser.browser_parts import Demo

OVER_THE_EDGE = """() => {
  const root = document.documentElement;
  return root.scrollWidth > innerWidth
    || [...document.querySelectorAll('main *, header *, footer *')].some(e => {
      const box = e.getBoundingClientRect();
      return e.checkVisibility() && box.width > 1 && !e.closest('.trap, .skip, .hidden-words')
        && (box.left < -1 || box.right > innerWidth + 1);
    });
}"""
LEFT = "e => e.getBoundingClientRect().left"


@pytest.mark.parametrize("width", [320, 1280])
def test_pages_are_mirrored_and_nothing_leaves_the_screen(
    browser: Browser, demo: Demo, site: Path, width: int
) -> None:
    """On every Arabic page; the name of the site stands right of the languages' last link."""
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    over = []
    for file in sorted((site / "ar").rglob("index.html")):
        page.goto(f"{demo.site}/{file.parent.relative_to(site).as_posix()}/")
        assert page.evaluate("getComputedStyle(document.body).direction") == "rtl"
        if page.evaluate(OVER_THE_EDGE):
            over.append(page.url)
    assert over == []
    links = page.locator(".languages li")
    assert links.nth(0).evaluate(LEFT) > links.nth(1).evaluate(LEFT)
    context.close()


def test_the_parts_of_a_number_keep_their_order(browser: Browser, demo: Demo) -> None:
    """„116 111“ is drawn with 116 on the left, in a link and in a sentence."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(demo.site + "/ar/harmanli/")
    link = page.locator(".help-strip a[href='tel:116111']")
    lefts = link.evaluate(
        """e => [0, 4].map(place => {
          const range = document.createRange(), text = e.firstChild;
          range.setStart(text, place); range.setEnd(text, place + 3);
          return range.getBoundingClientRect().left; })"""
    )
    assert lefts[0] < lefts[1]
    context.close()
