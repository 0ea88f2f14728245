"""The kit's web servers lead to the editor of the centres while it is on, and nowhere else."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from tests.support.machine.fronts import KINDS, front_of
from tests.support.processes import answering
from tests.support.project import ROOT, free_port

HEARD: list[str] = []
"""What came to the one who stands for the editor."""


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


def says_what_came(environ: dict[str, str], start: object) -> Iterator[bytes]:
    """Stands for the editor: which page was asked for, and by which name of the site."""
    HEARD.append(f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}")
    start("200 OK", [("Content-Type", "text/plain"), ("Server", "secret")])  # type: ignore[operator]
    yield f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']} {environ['HTTP_HOST']}".encode()


@pytest.mark.parametrize("kind", KINDS)
def test_on_it_is_there_and_off_it_is_no_page(kind: str, site: Path, tmp_path: Path) -> None:
    """On: each address below its place comes through whole, with the name of the site, and what is
    sent slowly once it is whole. Its process away: a sentence of its own, and no word of letters.
    Off: a page of the site says that there is none, and the site's other addresses are as ever.
    """
    off, on, port = tmp_path / "off", tmp_path / "on", free_port()
    (on / "headers").mkdir(parents=True)
    off.mkdir()
    for name in ("caddy/editor.caddy", "editor.nginx.conf"):
        file = ROOT / "deploy" / name
        text = file.read_text().replace("127.0.0.1:8012", f"127.0.0.1:{port}")
        (on / "headers" / file.name).write_text(text)
    with front_of(kind, site, on) as front:
        with answering(make_server("127.0.0.1", port, says_what_came, handler_class=_Quiet)):
            got = front.asks("/edit/harmanli/kontakti/")
            assert (got.status, got.text.split()[:2]) == (200, ["GET", "/edit/harmanli/kontakti/"])
            assert got.text.split()[2].split(":")[0] == "127.0.0.1"
            assert got.headers.get("Server") != "secret"
            assert front.asks("/edit/vhod/", {"centre": "harmanli"}).text.startswith("POST")
            HEARD.clear()
            with socket.create_connection(("127.0.0.1", front.port)) as slow:
                slow.sendall(BEGUN)
                assert front.asks("/edit/").status == 200
                assert HEARD == ["GET /edit/"]
            leads = front.asks("/edit")
            assert leads.status in (301, 302)
            assert leads.headers["Location"].endswith("/edit/")
            for path in ("/editor-link", "/health", "/harmanli/edit/"):
                assert front.asks(path).status == 404, path
            assert front.asks("/editing/").status == 404
        gone = front.asks("/edit/")
        assert (gone.status, gone.text.strip()) == (503, SILENT)
        assert front.asks("/harmanli/").status == 200
    with front_of(kind, site, off) as front:
        for path in ("/edit", "/edit/", "/edit/vhod/AAAAAAAAAAAAAAAAAAAAAA"):
            got = front.asks(path)
            assert got.status == 404, path
            assert "Няма такава страница" in got.text


BEGUN = b"POST /edit/vhod/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\ncentre=half"
SILENT = "Редакторът сега не отговаря. Опитайте след минута."
