"""The editor on a server in a real browser, over HTTPS: its cookie, its entry, its pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from site_editor.server.access import Access
from site_editor.server.app import COOKIE, create_app, on_the_site
from tests.support.browser.engines import CORNERS, everything
from tests.support.processes import answering
from tests.support.project import copy_project, free_port
from tests.support.service.service_parts import tls_context


class _Silent(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def entry(tmp_path: Path) -> Iterator[tuple[str, Access]]:
    """Where the editor of a server is, and what lets people in."""
    project, port, access = copy_project(tmp_path / "site"), free_port(), Access()
    (tmp_path / "state").mkdir()
    settings = project.content / "site.yml"
    address = f"https://127.0.0.1:{port}"
    settings.write_text(re.sub("(?m)^url: .*$", f"url: {address}/", settings.read_text()))
    app = create_app(project.root, tmp_path / "state", access, lambda _: None)
    context, _ = tls_context(tmp_path, "127.0.0.1")
    server = make_server(
        "127.0.0.1",
        port,
        on_the_site(app, list),
        threaded=True,
        request_handler=_Silent,
        ssl_context=context,
    )
    with answering(server):
        yield f"{address}/edit/", access


def press(page: Page, words: str) -> list[str]:
    with page.expect_navigation():
        page.get_by_role("button", name=words).first.click()
    return everything(page, CORNERS)


def test_who_has_a_link_comes_in_and_goes(entry: tuple[str, Access], browser: Browser) -> None:
    """The cookie is set by the press and sent with the page that follows. From a page of another
    site it is not sent: then there is a link of ours, with which it is. Both engines find nothing
    on any page of the entry.
    """
    address, access = entry
    context = browser.new_context(ignore_https_errors=True, bypass_csp=True)
    page = context.new_page()
    page.goto(address)
    found = everything(page, CORNERS)
    page.get_by_label("Харманли").check()
    found += press(page, "Изпрати връзка")
    link = f"{address}vhod/{access.new_link('harmanli')}"
    page.goto(link)
    found += everything(page, CORNERS)
    assert context.cookies() == []
    found += press(page, "Влизам")
    expect(page.get_by_role("heading", level=1)).to_contain_text("какво има за вършене")
    ((cookie),) = context.cookies()
    assert (cookie["name"], cookie["sameSite"]) == (COOKIE, "Strict")
    assert cookie["httpOnly"] and cookie["secure"]

    page.goto(f"data:text/html,<a href='{address}harmanli/kontakti/'>x</a>")
    page.get_by_role("link").click()
    page.get_by_role("link", name="продължете към страницата").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Телефони, имейл и адрес")
    assert "Ако вече сте влезли" not in page.content()

    found += press(page, "Изход")
    assert context.cookies() == []
    page.goto(link)
    found += press(page, "Влизам")
    expect(page.get_by_role("heading", level=1)).to_have_text("Връзката вече не важи")
    context.close()
    assert found == []


def test_what_was_typed_is_sent_again_after_a_new_entry(
    entry: tuple[str, Access], browser: Browser
) -> None:
    """Without scripts, at 320 px: the session ends, the page keeps what was typed, another tab
    lets one in again, and the press goes on.
    """
    address, access = entry
    context = browser.new_context(
        ignore_https_errors=True, java_script_enabled=False, viewport={"width": 320, "height": 640}
    )
    page = context.new_page()
    page.goto(f"{address}vhod/{access.new_link('harmanli')}")
    with page.expect_navigation():
        page.get_by_role("button", name="Влизам").click()
    page.goto(f"{address}harmanli/kontakti/")
    page.get_by_label("Телефон", exact=True).first.fill("0373 9 10 77")
    for cookie in context.cookies():
        access.leave(cookie["value"])
    page.get_by_role("button", name="Прегледай промените").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Влезте пак")
    other = context.new_page()
    other.goto(f"{address}vhod/{access.new_link('harmanli')}")
    with other.expect_navigation():
        other.get_by_role("button", name="Влизам").click()
    page.get_by_role("button", name="Влязох, продължи").click()
    expect(page.get_by_label("Телефон", exact=True).first).to_have_value("0373 9 10 77")
    page.get_by_role("button", name="Прегледай промените").first.click()
    expect(page.locator(".changes")).to_contain_text("0373 9 10 77")
    context.close()
