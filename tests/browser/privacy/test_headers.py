"""The strict headers: no page needs more in a real browser, and real web servers send just them."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from site_build.output.security_txt import PLACE, put_security_txt
from site_model.content import Content
from tests.support.browser.places import Place, paths
from tests.support.pages.static_server import header_lines, serve
from tests.support.processes import started
from tests.support.project import free_port, skip_or_fail
from tests.support.waiting import PATIENCE, wait_for

REPORT = (
    "addEventListener('securitypolicyviolation', e => console.error('CSP', e.violatedDirective))"
)
# Within five seconds, however busy the machine is.
SHIFT_THRICE = """() => { for (let presses = 0; presses < 3; presses++)
  document.dispatchEvent(new KeyboardEvent('keyup', {key: 'Shift'})) }"""
UNSAFE = ("unsafe-inline", "unsafe-eval", "wasm-unsafe-eval", "*", "http:", "https:", "data:")


@pytest.fixture(scope="session")
def headers(site: Path) -> dict[str, str]:
    return header_lines(site.parent / "build" / "headers")


@pytest.fixture
def watched(
    browser: Browser, site: Path, headers: dict[str, str], content: Content
) -> Iterator[tuple[Page, list[str]]]:
    """A page of the site served with its headers, and all that the browser complains of."""
    with serve(site, headers) as address:
        context = browser.new_context(base_url=address)
        # The neutral site gives no page, so that the one with the cover stays.
        context.route(f"{content.site.exit_url}**", lambda route: route.fulfill(status=204))
        context.add_init_script(REPORT)
        page = context.new_page()
        said: list[str] = []
        page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
        page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
        yield page, said
        context.close()


def test_policy_is_strict(headers: dict[str, str]) -> None:
    """All is closed but what pages use, from their own origin, without unsafe words."""
    parts = dict(
        part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";")
    )
    assert parts["default-src"] == parts["base-uri"] == parts["frame-ancestors"] == "'none'"
    for name, sources in parts.items():
        assert sources in ("'none'", "'self'"), name
    assert not [word for word in UNSAFE if word in headers["Content-Security-Policy"]]


def test_no_page_needs_more(watched: tuple[Page, list[str]], site: Path) -> None:
    """With all menus open, after Shift thrice: the browser has nothing to say."""
    page, said = watched
    kinds = Place("", tuple(paths(site))).of_every_kind()
    assert len(kinds) > 20
    for path in kinds:
        response = page.goto(path)
        assert response is not None
        assert response.status == (404 if path == "/no-such-page" else 200)
        page.locator("summary:visible").evaluate_all("all => all.forEach(s => s.click())")
        if page.locator(".exit").count():
            page.evaluate(SHIFT_THRICE)
            page.locator(".exit-cover").wait_for()
    assert [words for words in said if "404" not in words] == []


def test_search_needs_no_more(watched: tuple[Page, list[str]]) -> None:
    """A query is answered, with the index asked from the own site, and nothing to complain of."""
    page, said = watched
    page.goto("/tarsene/")
    page.get_by_role("searchbox").fill("дете")
    page.keyboard.press("Enter")
    page.locator(".found a").first.wait_for()
    assert said == []


def test_violation_would_be_seen(watched: tuple[Page, list[str]]) -> None:
    """The watch itself works: an inline script and a picture from elsewhere are reported."""
    page, said = watched
    page.goto("/")
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))"
    )
    page.evaluate("new Image().src = 'https://example.org/x.png'")

    def seen() -> bool:
        page.wait_for_timeout(50)
        return {"script-src-elem", "img-src"} <= {line.rsplit(" ", 1)[-1] for line in said}

    wait_for(seen, said=lambda: said)


def answered(url: str, encoding: str) -> tuple[int, dict[str, str]]:
    request = urllib.request.Request(url, headers={"Accept-Encoding": encoding})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return response.status, dict(response.headers)
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers)


@contextmanager
def running(command: list[str], url: str, home: Path) -> Iterator[None]:
    """The server, from when it answers until the block ends; what it keeps, it keeps in `home`."""
    environment = os.environ | {"XDG_CONFIG_HOME": str(home), "XDG_DATA_HOME": str(home)}
    quiet = subprocess.DEVNULL
    with started(command, env=environment, stdout=quiet, stderr=quiet) as process:
        while process.poll() is None:
            try:
                urllib.request.urlopen(url, timeout=PATIENCE).close()
                break
            except OSError:
                time.sleep(0.1)
        yield


def check(address: str, headers: dict[str, str], encodings: tuple[str, ...]) -> None:
    """Page, style sheet and missing page carry the headers, each once, and come compressed."""
    for path, status in (("/harmanli/kontakti/", 200), ("/assets/opora.css", 200), ("/no/", 404)):
        for encoding in encodings:
            got, sent = answered(address + path, encoding)
            assert got == status
            assert {name: sent.get(name) for name in headers} == headers
            assert sent.get("Content-Encoding") == encoding


@contextmanager
def nginx(site: Path, made: Path, home: Path) -> Iterator[str]:
    """The address at which nginx serves `site` with the headers in `made`."""
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin")
    if program is None:
        skip_or_fail("nginx is not installed")
    port = free_port()
    file = home / "nginx.conf"
    file.write_text(
        f"daemon off; pid {home}/pid; error_log {home}/errors;\n"
        "events {}\n"
        "http { include /etc/nginx/mime.types; access_log off;\n"
        + "".join(
            f"{kind}_temp_path {home}/{kind};\n"
            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        + f"server {{ listen 127.0.0.1:{port}; root {site}; error_page 404 /404.html;\n"
        f"location / {{ include {made}/site.nginx.conf; }} }} }}\n"
    )
    # As root its workers would be somebody else, who may not read the folder.
    user = ["-g", "user root;"] if os.geteuid() == 0 else []
    command = [program, "-c", str(file), "-p", str(home), *user]
    tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert tested.returncode == 0, tested.stderr
    with running(command, f"http://127.0.0.1:{port}/", home):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def caddy(site: Path, made: Path, home: Path) -> Iterator[str]:
    """The address at which Caddy serves `site` with the headers in `made`."""
    program = shutil.which("caddy")
    if program is None:
        skip_or_fail("caddy is not installed")
    port = free_port()
    file = home / "Caddyfile"
    file.write_text(
        "{\n\tadmin off\n\tauto_https off\n}\n"
        f"http://127.0.0.1:{port} {{\n\troot * {site}\n"
        f"\timport {made}/site.caddy\n"
        "\thandle_errors {\n"
        f"\t\timport {made}/site.caddy\n"
        "\t\trewrite * /404.html\n\t}\n}\n"
    )
    arguments = ["--config", str(file), "--adapter", "caddyfile"]
    tested = subprocess.run(
        [program, "validate", *arguments], capture_output=True, text=True, check=False
    )
    assert tested.returncode == 0, tested.stderr
    with running([program, "run", *arguments], f"http://127.0.0.1:{port}/", home):
        yield f"http://127.0.0.1:{port}"


Server = Callable[[Path, Path, Path], AbstractContextManager[str]]


@pytest.mark.parametrize(("server", "encodings"), [(nginx, ("gzip",)), (caddy, ("br", "gzip"))])
def test_servers_send_headers_and_copies(
    site: Path,
    headers: dict[str, str],
    tmp_path: Path,
    server: Server,
    encodings: tuple[str, ...],
) -> None:
    """nginx and Caddy take the file of the build and send the headers and the compressed copies."""
    with server(site, site.parent / "build" / "headers", tmp_path) as address:
        check(address, headers, encodings)


@pytest.mark.parametrize("server", [nginx, caddy])
def test_servers_show_security_txt(
    site: Path, content: Content, tmp_path: Path, server: Server
) -> None:
    """The file in a folder whose name begins with a dot is served, as plain text (RFC 9116, 3)."""
    shown, home = tmp_path / "site", tmp_path / "home"
    shown.mkdir()
    home.mkdir()
    (shown / "index.html").write_text("<!doctype html>")
    named = content.site.model_copy(update={"security_contact": "it@example.org"})
    put_security_txt(shown, named, date(2026, 11, 22))
    with server(shown, site.parent / "build" / "headers", home) as address:
        status, sent = answered(f"{address}/{PLACE}", "identity")
    assert status == 200
    assert sent["Content-Type"].startswith("text/plain")
