"""First visits in a real Chromium: what came over the line, and whether the page moved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Browser

_SHIFTS = """() => new Promise(done => { let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(e => { sum += e.value; }))
    .observe({type: 'layout-shift', buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum), 50)));
})"""


@dataclass
class Visit:
    """What one first visit took: `sizes` are bytes with their headers by address; the layout
    shift is Chromium's own measure."""

    sizes: dict[str, int]
    shift: float

    @property
    def requests(self) -> int:
        return len(self.sizes)

    @property
    def whole(self) -> int:
        return sum(self.sizes.values())


@contextmanager
def first_visits(browser: Browser) -> Iterator[Callable[[str], Visit]]:
    """Opens a page with an empty cache, scrolls to its end, and counts; until the block ends.

    All in one window, which costs more to open than a page.
    """
    with browser.new_context(viewport={"width": 360, "height": 640}) as context:
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("Network.enable")
        asked: dict[str, str] = {}
        sizes: dict[str, int] = {}

        def begun(event: dict[str, Any]) -> None:
            asked[event["requestId"]] = event["request"]["url"]

        def ended(event: dict[str, Any]) -> None:
            sizes[asked[event["requestId"]]] = event["encodedDataLength"]

        line.on("Network.requestWillBeSent", begun)
        line.on("Network.loadingFinished", ended)

        def visit(url: str) -> Visit:
            page.goto("about:blank")
            line.send("Network.clearBrowserCache")
            sizes.clear()
            page.goto(url, wait_until="networkidle")
            page.evaluate("scrollTo(0, document.body.scrollHeight)")
            return Visit(dict(sizes), page.evaluate(_SHIFTS))

        yield visit
