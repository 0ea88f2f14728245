"""Every stop of the keyboard can be seen, and whole journeys need nothing but keys."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser.keys import STOPS, choose, enter, every_stop, follow, tab_to, tick, write
from tests.support.browser.places import CONTACT, Place
from tests.support.browser.states import SEND, STATES

focus = pytest.mark.accessibility("focus")
keyboard = pytest.mark.accessibility("keyboard")
LETTER = "Имам нужда от съвет."
NETWORKS = itertools.count(1)


@pytest.fixture(params=[320, 1280])
def view(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": request.param, "height": 600})
    yield context.new_page()
    context.close()


def faults(page: Page) -> list[str]:
    """Stops that are off the screen, covered or unmarked, and what is met more than once."""
    stops = every_stop(page)
    found = [
        f"{page.url} {stop['html']}: not {look}"
        for stop in stops
        for look in ("onScreen", "uncovered", "marked")
        if not stop[look]
    ]
    if len({stop["place"] for stop in stops}) != page.evaluate(STOPS):
        found.append(f"{page.url}: Tab misses something")
    return found


@focus
def test_every_stop_of_every_page_is_seen(view: Page, place: Place) -> None:
    """Tab reaches each link and control once; it is on the screen, uncovered and marked.

    Wide, one page of each template is walked through.
    """
    narrow = view.viewport_size == {"width": 320, "height": 600}
    templates = (*place.of_each_template(), *place.of_each_template("ar"))
    found = []
    for path in place.of_every_kind() if narrow else templates:
        view.goto(place.url + path)
        found += faults(view)
    assert found == []


@focus
@pytest.mark.parametrize("state", ["menu open", "hints open", "form with errors"])
def test_every_stop_of_a_state_is_seen(state: str, view: Page, place: Place) -> None:
    """The same where something was opened or must be fixed."""
    STATES[state](view, place)
    assert faults(view) == []


@focus
@pytest.mark.parametrize(
    ("fault", "look"),
    [
        (".help-now { outline: none !important }", "marked"),
        (".help-now { position: absolute; left: -99rem }", "onScreen"),
        ("main::before { content: ''; position: fixed; inset: 0 }", "uncovered"),
    ],
)
def test_a_stop_that_cannot_be_seen_is_found(
    browser: Browser, place: Place, fault: str, look: str
) -> None:
    """What the tests above look for, brought into a real page by one line of style."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{place.url}/pomosht/")
    page.add_style_tag(content=fault)
    assert any(line.endswith(f"not {look}") for line in faults(page))
    context.close()


@keyboard
@pytest.mark.parametrize("start", ["/", "/harmanli/", "/sopot/uslugi/", CONTACT, "/no-such-page"])
def test_help_in_three_steps(start: str, page: Page, place: Place) -> None:
    """From any page: to „Помощ сега“, Enter, and to the number to call: two of three steps."""
    page.goto(place.url + start)
    follow(page, page.get_by_role("link", name="Помощ сега").first)
    expect(page).to_have_url(re.compile("/pomosht/$"))
    tab_to(page, page.locator("main").get_by_role("link", name="112").first)


@keyboard
def test_skip_link_leads_past_the_header(page: Page, place: Place) -> None:
    """The first stop leads to the main part: the next Tab is inside it."""
    page.goto(f"{place.url}/harmanli/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@keyboard
def test_menu_on_a_telephone(page: Page, place: Place) -> None:
    """The menu button is reached with Tab, says its state, opens with Enter, and leads on."""
    page.set_viewport_size({"width": 320, "height": 600})
    page.goto(f"{place.url}/harmanli/")
    entry = page.locator(".menu a[href$='/uslugi/']:visible")
    expect(entry).to_have_count(0)
    enter(page, page.locator(".menu summary"))
    follow(page, entry)
    expect(page).to_have_url(re.compile("/harmanli/uslugi/$"))


@keyboard
def test_search(page: Page, place: Place) -> None:
    """The search is found, typed into and its first finding opened; without scripts, the index."""
    page.goto(f"{place.url}/sopot/")
    follow(page, page.get_by_role("link", name="Търсене"))
    finding = page.locator("main").get_by_role("link", name="Разговори с психолог").first
    field = page.get_by_role("searchbox")
    if field.count():
        write(page, field, "психолог")
        expect(page.locator("#found-count")).not_to_be_empty()
    follow(page, finding)
    expect(page).to_have_url(re.compile("/uslugi/"))


@keyboard
def test_letter_from_the_front_page_to_the_receipt(page: Page, place: Place) -> None:
    """Front page, centre, form; sent empty, errors, each fixed from the summary, receipt."""
    # One of its own for each of the two runs, since one letter an hour is allowed.
    page.set_extra_http_headers({"X-Forwarded-For": f"10.1.{next(NETWORKS)}.1"})
    page.goto(place.url)
    follow(page, page.get_by_role("link", name="Център за обществена подкрепа, Харманли"))
    follow(page, page.get_by_role("link", name="Търся помощ"))
    follow(page, page.locator("main").get_by_role("link", name="Пишете ни", exact=True))
    follow(page, page.get_by_role("button", name=SEND))

    expect(page.locator("#error-title")).to_be_focused()
    enter(page, page.locator("#errors a").first)
    assert page.evaluate("document.activeElement.type") == "radio"

    choose(page, page.get_by_role("radiogroup", name="Има ли опасност"), "Не")
    choose(page, page.get_by_role("radiogroup", name="Кой пише?"), "Друг човек")
    choose(
        page,
        page.get_by_role("radiogroup", name="Как е безопасно"),
        "Не ме търсете",
    )
    tick(page, page.get_by_label("Разговори с психолог"))
    write(page, page.get_by_label("Какво се случва"), LETTER)
    follow(page, page.get_by_role("button", name=SEND))

    expect(page.locator("#error-title")).to_be_focused()
    expect(page.locator("#errors li")).to_have_count(1)
    expect(page.get_by_label("Какво се случва")).to_have_value(LETTER)
    enter(page, page.locator("#errors a"))
    consent = page.get_by_label("Прочетох")
    expect(consent).to_be_focused()
    tick(page, consent)
    follow(page, page.get_by_role("button", name=SEND))
    expect(page.get_by_role("heading", level=1)).to_have_text("Прието")
