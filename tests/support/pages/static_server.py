"""A web server for the built site, as an operator sets one up: its headers, compressed copies."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.support.processes import answering

WAYS = {"br": ".br", "gzip": ".gz"}


def header_lines(folder: Path) -> dict[str, str]:
    """The headers that the build wrote for `site`, read from its `_headers` file."""
    lines = (folder / "_headers").read_text(encoding="utf-8").splitlines()
    assert lines[1] == "/*"
    pairs = (line.split(":", 1) for line in lines[2:] if not line.lstrip().startswith("#"))
    return {name.strip(): value.strip() for name, value in pairs}


@contextmanager
def serve(
    site: Path, headers: dict[str, str], ways: tuple[str, ...] = ("br", "gzip")
) -> Iterator[str]:
    """The address at which `site` is served until the block ends.

    `ways` are the compressed copies that the server knows of, the dearest first.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0].lstrip("/")
            file = site / (path + "index.html" if path[-1:] in "/" else path)
            status = 200 if file.is_file() else 404
            self._answer(file if status == 200 else site / "404.html", status)

        def _answer(self, file: Path, status: int) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
            self.send_header("Content-Type", kind)
            wanted = self.headers.get("Accept-Encoding", "").replace(" ", "").split(",")
            for way in ways:
                copy = file.with_name(file.name + WAYS[way])
                if way in wanted and copy.exists():
                    self.send_header("Content-Encoding", way)
                    file = copy
                    break
            body = file.read_bytes()
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with answering(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        yield f"http://127.0.0.1:{port}"
