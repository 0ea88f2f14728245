"""Budgets of weight, measured as a first visit with an empty cache, and Lighthouse."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Browser

from tests.browser.conftest import NAMES
from tests.support.browser.places import Place, paths
from tests.support.browser.visits import first_visits
from tests.support.pages.static_server import header_lines, serve
from tests.support.project import ROOT, skip_or_fail

KB = 1000
KINDS = {
    "front": "/",
    "centre, in Arabic": "/ar/harmanli/",
    "services, in English": "/en/harmanli/uslugi/",
    "service": "/harmanli/uslugi/razgovori-s-psiholog/",
    "form": "/harmanli/pishete-ni/",
    "help": "/pomosht/",
    "contacts": "/harmanli/kontakti/",
    "search": "/tarsene/",
}


def headers(site: Path) -> dict[str, str]:
    return header_lines(site.parent / "build" / "headers")


@pytest.mark.parametrize("way", ["br", "gzip"])
@pytest.mark.parametrize("centre", ["harmanli", "sopot"])
def test_contact_page(browser: Browser, site: Path, way: str, centre: str) -> None:
    """At most 60 KB and 8 requests in all, and 14 KB of HTML, also with gzip alone."""
    with serve(site, headers(site), (way,)) as address, first_visits(browser) as visit:
        url = f"{address}/{centre}/kontakti/"
        found = visit(url)
    assert found.sizes[url] <= 14 * KB
    assert found.requests >= 2
    assert found.requests <= 8
    assert found.whole <= 60 * KB


def test_no_page_is_heavy_or_moves(browser: Browser, site: Path) -> None:
    """No page costs more than 100 KB with gzip, none asks another site, none shifts its layout."""
    with serve(site, headers(site), ("gzip",)) as address, first_visits(browser) as visit:
        kinds = Place(address, tuple(paths(site))).of_every_kind()
        assert len(kinds) > 20
        for path in kinds:
            url = address + path
            found = visit(url)
            assert found.requests >= 2, path
            assert all(url.startswith(address) for url in found.sizes), path
            assert found.whole <= 100 * KB, (path, found.sizes)
            # Where the machine is slow, half a line is painted now and then before the rest of it
            # is parsed. What a page itself moves, it moves at every visit.
            assert found.shift == 0 or 0 in (visit(url).shift for _ in range(3)), path


def test_no_page_of_any_language_is_heavy(site: Path) -> None:
    """The bytes of a page and of all that it names, with gzip, each counted once."""
    pages = list(site.rglob("index.html"))
    assert len(pages) > 100
    for page in pages:
        named = html.fromstring(page.read_bytes()).xpath(
            "//link[@rel='stylesheet' or @rel='icon']/@href | //script/@src | //img/@src"
        )
        files = {page, *(site / name.partition("?")[0].lstrip("/") for name in named)}
        assert len(files) > 1, page
        zipped = (file.with_name(f"{file.name}.gz") for file in files)
        sizes = [
            (small if small.exists() else file).stat().st_size
            for file, small in zip(files, zipped, strict=True)
        ]
        assert sum(sizes) <= 100 * KB, page


def test_shift_would_be_seen(browser: Browser, tmp_path: Path) -> None:
    """The measure of layout shifts works: a page that pushes its text down has one."""
    (tmp_path / "index.html").write_text(
        "<p>Текст</p><script>new PerformanceObserver(() => document.body.prepend("
        "Object.assign(document.createElement('div'), {style: 'height: 300px'})))"
        ".observe({type: 'paint', buffered: true})</script>"  # what nobody saw was not moved
    )
    with serve(tmp_path, {}) as address, first_visits(browser) as visit:
        assert visit(f"{address}/").shift > 0


def test_every_visit_is_a_first_one(browser: Browser, site: Path) -> None:
    """What a page needs comes over the line each time: nothing is kept from the visit before."""
    kept = {"Cache-Control": "max-age=600"}
    with serve(site, kept) as address, first_visits(browser) as visit:
        before, again = visit(f"{address}/harmanli/"), visit(f"{address}/harmanli/")
    assert before.sizes == again.sizes
    assert len(before.sizes) > 1


def test_copies_are_exact(site: Path) -> None:
    """Each compressed copy holds the file beside it and is smaller; every page has both."""
    import gzip

    import brotli

    for file in [*site.rglob("*.html"), *site.rglob("*.css"), *site.rglob("*.js")]:
        plain = file.read_bytes()
        br, gz = (file.with_name(file.name + ending).read_bytes() for ending in (".br", ".gz"))
        assert brotli.decompress(br) == gzip.decompress(gz) == plain
        assert len(br) < len(gz) < len(plain)


def test_lighthouse(site: Path) -> None:
    """Each kind of page: 100 of 100 for accessibility, practice and findability, no shift.

    Speed and paint depend on the machine's own speed: docs/development/measurements/weight.md.
    """
    if not (ROOT / "tests" / "node" / "node_modules" / "lighthouse").is_dir():
        skip_or_fail("Lighthouse is not installed (tests/install-tools does it where npm is)")
    chromium = next((path for name in NAMES if (path := shutil.which(name))), None)
    if chromium is None:
        skip_or_fail("no Chromium here")
    with serve(site, headers(site)) as address:
        urls = [address + path for path in KINDS.values()]
        command = ["node", "tests/node/lighthouse.mjs", chromium, "Infinity", *urls]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    pages = [json.loads(line) for line in done.stdout.splitlines()]
    assert [page["url"] for page in pages] == urls
    for page in pages:
        scores = page["scores"]
        assert set(scores.values()) == {100}, page
        assert len(scores) == 3
        assert page["cls"] == 0, page
