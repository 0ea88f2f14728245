"""Two engines find nothing: every page is looked at once (narrow and light), one page of each
template and every state also wide and dark. Files of their own, for workers to share:
test_accessibility_in_languages.py, test_accessibility_of_states.py.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from site_model.urls import CENTRE_SLUGS, COMMON_PAGES
from tests.support.browser import engines
from tests.support.browser.places import Place

pytestmark = pytest.mark.accessibility("engines")


@pytest.fixture
def view(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="bg-BG")
    yield context.new_page()
    context.close()


def test_every_page(view: Page, place: Place, record_property: engines.Record) -> None:
    """No violation on any Bulgarian page, narrow and light."""
    engines.look_at_pages(place.in_language("bg"), engines.ONCE, view, place, record_property)


@pytest.mark.parametrize("language", ["bg", "ar"])
def test_every_template(
    language: str, view: Page, place: Place, record_property: engines.Record
) -> None:
    """Nor dark, nor wide, on one page of each template, from the left and from the right.

    The other pages have other words, which change with neither.
    """
    pages = place.of_each_template(language)
    engines.look_at_pages(pages, engines.OTHER_WAYS, view, place, record_property)


def test_templates_are_all_here(place: Place) -> None:
    """Each page of a centre is there once, and each that belongs to none."""
    pages = place.of_each_template()
    below = [path.strip("/").split("/")[1:] for path in pages]
    assert sum(steps[:1] == ["uslugi"] and len(steps) == 2 for steps in below) == 1
    slugs = {steps[0] for steps in below if steps}
    assert set(CENTRE_SLUGS.values()) - {""} < slugs
    assert {f"/{slug}/" for slug in COMMON_PAGES.values()} | {"/", "/no-such-page"} < set(pages)


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        ("<img src='/assets/opora.svg'>", ("axe image-alt", "ibm img_alt_valid")),
        ("<input name=x>", ("axe label", "ibm input_label_exists")),
        ("<p class='pale'>бледо</p>", ("axe color-contrast",)),
        # IBM's engine measures the contrast of Latin letters and digits only.
        ("<p class='pale'>pale</p>", ("axe color-contrast", "ibm text_contrast_sufficient")),
        ("<h5>прескочено ниво</h5>", ("axe heading-order",)),
        ("<input name=x class='wide'>", ("1280 dark: axe label", "ibm input_label_exists")),
    ],
)
def test_a_fault_is_seen(view: Page, place: Place, fault: str, seen: tuple[str, ...]) -> None:
    """Both engines see a fault that is put into a real page, at one width too."""
    view.goto(f"{place.url}/pomosht/")
    view.evaluate(
        "fault => document.querySelector('main').insertAdjacentHTML('beforeend', fault)", fault
    )
    view.add_style_tag(content=".pale { color: #999; background: #fff }")
    view.add_style_tag(content="@media (max-width: 40rem) { .wide { display: none } }")
    found = engines.everything(view, engines.CORNERS)
    assert all(any(name in line for line in found) for name in seen)
