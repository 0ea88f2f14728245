"""Zoom, text spacing, the reader's own colours, less motion and the size of targets."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from places import CONTACT, Place
from playwright.sync_api import Browser, Page
from states import form_with_errors

# The spacing that a reader may set (WCAG 1.4.12).
SPACING = """* { line-height: 1.5 !important; letter-spacing: .12em !important;
  word-spacing: .16em !important } p { margin-bottom: 2em !important }"""

# What reaches over the right or left edge of the screen.
SIDEWAYS = """() => document.documentElement.scrollWidth > innerWidth
    || document.body.scrollWidth > innerWidth"""

# Texts whose middle is under something else, and boxes that cut off their own text.
LOST_TEXT = """() => {
  const seen = e => e.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && !e.closest('.hidden-words, .trap, .skip');
  const lost = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode, parent = text.parentElement;
    if (!text.data.trim() || !seen(parent)) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) {
      if (box.width < 2) continue;
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
      if (top !== parent && !parent.contains(top)) lost.push('covered: ' + text.data.trim());
    }
  }
  for (const e of document.body.querySelectorAll('*')) {
    const style = getComputedStyle(e);
    if (seen(e) && style.overflow !== 'visible' && !e.matches('textarea, input, select, svg')
        && (e.scrollWidth > e.clientWidth + 1 || e.scrollHeight > e.clientHeight + 1))
      lost.push('cut off: ' + e.outerHTML.slice(0, 80));
  }
  return lost;
}"""

# Targets under 24 by 24 pixels that do not stand in a sentence (WCAG 2.5.8). A label that
# belongs to a field is part of its target.
SMALL = """() => [...document.querySelectorAll('a[href], button, input, select, textarea, summary')]
  .filter(e => e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true}))
  .filter(e => {
    const block = e.parentElement.closest('p, li, dd, td, label, div, h1, h2, h3, figcaption');
    const inSentence = e.tagName === 'A' && getComputedStyle(e).display === 'inline'
      && block.innerText.trim() !== e.innerText.trim();
    const box = e.getBoundingClientRect();
    return !inSentence && (box.width < 24 || box.height < 24);
  }).map(e => e.outerHTML.slice(0, 90))"""

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


@pytest.fixture
def view(browser: Browser) -> Iterator[Page]:
    """A page that lets a test bring style of its own into it."""
    context = browser.new_context(bypass_csp=True)
    yield context.new_page()
    context.close()


def whole_page(page: Page, width: int) -> None:
    """Make the screen as high as the page, so that nothing lies outside of it."""
    page.set_viewport_size({"width": width, "height": 700})
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": width, "height": height + 200})


def on_every_page(page: Page, place: Place, script: str) -> dict[str, object]:
    """What `script` finds, by page, for those where it finds something."""
    found = {}
    for path in place.paths:
        page.goto(place.url + path)
        found[path] = page.evaluate(script)
    return {path: what for path, what in found.items() if what}


@pytest.mark.accessibility("reflow")
def test_no_sideways_scroll(page: Page, place: Place) -> None:
    """At 320 px, which is also 1280 px at 400 %: 256 px high, with JavaScript and without."""
    page.set_viewport_size({"width": 320, "height": 256})
    assert on_every_page(page, place, SIDEWAYS) == {}
    form_with_errors(page, place)
    assert not page.evaluate(SIDEWAYS)


@pytest.mark.accessibility("reflow")
def test_nothing_sticks_over_a_zoomed_page(page: Page, place: Place) -> None:
    """What stays on the screen while scrolling takes at most a third of it at 400 %."""
    page.set_viewport_size({"width": 320, "height": 256})
    stuck = """() => void scrollTo(0, 600) || [...document.querySelectorAll('*')]
      .filter(e => ['fixed', 'sticky'].includes(getComputedStyle(e).position))
      .map(e => Math.max(0, e.getBoundingClientRect().bottom))
      .reduce((sum, height) => sum + height, 0) > innerHeight / 3"""
    assert on_every_page(page, place, stuck) == {}


@pytest.mark.accessibility("reflow")
def test_telephone_numbers_stay_on_one_line(view: Page, place: Place) -> None:
    """A number is never broken, however narrow the screen."""
    view.set_viewport_size({"width": 320, "height": 700})
    assert on_every_page(view, place, BROKEN_NUMBERS) == {}


@pytest.mark.accessibility("spacing")
@pytest.mark.parametrize("width", [320, 1280])
def test_text_spacing_loses_nothing(view: Page, place: Place, width: int) -> None:
    """With the widest spacing no text is covered or cut off and nothing runs off sideways."""
    found = {}
    for path in place.paths:
        view.goto(place.url + path)
        view.add_style_tag(content=SPACING)
        whole_page(view, width)
        found[path] = [*view.evaluate(LOST_TEXT), *["sideways"] * view.evaluate(SIDEWAYS)]
    assert {path: lost for path, lost in found.items() if lost} == {}


@pytest.mark.accessibility("targets")
def test_targets_are_large_enough(view: Page, place: Place) -> None:
    """24 pixels and more each way, for all that is not a link in a sentence."""
    view.set_viewport_size({"width": 320, "height": 700})
    assert on_every_page(view, place, SMALL) == {}


@pytest.mark.accessibility("colours")
def test_forced_colours_keep_every_edge(view: Page, place: Place) -> None:
    """Boxes, fields and buttons have a border, boxes to tick keep the system's own look."""
    view.emulate_media(forced_colors="active")
    assert on_every_page(view, place, f"() => ({EDGES})({EDGED!r})") == {}
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
def test_reduced_motion_leaves_none(view: Page, place: Place) -> None:
    """No transition, animation or smooth scrolling for a reader who asked for none."""
    view.emulate_media(reduced_motion="reduce")
    assert on_every_page(view, place, MOVING) == {}


@pytest.mark.accessibility("colours")
def test_dark_changes_colours_alone(view: Page, place: Place) -> None:
    """Every element stands where it stood, so rules that do not look at colour need no rerun."""
    for path in place.paths:
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
