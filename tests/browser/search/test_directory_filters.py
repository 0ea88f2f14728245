"""The filters of the front page, with made-up centres more than the real ones."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from site_build.pipeline import build_site
from tests.support.pages.static_server import header_lines, serve
from tests.support.project import copy_project

SHOWN = ".card:visible h2"
MADE_UP = {"third": "Карлово", "fourth": "Хисаря"}


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Harmanli, Sopot and two copies of Harmanli that state a municipality; strict headers."""
    project = copy_project(tmp_path_factory.mktemp("directory"))
    centres = project.content / "centres"
    facts = (centres / "harmanli.yml").read_text(encoding="utf-8")
    for id, municipality in MADE_UP.items():
        stated = f"[{{name: {{bg: {municipality}}}, source: '000_cee4bc3b0dd5abd9.txt:7'}}]"
        made = facts.replace("\nid: harmanli\n", f"\nid: {id}\n")
        made += f"\nmunicipalities: {stated}\n"
        (centres / f"{id}.yml").write_text(made, encoding="utf-8")
    build_site(project)
    with serve(project.site, header_lines(project.headers)) as url:
        yield url


@pytest.fixture
def front(browser: Browser, address: str) -> Iterator[Page]:
    context = browser.new_context(locale="bg-BG")
    page = context.new_page()
    page.goto(address)
    yield page
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
    assert context.cookies() == []
    context.close()


def said(page: Page) -> Locator:
    """What the filters say; the exit in the page's head has a line of its own that is read out."""
    return page.get_by_role("main").get_by_role("status")


def says(page: Page, count: int) -> None:
    """The line that is read out, and as many cards."""
    expect(said(page)).to_contain_text(f"Намерени центрове: {count} от 4")
    expect(page.locator(SHOWN)).to_have_count(count)


def test_by_keyboard(front: Page) -> None:
    """A choice made with keys narrows the cards, keeps the focus and tells what others leave."""
    says(front, 4)
    municipality = front.get_by_label("Община")
    municipality.focus()
    front.keyboard.press("ArrowDown")
    expect(municipality).to_have_value("karlovo")
    expect(municipality).to_be_focused()
    says(front, 2)
    offers = front.get_by_label("Какво предлага")
    expect(offers.locator("[value=psychological_counselling]")).to_have_text(
        "Разговори с психолог (1)"
    )
    front.keyboard.press("Tab")
    expect(front.get_by_label("На кого помага")).to_be_focused()
    front.keyboard.press("Tab")
    options = offers.locator("option").evaluate_all("all => all.map(one => one.value)")
    for _ in range(options.index("psychological_counselling")):
        front.keyboard.press("ArrowDown")
    says(front, 1)
    expect(front.locator(SHOWN + " a")).to_have_attribute("href", "/third/")
    front.keyboard.press("Tab")
    expect(front.get_by_role("button", name="Покажи всички")).to_be_focused()
    front.keyboard.press("Enter")
    says(front, 4)
    expect(front.get_by_role("button", name="Покажи всички")).to_be_focused()
    expect(front).not_to_have_url(re.compile("#"))


def test_the_address_is_shared(front: Page, address: str) -> None:
    """What is chosen stands in the address behind #; it restores the same in another browser."""
    front.get_by_label("Община").select_option("hisarya")
    front.get_by_label("На кого помага").select_option("violence")
    expect(front).to_have_url(f"{address}/#municipality=hisarya&group=violence")
    browser = front.context.browser
    assert browser is not None
    other = browser.new_context(locale="bg-BG").new_page()
    other.goto(front.url)
    says(other, 1)
    expect(other.get_by_label("На кого помага")).to_have_value("violence")
    other.context.close()


def test_an_unknown_choice_is_left_out(front: Page, address: str) -> None:
    """A shared address may be old; the link to the middle of the page takes nothing back."""
    front.goto(f"{address}/#municipality=sopot&group=gone")
    says(front, 1)
    expect(front.get_by_label("На кого помага")).to_have_value("")
    front.evaluate("location.hash = 'main'")
    front.wait_for_timeout(100)
    says(front, 1)


def test_nothing_found_says_what_to_do(front: Page) -> None:
    """A sentence with a way on, and a button that brings all back."""
    front.get_by_label("Община").select_option("sopot")
    front.get_by_label("На кого помага").select_option("violence")
    says(front, 0)
    expect(said(front)).to_contain_text("Натиснете „Покажи всички“")
    expect(said(front).get_by_role("link")).to_have_attribute("href", "/pomosht/")
    front.get_by_role("button", name="Покажи всички").click()
    says(front, 4)
    expect(front.locator("#no-centres")).to_be_hidden()


def test_who_has_not_said_is_found_too(front: Page) -> None:
    """Harmanli names no municipality: no choice hides it for good."""
    front.get_by_label("Община").select_option(label="Още не е посочено (1)")
    says(front, 1)
    expect(front.locator(SHOWN + " a")).to_have_attribute("href", "/harmanli/")


@pytest.mark.parametrize("script", ["off", "lost"])
def test_without_the_script(browser: Browser, address: str, script: str) -> None:
    """All cards and no control that does nothing, also where the script did not arrive."""
    context = browser.new_context(java_script_enabled=script == "lost", locale="bg-BG")
    page = context.new_page()
    page.route("**/directory.js*", lambda route: route.abort())
    page.goto(f"{address}/#municipality=sopot")
    expect(page.locator(SHOWN)).to_have_count(4)
    expect(page.locator("#directory")).to_be_hidden()
    context.close()
