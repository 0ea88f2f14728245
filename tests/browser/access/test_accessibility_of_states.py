"""Two engines find nothing in any state that a page can be brought into, narrow and wide, light
and dark (test_accessibility.py).
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser import engines
from tests.support.browser.places import Place
from tests.support.browser.states import STATES

pytestmark = pytest.mark.accessibility("engines")


@pytest.fixture
def view(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="bg-BG")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("state", STATES)
def test_every_state(state: str, view: Page, place: Place, record_property: engines.Record) -> None:
    """No violation in any state that a page can be brought into."""
    # Each state sends from a network of its own, since one letter an hour is allowed here.
    network = f"10.0.{list(STATES).index(state)}.1"
    view.set_extra_http_headers({"X-Forwarded-For": network})
    STATES[state](view, place)
    found = engines.everything(view)
    engines.record(record_property, found, states=[state])
    assert found == []
