"""A form with errors, with JavaScript and without: told at once, found at once, nothing lost."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.support.browser.places import CONTACT, Place
from tests.support.browser.states import (
    Way,
    cannot_accept,
    fill,
    form_with_errors,
    form_with_errors_at_a_choice,
    send,
)

pytestmark = pytest.mark.accessibility("forms")


def test_summary_has_the_keyboard_and_the_title_says_it(page: Page, place: Place) -> None:
    """Without a script too: `autofocus` moves there, and the title, which is read first, warns."""
    form_with_errors(page, place)
    expect(page.locator("#error-title")).to_be_focused()
    assert page.title().startswith("Грешка: ")
    page.goto(page.url.replace("/send/bg/harmanli/contact", "/harmanli/pishete-ni/"))
    assert not page.title().startswith("Грешка: ")


@pytest.mark.parametrize("state", [form_with_errors, form_with_errors_at_a_choice])
def test_each_error_leads_to_its_field(page: Page, place: Place, state: Way) -> None:
    """The same words in the summary and at the field, and the link brings the keyboard there."""
    state(page, place)
    for link in page.locator("#errors a").all():
        link.press("Enter")
        field = page.locator(str(link.get_attribute("href")))
        expect(field).to_be_focused()
        question = page.locator(".question.has-error", has=page.locator(":focus"))
        said = " ".join(question.locator(".error").inner_text().split())
        assert said == f"Грешка: {link.inner_text()}"
        described = field.evaluate(
            "e => (e.closest('[aria-describedby]')?.getAttribute('aria-describedby') || '')"
            ".split(' ').map(id => document.getElementById(id).textContent).join(' ')"
        )
        assert link.inner_text() in described


def test_what_was_written_is_there_again(page: Page, place: Place) -> None:
    """Nobody has to write or choose a thing twice (WCAG 3.3.7)."""
    page.goto(f"{place.url}/harmanli/pishete-ni/")
    page.get_by_label("Какво се случва").fill("Имам нужда от съвет.")
    page.get_by_label("Друг човек").check()
    page.get_by_label("Разговори с психолог").check()
    page.get_by_label("Прочетох").check()
    send(page)
    expect(page.locator("#errors li")).to_have_count(2)
    expect(page.get_by_label("Какво се случва")).to_have_value("Имам нужда от съвет.")
    for words in ("Друг човек", "Разговори с психолог", "Прочетох"):
        expect(page.get_by_label(words)).to_be_checked()


def test_fields_about_the_writer_are_not_filled_in(page: Page, place: Place) -> None:
    """The browser offers families nothing of what it knows, since it would offer it to others as
    well (docs/development/decisions/0007); institutions are offered their names."""
    page.goto(f"{place.url}/harmanli/pishete-ni/")
    fills = {name: page.locator(f"#{name}") for name in ("phone", "email", "name")}
    said = {name: field.get_attribute("autocomplete") for name, field in fills.items()}
    assert said == {"phone": "off", "email": "off", "name": "off"}
    page.goto(f"{place.url}/sopot/nasochvane/")
    assert page.locator("[autocomplete=organization]").count() == 1


def danger_now(page: Page, place: Place) -> None:
    page.goto(place.url + CONTACT)
    fill(page)
    page.get_by_label("Да", exact=True).check()
    send(page)
    expect(page.locator("#error-title")).to_have_text("Обадете се сега на 112")


STRIP_END = """() => Math.max(0, ...[...document.querySelectorAll('.help-strip, .help-strip p')]
  .filter(e => getComputedStyle(e).position === 'sticky')
  .map(e => e.getBoundingClientRect().bottom))"""


@pytest.mark.parametrize("size", [(320, 568), (640, 320)])
@pytest.mark.parametrize(
    "state",
    [form_with_errors, cannot_accept, danger_now],
)
def test_page_opens_at_its_heading(
    page: Page, place: Place, state: Way, size: tuple[int, int]
) -> None:
    """On a low screen too: the whole heading is in sight, below the row with „Бързо излизане“."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    state(page, place)
    heading = page.locator("#error-title")
    expect(heading).to_be_focused()
    expect(page.get_by_role("alert", name=heading.inner_text())).to_be_visible()
    shown = heading.bounding_box()
    assert shown is not None
    assert shown["y"] >= page.evaluate(STRIP_END)
    assert shown["y"] + shown["height"] <= size[1]


def test_danger_can_be_called_from_the_page(page: Page, place: Place) -> None:
    """The first link of the box calls 112."""
    danger_now(page, place)
    expect(page.locator("#errors a").first).to_have_attribute("href", "tel:112")
