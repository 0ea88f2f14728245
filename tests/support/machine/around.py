"""What stands behind and around the kit's web servers in tests: the service, and processes."""

from __future__ import annotations

import os
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

from contact_service.settings.service import load_settings
from tests.support.processes import answering, started
from tests.support.project import application
from tests.support.waiting import PATIENCE


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def service(port: int, project: Path, folder: Path, recipients: str = "") -> Iterator[None]:
    """The real application on this port, until the block ends.

    `recipients` are those of the settings; without any it takes no letter.
    """
    toml = (
        f'site_folder = "{project / "site"}"\ncontent_folder = "{project / "content"}"\n'
        f'database = "sqlite:///{folder / "outbox.sqlite3"}"\ntrusted_proxies = 1\n'
        '[smtp]\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\nsender = "o@example.org"\n'
        f"[centres]\n{recipients}"
    )
    secret = {"OPORA_SECRET": "a secret for tests only, 32 signs or more"}
    with (
        application(load_settings(toml, secret, folder)) as app,
        answering(make_server("127.0.0.1", port, app, handler_class=_Quiet)),
    ):
        yield


@contextmanager
def running(command: list[str], port: int, said: Path, **more: str) -> Iterator[int]:
    """A process that serves this port, until the block ends; gives its number."""
    with (
        said.open("w") as log,
        started(command, env=os.environ | more, stdout=log, stderr=log) as process,
    ):
        end = time.monotonic() + PATIENCE
        while process.poll() is None and time.monotonic() < end:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=PATIENCE).close()
                break
            except OSError:
                time.sleep(0.1)
        assert process.poll() is None, said.read_text()
        yield process.pid
