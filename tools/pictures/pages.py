"""`python -m tools.pictures.pages`: pictures of the main pages for docs/pictures.

Builds the site, serves it with the service in this process, and takes each picture in Chromium,
as a small PNG of 64 colours; that on paper is what Chromium prints, drawn by pdftoppm.
"""

from __future__ import annotations

import logging
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from site_build.pipeline import build_site
from tests.support.browser.places import Place, serving
from tests.support.browser.states import form_with_errors, search_for
from tests.support.project import ROOT, copy_project

FOLDER = ROOT / "docs" / "pictures"
HEAVIEST = 120_000  # bytes, so that a page of the docs with all of them stays light
PHONE = (375, 740)
DESK = (1100, 760)


@dataclass(frozen=True)
class Picture:
    """One picture: the way to what it shows, on which screen and in which colour scheme."""

    name: str
    way: Callable[[Page, Place], object]
    screen: tuple[int, int] = PHONE
    dark: bool = False


def open_page(path: str) -> Callable[[Page, Place], object]:
    return lambda page, place: page.goto(place.url + path)


PICTURES = (
    Picture("harmanli", open_page("/harmanli/"), DESK),
    Picture("harmanli-dark", open_page("/harmanli/"), DESK, dark=True),
    Picture("harmanli-phone", open_page("/harmanli/")),
    Picture("harmanli-phone-dark", open_page("/harmanli/"), dark=True),
    Picture("help-phone", open_page("/pomosht/")),
    Picture("form-errors-phone", form_with_errors),
    Picture("service", open_page("/harmanli/uslugi/razgovori-s-psiholog/"), DESK),
    Picture("arabic-phone", open_page("/ar/harmanli/")),
    Picture("easy-read-phone", open_page("/harmanli/lesno-za-chetene/")),
    Picture("search-phone", search_for("бият ме")),
)
ON_PAPER = "/harmanli/za-uchilishta-i-institutsii/"


def take_screenshot(browser: Browser, place: Place, picture: Picture) -> bytes:
    """The first screen of a page; a phone's at two dots a pixel, as phones have."""
    context = browser.new_context(
        viewport=ViewportSize(width=picture.screen[0], height=picture.screen[1]),
        device_scale_factor=2 if picture.screen == PHONE else 1,
        color_scheme="dark" if picture.dark else "light",
        locale="bg-BG",
    )
    page = context.new_page()
    picture.way(page, place)
    taken = page.screenshot(animations="disabled", caret="hide")
    context.close()
    return taken


def print_first_sheet(browser: Browser, place: Place) -> bytes:
    """The first sheet of the page for institutions."""
    page = browser.new_page()
    page.goto(place.url + ON_PAPER)
    pdf = page.pdf(prefer_css_page_size=True, format="A4")
    page.close()
    command = ["pdftoppm", "-png", "-r", "80", "-f", "1", "-l", "1", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout


def keep(name: str, png: bytes) -> None:
    """Write a picture with a palette of its own; a heavy one stops everything."""
    file = FOLDER / f"{name}.png"
    picture = Image.open(BytesIO(png)).convert("RGB").quantize(64, dither=Image.Dither.NONE)
    picture.save(file, optimize=True)
    size = file.stat().st_size
    if size > HEAVIEST:
        raise SystemExit(f"{file}: {size} bytes, more than {HEAVIEST}")
    print(f"{file.relative_to(ROOT)}: {size / 1000:.0f} KB")


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        project = copy_project(Path(temporary) / "project", languages=None)
        build_site(project)
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        with serving(Path(temporary), project.site) as place:
            for picture in PICTURES:
                keep(picture.name, take_screenshot(browser, place, picture))
            keep("paper", print_first_sheet(browser, place))
        browser.close()


if __name__ == "__main__":
    main()
