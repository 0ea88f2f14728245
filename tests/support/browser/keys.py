"""A reader without a mouse: Tab, Enter, space and arrows, and what the keyboard stands on."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator, Page

# Where Tab stops: one stop for a group of radios, none for what is not shown.
STOPS = """() => new Set([...document.querySelectorAll(
    'a[href], button, input, select, textarea, summary, [tabindex="0"]')]
  .filter(e => e.tabIndex >= 0 && !e.disabled && e.type !== 'hidden'
    && e.checkVisibility({visibilityProperty: true}))
  .map(e => e.type === 'radio' ? e.name : e)).size"""

# What stands under the keyboard, and what lies over the middle and the corners of its first line.
HERE = """() => {
  const e = document.activeElement, style = getComputedStyle(e);
  const box = e.getClientRects()[0] || new DOMRect(), x = box.x, y = box.y;
  const right = box.right - 3, bottom = box.bottom - 3;
  const points = [[x + box.width / 2, y + box.height / 2], [x + 3, y + 3], [right, y + 3],
    [x + 3, bottom], [right, bottom]];
  const over = points.map(p => document.elementFromPoint(...p));
  return {
    html: e.outerHTML.slice(0, 90),
    place: [...document.querySelectorAll('*')].indexOf(e),
    onScreen: box.width > 0 && x >= 0 && y >= 0 && x + box.width / 2 <= innerWidth
      && y + box.height / 2 <= innerHeight,
    uncovered: over[0] !== null && over.every(o => o === null || e.contains(o) || o.contains(e)),
    marked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
  };
}"""


def here(page: Page) -> dict[str, Any]:
    """The element that has the keyboard, and how it can be seen."""
    found: dict[str, Any] = page.evaluate(HERE)
    return found


def every_stop(page: Page) -> list[dict[str, Any]]:
    """All that Tab reaches in one round, wherever it begins; the page itself is no stop."""
    stops: list[dict[str, Any]] = []
    for _ in range(page.evaluate(STOPS) + 1):
        page.keyboard.press("Tab")
        stop = here(page)
        if stops and stop["place"] == stops[0]["place"]:
            break
        if not stop["html"].startswith("<body"):
            stops.append(stop)
    return stops


def tab_to(page: Page, goal: Locator) -> None:
    """Press Tab until `goal` has the keyboard; fails if a whole round does not meet it."""
    for _ in range(page.evaluate(STOPS) + 2):
        if goal.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab does not reach {goal}")


def enter(page: Page, goal: Locator) -> None:
    """Tab to something on the page and press Enter."""
    tab_to(page, goal)
    page.keyboard.press("Enter")


def follow(page: Page, goal: Locator) -> None:
    """Tab to what leads to another page, press Enter and wait for that page."""
    tab_to(page, goal)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def choose(page: Page, group: Locator, words: str) -> None:
    """Tab to a group of radios and press the arrow until the wanted one is chosen."""
    radios = group.get_by_role("radio")
    tab_to(page, radios.first)
    wanted = group.get_by_label(words, exact=True)
    page.keyboard.press("Space")
    for _ in range(radios.count()):
        if wanted.is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"the arrows do not reach {words}")


def tick(page: Page, box: Locator) -> None:
    """Tab to a checkbox and press the space bar."""
    tab_to(page, box)
    page.keyboard.press("Space")


def write(page: Page, field: Locator, text: str) -> None:
    """Tab to a field and type."""
    tab_to(page, field)
    page.keyboard.type(text)
