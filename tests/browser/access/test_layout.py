"""Zoom, text spacing, the reader's own colours, less motion and the size of targets."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from site_build.pipeline import Project
from tests.support.browser.layout import LOST_TEXT, SIDEWAYS, SMALL, whole_page
from tests.support.browser.places import CONTACT, Place, serving
from tests.support.browser.states import form_with_errors
from tests.support.typed import LONG_MAIL

# The spacing that a reader may set (WCAG 1.4.12).
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important } p { margin-bottom: 2em !important }"""


# Telephone numbers, as links and in sentences, that stand on more than one line.
BROKEN_NUMBERS = """() => {
  const broken = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode;
    if (!text.parentElement.checkVisibility() || text.parentElement.closest('textarea')) continue;
    for (const number of text.data.matchAll(/\\d+(\\s\\d+)+/g)) {
      const range = document.createRange();
      range.setStart(text, number.index);
      range.setEnd(text, number.index + number[0].length);
      if (new Set([...range.getClientRects()].map(r => r.y)).size > 1) broken.push(number[0]);
    }
  }
  return broken;
}"""

MOVING = """() => [...document.querySelectorAll('*')].flatMap(e => ['', '::before', '::after']
    .map(part => getComputedStyle(e, part))
    .filter(s => parseFloat(s.transitionDuration) > 0.01 || s.animationName !== 'none'
      || s.scrollBehavior === 'smooth')
    .map(() => e.outerHTML.slice(0, 80)))"""

# What stays on the screen while one scrolls, where it takes more than a third of it.
STUCK = """() => {
  scrollTo(0, 600);
  const heights = [...document.querySelectorAll('*')]
    .filter(e => ['fixed', 'sticky'].includes(getComputedStyle(e).position))
    .map(e => Math.max(0, e.getBoundingClientRect().bottom));
  scrollTo(0, 0);
  return heights.reduce((sum, height) => sum + height, 0) > innerHeight / 3;
}"""

# Borders, shape of checked boxes and the mark of the keyboard, as the page gives them.
EDGES = """selector => [...document.querySelectorAll(selector)].filter(e => e.checkVisibility())
  .filter(e => { const s = getComputedStyle(e);
    return parseFloat(s.borderTopWidth) < 1 || s.borderTopStyle === 'none'; })
  .map(e => e.outerHTML.slice(0, 80))"""

EDGED = (
    ".door, .card, .care, .today, .before, .button, .error-summary, textarea,"
    " input:not([type=radio], [type=checkbox], .trap *)"
)

BOXES = """() => [...document.querySelectorAll("*")]
  .map(e => Object.values(e.getBoundingClientRect().toJSON()))"""


Look = Callable[[Page], Any]
Found = dict[str, dict[str, Any]]
"""What is wrong, by look and page."""


@pytest.fixture
def view(browser: Browser) -> Iterator[Page]:
    """A page that lets a test bring style of its own into it."""
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


def size(page: Page, height: int) -> None:
    page.set_viewport_size({"width": 320, "height": height})


def zoomed(page: Page, script: str) -> Any:
    """At 320 by 256 px, which is 1280 px wide at 400 %."""
    size(page, 256)
    return page.evaluate(script)


def edges(page: Page) -> Any:
    page.emulate_media(forced_colors="active")
    found = page.evaluate(EDGES, EDGED)
    page.emulate_media(forced_colors="none")
    return found


def moving(page: Page) -> Any:
    page.emulate_media(reduced_motion="reduce")
    found = page.evaluate(MOVING)
    page.emulate_media(reduced_motion="no-preference")
    return found


def lost_by_spacing(page: Page) -> list[str]:
    """With the style that it brings, which stays on the page."""
    page.add_style_tag(content=SPACING)
    lost = []
    for width in (320, 1280):
        whole_page(page, width)
        lost += [f"{width} {line}" for line in page.evaluate(LOST_TEXT)]
        lost += [f"{width} sideways"] * page.evaluate(SIDEWAYS)
    return lost


REFLOW: dict[str, Look] = {
    "sideways": lambda page: zoomed(page, SIDEWAYS),
    "stuck": lambda page: zoomed(page, STUCK),
}
OF_WORDS = REFLOW | {
    "broken numbers": lambda page: zoomed(page, BROKEN_NUMBERS),
    "small targets": lambda page: zoomed(page, SMALL),
    "lost by spacing": lost_by_spacing,
}
OF_STYLE: dict[str, Look] = {"edges": edges, "moving": moving}
"""What does not depend on the words that stand in an element."""


def on_pages(
    page: Page, place: Place, looks: dict[str, Look], paths: tuple[str, ...] | None = None
) -> Found:
    """What each look finds, by page: on all of them, or on `paths`. Each is opened once."""
    found: Found = {name: {} for name in looks}
    for path in paths or place.paths:
        size(page, 256)  # not as high as the last look left it, which takes long to paint
        page.goto(place.url + path)
        for name, look in looks.items():
            if seen := look(page):
                found[name][path] = seen
    return found


@pytest.fixture(scope="module")
def found(browser: Browser, place: Place) -> Found:
    """What is wrong with the pages, with scripts."""
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    kinds = place.of_every_kind()
    others = tuple(path for path in place.paths if path not in kinds)
    found = on_pages(page, place, OF_STYLE | OF_WORDS, kinds)
    for look, seen in on_pages(page, place, OF_WORDS, others).items():
        found[look] |= seen
    context.close()
    return found


