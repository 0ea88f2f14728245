"""A letter is answered by its link, and read with the code of the receipt, in real browsers."""

from __future__ import annotations

import re
from itertools import count

import pytest
from playwright.sync_api import Browser, Page, expect

from site_model.i18n.catalogue_files import translations
from tests.support.browser.browser_parts import Demo, newest_mail
from tests.support.project import SHORTEST_LETTER

NUMBERS = count()


def send(page: Page, form: str) -> tuple[str, str]:
    """The number and the code on the receipt of the shortest letter."""
    page.goto(form)
    fill(page)
    return page.locator(".reference").inner_text(), page.locator(".answer-code").inner_text()


def fill(page: Page) -> None:
    for name, value in SHORTEST_LETTER.items():
        if name == "message":
            # The same letter once more would be the letter of the test before, without its box.
            page.locator("[name=message]").fill(f"{value} {next(NUMBERS)}")
        else:
            page.locator(f"[name={name}][value={value}]").check()
    page.locator("main form [type=submit]").click()


def link_in(mail: str) -> str:
    """The path in the link with which staff answer."""
    [link] = re.findall(r"^https?://[^/\s]+(/send/otgovori/\S+)$", mail, re.M)
    return str(link)


@pytest.mark.parametrize("language", ["bg", "ar"])
def test_answered_read_and_ended(page: Page, demo: Demo, browser: Browser, language: str) -> None:
    """On a narrow telephone: two presses for staff, the answer in the sender's language, a second
    letter with the number of the first, and at the end nothing is left to read."""
    page.set_viewport_size({"width": 320, "height": 640})
    word = translations(language).gettext
    home = f"{demo.site}{'' if language == 'bg' else '/' + language}/harmanli/"
    number, code = send(page, f"{home}pishete-ni/")
    staff = browser.new_page()
    mail = newest_mail(staff, demo, number)

    staff.goto(demo.site + link_in(mail))
    staff.locator("button[value=read]").click()
    staff.locator("button[value=read]").click()
    expect(staff.get_by_text("Човекът ще го види")).to_be_visible()
    staff.locator("#come").fill("вторник, 1 декември, 10 часа")
    staff.locator("button[value=come]").click()

    page.goto(f"{home}otgovor/")
    page.locator("#code").fill(code.lower().replace("-", " "))
    page.locator("main form button").click()
    expect(page.locator("main .receipt")).to_have_count(2)
    expect(page.locator("main")).to_contain_text("вторник, 1 декември, 10 часа")
    expect(page.locator("main")).to_contain_text(word("Прочетохме писмото ви."))
    assert code not in page.url
    assert page.evaluate("document.documentElement.scrollWidth") == 320

    page.locator("button[value=write]").click()
    fill(page)
    second = page.locator(".reference").inner_text()
    assert second != number
    assert f"№ {number}" in newest_mail(staff, demo, second).replace("\u00a0", " ")
    staff.close()

    page.goto(f"{home}otgovor/")
    page.locator("#code").fill(code)
    page.locator("main form button").click()
    page.locator("button[value=ask]").click()
    page.locator("button[value=forget]").click()
    page.goto(f"{home}otgovor/")
    page.locator("#code").fill(code)
    page.locator("main form button").click()
    expect(page.locator("#errors")).to_be_visible()
    page.go_back()
    expect(page.locator("#code")).to_have_value("")
