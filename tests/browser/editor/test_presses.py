"""How many presses of a social worker a change takes, in the engines of Chrome, Firefox, Safari."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from site_build.pipeline import Project
from site_editor.web.app import create_app
from site_editor.web.deployment import Deployment
from tests.support.browser.other_engines import ENGINES, Visitor
from tests.support.content.timely_content import with_times
from tests.support.processes import answering
from tests.support.project import copy_project

# Selenium warns of its own use of itself.
pytestmark = pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning")

MOST_PRESSES = 6
FACTS = "centres/harmanli.yml"
NUMBER = "0373 9 10 76 вътр. 12"
TODAY = date(2026, 11, 22)
SOON = "12.12.2026"


@contextmanager
def chromium_without_scripts(browser: Browser) -> Iterator[Chromium]:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    yield Chromium(context.new_page())
    context.close()


@dataclass
class Chromium:
    """The same hands as those of `Visitor`."""

    page: Page

    def open(self, address: str) -> None:
        self.page.goto(address)

    def click(self, selector: str) -> None:
        self.page.locator(selector).first.click()

    def write(self, selector: str, text: str) -> None:
        self.page.locator(selector).fill(text)

    def heading(self, words: str) -> None:
        self.page.locator("h1", has_text=words).wait_for()


class OtherHands:
    def __init__(self, visitor: Visitor) -> None:
        self.open, self.click = visitor.open, visitor.click
        self._visitor = visitor

    def write(self, selector: str, text: str) -> None:
        self._visitor.until(f"document.querySelector({selector!r}) !== null")
        self._visitor.run("document.querySelector(arguments[0]).value = ''", selector)
        self._visitor.write(selector, text)

    def heading(self, words: str) -> None:
        there = f"document.querySelector('h1')?.textContent.includes({words!r})"
        # Before its style is there, a button is not where it will be.
        self._visitor.until(f"document.readyState === 'complete' && {there}")


@pytest.fixture(scope="module", params=["chromium", *sorted(ENGINES)])
def hands(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Any]:
    if request.param == "chromium":
        with chromium_without_scripts(browser) as chromium:
            yield chromium
    else:
        with ENGINES[request.param](tmp_path_factory.mktemp(request.param)) as visitor:
            yield OtherHands(visitor)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The real facts with made-up hours."""
    project = copy_project(tmp_path_factory.mktemp("presses") / "site")
    with_times(project)
    return project


@pytest.fixture(scope="module")
def editor(project: Project) -> Iterator[str]:
    """The editor on it; pages are tried as ever, and made by somebody else (as on a server)."""
    hosts: set[str] = set()
    deployment = Deployment(lambda: "of this run", build=lambda _: None)
    app = create_app(lambda: Project(project.root, today=TODAY), hosts, deployment)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    hosts.add(f"127.0.0.1:{server.port}")
    with answering(server) as port:
        yield f"http://127.0.0.1:{port}"


class Person:
    """Presses, and counts."""

    def __init__(self, hands: Any) -> None:
        self.hands, self.presses = hands, 0

    def press(self, selector: str, comes: str) -> None:
        self.hands.click(selector)
        self.presses += 1
        self.hands.heading(comes)

    def section(self, slug: str, title: str) -> None:
        self.press(f"main a[href$='/harmanli/{slug}/']", title)

    def publish(self) -> None:
        self.press("button[value=look]", "Преди да се публикува")
        self.hands.write("#origin-post", "социален работник")
        self.press("button[value=publish]", "Публикувано")


def telephone(person: Person) -> None:
    person.section("kontakti", "Телефони")
    person.hands.write("#phones-0-number", NUMBER)
    person.publish()


def closed_day(person: Person) -> None:
    person.section("rabotno-vreme", "Работно време")
    person.press("button[value='add:opening_hours-osm-closed']", "Работно време")
    person.hands.write("#opening_hours-osm-closed-0-first", SOON)
    person.publish()


def still_true(person: Person) -> None:
    person.press("main form button", "Публикувано")


def notice(person: Person) -> None:
    person.section("saobshteniya", "Съобщения")
    person.press("button[value='add:notices']", "Съобщения")
    person.hands.write("#notices-3-text", "Ремонт на входа.")
    person.hands.write("#notices-3-until", SOON)
    person.publish()


WAYS: dict[str, tuple[Callable[[Person], None], str]] = {
    "telephone": (telephone, NUMBER),
    "closed day": (closed_day, "2026 Dec 12 off"),
    "still true": (still_true, f"checked_on: {TODAY}"),
    "notice": (notice, "Ремонт на входа."),
}


@pytest.mark.parametrize("way", WAYS)
def test_few_presses(hands: Any, editor: str, project: Project, way: str) -> None:
    """From the first page to what is published."""
    walk, written = WAYS[way]
    file = project.content / FACTS
    before = file.read_bytes()
    person = Person(hands)
    hands.open(f"{editor}/harmanli/")
    try:
        walk(person)
        assert file.read_bytes() != before
        assert written in file.read_text(encoding="utf-8")
        assert person.presses <= MOST_PRESSES
    finally:
        file.write_bytes(before)
