"""What stays on the device of somebody who wrote: in real profiles of Firefox and Chromium, and on
the screen after „Назад“. The first who looks for it holds the same telephone."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from site_model.content import Content
from tests.support.browser.places import CONTACT, Place, serving
from tests.support.browser.real_profiles import BROWSERS, SAVED, Person, kept
from tests.support.processes import answering
from tests.support.project import SHORTEST_LETTER

WRITTEN = {
    "name": "Канарчето Ая",
    "phone": "0887 650 114",
    "email": "kanarche-pee@primer.bg",
    "safe_time": "само докато мъжът ми е на канарската смяна",
    "settlement": "Горно Канарово",
    "message": "Канарски думи, които никой друг не бива да прочете.",
}
CHOSEN = {name: value for name, value in SHORTEST_LETTER.items() if name != "message"}

Start = Callable[..., Any]


@pytest.fixture(params=sorted(BROWSERS))
def start(request: pytest.FixtureRequest, browser: Browser, tmp_path: Path) -> Start:
    """Starts one of the browsers, with a profile that the test reads."""
    profile = tmp_path / "profile"
    profile.mkdir()
    return partial(BROWSERS[request.param], profile, browser)


class _Neutral(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b"<title>weather</title>")

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def neutral() -> Iterator[str]:
    """A site for „Бързо излизане“ that is another one to browsers."""
    with answering(ThreadingHTTPServer(("127.0.0.1", 0), _Neutral)) as port:
        yield f"http://localhost:{port}/"


def changed(site: Path, folder: Path, change: Callable[[str], str]) -> Path:
    """The built site with all its pages changed."""
    copy = folder / "site"
    shutil.copytree(site, copy)
    for page in copy.rglob("*.html"):
        page.write_text(change(page.read_text(encoding="utf-8")), encoding="utf-8")
    return copy


@pytest.fixture(scope="module")
def door(
    tmp_path_factory: pytest.TempPathFactory, site: Path, content: Content, neutral: str
) -> Iterator[Place]:
    """The site and the service; „Бързо излизане“ leads to `neutral`."""
    folder = tmp_path_factory.mktemp("door")
    exit_url = str(content.site.exit_url)
    leading = changed(site, folder, lambda text: text.replace(exit_url, neutral))
    with serving(folder, leading) as place:
        yield place


def fill(person: Person) -> None:
    """The contact form with every answer that is typed."""
    for name, value in CHOSEN.items():
        person.press(f"[name={name}][value={value}]")
    for name, value in WRITTEN.items():
        person.write(f"#{name}", value)


def send(person: Person) -> None:
    person.press("#send")


def left_out_first(person: Person) -> None:
    """Send without one answer; it is on the page that answers, with all that was written."""
    fill(person)
    person.press("[name=understood]")
    send(person)
    person.until("document.querySelector('#errors li') !== null")
    assert written(person) == WRITTEN


def written(person: Person) -> dict[str, str]:
    """What stands in the fields of the page."""
    fields = "[...document.querySelectorAll('form[method=post] .question :is(textarea, input)')]"
    found = person.run(
        f"{fields}.filter(e => e.type === 'checkbox' || e.type === 'radio' ? e.checked : e.value)"
        ".map(e => [e.name, e.value])"
    )
    return {name: value for name, value in found if name not in CHOSEN}


def shows_nothing(person: Person) -> None:
    """Nothing that was answered stands on the page, neither in a field nor beside it."""
    person.until("document.readyState === 'complete'")
    assert person.run("document.querySelectorAll('form :checked').length") == 0
    assert written(person) == {}
    text = person.run("document.documentElement.innerHTML")
    assert [word for word in WRITTEN.values() if word in text] == []


ON_FORM = f"location.pathname === '{CONTACT}' && document.readyState === 'complete'"


def accepted(person: Person) -> None:
    """Wait for the receipt, for as long as it takes to look at it."""
    person.until("document.querySelector('.receipt') && document.readyState === 'complete'")
    time.sleep(1)


@pytest.mark.parametrize("keeps_pages", [True, False], ids=["kept pages", "no kept pages"])
def test_nothing_after_the_receipt(start: Start, door: Place, keeps_pages: bool) -> None:
    """„Назад“ from the receipt shows an empty form, and no file of the profile has a word."""
    with start(keeps_pages=keeps_pages) as person:
        person.open(door.url + CONTACT)
        fill(person)
        time.sleep(SAVED)
        assert kept(person.profile, WRITTEN) == {}
        send(person)
        accepted(person)
        person.go_back()
        person.until(ON_FORM)
        shows_nothing(person)
        time.sleep(SAVED)
        assert kept(person.profile, WRITTEN) == {}
    assert kept(person.profile, WRITTEN) == {}


def test_nothing_after_a_quick_exit(start: Start, door: Place) -> None:
    """From the page that wants an answer: „Назад“ leads to the form that was sent first."""
    with start() as person:
        person.open(door.url + CONTACT)
        left_out_first(person)
        person.press(".exit")
        person.until("document.title === 'weather'")
        person.go_back()
        person.until(ON_FORM)
        shows_nothing(person)
        time.sleep(SAVED)
    assert kept(person.profile, WRITTEN) == {}


def test_nothing_of_a_letter_that_came_back(start: Start, door: Place) -> None:
    """The page that wants an answer holds the whole letter. The browser neither writes that down
    nor sends it again by itself."""
    with start() as person:
        person.open(door.url + CONTACT)
        left_out_first(person)
        time.sleep(SAVED)
        assert kept(person.profile, WRITTEN) == {}
        person.press("[name=understood]")
        send(person)
        accepted(person)
        person.go_back()
        person.until(ON_FORM)
        shows_nothing(person)
        person.go_back()
        person.until(ON_FORM)
        shows_nothing(person)
        time.sleep(SAVED)
    assert kept(person.profile, WRITTEN) == {}


def test_a_letter_that_came_back_is_still_there(start: Start, door: Place) -> None:
    """Before it is accepted, „Назад“ shows all that was written."""
    with start() as person:
        person.open(door.url + CONTACT)
        left_out_first(person)
        person.go_back()
        person.until(ON_FORM)
        assert written(person) == WRITTEN


def test_a_letter_without_a_network_is_still_there(
    start: Start, site: Path, tmp_path: Path
) -> None:
    """Nobody answers any more: „Назад“ from the browser's own page shows all that was written."""
    (tmp_path / "place").mkdir()
    with start() as person:
        with serving(tmp_path / "place", site) as place:
            person.open(place.url + CONTACT)
            fill(person)
        send(person)
        person.until("document.querySelector('.question') === null")
        person.go_back()
        person.until(ON_FORM)
        assert written(person) == WRITTEN


def test_the_profile_would_tell(start: Start, site: Path, tmp_path: Path) -> None:
    """The same letter from the same page without what it says to browsers is found again, on the
    disk and on the screen: the tests above see what there is to see."""
    unsaid = re.compile(r' autocomplete="off"|<script[^>]*exit\.js[^>]*></script>')
    (tmp_path / "place").mkdir()
    telling = changed(site, tmp_path / "place", lambda text: unsaid.sub("", text))
    with serving(tmp_path / "place", telling) as place, start() as person:
        person.open(place.url + CONTACT)
        fill(person)
        time.sleep(SAVED)
        send(person)
        accepted(person)
        person.go_back()
        person.until(ON_FORM)
        assert written(person) == WRITTEN
        time.sleep(SAVED)
    assert {"settlement", "safe_time"} <= kept(person.profile, WRITTEN).keys()
