"""The documented commands, run as a newcomer runs them: in a fresh checkout, from nothing."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from support import ROOT, SHORTEST_LETTER, copy_working_tree, free_port


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean clone of the tree as it is now."""
    source, target = (tmp_path_factory.mktemp(name) for name in ("source", "clone"))
    copy_working_tree(ROOT, source)
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "tree"]):
        subprocess.run([*git, *command], cwd=source, check=True)
    subprocess.run(["git", "clone", "-q", str(source), str(target)], check=True)
    return target


def make(checkout: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        ["make", *arguments],
        cwd=checkout,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )


@pytest.fixture(scope="module")
def running(checkout: Path) -> Iterator[tuple[subprocess.Popen[str], int, int]]:
    """`make run` from nothing: makes .venv, installs, builds, starts."""
    port, mailbox_port = free_port(), free_port()
    process = make(checkout, "run", f"PORT={port}", f"MAILBOX_PORT={mailbox_port}")
    assert process.stdout is not None
    for line in process.stdout:
        if "Ctrl-C" in line:
            break
    else:
        pytest.fail(f"make run ended with {process.wait()}")
    yield process, port, mailbox_port
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
        process.communicate(timeout=30)


def text_of(url: str, data: dict[str, str] | None = None) -> str:
    body = urllib.parse.urlencode(data).encode() if data else None
    with urllib.request.urlopen(url, body, timeout=30) as response:
        return str(response.read().decode())


def test_make_run_gives_the_working_demo(
    running: tuple[subprocess.Popen[str], int, int],
) -> None:
    """Site, service and mailbox answer, and a form that is sent arrives and is opened."""
    _, port, mailbox_port = running
    assert "Център за обществена подкрепа, Харманли" in text_of(f"http://127.0.0.1:{port}/")
    receipt = text_of(f"http://127.0.0.1:{port}/send/bg/harmanli/contact", SHORTEST_LETTER)
    reference = re.search(r'class="reference">([^<]+)<', receipt)
    assert reference
    page = ""
    for _ in range(100):
        page = text_of(f"http://127.0.0.1:{mailbox_port}/")
        if reference[1] in page:
            break
        time.sleep(0.1)
    assert reference[1] in page
    assert SHORTEST_LETTER["message"] in text_of(f"http://127.0.0.1:{mailbox_port}/1")


def test_busy_port_is_said_with_the_mend(
    checkout: Path, running: tuple[subprocess.Popen[str], int, int]
) -> None:
    """A port that is taken ends the start with its number and the command to use another."""
    _, port, _ = running
    second = make(checkout, "run", f"PORT={port}", f"MAILBOX_PORT={free_port()}")
    said, _ = second.communicate(timeout=60)
    assert second.returncode != 0
    assert f"Порт {port} е зает" in said
    assert f"make run PORT={port + 1}" in said
    assert "Traceback" not in said


def test_checkout_stays_clean(
    checkout: Path, running: tuple[subprocess.Popen[str], int, int]
) -> None:
    """Installing, building and running leave nothing that git would report."""
    status = subprocess.run(
        ["git", "status", "--porcelain"], cwd=checkout, capture_output=True, check=True, text=True
    )
    assert status.stdout == ""


def test_live_preview_serves_the_pages(
    checkout: Path, running: tuple[subprocess.Popen[str], int, int]
) -> None:
    """`make serve` shows the pages."""
    port = free_port()
    process = make(checkout, "serve", f"PORT={port}")
    assert process.stdout is not None
    for line in process.stdout:
        if "Serving on" in line:
            break
    assert "Подкрепа за деца" in text_of(f"http://127.0.0.1:{port}/")
    os.killpg(process.pid, signal.SIGINT)
    process.communicate(timeout=30)


def test_interrupt_stops_everything(
    running: tuple[subprocess.Popen[str], int, int],
) -> None:
    """Ctrl-C ends the demo, and both ports are free again."""
    process, *ports = running
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate(timeout=30)
    assert "Спряно." in said
    assert "Traceback" not in said
    for port in ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


@pytest.mark.parametrize("paper", ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"])
def test_every_command_in_the_papers_exists(paper: str) -> None:
    """Each `make …` that a paper names is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z0-9-]+):.*##", (ROOT / "Makefile").read_text(), re.M))
    text = (ROOT / paper).read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^)make ([a-z0-9-]+)", text, re.M))
    assert named
    assert named <= targets


def test_help_lists_every_target() -> None:
    """`make help` has a line for each command."""
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, check=True, text=True)
    for target in ("run", "build", "serve", "check", "format", "test", "a11y-report", "lock"):
        assert re.search(rf"^{target} ", said.stdout, re.M)
