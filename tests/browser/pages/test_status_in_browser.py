"""The operator's status page in Chromium: both engines, 320 px, the keyboard, forced colours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Browser, Page

from contact_service.outbox.given_up import GivenUp
from service_admin.monitoring.alarms import KeyState, Snapshot
from service_admin.monitoring.status_page import status_page
from tests.support.browser import engines

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
WELL = Snapshot(
    now=NOW,
    keys=(
        KeyState("harmanli", "a@b.c", NOW + timedelta(days=900), seal="openpgp"),
        KeyState("sopot", "d@e.f", seal="pdf"),
    ),
    heartbeat=NOW,
    backup=NOW,
)
WRONG = replace(
    WELL,
    waiting=3,
    oldest=NOW - timedelta(days=1),
    given_up=(GivenUp("DF4GJ-2UV79", NOW - timedelta(days=25)),),
    keys=(KeyState("a-centre-with-a-long-name-of-many-words", "a@b.c", wrong="x", seal="smime"),),
)


@pytest.fixture
def view(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="bg-BG", java_script_enabled=True)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("seen", [WELL, WRONG], ids=["well", "wrong"])
def test_status_page(seen: Snapshot, view: Page) -> None:
    """No violation; no sideways scroll at 320 px; the first Tab stops at the link that stops it."""
    view.set_content(status_page(seen, refreshes=True))
    assert engines.everything(view) == []
    view.set_viewport_size({"width": 320, "height": 256})
    assert view.evaluate("document.documentElement.scrollWidth") <= 320
    view.keyboard.press("Tab")
    assert view.evaluate("document.activeElement.getAttribute('href')") == "/status/still"
    view.emulate_media(forced_colors="active")
    assert view.get_by_role("heading", level=1).is_visible()
    assert view.get_by_role("table").count() == 2
