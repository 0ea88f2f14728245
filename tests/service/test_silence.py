"""Silence: after success, error, refusal and crash, nothing on the disk can be read back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from service_parts import SECRET, Instance, SmtpServer
from support import ROOT, free_port

# A canary in every free field. The network below is loopback: its address must not stay either.
CANARIES = {
    "name": "kanarche-imeto",
    "safe_time": "канарче-времето",
    "message": "Канарче-писмо, което никой не бива да намери.",
    "phone": "0888 765 432",
}
AGENT = "kanarche-agent/1.0"


@pytest.fixture
def running(instance: Instance, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The real web and delivery processes with all they write under one folder."""
    (tmp_path / "service.toml").write_text(instance.toml)
    temp = tmp_path / "tmp"
    temp.mkdir()
    environment = os.environ | {"OPORA_SECRET": SECRET, "TMPDIR": str(temp)}
    port = free_port()
    base = [sys.executable, "-m", "contact_service", "--settings", str(tmp_path / "service.toml")]
    processes = []
    for name, arguments in {
        "web": ["web", "--bind", f"127.0.0.1:{port}"],
        "deliver": ["deliver"],
    }.items():
        log = (tmp_path / f"{name}.log").open("wb")
        processes.append(
            subprocess.Popen([*base, *arguments], cwd=ROOT, env=environment, stdout=log, stderr=log)
        )
        log.close()
    url = f"http://127.0.0.1:{port}/send"
    wait_for(lambda: post(f"{url}/bg/harmanli/contact", {}) == 422)
    yield url, tmp_path
    for process in processes:
        process.send_signal(signal.SIGTERM)
    for process in processes:
        process.wait(timeout=20)


def wait_for(condition: Any, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        time.sleep(0.1)


def post(url: str, data: dict[str, Any], **headers: str) -> int:
    body = urllib.parse.urlencode(data, doseq=True).encode()
    request = urllib.request.Request(url, body, {"User-Agent": AGENT, **headers})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code
    except OSError:
        return 0


def traces(folder: Path) -> list[str]:
    """Every canary that stands in any file below the folder, in any encoding used here."""
    found = []
    for path in folder.rglob("*"):
        if not path.is_file() or path.name in ("service.toml", "centre.asc"):
            continue
        content = path.read_bytes()
        for canary in (*CANARIES.values(), AGENT, "127.0.0.1 "):
            needles = {
                canary.encode(),
                canary.encode("utf-16-le"),
                urllib.parse.quote(canary).encode(),
            }
            if any(needle in content for needle in needles):
                found.append(f"{path.name}: {canary}")
    return found


def test_no_byte_of_a_letter_is_left(
    running: tuple[str, Path],
    instance: Instance,
    smtp_server: SmtpServer,
    letter: dict[str, Any],
) -> None:
    """Letters through success, error, refusal and kill; then every file is read."""
    url, folder = running
    letter |= CANARIES
    contact = f"{url}/bg/harmanli/contact"
    assert post(contact, letter) == 200
    assert post(contact, {**letter, "danger": "yes"}) == 422
    assert post(contact, letter, Origin="https://evil.example") == 403
    assert post(contact, {**letter, "message": CANARIES["message"] * 2000}) == 413
    wait_for(lambda: len(smtp_server.taken) == 1)
    smtp_server.answer = lambda _envelope: "451 later"
    assert post(contact, {**letter, "settlement": "Любимец"}) == 200
    wait_for(lambda: b"not delivered" in (folder / "deliver.log").read_bytes())
    assert instance.outbox().counts()["waiting"] == 1
    assert (folder / "outbox.sqlite3").stat().st_size > 0
    assert traces(folder) == []
    assert CANARIES["message"] in instance.open(smtp_server.taken[0][1])


def test_the_search_finds_a_canary_when_there_is_one(tmp_path: Path) -> None:
    """The test above can fail: a file that holds a canary is found."""
    (tmp_path / "leak.log").write_text(f"error in {CANARIES['message']}", encoding="utf-8")
    assert traces(tmp_path) == [f"leak.log: {CANARIES['message']}"]
