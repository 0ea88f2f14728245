"""Two engines find nothing on any page and in any state, narrow and wide, light and dark."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import engines
import pytest
from places import Place, serving
from playwright.sync_api import Browser, Page
from states import STATES, Way, extra_step

pytestmark = pytest.mark.accessibility("engines")

Record = Callable[[str, object], None]


@pytest.fixture
def view(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="bg-BG")
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("language", ["bg", "en", "tr", "uk", "ar"])
def test_every_page(language: str, view: Page, place: Place, record_property: Record) -> None:
    """No violation on any page.

    The pages of the other languages have the templates of the Bulgarian ones and other words,
    so narrow and light, wide and dark are enough for them.
    """
    pages = place.in_language(language)
    assert pages
    found = []
    for path in pages:
        view.goto(place.url + path)
        found += engines.everything(view, engines.ALL_WAYS if language == "bg" else engines.CORNERS)
    engines.record(record_property, found, pages=list(pages))
    assert found == []


def test_languages_are_all_here(place: Place) -> None:
    """The languages above are those of the site."""
    assert set(place.paths) == set(place.in_language("bg", "en", "tr", "uk", "ar"))


@pytest.mark.parametrize("state", STATES)
def test_every_state(state: str, view: Page, place: Place, record_property: Record) -> None:
    """No violation in any state that a page can be brought into."""
    # Each state sends from a network of its own, since one letter an hour is allowed here.
    network = f"10.0.{list(STATES).index(state)}.1"
    view.set_extra_http_headers({"X-Forwarded-For": network})
    look_at(state, STATES[state], view, place, record_property)


def test_extra_step(view: Page, site: Path, tmp_path: Path, record_property: Record) -> None:
    """The same for the step that a service under a flood puts in between."""
    with serving(tmp_path, site, "proof_of_work = true") as place:
        look_at("extra step", extra_step, view, place, record_property)


def look_at(state: str, way: Way, view: Page, place: Place, record_property: Record) -> None:
    way(view, place)
    found = engines.everything(view)
    engines.record(record_property, found, states=[state])
    assert found == []


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        ("<img src='/assets/opora.svg'>", ("axe image-alt", "ibm img_alt_valid")),
        ("<input name=x>", ("axe label", "ibm input_label_exists")),
        ("<p class='pale'>бледо</p>", ("axe color-contrast",)),
        # IBM's engine measures the contrast of Latin letters and digits only.
        ("<p class='pale'>pale</p>", ("axe color-contrast", "ibm text_contrast_sufficient")),
        ("<h5>прескочено ниво</h5>", ("axe heading-order",)),
    ],
)
def test_a_fault_is_seen(view: Page, place: Place, fault: str, seen: tuple[str, ...]) -> None:
    """Both engines see a fault that is put into a real page."""
    view.goto(f"{place.url}/pomosht/")
    view.evaluate(
        "fault => document.querySelector('main').insertAdjacentHTML('beforeend', fault)", fault
    )
    view.add_style_tag(content=".pale { color: #999; background: #fff }")
    found = engines.everything(view)
    assert all(any(name in line for line in found) for name in seen)
