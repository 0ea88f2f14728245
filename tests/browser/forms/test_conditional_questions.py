"""Conditional questions in a real browser: the page script and the server decide the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from playwright.sync_api import Browser, Page, expect
from werkzeug.datastructures import MultiDict

from site_build.pipeline import Project
from site_model.forms.filled import FilledForm
from site_model.forms.html import form_page
from site_model.i18n.templates import template_environment
from tests.support.browser import engines
from tests.support.browser.browser_parts import Demo, newest_mail
from tests.support.browser.fuzz_forms import CONTENT, Questions, bound, forms_with_answers
from tests.support.browser.keys import choose, enter, follow, tick, write
from tests.support.browser.places import Place, serving
from tests.support.project import ROOT

COURSE = "/sopot/zapisvane-za-kurs/"
SCRIPT = ROOT / "site_build" / "theme" / "assets" / "conditions.js"
TEMPLATES = template_environment("bg")
EMPTY = "<!doctype html><html lang=bg><title>Проба</title><main>%s</main>"

# What a reader does, in any order: picks and drops choices, writes into what is there.
ANSWER = """([name, value]) => {
  for (const control of document.getElementsByName(name)) {
    if (control.type === "checkbox" || control.type === "radio") {
      if (control.value !== value) continue;
      control.checked = control.type === "radio" || !control.checked;
    } else control.value = value;
    control.dispatchEvent(new Event("change", {bubbles: true}));
  }
}"""
SHOWN = """() => [...document.querySelectorAll('.question')].filter(q => !q.hidden)
  .map(q => q.querySelector('[name]').name)"""
SENT = "() => [...new FormData(document.querySelector('form'))]"


@pytest.fixture
def blank(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def test_browser_and_server_ask_the_same(blank: Page) -> None:
    """Any form with conditions, answered in any order: the same questions; nothing else is sent."""

    @settings(
        max_examples=120,
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(forms_with_answers())
    def same(drawn: tuple[Questions, list[tuple[str, str]]]) -> None:
        fields, steps = drawn
        drawn_form = bound(fields)
        html = form_page(
            TEMPLATES,
            FilledForm(drawn_form),
            action="/x",
            home="/sopot/",
            help_lines=CONTENT.help_lines,
        )
        blank.set_content(EMPTY % html)
        blank.evaluate(f"() => {{ {SCRIPT.read_text(encoding='utf-8')} }}")
        for step in steps:
            blank.evaluate(ANSWER, step)
            sent = MultiDict((name, value) for name, value in blank.evaluate(SENT))
            form = FilledForm(drawn_form, sent)
            assert set(blank.evaluate(SHOWN)) == form.asked
            assert form.unasked_answers == ()

    same()


@pytest.fixture
def own_place(
    tmp_path: Any, own_project: Project, request: pytest.FixtureRequest
) -> Iterator[Place]:
    with serving(tmp_path, own_project.site, content=own_project.content) as place:
        yield place


def with_children(page: Page, words: str) -> None:
    page.get_by_role("radiogroup", name="Ще дойдете ли с деца?").get_by_label(
        words, exact=True
    ).check()


def test_questions_come_and_go_and_it_is_said(browser: Browser, own_place: Place) -> None:
    """With JavaScript: hidden until their answer is chosen, and announced."""
    page = browser.new_page()
    page.goto(own_place.url + COURSE)
    children, care = page.get_by_label("На колко години са децата?"), page.locator("#care")
    note = page.get_by_label("Какво да знае човекът")
    for question in (children, care, note):
        expect(question).to_be_hidden()
    expect(page.locator("#conditions-said")).to_be_empty()

    with_children(page, "Да")
    expect(children).to_be_visible()
    expect(care).to_be_visible()
    expect(note).to_be_hidden()
    status = page.locator("#conditions-said")
    expect(status).to_have_text(
        "Появи се въпрос: На колко години са децата? "
        "Появи се въпрос: Трябва ли някой да е с децата по време на курса?"
    )
    care.check()
    expect(note).to_be_visible()
    children.fill("три")
    with_children(page, "Не")
    for question in (children, care, note):
        expect(question).to_be_hidden()
    expect(status).to_contain_text("Вече не се пита: На колко години са децата?")
    with_children(page, "Още не знам")
    expect(children).to_have_value("три")
    expect(care).to_be_hidden()
    page.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["javascript", "no javascript"])
@pytest.mark.parametrize("answer", ["Не", "Да"])
def test_engines_find_nothing(
    browser: Browser, own_place: Place, scripts: bool, answer: str
) -> None:
    """Hidden and shown, with scripts and without, at 320 and 1280 px, light and dark."""
    context = browser.new_context(java_script_enabled=scripts, locale="bg-BG")
    page = context.new_page()
    page.goto(own_place.url + COURSE)
    with_children(page, answer)
    shown = page.locator("#children").is_visible()
    assert shown == (not scripts or answer == "Да")
    if scripts:  # the engines are scripts themselves
        assert engines.everything(page) == []
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 500})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


SEND = "Изпратете заявката"


def test_from_the_programme_to_the_opened_mail_by_keyboard(page: Page, own_demo: Demo) -> None:
    """One YAML file more: link, questions, errors, receipt by keys alone, and the opened mail."""
    page.goto(f"{own_demo.site}/sopot/programi/")
    follow(page, page.locator("main").get_by_role("link", name="Запишете се за курс").first)
    follow(page, page.get_by_role("button", name=SEND))
    expect(page.locator("#error-title")).to_be_focused()
    links = page.locator("#errors a")
    assert links.all_inner_texts() == ["Напишете телефон", "Изберете дали ще дойдете с деца"]
    enter(page, links.first)
    expect(page.get_by_label("Телефон", exact=True)).to_be_focused()
    page.keyboard.type("0888 123 456")
    choose(page, page.get_by_role("radiogroup", name="Ще дойдете ли с деца?"), "Да")
    follow(page, page.get_by_role("button", name=SEND))
    assert links.all_inner_texts() == [
        "Напишете на колко години са децата",
        "Изберете трябва ли някой да е с децата",
    ]
    enter(page, links.first)
    expect(page.get_by_label("На колко години са децата?")).to_be_focused()
    page.keyboard.type("3 и 5")
    choose(page, page.get_by_role("radiogroup", name="Трябва ли някой"), "Да, трябва")
    write(page, page.get_by_label("Какво да знае човекът"), "Обича да рисува.")
    tick(page, page.get_by_label("Родителски умения"))
    follow(page, page.get_by_role("button", name=SEND))
    expect(page.get_by_role("heading", level=1)).to_have_text("Прието")

    mail = newest_mail(page, own_demo, page.locator(".reference").inner_text())
    for label, answer in {
        "За кой курс?": "Родителски умения",
        "Телефон": "0888 123 456",
        "Ще дойдете ли с деца?": "Да",
        "На колко години са децата?": "3 и 5",
        "Трябва ли някой да е с децата по време на курса?": "Да, трябва",
        "Какво да знае човекът, който ще е с децата?": "Обича да рисува.",
    }.items():
        assert f"{label}\n| {answer}" in mail


def test_what_is_no_longer_asked_does_not_go(
    page: Page, own_demo: Demo, request: pytest.FixtureRequest
) -> None:
    """Typed, then not asked any more: a script leaves it out at once; without one the page says
    first that it will not go, and a second press sends the rest."""
    page.goto(f"{own_demo.site}/sopot/zapisvane-za-kurs/")
    page.get_by_label("Телефон", exact=True).fill("0888 765 432")
    with_children(page, "Да")
    page.get_by_label("На колко години са децата?").fill("тайна")
    with_children(page, "Не")
    page.get_by_role("button", name=SEND).click()
    if "no javascript" in request.node.name:
        link = page.locator("#errors a")
        expect(link).to_have_count(1)
        expect(link).to_contain_text("няма да бъде изпратен")
        link.click()
        expect(page.get_by_label("На колко години са децата?")).to_be_focused()
        expect(page.get_by_label("На колко години са децата?")).to_have_value("тайна")
        page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Прието")
    mail = newest_mail(page, own_demo, page.locator(".reference").inner_text())
    assert "Ще дойдете ли с деца?\n| Не" in mail
    assert "тайна" not in mail
    assert "На колко години" not in mail


def test_a_question_with_a_word_about_it_stays(browser: Browser, own_demo: Demo) -> None:
    """If the letter went before the script had come, the question that the page speaks of stays."""
    context = browser.new_context(locale="bg-BG")
    page = context.new_page()
    page.route("**/conditions.js*", lambda route: route.abort())
    page.goto(f"{own_demo.site}/sopot/zapisvane-za-kurs/")
    page.get_by_label("Телефон", exact=True).fill("0888 765 432")
    with_children(page, "Не")
    page.get_by_label("На колко години са децата?").fill("тайна")
    page.unroute("**/conditions.js*")
    page.get_by_role("button", name=SEND).click()
    page.locator("#errors a").click()
    expect(page.get_by_label("На колко години са децата?")).to_be_focused()
    expect(page.get_by_label("Какво да знае човекът")).to_be_hidden()
    page.get_by_role("button", name=SEND).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Прието")
    context.close()
