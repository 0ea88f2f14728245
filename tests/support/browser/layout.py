"""How a page is measured: nothing sticks out, nothing is lost, nothing is too small to press."""

from __future__ import annotations

from playwright.sync_api import Page

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


def whole_page(page: Page, width: int) -> None:
    """Make the screen at least as high as the page, so that nothing lies outside of it.

    It is not made smaller before: to lay a page out anew takes longer than to look at it.
    """
    assert page.viewport_size
    height = page.viewport_size["height"]
    page.set_viewport_size({"width": width, "height": height})
    needed = page.evaluate("document.documentElement.scrollHeight")
    if needed > height:
        page.set_viewport_size({"width": width, "height": needed + 200})
