"""A form with errors, with JavaScript and without: told at once, found at once, nothing lost."""

from __future__ import annotations

import pytest
from places import Place
from playwright.sync_api import Page, expect
from states import Way, form_with_errors, form_with_errors_at_a_choice, send

pytestmark = pytest.mark.accessibility("forms")


def test_summary_has_the_keyboard_and_the_title_says_it(page: Page, place: Place) -> None:
    """Without a script too: `autofocus` moves there, and the title, which is read first, warns."""
    form_with_errors(page, place)
    expect(page.locator("#errors")).to_be_focused()
    assert page.title().startswith("Грешка: ")
    page.goto(page.url.replace("/send/bg/harmanli/contact", "/harmanli/pishete-ni/"))
    assert not page.title().startswith("Грешка: ")


@pytest.mark.parametrize("state", [form_with_errors, form_with_errors_at_a_choice])
def test_each_error_leads_to_its_field(page: Page, place: Place, state: Way) -> None:
    """The same words in the summary and at the field, and the link brings the keyboard there."""
    state(page, place)
    for link in page.locator("#errors a").all():
        link.press("Enter")
        field = page.locator(":focus")
        assert field.get_attribute("id") == str(link.get_attribute("href")).removeprefix("#")
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


def test_fields_about_the_writer_say_so(page: Page, place: Place) -> None:
    """The browser can fill in telephone and e-mail (WCAG 1.3.5); the field for the name of a
    person who may be watched offers nothing of what others wrote before."""
    page.goto(f"{place.url}/harmanli/pishete-ni/")
    fills = {name: page.locator(f"#{name}") for name in ("phone", "email", "name")}
    said = {name: field.get_attribute("autocomplete") for name, field in fills.items()}
    assert said == {"phone": "tel", "email": "email", "name": "off"}
