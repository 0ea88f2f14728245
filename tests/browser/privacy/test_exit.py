"""„Бързо излизане“ in a real browser: at once, by keyboard, and as a plain link without scripts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from site_model.content import Content
from tests.support.browser.browser_parts import Demo

FORM = "/harmanli/pishete-ni/"
KINDS = ("/", "/pomosht/", "/harmanli/", "/harmanli/lesno-za-chetene/", FORM, "/no-such-page/")


@pytest.fixture
def exit_url(content: Content) -> str:
    return str(content.site.exit_url)


def neutral_site(context: BrowserContext, exit_url: str) -> None:
    """The neutral site answers here, so that no test asks the real one."""
    context.route(f"{exit_url}**", lambda route: route.fulfill(body="<h1>Времето</h1>"))


@pytest.fixture
def view(browser: Browser, exit_url: str) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 320, "height": 640})
    neutral_site(context, exit_url)
    yield context.new_page()
    context.close()


def opened(view: Page, address: str) -> None:
    """A page whose clock stands still: else the time of a busy machine would be counted as well."""
    view.clock.install(time=datetime(2026, 11, 22, 12, tzinfo=UTC))
    view.goto(address)
    view.clock.pause_at(datetime(2026, 11, 22, 13, tzinfo=UTC))


def send_empty(page: Page, demo: Demo) -> None:
    page.goto(demo.site + FORM)
    page.get_by_role("button", name="Изпратете писмото").click()


def test_pages_of_every_kind_have_it(page: Page, demo: Demo, exit_url: str) -> None:
    """A link to the neutral site in the same tab, with scripts and without, in the service's
    answers as well, and beside it how to be safe."""
    neutral_site(page.context, exit_url)
    for path in KINDS:
        page.goto(demo.site + path)
        link = page.get_by_role("link", name="Бързо излизане")
        expect(link).to_have_attribute("href", exit_url)
        assert link.get_attribute("target") is None
        expect(page.get_by_role("link", name="Безопасно разглеждане")).to_be_visible()
    send_empty(page, demo)
    expect(page).to_have_title("Грешка: Пишете ни – ЦОП Харманли – Опора")
    page.get_by_role("link", name="Бързо излизане").click()
    page.wait_for_url(exit_url)
    assert len(page.context.pages) == 1


def test_entry_in_the_history_is_replaced(view: Page, demo: Demo, exit_url: str) -> None:
    """After leaving, "back" goes to the page before the one that was left."""
    view.goto(demo.site + "/")
    view.goto(demo.site + "/pomosht/")
    view.get_by_role("link", name="Бързо излизане").click()
    view.wait_for_url(exit_url)
    view.go_back()
    assert view.url == demo.site + "/"


def test_cover_at_once_and_gone_when_back(view: Page, demo: Demo, exit_url: str) -> None:
    """Until the neutral site answers, a white cover hides all and the title says nothing; a page
    that comes back from the browser's memory shows itself again."""
    view.context.unroute(f"{exit_url}**")
    # A navigation that gives no page leaves the old one where it is.
    view.context.route(f"{exit_url}**", lambda route: route.fulfill(status=204))
    view.goto(demo.site + FORM)
    title = view.title()
    view.get_by_role("link", name="Бързо излизане").click()
    cover = view.get_by_role("alert")
    expect(cover).to_have_text("Излизате от сайта")
    expect(view).to_have_title("Излизате от сайта")
    shown = cover.evaluate(
        """e => { const r = e.getBoundingClientRect(), s = getComputedStyle(e);
          return [s.backgroundColor, r.left, r.top, r.width >= innerWidth, r.height >= innerHeight,
            [[5, 5], [160, 20], [160, 300], [315, 635]]
              .every(([x, y]) => e === document.elementFromPoint(x, y))] }"""
    )
    assert shown == ["rgb(255, 255, 255)", 0, 0, True, True, True]
    view.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    expect(cover).to_have_count(0)
    expect(view).to_have_title(title)


