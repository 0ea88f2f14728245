"""A form of one's own is changed in the editor by keys alone, without scripts, at 320 px."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from site_build.pipeline import Project
from tests.support.browser.editor_parts import button, replace
from tests.support.browser.engines import CORNERS, everything
from tests.support.browser.keys import follow
from tests.support.project import add_form, copy_project

HOUR = "В колко часа ви е удобно?"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The real facts in Bulgarian and Turkish, with a form of their own."""
    languages = "languages:\n" + "".join(
        f"  - {{code: {code}, scope: full, read_by_native: true}}\n" for code in ("bg", "tr")
    )
    project = copy_project(tmp_path / "site", languages=languages)
    add_form(project, "course")
    return project


def test_question_is_added_by_keys(editor: str, plain: Page) -> None:
    """From the first page to the change in words; the page beside has the question; nothing
    scrolls sideways.
    """
    page = plain
    page.goto(editor)
    follow(page, page.get_by_role("link", name="Формуляри"))
    follow(page, page.get_by_role("link", name="Запишете се за курс"))
    button(page, "Добави въпрос")
    button(page, "Към въпросите")
    expect(page.locator(".error-summary a").first).to_have_text("Въпрос: липсва. Допишете го.")
    replace(page, "Въпрос", HOUR)
    replace(page, "Защо питаме", "За да изберем час.")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    button(page, "Към въпросите")
    expect(page.frame_locator("iframe").get_by_label(HOUR)).to_be_visible()
    button(page, "Прегледай промените")
    expect(page.locator(".changes")).to_contain_text(f"добавя се „{HOUR}“")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_engines_find_nothing_on_forms(editor: str, browser: Browser) -> None:
    """Both accessibility engines on each page of forms, and where something is to be fixed."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    found: list[str] = []

    def press(value: str) -> None:
        with page.expect_navigation():
            page.locator(f"button[value='{value}']").first.click()
        found.extend(everything(page, CORNERS))

    forms = f"{editor}/_formulyari/"
    for path in ("", "_nov/"):
        page.goto(forms + path)
        found += everything(page, CORNERS)
    page.goto(f"{forms}course/")
    for value in ("remove:fields-2", "open:2", "list:", "open:form"):
        press(value)
    page.locator("[name='title-bg']").fill("")
    press("list:")
    page.goto(f"{forms}contact/")
    press("open:0")
    page.locator("[name='fields-0-label-bg']").fill("Опасно ли е?")
    press("list:")
    press("look")
    context.close()
    assert [line.split(" ", 1)[1] for line in found] == []
