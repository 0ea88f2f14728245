"""axe-core on every page and state, narrow and wide, light and dark; the rest by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser_parts import Demo
from playwright.sync_api import Browser, Page

SCHEMES = ("light", "dark")
WIDTHS = (320, 1280)
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(params=[(w, s) for w in WIDTHS for s in SCHEMES], ids=lambda p: f"{p[0]} {p[1]}")
def view(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 700}, color_scheme=scheme)
    yield context.new_page()
    context.close()


def paths(site: Path) -> list[str]:
    """Every page of the site, and one that does not exist."""
    pages = sorted(site.rglob("index.html"))
    return ["/" + page.parent.relative_to(site).as_posix().strip(".") for page in pages] + ["/no"]


def violations(page: Page) -> list[str]:
    options = {"runOnly": {"type": "tag", "values": TAGS}}
    found = Axe().run(page, options=options).response["violations"]
    return [f"{page.url}: {v['id']} {[n['html'] for n in v['nodes']][:3]}" for v in found]


def overflow(page: Page) -> list[str]:
    """The page, if it can be scrolled sideways."""
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    return [f"{page.url} scrolls sideways"] if wide else []


def test_every_page(view: Page, demo: Demo, site: Path) -> None:
    """No violation and no sideways scroll on any page."""
    found = []
    for path in paths(site):
        view.goto(demo.site + path)
        found += violations(view) + overflow(view)
    assert found == []


def test_states(view: Page, demo: Demo) -> None:
    """The same for the open menu, an open hint, a form with errors, a refusal and a receipt."""
    found = []
    view.goto(demo.site + "/harmanli/pishete-ni/")
    view.locator("details:visible > summary").evaluate_all("all => all.forEach(s => s.click())")
    found += violations(view) + overflow(view)
    view.get_by_role("button", name="Изпратете писмото").click()
    found += violations(view) + overflow(view)
    view.get_by_label("Не", exact=True).check()
    view.get_by_label("Друг човек").check()
    view.get_by_label("Не ме търсете").check()
    view.get_by_label("Какво се случва").fill("Проба на страницата.")
    view.get_by_label("Прочетох").check()
    view.get_by_role("button", name="Изпратете писмото").click()
    assert view.get_by_role("heading", level=1).inner_text() == "Прието"
    found += violations(view) + overflow(view)
    view.goto(demo.site + "/send/receipt/old")
    found += violations(view) + overflow(view)
    assert found == []


@pytest.mark.parametrize("width", WIDTHS)
def test_keyboard_reaches_everything_and_shows_where(
    browser: Browser, demo: Demo, width: int
) -> None:
    """Tab reaches each link and control once, on the screen, with a visible mark."""
    context = browser.new_context(viewport={"width": width, "height": 700})
    page = context.new_page()
    page.goto(demo.site + "/harmanli/pishete-ni/")
    focusable = page.evaluate(
        """() => new Set([...document.querySelectorAll(
            'a[href], button, input:not([tabindex="-1"]), textarea, summary')]
            .filter(e => e.checkVisibility())
            .map(e => e.type === 'radio' ? e.name : e)).size"""
    )
    stops = []
    for _ in range(focusable):
        page.keyboard.press("Tab")
        stops.append(
            page.evaluate(
                """() => { const e = document.activeElement, r = e.getBoundingClientRect(),
                     s = getComputedStyle(e);
                   return {what: e.outerHTML.slice(0, 60),
                     place: [...document.querySelectorAll('*')].indexOf(e),
                     shown: r.width > 0 && r.right > 0 && r.left < innerWidth && r.bottom > 0
                       && r.top < innerHeight,
                     marked: s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2}; }"""
            )
        )
    assert [stop for stop in stops if not (stop["shown"] and stop["marked"])] == []
    assert len({stop["place"] for stop in stops}) == focusable
    context.close()


def test_forced_colours_keep_borders(browser: Browser, demo: Demo) -> None:
    """With forced colours the doors, the boxes and the fields still have an edge."""
    context = browser.new_context(forced_colors="active")
    page = context.new_page()
    page.goto(demo.site + "/harmanli/")
    assert page.locator(".door").first.evaluate("e => getComputedStyle(e).borderTopWidth") != "0px"
    page.goto(demo.site + "/harmanli/pishete-ni/")
    for selector in ("#message", ".button", ".before"):
        width = page.locator(selector).first.evaluate("e => getComputedStyle(e).borderTopWidth")
        assert width != "0px"
    context.close()
