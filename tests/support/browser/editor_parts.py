"""Hands at the pages of the editor."""

from __future__ import annotations

from playwright.sync_api import Page

from tests.support.browser.engines import CORNERS, everything
from tests.support.browser.keys import follow, tab_to


def button(page: Page, words: str) -> None:
    follow(page, page.get_by_role("button", name=words, exact=True).first)


def replace(page: Page, label: str, text: str) -> None:
    """Tab to a field, take all of it and type."""
    field = page.get_by_label(label, exact=True)
    tab_to(page, field)
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type(text)


def press(page: Page, words: str) -> list[str]:
    """What the engines find on the page that comes, once it is whole."""
    with page.expect_navigation():
        page.get_by_role("button", name=words).first.click()
    return everything(page, CORNERS)
