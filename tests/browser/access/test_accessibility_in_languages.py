"""Two engines find nothing on any page of the other languages (test_accessibility.py)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import engines
from tests.support.browser.places import Place

pytestmark = pytest.mark.accessibility("engines")
LANGUAGES = ("en", "tr", "uk", "ar")


@pytest.fixture
def view(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="bg-BG")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page(
    language: str, view: Page, place: Place, record_property: engines.Record
) -> None:
    """No violation on any page, narrow and light."""
    engines.look_at_pages(place.in_language(language), engines.ONCE, view, place, record_property)


def test_languages_are_all_here(place: Place) -> None:
    """The languages above are those of the site."""
    assert set(place.paths) == set(place.in_language("bg", *LANGUAGES))
