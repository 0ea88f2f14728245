"""What a screen reader is given: name, role and state of every control in Chromium's tree."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser.places import CONTACT, Place
from tests.support.browser.states import form_with_errors
from tests.support.waiting import wait_for

pytestmark = pytest.mark.accessibility("names")

CONTROLS = {
    "button", "checkbox", "combobox", "DisclosureTriangle", "link", "radio", "searchbox",
    "textbox",
}  # fmt: skip
NAMED = CONTROLS | {"radiogroup", "navigation", "region", "search", "image", "img"}


@pytest.fixture
def view(browser: Browser) -> Iterator[Page]:
    context = browser.new_context()
    yield context.new_page()
    context.close()


def tree(page: Page) -> list[dict[str, Any]]:
    """Role, name and states of all that is not left out of the tree, once it is whole.

    Chromium makes it after the page, and says of one that it still makes that it is busy.
    """
    session = page.context.new_cdp_session(page)

    def whole() -> list[dict[str, Any]]:
        nodes: list[dict[str, Any]] = session.send("Accessibility.getFullAXTree")["nodes"]
        busy = {"name": "busy", "value": {"type": "booleanOrUndefined", "value": True}}
        made = len(nodes) > 1 and busy not in nodes[0].get("properties", [])
        return nodes if made else []

    nodes = wait_for(whole)
    session.detach()
    return [
        {
            "role": node["role"]["value"],
            "name": node.get("name", {}).get("value", "").strip(),
            "says": node.get("description", {}).get("value", ""),
        }
        | {state["name"]: state["value"].get("value") for state in node.get("properties", [])}
        for node in nodes
        if not node["ignored"]
    ]


def one(page: Page, role: str, name: str) -> dict[str, Any]:
    """The one control with this role and the beginning of this name."""
    found = [node for node in tree(page) if node["role"] == role]
    (wanted,) = [node for node in found if node["name"].startswith(name)]
    return wanted


def nameless(nodes: list[dict[str, Any]]) -> list[str]:
    return [node["role"] for node in nodes if node["role"] in NAMED and not node["name"]]


def test_every_control_has_a_name_that_holds_its_words(view: Page, place: Place) -> None:
    """No link, button, field or landmark of any page is nameless; who speaks to the page says
    what stands there (WCAG 2.5.3): no label replaces it.
    """
    replaced = """() => [...document.querySelectorAll('a, button, input, textarea, summary')]
      .filter(e => e.ariaLabel && !e.ariaLabel.includes(e.innerText.trim()))
      .map(e => e.outerHTML)"""
    found = {}
    for path in place.of_every_kind():
        view.goto(place.url + path)
        nodes = tree(view)
        assert any(node["role"] == "link" for node in nodes)
        found[path] = [*nameless(nodes), *view.evaluate(replaced)]
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    "fault", ["<a href='/'></a>", "<button></button>", "<input>", "<nav></nav>", "<img src='/x'>"]
)
def test_a_control_without_a_name_is_found(view: Page, place: Place, fault: str) -> None:
    """What the test above looks for, put into a real page."""
    view.goto(f"{place.url}/pomosht/")
    assert nameless(tree(view)) == []
    view.evaluate("it => document.querySelector('main').insertAdjacentHTML('beforeend', it)", fault)
    assert len(nameless(tree(view))) == 1


def test_fields_are_named_by_their_labels(view: Page, place: Place) -> None:
    """The words above each field, radio and checkbox are its name, and its hint belongs to it."""
    view.goto(place.url + CONTACT)
    # A no-break space inside a telephone number is a space to anyone who hears it.
    names = {" ".join(node["name"].split()) for node in tree(view) if node["role"] in CONTROLS}
    labels = view.locator(".question label:visible").all_inner_texts()
    assert len(labels) > 15
    assert [label for label in labels if " ".join(label.split()) not in names] == []
    hint = " ".join(view.locator("#phone-hint").inner_text().split())
    assert " ".join(one(view, "textbox", "Телефон, на който")["says"].split()) == hint


def test_what_opens_says_whether_it_is_open(view: Page, place: Place) -> None:
    """The menu and the small explanations: closed, and open after the space bar."""
    view.set_viewport_size({"width": 320, "height": 700})
    view.goto(place.url + CONTACT)
    for selector, name in ((".menu summary", "Меню"), ("main summary", "Защо питаме")):
        button = view.locator(selector).first
        before = next(n for n in tree(view) if n["name"].startswith(name) and "expanded" in n)
        assert before["expanded"] is False
        button.press("Space")
        after = next(n for n in tree(view) if n["name"].startswith(name) and "expanded" in n)
        assert after["expanded"] is True


def test_choices_say_whether_they_are_made(view: Page, place: Place) -> None:
    """Radios and checkboxes: not chosen, then chosen."""
    view.goto(place.url + CONTACT)
    for role, name in (("radio", "Друг човек"), ("checkbox", "Прочетох")):
        assert one(view, role, name)["checked"] == "false"
        view.get_by_label(name).check()
        assert one(view, role, name)["checked"] == "true"


def test_fields_say_that_they_are_wanted_and_wrong(view: Page, place: Place) -> None:
    """What must be answered is required; after sending it empty it is invalid and says why."""
    view.goto(place.url + CONTACT)
    required = (("textbox", "Какво се случва"), ("radiogroup", "Кой пише?"))
    wanted = (*required, ("checkbox", "Прочетох"))
    for role, name in required:
        assert one(view, role, name)["required"] is True
    # Chromium shows its tools no such state of a checkbox.
    assert view.get_by_label("Прочетох").get_attribute("aria-required") == "true"
    for role, name in wanted:
        assert one(view, role, name)["invalid"] == "false"
    assert not one(view, "textbox", "Как да се обръщаме").get("required")
    form_with_errors(view, place)
    for role, name in wanted:
        node = one(view, role, name)
        assert (node["invalid"], "Грешка:" in node["says"]) == ("true", True)
    assert one(view, "textbox", "Как да се обръщаме").get("invalid", "false") == "false"


def test_the_open_page_is_said(view: Page, place: Place) -> None:
    """The menu's entry of the page that is open carries it as a state, not as colour alone."""
    view.set_viewport_size({"width": 1280, "height": 700})
    view.goto(f"{place.url}/harmanli/uslugi/")
    current = view.locator(".menu-wide [aria-current='page']")
    assert current.count() == 1
    assert current.get_attribute("href") == "/harmanli/uslugi/"


def test_news_of_the_page_is_announced(view: Page, place: Place) -> None:
    """The summary of errors is an alert with its heading as its name."""
    form_with_errors(view, place)
    assert one(view, "alert", "Има нещо за поправяне")