def test_three_shifts_leave(view: Page, demo: Demo, exit_url: str) -> None:
    """Shift three times leaves from inside a field too; each press is said to screen readers."""
    opened(view, demo.site + FORM)
    view.get_by_label("Какво се случва").focus()
    said = view.locator(".exit-said")
    view.keyboard.press("Shift")
    expect(said).to_have_text("Натиснете Shift още 2 пъти, за да излезете от сайта.")
    view.keyboard.press("Shift")
    expect(said).to_have_text("Натиснете Shift още веднъж, за да излезете от сайта.")
    view.keyboard.press("Shift")
    view.wait_for_url(exit_url)


@pytest.mark.parametrize("path", ["/", "/tr/harmanli/", "/ar/sopot/"])
def test_three_shifts_leave_where_nobody_writes(
    view: Page, demo: Demo, exit_url: str, path: str
) -> None:
    """On the first page, and on the one page that a centre has in Turkish or Arabic."""
    opened(view, demo.site + path)
    for _ in range(3):
        view.keyboard.press("Shift")
    view.wait_for_url(exit_url)


def test_shift_for_letters_does_not_leave(view: Page, demo: Demo) -> None:
    """Capital letters and other keys between the presses start the count anew."""
    view.goto(demo.site + FORM)
    field = view.get_by_label("Какво се случва")
    field.focus()
    for _ in range(4):
        view.keyboard.press("Shift+A")
        view.keyboard.press("Shift")
    expect(field).to_have_value("AAAA")
    assert view.url == demo.site + FORM


def test_count_ends_after_five_seconds(view: Page, demo: Demo, exit_url: str) -> None:
    """Two presses, five seconds, and the third begins a new count; that is said as well."""
    opened(view, demo.site + "/pomosht/")
    said = view.locator(".exit-said")
    view.keyboard.press("Shift")
    view.clock.run_for(4900)
    view.keyboard.press("Shift")
    view.clock.run_for(200)
    expect(said).to_have_text("Времето изтече. За да излезете, натиснете Shift 3 пъти.")
    view.keyboard.press("Shift")
    expect(said).to_have_text("Натиснете Shift още 2 пъти, за да излезете от сайта.")
    assert view.url == demo.site + "/pomosht/"
    view.keyboard.press("Shift")
    view.keyboard.press("Shift")
    view.wait_for_url(exit_url)


@pytest.mark.parametrize(
    ("path", "width", "height"),
    [
        (FORM, 320, 640),
        (FORM, 1280, 720),
        (FORM, 320, 256),
        ("/harmanli/", 320, 256),
        ("/tr/sopot/", 320, 256),
        ("/ar/harmanli/", 320, 640),
    ],
)
def test_always_in_reach_and_never_over_the_focus(
    browser: Browser, demo: Demo, path: str, width: int, height: int
) -> None:
    """Scrolled anywhere, the link is on the screen; Tab forth and back, the focus is never below
    it, also at 400 % zoom (320 × 256) and where a menu lies open."""
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.goto(demo.site + path)
    for menu in page.locator(".menu summary:visible").all():
        menu.click()
    for place in ("0", "600", "document.body.scrollHeight"):
        page.evaluate(f"scrollTo(0, {place})")
        expect(page.locator(".exit")).to_be_in_viewport(ratio=1)
    covered, stops = [], set()
    for key in ["Tab"] * 60 + ["Shift+Tab"] * 60:
        page.keyboard.press(key)
        found = page.evaluate(
            """() => { const e = document.activeElement, r = e.getBoundingClientRect();
              if (e === document.body) return null;
              const strip = document.querySelector('.help-strip');
              const inner = e.closest('header') !== null;
              const under = !inner && r.top < strip.getBoundingClientRect().bottom - 1
                && r.bottom > strip.getBoundingClientRect().top;
              return [e.id || e.outerHTML.slice(0, 50), under, r.height] }"""
        )
        if found:
            stops.add(found[0])
            if found[1]:
                covered.append((key, *found))
    assert len(stops) > 20
    assert covered == []
    context.close()
