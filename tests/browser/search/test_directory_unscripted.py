"""The plain pages of the directory in a browser: by links alone, and looked at by two engines."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from site_build.pages.directory import choice_slug
from site_build.pipeline import build_site
from tests.support.browser import engines
from tests.support.pages.static_server import header_lines, serve
from tests.support.several import several_centres

PAGES = (
    "/tsentrove/",
    "/tsentrove/obshtina-karlovo/",
    f"/tsentrove/{choice_slug('group', 'violence')}/",
    "/tsentrove/usluga-psychological-counselling/",
    "/tsentrove/obshtina-bez/",
    "/en/tsentrove/obshtina-hisarya/",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Six centres, served with the strict headers of the build."""
    project = several_centres(tmp_path_factory.mktemp("several"))
    build_site(project)
    with serve(project.site, header_lines(project.headers)) as url:
        yield url


@pytest.fixture
def plain(browser: Browser, address: str) -> Iterator[Page]:
    """A narrow page in which no script runs."""
    context = browser.new_context(
        base_url=address, java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    yield context.new_page()
    context.close()


def test_from_the_front_page_to_a_service_without_a_script(plain: Page) -> None:
    """Municipality or kind, centre, service: three links, each in words."""
    plain.goto("/")
    plain.get_by_role("link", name="Всички центрове по община").click()
    expect(plain.get_by_role("heading", level=1)).to_have_text("Намерете център")
    plain.get_by_role("link", name="Разговори с психолог").click()
    expect(plain.get_by_text("Намерени центрове: 4 от 6")).to_be_visible()
    plain.get_by_role("link", name="Разговори с психолог, ЦОП Розино").click()
    expect(plain).to_have_url(re.compile(r"/rozino/uslugi/razgovori-s-psiholog/$"))


@pytest.mark.parametrize("path", PAGES)
def test_engines_find_nothing(browser: Browser, address: str, path: str) -> None:
    """axe and IBM's engine, narrow and wide, light and dark; nothing is wider than a phone."""
    context = browser.new_context(base_url=address, bypass_csp=True)
    page = context.new_page()
    page.goto(path)
    assert engines.everything(page, engines.CORNERS) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("document.documentElement.scrollWidth") == 320
    context.close()
