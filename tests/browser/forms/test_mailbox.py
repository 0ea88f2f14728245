"""The demo's mailbox: what it says of a letter, and that everybody can read and use it."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, Page, expect
from pysequoia import Profile, Tsk
from werkzeug.serving import make_server

from contact_service.sealing import load_sealer
from contact_service.settings.service import OpenPgpRecipient
from contact_service.submission import Answer, Submission
from site_model.types import SOFIA
from tests.support.browser import engines
from tests.support.browser.keys import STOPS, here
from tests.support.browser.layout import LOST_TEXT, SIDEWAYS, SMALL, whole_page
from tests.support.html_validate import faults
from tests.support.processes import answering
from tests.support.project import ROOT, free_port
from tools.demo.mailbox import Mailbox, pages

SITE = "http://127.0.0.1:8000/"
LETTER, NUMBER = "Имам нужда от съвет.", "DF4GJ-2UV79"
PATHS = ("", "1", "2", "3", "4", "99")


@dataclass(frozen=True)
class Post:
    """Where the pages answer, and a way to send letters there."""

    url: str
    smtp: int
    folder: Path
    since: datetime

    def send(self, mail: bytes) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp) as server:
            server.sendmail("opora@example.org", ["harmanli@example.org"], mail)


def sealed(folder: Path, key: Tsk, text: str, number: str = NUMBER) -> bytes:
    """A letter as the service seals it."""
    file = folder / "key.asc"
    file.write_text(str(key.extract_certificate()))
    recipient = OpenPgpRecipient(address="harmanli@example.org", seal="openpgp", key=file)
    answer = Answer("message", "Какво се случва?", (text,), False)
    letter = Submission(number, "Център", "Пишете ни", 1, datetime.now(UTC), (answer,))
    return load_sealer(recipient, datetime.now(UTC)).seal(letter, "opora@example.org").content


@contextmanager
def posted(folder: Path, key: Tsk) -> Iterator[Post]:
    """The mailbox with a secret key, until the end of the block."""
    secret = folder / "secret.asc"
    secret.write_text(str(key))
    mailbox, port = Mailbox(secret), free_port()
    smtp = Controller(mailbox, hostname="127.0.0.1", port=port)
    smtp.start()
    app = pages(mailbox, ROOT / "site_build" / "theme", SITE)
    try:
        with answering(make_server("127.0.0.1", 0, app, threaded=True)) as web:
            yield Post(f"http://127.0.0.1:{web}/", port, folder, datetime.now(SOFIA))
    finally:
        smtp.stop()


def new_key() -> Tsk:
    return Tsk.generate(user_id="Opora demo <demo@example.org>", profile=Profile.RFC4880)


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """A letter, another, the first once more as it was, and one to a key that is not here."""
    folder, key = tmp_path_factory.mktemp("post"), new_key()
    with posted(folder, key) as post:
        first = sealed(folder, key, LETTER)
        second = sealed(folder, key, "Дълга дума: " + "дълга" * 30, "AAAAA-BBBBB")
        for mail in (first, second, first, sealed(folder, new_key(), "Чуждо.", "CCCCC-DDDDD")):
            post.send(mail)
        yield post


def test_the_newest_is_first_with_sender_and_time(page: Page, post: Post) -> None:
    """Each letter with its number, from whom, to whom and when; the site is one link away."""
    page.goto(post.url)
    links = page.locator("ol a")
    assert [number.split()[-1] for number in links.all_inner_texts()] == [
        *("CCCCC-DDDDD", NUMBER, "AAAAA-BBBBB", NUMBER)
    ]
    newest = page.locator("ol li").first
    expect(newest).to_contain_text("От opora@example.org до harmanli@example.org")
    days = {f"{day:%d.%m.%Y}" for day in (post.since, datetime.now(SOFIA))}  # midnight may pass
    expect(newest).to_contain_text(re.compile(f"Пристигна на ({'|'.join(days)})"))
    expect(page.get_by_role("link", name="Към сайта")).to_have_attribute("href", SITE)


def test_the_letter_is_open_and_its_sealed_form_folded(page: Page, post: Post) -> None:
    """The answers can be read at once; how they travelled shows when it is asked for."""
    page.goto(f"{post.url}1")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Ново заключено писмо {NUMBER}")
    expect(page.locator("dl")).to_contain_text("opora@example.org")
    expect(page.locator("#opened")).to_contain_text(f"| {LETTER}")
    expect(page.locator("#sealed")).to_be_hidden()
    page.locator("summary").click()
    expect(page.locator("#sealed")).to_contain_text("-----BEGIN PGP MESSAGE-----")
    assert LETTER not in page.locator("#sealed").inner_text()


def test_a_letter_that_came_twice_is_explained(page: Page, post: Post) -> None:
    """The second copy says so, in the list and above its words; the first and others do not."""
    page.goto(post.url)
    again = page.locator("ol li", has_text="второ копие")
    expect(again).to_have_count(1)
    again.get_by_role("link").click()
    expect(page.get_by_role("heading", name="Това писмо вече е дошло веднъж")).to_be_visible()
    for other in ("1", "2"):
        page.goto(post.url + other)
        expect(page.get_by_text("вече е дошло")).to_have_count(0)


def test_who_presses_twice_reads_why_there_is_one(page: Page, post: Post) -> None:
    """The list says within which time the same words are one letter."""
    page.goto(post.url)
    page.locator("summary").click()
    expect(page.locator("details p")).to_contain_text("до 5 минути")


def test_a_letter_to_another_key_is_shown_as_it_came(page: Page, post: Post) -> None:
    """It is taken all the same, and the page says that it does not open."""
    page.goto(f"{post.url}4")
    expect(page.get_by_text("не се отваря с ключа на пробата")).to_be_visible()
    expect(page.locator("#opened")).to_have_count(0)


def test_an_empty_mailbox_says_what_to_do(page: Page, tmp_path: Path) -> None:
    """Before the first letter: where to write one, and no violation."""
    with posted(tmp_path, new_key()) as empty:
        page.goto(empty.url)
        expect(page.get_by_text("Още няма писма")).to_be_visible()
        expect(page.locator("main").get_by_role("link", name="сайта")).to_be_visible()
        page.set_viewport_size({"width": 320, "height": 256})
        assert not page.evaluate(SIDEWAYS)


def test_both_engines_find_nothing(browser: Browser, post: Post) -> None:
    """Every page, folded and unfolded, narrow and wide, light and dark."""
    view = browser.new_context(locale="bg-BG").new_page()
    found = []
    for path in PATHS:
        view.goto(post.url + path)
        found += engines.everything(view)
        for summary in view.locator("summary").all():
            summary.click()
            found += engines.everything(view, engines.CORNERS)
    view.context.close()
    assert found == []


def test_html_is_valid(page: Page, post: Post, tmp_path: Path) -> None:
    """As the pages of the site are."""
    files = []
    for path in PATHS:
        files.append(tmp_path / f"page-{path}.html")
        answer = page.request.get(post.url + path)
        files[-1].write_text(answer.text(), encoding="utf-8")
        assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert faults(*files) == []


def test_nothing_sticks_out_is_lost_or_small(browser: Browser, post: Post) -> None:
    """At 320 px with everything unfolded, also in forced colours; targets are large enough."""
    view = browser.new_context(bypass_csp=True).new_page()
    for colours in ("none", "active"):
        view.emulate_media(forced_colors=colours)  # type: ignore[arg-type]
        for path in PATHS:
            view.goto(post.url + path)
            for summary in view.locator("summary").all():
                summary.click()
            whole_page(view, 320)
            for script in (SIDEWAYS, LOST_TEXT, SMALL):
                assert not view.evaluate(script), (path, script)
    view.context.close()


def test_every_stop_of_the_keyboard_is_seen(page: Page, post: Post) -> None:
    """Tab reaches everything, each stop is marked and uncovered, and Enter unfolds."""
    for path in ("", "3"):
        page.goto(post.url + path)
        for _ in range(page.evaluate(STOPS)):
            page.keyboard.press("Tab")
            stop = here(page)
            assert stop["onScreen"], stop
            assert stop["uncovered"], stop
            assert stop["marked"], stop
        expect(page.locator("summary")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.locator("details")).to_have_attribute("open", "")
