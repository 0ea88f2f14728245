"""`python -m tools.pictures.editor`: a telephone is changed in the editor, with a picture of each
step for docs/guide/fakti.md; what is to be pressed or typed has a frame.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from datetime import date
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright
from werkzeug.serving import make_server

from site_build.pipeline import Project
from site_editor.web.app import create_app
from tests.support.processes import answering
from tests.support.project import ROOT, copy_project

FOLDER = ROOT / "docs" / "guide" / "pictures"
HEAVIEST = 60_000  # bytes
SCREEN = (1000, 680)
FRAME = "e => Object.assign(e.style, {outline: '4px solid #c2410c', outlineOffset: '4px'})"
NO_FRAME = "e => Object.assign(e.style, {outline: '', outlineOffset: ''})"


class Camera:
    """Takes pictures of what is in the middle of the screen."""

    def __init__(self, page: Page) -> None:
        self._page = page

    def take(self, name: str, *framed: Locator) -> None:
        """The screen with these parts framed, the first in its middle."""
        for part in framed:
            part.evaluate(FRAME)
        framed[0].evaluate("e => e.scrollIntoView({block: 'center'})")
        png = self._page.screenshot(animations="disabled", caret="hide")
        for part in framed:
            part.evaluate(NO_FRAME)
        file = FOLDER / f"editor-{name}.png"
        picture = Image.open(BytesIO(png)).convert("RGB").quantize(64, dither=Image.Dither.NONE)
        picture.save(file, optimize=True)
        if (size := file.stat().st_size) > HEAVIEST:
            raise SystemExit(f"{file}: {size} bytes, more than {HEAVIEST}")
        print(f"{file.relative_to(ROOT)}: {size / 1000:.0f} KB", flush=True)


def change_telephone(page: Page, address: str) -> None:
    """From the first page to the published one."""
    camera = Camera(page)
    page.set_default_timeout(600_000)  # until a site is built
    page.goto(f"{address}/harmanli/")
    section = page.get_by_role("link", name="Телефони, имейл и адрес").first
    camera.take("parva", section)
    section.click()
    number = page.get_by_label("Телефон", exact=True)
    number.fill("0373 9 10 77")
    look = page.get_by_role("button", name="Прегледай промените").first
    camera.take("pole", number, look)
    look.click()
    camera.take("pregled", page.locator(".changes"))
    page.frame_locator(".shown iframe").get_by_role("heading", level=1).wait_for()
    camera.take("stranitsi", page.locator(".shown"))
    post = page.get_by_label("Каква е длъжността му")
    post.fill("социален работник")
    publish = page.get_by_role("button", name="Публикувай")
    camera.take("otkade", post, publish)
    publish.click()
    page.get_by_role("heading", name="Публикувано").wait_for()
    camera.take("gotovo", page.get_by_role("heading", level=1))
    page.goto(f"{address}/harmanli/promeni/")
    camera.take("promeni", page.get_by_role("button", name="Върни").first)


def main() -> None:
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        root = copy_project(Path(temporary) / "project").root
        hosts: set[str] = set()
        app = create_app(lambda: Project(root, today=date.today()), hosts)
        server = make_server("127.0.0.1", 0, app, threaded=True)
        hosts.add(f"127.0.0.1:{server.port}")
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        with answering(server) as port:
            page = browser.new_page(
                viewport={"width": SCREEN[0], "height": SCREEN[1]}, locale="bg-BG", bypass_csp=True
            )
            change_telephone(page, f"http://127.0.0.1:{port}")
        browser.close()


if __name__ == "__main__":
    main()
