"""What the browser tests hand around."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Page


@dataclass(frozen=True)
class Demo:
    """Where the running demo's site and mailbox are."""

    site: str
    mailbox: str


def newest_mail(page: Page, demo: Demo, reference: str) -> str:
    """The opened text of the mail with this reference, once it has arrived over SMTP."""
    for _ in range(50):
        page.goto(demo.mailbox)
        link = page.get_by_role("link", name=re.compile(reference))
        if link.count():
            link.click()
            return page.locator("#opened").inner_text()
        page.wait_for_timeout(200)
    raise AssertionError(f"no mail with {reference}")
