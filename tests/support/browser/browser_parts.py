"""What the browser tests hand around."""

from __future__ import annotations

import re
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.support.waiting import wait_for


@dataclass(frozen=True)
class Demo:
    """Where the running demo's site and mailbox are."""

    site: str
    mailbox: str


def newest_mail(page: Page, demo: Demo, reference: str) -> str:
    """The opened text of the mail with this reference, once it has arrived over SMTP."""
    link = page.get_by_role("link", name=re.compile(reference))

    def arrived() -> int:
        page.goto(demo.mailbox)
        return link.count()

    wait_for(arrived)
    link.click()
    return page.locator("#opened").inner_text()
