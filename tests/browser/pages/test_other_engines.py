"""The ways that matter most, in the engines of Firefox and Safari as well."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.browser.browser_parts import Demo, newest_mail
from tests.support.browser.other_engines import ENGINES, Visitor
from tests.support.project import SHORTEST_LETTER

FORM = "/harmanli/pishete-ni/"
COURSE = "/sopot/zapisvane-za-kurs/"

# Selenium warns of its own use of itself.
pytestmark = pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning")


@pytest.fixture(scope="module", params=sorted(ENGINES))
def visitor(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Visitor]:
    with ENGINES[request.param](tmp_path_factory.mktemp(request.param)) as visitor:
        yield visitor


def heading(visitor: Visitor, words: str) -> None:
    visitor.until(f"document.querySelector('h1')?.textContent.includes({words!r})")


def test_a_letter_arrives(visitor: Visitor, own_demo: Demo, browser: Browser) -> None:
    """Sent empty: the summary has the keyboard. Fixed: the receipt, and the mail is opened."""
    visitor.open(own_demo.site + FORM)
    visitor.click("main form [type=submit]")
    visitor.until("document.title.startsWith('Грешка: ')")
    visitor.until("document.activeElement.id === 'error-title'")
    for name, value in SHORTEST_LETTER.items():
        if name == "message":
            visitor.write("[name=message]", value)
        else:
            visitor.click(f"[name={name}][value={value}]")
    visitor.click("main form [type=submit]")
    heading(visitor, "Прието")
    reference = visitor.text(".reference")
    mailbox = browser.new_page()
    assert SHORTEST_LETTER["message"] in newest_mail(mailbox, own_demo, reference)
    mailbox.close()


def test_an_answer_is_read(visitor: Visitor, own_demo: Demo, browser: Browser) -> None:
    """Left by the link of the letter, opened with the code of the receipt."""
    visitor.open(own_demo.site + FORM)
    for name, value in SHORTEST_LETTER.items():
        if name == "message":
            visitor.write("[name=message]", value)
        else:
            visitor.click(f"[name={name}][value={value}]")
    visitor.click("main form [type=submit]")
    heading(visitor, "Прието")
    code, staff = visitor.text(".answer-code"), browser.new_page()
    mail = newest_mail(staff, own_demo, visitor.text(".reference"))
    [path] = re.findall(r"^https?://[^/\s]+(/send/otgovori/\S+)$", mail, re.M)
    staff.goto(own_demo.site + path)
    staff.locator("button[value=read]").click()
    expect(staff.get_by_text("Човекът ще го види")).to_be_visible()
    staff.close()
    visitor.open(own_demo.site + "/harmanli/otgovor/")
    visitor.write("#code", code)
    visitor.click("main form button")
    visitor.until("document.querySelector('main').textContent.includes('Прочетохме писмото ви')")


def test_back_from_the_receipt_shows_no_letter(visitor: Visitor, own_demo: Demo) -> None:
    """An empty form, also in WebKit, which empties what may not be filled in by itself."""
    visitor.open(own_demo.site + FORM)
    for name, value in SHORTEST_LETTER.items():
        if name == "message":
            visitor.write("[name=message]", value)
        else:
            visitor.click(f"[name={name}][value={value}]")
    visitor.click("main form [type=submit]")
    heading(visitor, "Прието")
    visitor.until("document.readyState === 'complete'")
    visitor.run("setTimeout(() => history.back())")
    visitor.until("document.querySelector('#message')?.value === ''")
    assert visitor.run("return document.querySelectorAll('form :checked').length") == 0


def test_questions_come_and_go(visitor: Visitor, own_demo: Demo) -> None:
    """What depends on an answer is shown and said, and is not sent once it is hidden."""
    shown = "!document.querySelector('[name=children]').closest('.question').hidden"
    visitor.open(own_demo.site + COURSE)
    visitor.until(f"!({shown})")
    visitor.click("[name=with_children][value=yes]")
    visitor.until(shown)
    visitor.write("[name=children]", "5 и 7")
    visitor.click("[name=with_children][value=no]")
    visitor.until(f"!({shown})")
    sent = visitor.run("return [...new FormData(document.querySelector('main form')).keys()]")
    assert "with_children" in sent
    assert "children" not in sent


def test_search_finds_word_forms(visitor: Visitor, own_demo: Demo) -> None:
    visitor.open(own_demo.site + "/tarsene/")
    visitor.until("document.querySelector('[type=search]')?.checkVisibility()")
    visitor.write("[type=search]", "децата")
    visitor.until("document.querySelectorAll('#found a[href]').length > 2")
    links = visitor.run(
        "return [...document.querySelectorAll('#found a')].map(a => a.getAttribute('href'))"
    )
    assert any(re.search("/(za-)?detsa", link) for link in links), links


def test_exit_covers_the_page_at_once(visitor: Visitor, own_demo: Demo) -> None:
    """By Shift pressed three times; nothing of the page is left to see. The neutral site is not
    asked here: nobody answers for it."""
    visitor.open(own_demo.site + "/pomosht/")
    visitor.until("document.readyState === 'complete'")  # its script has run
    before, after, title = visitor.run(
        """document.querySelector('.exit').href = '#';
           const middle = () =>
             document.elementFromPoint(innerWidth / 2, innerHeight / 2).className;
           const before = middle();
           for (let presses = 0; presses < 3; presses++)
             document.dispatchEvent(new KeyboardEvent('keyup', {key: 'Shift'}));
           return [before, middle(), document.title];"""
    )
    assert before != "exit-cover"
    assert after == "exit-cover"
    assert "Помощ" not in title


@pytest.mark.parametrize("path", [FORM, COURSE, "/pomosht/", "/", "/sopot/uslugi/"])
def test_nothing_sticks_out_and_nothing_stays(visitor: Visitor, own_demo: Demo, path: str) -> None:
    """No sideways scroll, a style sheet that is understood, no cookie and nothing stored."""
    visitor.open(own_demo.site + path)
    wide, view, cookie, stored, rules, target = visitor.run(
        """const root = document.documentElement;
           return [root.scrollWidth, innerWidth, document.cookie,
             localStorage.length + sessionStorage.length,
             document.styleSheets[0].cssRules.length,
             document.querySelector('.help-now').getBoundingClientRect().height];"""
    )
    assert wide <= view
    assert (cookie, stored) == ("", 0)
    assert rules > 50
    assert target >= 24
