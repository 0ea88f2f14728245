"""The real processes of the service, and how to ask them."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support.processes import started
from tests.support.project import ROOT, free_port, program_of
from tests.support.service.service_parts import SECRET, Instance
from tests.support.waiting import PATIENCE, wait_for

AGENT = "kanarche-agent/1.0"
SENDER, SENDER_6 = "192.0.2.77", "2001:db8:7c:8::77"  # as the proxy of the settings saw them


@pytest.fixture
def running(instance: Instance, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The real web, delivery and watching processes with all they write under one folder."""
    (tmp_path / "service.toml").write_text(instance.toml)
    temp = tmp_path / "tmp"
    temp.mkdir()
    environment = os.environ | {"OPORA_SECRET": SECRET, "TMPDIR": str(temp)}
    port = free_port()
    settings = ["--settings", str(tmp_path / "service.toml")]
    url = f"http://127.0.0.1:{port}/send"
    with ExitStack() as processes:
        for name, *options in (["web", "--bind", f"127.0.0.1:{port}"], ["deliver"], ["watch"]):
            command = [sys.executable, "-m", program_of(name), *settings, name, *options]
            log = processes.enter_context((tmp_path / f"{name}.log").open("wb"))
            says = {"stdout": log, "stderr": log}
            processes.enter_context(started(command, cwd=ROOT, env=environment, **says))
        wait_for(lambda: post(f"{url}/bg/harmanli/contact", {}) == 422)
        yield url, tmp_path


def post(url: str, data: dict[str, Any], **headers: str) -> int:
    body = urllib.parse.urlencode(data, doseq=True).encode()
    sent = {"User-Agent": AGENT, "X-Forwarded-For": SENDER, **headers}
    request = urllib.request.Request(url, body, sent)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0
