"""One first visit in a real Chromium: what came over the line, and whether the page moved."""

from __future__ import annotations

from dataclasses import dataclass, field

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

    sizes: dict[str, int] = field(default_factory=dict)
    shift: float = 0

    @property
    def requests(self) -> int:
        return len(self.sizes)

    @property
    def whole(self) -> int:
        return sum(self.sizes.values())


def visit(browser: Browser, url: str) -> Visit:
    """Open a page in a fresh profile, scroll to its end, and count."""
    context = browser.new_context(viewport={"width": 360, "height": 640})
    page = context.new_page()
    line = context.new_cdp_session(page)
    line.send("Network.enable")
    asked: dict[str, str] = {}
    found = Visit()

    def begun(event: dict[str, object]) -> None:
        request = event["request"]
        assert isinstance(request, dict)
        asked[str(event["requestId"])] = str(request["url"])

    def ended(event: dict[str, object]) -> None:
        found.sizes[asked[str(event["requestId"])]] = int(str(event["encodedDataLength"]))

    line.on("Network.requestWillBeSent", begun)
    line.on("Network.loadingFinished", ended)
    page.goto(url, wait_until="networkidle")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    found.shift = page.evaluate(_SHIFTS)
    context.close()
    return found
