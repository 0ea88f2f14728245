"""Two accessibility engines that run inside the page: axe-core and IBM's Equal Access."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

from tests.support.browser.places import Place
from tests.support.project import ROOT, skip_or_fail

WCAG_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
COLOUR_TAGS = ["cat.color"]
AXE_FILE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
IBM_FOLDER = ROOT / "tests" / "node" / "node_modules" / "accessibility-checker-engine"

# IBM's rules of WCAG 2.2 A and AA. Its own policy adds supplements of one company. A failure is
# always a violation; where the engine only asks a person to look, this is who has answered.
ANSWERED = {
    "style_color_misuse": "errors, links and the open page have words or lines beside colour",
    "style_highcontrast_visible": "test_layout looks at the pages in forced colours",
    "style_viewport_resizable": "test_layout zooms to 400 %; sizes in vw have a rem part",
    "style_focus_visible": "test_keyboard measures the mark at every stop of every page",
    "element_tabbable_visible": "test_keyboard sees the skip link come into view",
    "element_tabbable_unobscured": "test_keyboard looks what lies over each stop of each page",
    "text_block_heading": "short bold lines are labels of fields and names of centres",
    "input_fields_grouped": "single fields with labels of their own; choices are in fieldsets",
    "input_label_visible": "test_tree compares each name with the words on the screen",
    "download_keyboard_controllable": "leaflets are plain links; the browser itself shows them",
    "aria_keyboard_handler_exists": "the groups hold native radios; test_keyboard chooses",
    "text_sensory_misuse": "test_structure; else „right now“, „round the clock“, Turkish „size“",
    "select_options_grouped": "choices of a filter are all of one kind: no heading stands above",
    "frame_src_valid": "what stands in the frame is looked at with the page around it",
    "a_target_warning": "a link that opens a new window says so (the editor's preview)",
    "form_interaction_review": "what is chosen in the editor's preview opens in its frame",
    "input_checkboxes_grouped": "the one checkbox that stands alone is the consent",
}

_RUN_AXE = """tags => axe.run({runOnly: {type: "tag", values: tags}, preload: false,
    resultTypes: ["violations"]}).then(r => r.violations)"""
_RUN_IBM = """async () => (await new ace.Checker().check(document, ["WCAG_2_2"])).results
    .filter(r => r.value[1] !== "PASS")
    .map(r => ({rule: r.ruleId, kind: r.value[1], said: r.message, where: r.snippet}))"""


def axe(page: Page, *, only_colours: bool = False) -> list[str]:
    """A line for each violation that axe-core sees."""
    _inject(page, "axe", AXE_FILE)
    found = page.evaluate(_RUN_AXE, COLOUR_TAGS if only_colours else WCAG_TAGS)
    return [f"axe {v['id']}: {[node['html'] for node in v['nodes']][:3]}" for v in found]


def ibm(page: Page) -> list[str]:
    """A line for each violation that IBM's engine sees, and each question nobody answered."""
    if not IBM_FOLDER.exists():
        skip_or_fail("IBM's engine is not installed (make test installs it where it may)")
    _inject(page, "ace", IBM_FOLDER / "ace.js")
    found: list[dict[str, Any]] = page.evaluate(_RUN_IBM)
    return [
        f"ibm {f['rule']} {f['kind']}: {f['said']} {f['where']}"
        for f in found
        if f["kind"] == "FAIL" or f["rule"] not in ANSWERED
    ]


Record = Callable[[str, object], None]
"""pytest's `record_property`."""

Ways = tuple[tuple[int, str], ...]
"""Widths and colour schemes."""

ALL_WAYS: Ways = ((320, "dark"), (320, "light"), (1280, "light"), (1280, "dark"))
ONCE = ((320, "light"),)
OTHER_WAYS = tuple(way for way in ALL_WAYS if way not in ONCE)
CORNERS = (*ONCE, (1280, "dark"))
"""Enough where each element is shown at either width: both widths, and both schemes, once."""


def everything(page: Page, ways: Ways = ALL_WAYS) -> list[str]:
    """What both engines find on the loaded page, narrow and wide, light and dark.

    The dark scheme changes colours alone (a test of the layout says so), so that axe's rules
    that look at colours are enough where the same width was looked at in the light one. IBM's
    engine looks once at each width.
    """
    found = []
    for width, scheme in ways:
        page.set_viewport_size({"width": width, "height": 700})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        # A link that is half under the row that stays is no small target: the reader scrolls.
        page.evaluate("scrollTo(0, 0)")
        lines = axe(page, only_colours=scheme == "dark" and ways != CORNERS)
        lines += ibm(page) if (width, scheme) in CORNERS else []
        found += [f"{page.url} {width} {scheme}: {line}" for line in lines]
    return found


def look_at_pages(
    pages: tuple[str, ...], ways: Ways, page: Page, place: Place, record_property: Record
) -> None:
    """Fails with all that both engines find on the pages."""
    assert len(pages) > 5
    found = []
    for path in pages:
        page.goto(place.url + path)
        found += everything(page, ways)
    record(record_property, found, pages=list(pages))
    assert found == []


def record(
    record_property: Record,
    found: list[str],
    *,
    pages: list[str] | None = None,
    states: list[str] | None = None,
) -> None:
    """Say in the report of a test what each engine looked at and how much it found."""
    for name, version, mark in (
        ("axe-core", axe_version(), ": axe "),
        ("IBM Equal Access Accessibility Checker", ibm_version(), ": ibm "),
    ):
        seen = {"pages": pages or [], "states": states or []}
        count = sum(mark in line for line in found)
        record_property("engine", {"name": name, "version": version, "violations": count} | seen)


def axe_version() -> str:
    return AXE_FILE.read_text(encoding="utf-8").split("axe v", 1)[1].split()[0]


def ibm_version() -> str:
    return str(json.loads((IBM_FOLDER / "package.json").read_text())["version"])


def _inject(page: Page, name: str, file: Path) -> None:
    """Load an engine into the page unless it is there; the page's own policy does not apply.

    To hand half a megabyte over to the browser takes longer than to look at a page, so that the
    browser keeps it for the next pages of this profile, as a function that nobody calls there.
    """
    bring = f"bring_{name}"
    here = f"typeof {name} === 'object' || typeof {bring} === 'function' && ({bring}(), true)"
    if not page.evaluate(here):
        page.context.add_init_script(f"window.{bring} = () => {{ {_source(file, name)} }}")
        page.evaluate(_source(file, name))


@cache
def _source(file: Path, name: str) -> str:
    return f"{file.read_text(encoding='utf-8')};window.{name} = {name}"
