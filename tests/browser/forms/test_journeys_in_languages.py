"""Journeys of people who do not read Bulgarian, from a Bulgarian page to help and to a letter."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from site_model.content import Content
from site_model.forms.definition import FormDefinition
from site_model.forms.kinds import ChoiceBase, FieldBase
from site_model.i18n.catalogue_files import translations
from site_model.types import Text
from tests.support.browser.browser_parts import Demo, newest_mail

STARTS = ("/", "/harmanli/uslugi/razgovori-s-psiholog/", "/sopot/nasochvane/")
OWN_NAMES = {"en": "English", "tr": "Türkçe", "uk": "Українська", "ar": "العربية"}
BULGARIAN = re.compile("[А-Яа-я]{4}")  # „ЕГН“ and „Опора“ may stand in brackets


def switch(page: Page, language: str) -> None:
    """Follow the link that bears the language's own name, as one sees it who reads no other."""
    page.get_by_role("link", name=OWN_NAMES[language], exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", language)


@pytest.mark.parametrize("language", OWN_NAMES)
def test_help_in_three_steps_in_ones_own_language(page: Page, demo: Demo, language: str) -> None:
    """From the front page or deep inside: the own language, „Help now“ in it, and 112 to press.

    On a small phone, with scripts and without.
    """
    help_now = translations(language).gettext("Помощ сега")
    page.set_viewport_size({"width": 320, "height": 568})
    for start in STARTS:
        page.goto(demo.site + start)
        switch(page, language)
        page.locator("header").get_by_role("link", name=help_now).click()
        expect(page).to_have_url(f"{demo.site}/{language}/pomosht/")
        expect(page.get_by_role("heading", level=1)).to_have_text(help_now)
        call = page.locator("main h2").first
        expect(call.get_by_role("link", name="112")).to_have_attribute("href", "tel:112")
        if language != "uk":  # whose letters these are too
            assert not any(map(BULGARIAN.search, page.locator("main h2").all_inner_texts()))


@pytest.fixture
def reader(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Page]:
    """A phone with scripts or without, as the test says."""
    context = browser.new_context(
        java_script_enabled=request.param, viewport={"width": 320, "height": 640}
    )
    yield context.new_page()
    context.close()


@pytest.mark.parametrize(
    ("reader", "language", "letter"),
    [
        (False, "tr", ("Kızım okula gitmek istemiyor.", "турски")),
        (True, "ar", ("ابنتي لا تريد الذهاب إلى المدرسة.", "арабски")),
    ],
    indirect=["reader"],
    ids=["Turkish without scripts", "Arabic"],
)
def test_letter_from_the_bulgarian_front_page_to_the_opened_mail(
    reader: Page, demo: Demo, content: Content, language: str, letter: tuple[str, str]
) -> None:
    """Own language, centre, form; sent empty, errors, fixed, receipt; the staff read Bulgarian."""
    words, told = letter
    form = content.forms["contact"]
    word = translations(language).gettext
    reader.goto(demo.site)
    switch(reader, language)
    name = content.centres["harmanli"].name.text.to(language)
    reader.locator("main").get_by_role("link", name=name).click()
    reader.locator("main").get_by_role("link", name=form.title.to(language)).first.click()
    button = reader.get_by_role("button", name=form.submit.to(language))
    button.click()
    expect(reader.locator("#errors li")).to_have_count(5)
    expect(reader.locator("#errors li").first).to_have_text(
        field(form, "danger").errors["missing"].to(language)
    )

    for question, option in (("danger", "no"), ("writer", "parent"), ("contact_way", "call")):
        group = reader.get_by_role("radiogroup", name=field(form, question).label.to(language))
        group.get_by_label(chosen(form, question, option).to(language), exact=True).check()
    reader.get_by_label(field(form, "phone").label.to(language)).fill("0888 123 456")
    reader.get_by_label(chosen(form, "call_times", "first").to(language), exact=True).check()
    reader.get_by_label(field(form, "message").label.to(language)).fill(words)
    reader.get_by_label(field(form, "understood").label.to(language)).check()
    button.click()
    expect(reader.get_by_role("heading", level=1)).to_have_text(word("Прието"))
    expect(reader.locator("html")).to_have_attribute("lang", language)
    expect(next_steps(reader)).to_have_text([step.to(language) for step in form.next_steps])

    mail = newest_mail(reader, demo, reader.locator(".reference").inner_text())
    assert mail.startswith("Пишете ни – Център за обществена подкрепа, Харманли")
    assert f"Попълнено на: {told}" in mail
    for question, option in (
        ("danger", "no"),
        ("writer", "parent"),
        ("contact_way", "call"),
        ("call_times", "first"),
    ):
        answer = chosen(form, question, option).to("bg")
        assert f"{field(form, question).label.to('bg')}\n| {answer}" in mail
    words = f"\u2068{words}\u2069" if language == "ar" else words
    assert f"{field(form, 'message').label.to('bg')}\n| {words}" in mail


def next_steps(page: Page) -> Locator:
    return page.locator("main .receipt ~ ul li")


def field(form: FormDefinition, name: str) -> FieldBase:
    return next(field for field in form.fields if field.id == name)


def chosen(form: FormDefinition, question: str, option: str) -> Text:
    choice = field(form, question)
    assert isinstance(choice, ChoiceBase)
    return next(one.label for one in choice.options if one.id == option)
