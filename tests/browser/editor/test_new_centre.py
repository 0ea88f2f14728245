"""A centre is begun in the editor by keys alone, without scripts, at 320 px."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, expect

from site_build.pipeline import Project
from tests.support.browser.editor_parts import button, press, replace
from tests.support.browser.engines import CORNERS, everything
from tests.support.browser.keys import follow


def narrow(page: Page) -> bool:
    """Whether nothing scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth") <= 320)


def test_centre_is_begun_by_keys(editor: str, plain: Page, project: Project) -> None:
    """From the list of centres through every question to the page of what is to be done there."""
    page = plain
    page.goto(editor)
    follow(page, page.get_by_role("link", name="Нов център"))
    follow(page, page.get_by_role("link", name="Започни", exact=True))
    button(page, "Напред")
    expect(page.locator("#answer-error")).to_have_text("Нужен е отговор.")
    expect(page.get_by_label("Населено място", exact=True)).to_be_focused()
    replace(page, "Населено място", "Бяла")
    button(page, "Напред")
    button(page, "Назад")
    expect(page.get_by_label("Населено място", exact=True)).to_have_value("Бяла")
    follow(page, page.get_by_role("link", name="Продължи друг път"))
    expect(page.locator("main")).to_contain_text("Има започнат център: Бяла")
    follow(page, page.get_by_role("link", name="Продължи", exact=True))
    while not page.url.endswith("/pregled/"):
        assert narrow(page), page.url
        if page.get_by_label("Накратко", exact=True).count():
            replace(page, "Накратко", "Помагаме на деца и родители.")
        button(page, "Напред")
    expect(page.locator("main")).to_contain_text("Помагаме на деца и родители.")
    assert narrow(page)
    button(page, "Създай центъра")
    expect(page.get_by_role("heading", level=1)).to_have_text("Центърът е създаден")
    assert (project.site / "byala" / "index.html").exists()


def test_engines_find_nothing_on_questions(editor: str, browser: Browser) -> None:
    """Both accessibility engines on each kind of question, a wrong answer, and all at the end."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.goto(f"{editor}/_nov-tsentar/")
    found = everything(page, CORNERS)
    page.goto(f"{editor}/_nov-tsentar/1/")
    found += press(page, "Напред")
    page.locator("#answer").fill("Бяла")
    found += press(page, "Напред")
    kinds = set[str]()
    while not page.url.endswith("/pregled/"):
        if page.get_by_label("Накратко", exact=True).count():
            page.locator("#answer").fill("Помагаме.")
        if page.get_by_label("Услуга", exact=True).count():
            page.locator("#answer").fill("Разговори")
        kind = page.locator("[name=answer]").first.evaluate("e => e.type")
        found += everything(page, CORNERS) if kind not in kinds else []
        kinds.add(kind)
        with page.expect_navigation():
            page.get_by_role("button", name="Напред").click()
    assert kinds == {"textarea", "radio", "checkbox"}
    found += everything(page, CORNERS)
    page.goto(f"{editor}/_nov-tsentar/")
    found += everything(page, CORNERS)
    context.close()
    assert found == []
