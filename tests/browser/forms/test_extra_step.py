"""The extra step in a real browser, with scripts and without: wait, and press again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from contact_service.web.extra_step import FIRST_WAIT_SECONDS
from tests.support.browser.places import Place, serving
from tests.support.browser.states import extra_step


@pytest.fixture
def guarded(tmp_path: Path, site: Path) -> Iterator[Place]:
    with serving(tmp_path, site, "messages_per_hour = 1") as place:
        yield place


def test_step_leads_to_the_receipt(page: Page, guarded: Place) -> None:
    """On 320 pixels and by keyboard: the link leads to the button, which works after the wait."""
    page.set_viewport_size({"width": 320, "height": 700})
    extra_step(page, guarded)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    expect(page.get_by_text("Време за чакане: 10 секунди.")).to_be_visible()
    page.wait_for_timeout((FIRST_WAIT_SECONDS + 1) * 1000)
    page.get_by_role("link", name="Към бутона за изпращане").focus()
    page.keyboard.press("Enter")  # to the button, where the next key is pressed
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Прието")
