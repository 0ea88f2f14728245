"""Printed to PDF by Chromium on A4, and read back with pdftotext."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree, html
from playwright.sync_api import Browser, Page

from site_model.content import Content
from site_model.urls import origin
from tests.support.pages.static_server import header_lines, serve
from tests.support.project import skip_or_fail

A4 = (594.96, 841.92)  # points, as Chromium rounds them
MARGIN = 16 / 25.4 * 72  # 16 mm in points
PAGES = (
    "/",
    "/pomosht/",
    "/harmanli/",
    "/harmanli/kontakti/",
    "/harmanli/kak-da-poluchite-podkrepa/",
    "/harmanli/pishete-ni/",
    "/harmanli/uslugi/",
    "/sopot/programi/",
    "/sopot/za-uchilishta-i-institutsii/",
)


@pytest.fixture(params=["light", "dark"])
def paper(request: pytest.FixtureRequest, browser: Browser, site: Path) -> Iterator[Page]:
    """A browser at the site's front page, in either colour scheme."""
    if shutil.which("pdftotext") is None:
        skip_or_fail("pdftotext (poppler-utils) is not installed")
    with serve(site, header_lines(site.parent / "build" / "headers")) as address:
        context = browser.new_context(color_scheme=request.param, base_url=address)
        yield context.new_page()
        context.close()


def printed(page: Page, path: str, *options: str) -> str:
    """What a page says on paper; `options` are those of pdftotext."""
    page.goto(path)
    pdf = page.pdf(format="A4", prefer_css_page_size=True, print_background=True)
    command = ["pdftotext", *options, "-", "-"]
    return subprocess.run(command, input=pdf, capture_output=True, check=True).stdout.decode()


def joined(text: str) -> str:
    """Without white space and hyphens, since paper breaks lines inside addresses."""
    return re.sub(r"[\s-]", "", text)


def test_no_menus_but_the_address_and_the_day_of_checking(paper: Page, content: Content) -> None:
    """Paper has the page's own address and when it was checked, and nothing to press."""
    for path in ("/pomosht/", "/harmanli/kontakti/", "/harmanli/kak-da-poluchite-podkrepa/"):
        text = printed(paper, path)
        assert joined(f"Адрес на страницата: {origin(content.site)}{path}") in joined(text)
        assert "роверено" in text
        for word in ("Меню", "Програми", "Бързо излизане", "Търсене", "English", "За този сайт"):
            assert word not in text, (path, word)


def test_links_are_written_out(paper: Page, site: Path, content: Content) -> None:
    """Behind each link to another page stands its whole address; a telephone stays as it is."""
    for path in PAGES:
        text = joined(printed(paper, path, "-raw"))
        tree = html.parse(str(site / path.strip("/") / "index.html"))
        links = set(tree.xpath("//main//a[not(ancestor::*[contains(@class, 'why')])]/@href"))
        assert links
        for link in links:
            if link.startswith("/"):
                assert joined(f"({origin(content.site)}{link})") in text, (path, link)
            elif link.startswith("http"):
                assert joined(f"({link})") in text, (path, link)
        assert "(tel:" not in text
        assert "(#" not in text


def test_nothing_is_cut_and_nothing_is_lost(paper: Page) -> None:
    """Every word of the page is on paper, inside the margins of A4."""
    for path in PAGES:
        boxes = etree.fromstring(printed(paper, path, "-bbox").encode())
        names = {"x": "http://www.w3.org/1999/xhtml"}
        for sheet in boxes.iterfind(".//x:page", names):
            size = (float(sheet.get("width")), float(sheet.get("height")))
            assert size == pytest.approx(A4, abs=1)
        for word in boxes.iterfind(".//x:word", names):
            left, right = float(word.get("xMin")), float(word.get("xMax"))
            assert left >= MARGIN - 1, (path, word.text)
            assert right <= A4[0] - MARGIN + 1, (path, word.text)
        paper.emulate_media(media="print")
        seen = paper.locator("main").inner_text()
        paper.emulate_media(media="null")
        on_paper = joined("".join(word.text for word in boxes.iterfind(".//x:word", names)))
        lost = [word for word in re.findall(r"\w{3,}", seen) if word not in on_paper]
        assert lost == [], path


def test_black_on_white(paper: Page) -> None:
    """In print every text is black on white, whatever the colours of the screen are."""
    for path in PAGES:
        paper.goto(path)
        paper.emulate_media(media="print")
        colours = paper.evaluate(
            """() => [...document.querySelectorAll('body, body *')]
              .filter(e => e.checkVisibility() && !(e instanceof SVGElement)
                && [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()))
              .map(e => { let b = e, ground = 'rgba(0, 0, 0, 0)';
                for (; b && ground === 'rgba(0, 0, 0, 0)'; b = b.parentElement)
                  ground = getComputedStyle(b).backgroundColor;
                return getComputedStyle(e).color + ' on ' + ground; })"""
        )
        assert set(colours) == {"rgb(0, 0, 0) on rgb(255, 255, 255)"}, path
        paper.emulate_media(media="null")
