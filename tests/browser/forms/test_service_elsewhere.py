"""Static files at one address, the service at another: real browsers, real web servers, HTTPS."""

from __future__ import annotations

import http.client
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, Page, Request
from pysequoia import Profile, Tsk

from site_build.pipeline import build_site
from tests.support.machine.around import running, service
from tests.support.project import ROOT, SHORTEST_LETTER, copy_project, free_port, skip_or_fail
from tests.support.service.service_parts import tls_context

RECIPIENT = """
[[centres.harmanli.recipients]]
address = "centre@example.org"
seal = "openpgp"
key = "centre.asc"
"""


@dataclass
class Places:
    site: str
    letters: str
    certificate: Path


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    """The site at one address of Caddy, the kit with the service at another."""
    caddy = Path("/usr/bin/caddy")
    if not caddy.exists():
        skip_or_fail("caddy is not installed")
    at_site, at_letters, back, probe = (free_port() for _ in range(4))
    folder = tmp_path_factory.mktemp("elsewhere")
    found = Places(
        f"https://site.localhost:{at_site}",
        f"https://pisma.localhost:{at_letters}",
        folder / "pisma.localhost.pem",
    )
    project = copy_project(folder / "project")
    settings = project.content / "site.yml"
    text = settings.read_text().replace("url: https://opora.example/", f"url: {found.site}/", 1)
    settings.write_text(f"{text}service_origin: {found.letters}\n")
    build_site(project)
    for name in ("site.localhost", "pisma.localhost"):
        tls_context(folder, name)
    tls = f"tls {folder}/{{0}}.pem {folder}/{{0}}.pem"
    (folder / "Caddyfile").write_text(
        f"import {ROOT}/deploy/Caddyfile\n"
        f"{found.site} {{\n\t{tls.format('site.localhost')}\n\troot * {project.site}\n"
        f"\timport {project.headers}/site.caddy\n}}\n"
        f"{found.letters} {{\n\t{tls.format('pisma.localhost')}\n\timport opora\n}}\n"
        f"http://127.0.0.1:{probe} {{\n\trespond up\n}}\n"
    )
    key = Tsk.generate(user_id="Centre <centre@example.org>", profile=Profile.RFC4880)
    subprocess.run([ROOT / "deploy" / "caddy" / "choose", folder, caddy], check=True)
    command = [str(caddy), "run", "--config", f"{folder}/Caddyfile", "--adapter", "caddyfile"]
    variables = {
        "OPORA_PROJECT": str(project.root),
        "OPORA_CODE": str(ROOT),
        "OPORA_SERVICE": f"127.0.0.1:{back}",
        "OPORA_HEADERS": str(project.headers),
        "OPORA_CADDY_WORDS": str(folder / "proxy.caddy"),
        "XDG_CONFIG_HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
    }
    with (
        TemporaryDirectory() as outbox,
        running(command, probe, folder / "said", **variables),
    ):
        (Path(outbox) / "centre.asc").write_text(str(key.extract_certificate()))
        with service(back, project.root, Path(outbox), RECIPIENT):
            yield found


class _Loopback(http.client.HTTPSConnection):
    """Connects to this machine, whatever the name; the certificate is checked for the name."""

    def connect(self) -> None:
        plain = socket.create_connection(("127.0.0.1", self.port), 60)
        self.sock = self._context.wrap_socket(plain, server_hostname=self.host)  # type: ignore[attr-defined]


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(ignore_https_errors=True)
    yield context.new_page()
    context.close()


def written(page: Page, places: Places) -> None:
    """Fill in the contact form on the static site, with as little as it takes."""
    page.goto(f"{places.site}/harmanli/pishete-ni/")
    for name, value in SHORTEST_LETTER.items():
        field = page.locator(f"[name={name}]")
        if name == "message":
            field.fill(value)
        else:
            page.locator(f"[name={name}][value={value}]").check()


def test_a_letter_goes_from_one_to_the_other(page: Page, places: Places) -> None:
    """The form names the service whole; the receipt lies there, in the look of the site."""
    written(page, places)
    action = page.locator("form[method=post]").get_attribute("action")
    assert action == f"{places.letters}/send/bg/harmanli/contact"
    page.locator("form[method=post] button[type=submit]").click()
    page.wait_for_url(f"{places.letters}/send/receipt/**")
    assert "Прието" in page.locator("h1").inner_text()
    assert page.evaluate("document.styleSheets.length") == 1


def test_errors_are_fixed_at_the_service(page: Page, places: Places) -> None:
    """What is missing is said on the service's page, and the second post is taken."""
    page.goto(f"{places.site}/harmanli/pishete-ni/")
    page.locator("form[method=post] button[type=submit]").click()
    page.wait_for_url(f"{places.letters}/send/**")
    for name, value in SHORTEST_LETTER.items():
        if name == "message":
            page.locator("[name=message]").fill(value)
        else:
            page.locator(f"[name={name}][value={value}]").check()
    page.locator("form[method=post] button[type=submit]").click()
    page.wait_for_url(f"{places.letters}/send/receipt/**")


def test_leaving_says_nothing(page: Page, places: Places) -> None:
    """The form's page says its origin to the service alone: not to where one leaves quickly."""
    asked: list[Request] = []

    def neutral(route: object, request: Request) -> None:
        asked.append(request)
        route.fulfill(body="ok")  # type: ignore[attr-defined]

    page.route("https://www.meteo.bg/**", neutral)
    page.goto(f"{places.site}/harmanli/pishete-ni/")
    page.locator(".exit").first.click()
    page.wait_for_url("https://www.meteo.bg/**")
    assert "referer" not in asked[0].all_headers()
    page.goto(f"{places.site}/harmanli/kontakti/")
    assert page.locator("meta[name=referrer]").get_attribute("content") == "no-referrer"


@pytest.mark.parametrize(
    ("origin", "site", "status"),
    [
        ("site", "cross-site", 422),  # taken up: only answers are missing
        ("letters", "same-origin", 422),
        ("https://evil.example", "cross-site", 403),
        ("null", "cross-site", 403),
        ("site.evil", "cross-site", 403),
    ],
)
def test_only_exact_origins(places: Places, origin: str, site: str, status: int) -> None:
    """The site's own address and the service's; no other, none that only begins alike."""
    origins = {
        "site": places.site,
        "letters": places.letters,
        "site.evil": f"{places.site}.evil.example",
    }
    host, port = places.letters.removeprefix("https://").split(":")
    headers = {
        "Host": f"{host}:{port}",
        "Origin": origins.get(origin, origin),
        "Sec-Fetch-Site": site,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    trusted = ssl.create_default_context(cafile=places.certificate)
    with closing(_Loopback(host, int(port), context=trusted)) as connection:
        connection.request("POST", "/send/bg/harmanli/contact", "message=", headers)
        with connection.getresponse() as response:
            assert response.status == status