@pytest.mark.accessibility("reflow")
@pytest.mark.parametrize("look", REFLOW)
def test_nothing_is_lost_by_zooming(found: Found, look: str) -> None:
    """At 320 by 256 px, which is also 1280 px at 400 %, no page scrolls sideways, and what stays
    on the screen while scrolling takes at most a third of it.
    """
    assert found[look] == {}


@pytest.mark.accessibility("reflow")
def test_nor_without_scripts(browser: Browser, place: Place) -> None:
    """The same for a reader without JavaScript."""
    context = browser.new_context(java_script_enabled=False)
    found = on_pages(context.new_page(), place, REFLOW, place.of_every_kind())
    assert found == {name: {} for name in REFLOW}
    context.close()


@pytest.mark.accessibility("reflow")
def test_errors_do_not_scroll_sideways(page: Page, place: Place) -> None:
    """Nor a form that was sent empty, with JavaScript and without."""
    size(page, 256)
    form_with_errors(page, place)
    assert not page.evaluate(SIDEWAYS)


@pytest.mark.accessibility("reflow")
def test_a_word_that_is_too_long_is_broken(page: Page, as_typed: Project, tmp_path: Path) -> None:
    """An e-mail of 61 letters and a number with its extension do not widen a page at 320 px."""
    with serving(tmp_path, as_typed.site, content=as_typed.content) as place:
        assert on_pages(page, place, REFLOW)["sideways"] == {}
        page.goto(f"{place.url}/kontakti/")
        assert LONG_MAIL in page.inner_text("main")


@pytest.mark.accessibility("reflow")
def test_telephone_numbers_stay_on_one_line(found: Found) -> None:
    """A number is never broken, however narrow the screen."""
    assert found["broken numbers"] == {}


@pytest.mark.accessibility("spacing")
def test_text_spacing_loses_nothing(found: Found) -> None:
    """With the widest spacing no text is covered or cut off and nothing runs off sideways, narrow
    and wide.
    """
    assert found["lost by spacing"] == {}


@pytest.mark.accessibility("targets")
def test_targets_are_large_enough(found: Found) -> None:
    """24 pixels and more each way, for all that is not a link in a sentence."""
    assert found["small targets"] == {}


@pytest.mark.accessibility("colours")
def test_forced_colours_keep_every_edge(found: Found, view: Page, place: Place) -> None:
    """Boxes, fields and buttons have a border, boxes to tick keep the system's own look."""
    assert found["edges"] == {}
    view.emulate_media(forced_colors="active")
    form_with_errors(view, place)
    assert view.evaluate(EDGES, ".error-summary") == []
    own_look = """() => [...document.querySelectorAll('[type=radio], [type=checkbox]')]
      .map(e => getComputedStyle(e))
      .every(s => s.appearance !== 'none' && s.forcedColorAdjust === 'auto')"""
    assert view.evaluate(own_look)


@pytest.mark.accessibility("colours")
def test_forced_colours_show_the_keyboard_and_the_open_page(view: Page, place: Place) -> None:
    """The outline takes the system's colour, and the open page is marked by more than colour."""
    view.emulate_media(forced_colors="active")
    view.goto(place.url + "/harmanli/uslugi/")
    view.keyboard.press("Tab")
    outline = "() => getComputedStyle(document.activeElement).outlineStyle"
    assert view.evaluate(outline) == "solid"
    weight = "e => Number(getComputedStyle(e).fontWeight)"
    here = view.locator(".menu-wide [aria-current]").evaluate(weight)
    assert here > view.locator(".menu-wide a:not([aria-current])").first.evaluate(weight)


@pytest.mark.accessibility("colours")
def test_reduced_motion_leaves_none(found: Found) -> None:
    """No transition, animation or smooth scrolling for a reader who asked for none."""
    assert found["moving"] == {}


@pytest.mark.accessibility("colours")
def test_dark_changes_colours_alone(view: Page, place: Place) -> None:
    """Every element stands where it stood, so rules that do not look at colour need no rerun.

    On pages of each template that nobody has touched yet, as they are opened.
    """
    for path in (*place.of_each_template(), *place.of_each_template("ar")):
        view.emulate_media(color_scheme="light")
        view.goto(place.url + path)
        light = view.evaluate(BOXES)
        view.emulate_media(color_scheme="dark")
        assert view.evaluate(BOXES) == light, path


@pytest.mark.parametrize(
    ("fault", "script"),
    [
        ("main p { width: 40rem }", SIDEWAYS),
        ("main { position: relative } main p { height: 1em }", LOST_TEXT),
        (".help-now { overflow: hidden; height: 1em; display: block }", LOST_TEXT),
        (".help-now { line-height: 1 !important; padding: 0 !important }", SMALL),
        ("a { transition: color 1s }", MOVING),
        (
            "a[href^='tel:'] { white-space: normal !important; display: inline-block !important;"
            " width: 1ch; overflow-wrap: anywhere }",
            BROKEN_NUMBERS,
        ),
    ],
)
def test_a_fault_is_found(view: Page, place: Place, fault: str, script: str) -> None:
    """What the tests above look for, brought into a real page by one line of style."""
    view.goto(place.url + "/pomosht/")
    whole_page(view, 320)
    assert not view.evaluate(script)
    view.add_style_tag(content=fault)
    assert view.evaluate(script)


def test_an_edge_that_is_missing_is_found(view: Page, place: Place) -> None:
    """A button without a border would vanish in forced colours."""
    view.goto(place.url + CONTACT)
    view.add_style_tag(content=".button { border: 0 !important }")
    assert view.evaluate(EDGES, ".button")
