"""The documented commands, run as a newcomer runs them: in a fresh checkout, from nothing."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from site_build.pipeline import Project
from site_model.content import Content
from tests.support.processes import started
from tests.support.project import (
    ONLY_BULGARIAN,
    ROOT,
    SHORTEST_LETTER,
    copy_working_tree,
    free_port,
    set_languages,
)
from tests.support.waiting import PATIENCE, wait_for
from tools.demo.__main__ import DemoError, _require_free, steps


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A clean clone of the tree as it is now, with a site in Bulgarian alone, built sooner."""
    source, target = (tmp_path_factory.mktemp(name) for name in ("source", "clone"))
    copy_working_tree(ROOT, source)
    set_languages(Project(source), ONLY_BULGARIAN)
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "tree"]):
        subprocess.run([*git, *command], cwd=source, check=True)
    subprocess.run(["git", "clone", "-q", str(source), str(target)], check=True)
    return target


@contextmanager
def make(checkout: Path, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """A command of the Makefile, ended with Ctrl-C if it is still there at the end of the block."""
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    command = ["make", *arguments]
    with started(command, told=signal.SIGINT, cwd=checkout, text=True, **pipes) as process:
        yield process


def until(process: subprocess.Popen[str], words: str) -> list[str]:
    """The lines that a command says up to the one with these words."""
    said = []
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line.strip())
        if words in line:
            return said
    pytest.fail(f"it ended with {process.wait()}: {said}")


SAID: list[str] = []
"""What `make run` said until it was ready."""


@pytest.fixture(scope="module")
def running(checkout: Path) -> Iterator[tuple[subprocess.Popen[str], int, int]]:
    """`make run` from nothing: makes .venv, installs, builds, starts."""
    port, mailbox_port = free_port(), free_port()
    with make(checkout, "run", f"PORT={port}", f"MAILBOX_PORT={mailbox_port}") as process:
        SAID.extend(until(process, "Ctrl-C"))
        yield process, port, mailbox_port


def text_of(url: str, data: dict[str, str] | None = None) -> str:
    body = urllib.parse.urlencode(data).encode() if data else None
    with urllib.request.urlopen(url, body, timeout=PATIENCE) as response:
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
    wait_for(lambda: reference[1] in text_of(f"http://127.0.0.1:{mailbox_port}/"))
    assert SHORTEST_LETTER["message"] in text_of(f"http://127.0.0.1:{mailbox_port}/1")


def test_make_run_says_how_far_it_is_and_what_to_try(
    running: tuple[subprocess.Popen[str], int, int],
) -> None:
    """Libraries, pages and start in their order, each counted; then three steps with addresses."""
    _, port, mailbox_port = running
    site, mailbox = f"http://127.0.0.1:{port}/", f"http://127.0.0.1:{mailbox_port}/"
    expected = (
        *(r"Библиотеките се слагат \(до \d+\)", r"20 от \d+ …", r"изтеглено е всичко"),
        *("Сайтът се прави от фактите", r"Сайтът се прави: \d+ от \d+ …", "Готово: "),
        *("Пускат се ", rf"1\. Отворете сайта: +{site}$"),
        *(
            rf"2\. Изпратете писмо: +{site}harmanli/pishete-ni/$",
            rf"3\. Прочетете го тук: +{mailbox}$",
        ),
    )
    at = [next((n for n, line in enumerate(SAID) if re.match(one, line)), -1) for one in expected]
    assert -1 not in at, SAID
    assert at == sorted(at)
    assert "Пишете ни" in text_of(f"{site}harmanli/pishete-ni/")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, ["http://x/", "http://x/harmanli/pishete-ni/", "http://m/"]),
        ({"service": "none"}, ["http://x/"]),
    ],
)
def test_steps_are_those_that_can_be_tried(
    content: Content, settings: dict[str, object], expected: list[str]
) -> None:
    """A site that takes no letters has no second step."""
    site = content.site.model_copy(update=settings)
    said = list(steps(Content(**{**vars(content), "site": site}), "http://x/", "http://m/"))
    assert [found for line in said for found in re.findall(r"http:\S+", line)] == expected


def test_busy_port_is_said_with_the_fix(
    checkout: Path, running: tuple[subprocess.Popen[str], int, int]
) -> None:
    """A port that is taken ends the start with its number and the command to use another."""
    _, port, _ = running
    with make(checkout, "run", f"PORT={port}", f"MAILBOX_PORT={free_port()}") as second:
        said, _ = second.communicate()
    assert second.returncode != 0
    assert f"Порт {port} е зает" in said
    advised = re.search(r"make run PORT=(\d+)", said)
    assert advised and int(advised[1]) > port
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
    with make(checkout, "serve", f"PORT={port}") as process:
        until(process, "Serving on")
        assert "Подкрепа за деца" in text_of(f"http://127.0.0.1:{port}/")


def test_interrupt_stops_everything(
    running: tuple[subprocess.Popen[str], int, int],
) -> None:
    """Ctrl-C ends the demo, and both ports are free again."""
    process, *ports = running
    os.killpg(process.pid, signal.SIGINT)
    said, _ = process.communicate()
    assert "Спряно." in said
    assert "Traceback" not in said
    for port in ports:
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_help_lists_every_target() -> None:
    """`make help` has a line for each command."""
    said = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, check=True, text=True)
    for target in ("run", "build", "serve", "check", "format", "test", "a11y-report", "lock"):
        assert re.search(rf"^ +{target} ", said.stdout, re.M)


def test_a_busy_port_advises_one_that_the_demo_does_not_take() -> None:
    """8025 is the mailbox's own: who is sent there from 8024 would be sent back."""
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        with pytest.raises(DemoError) as told:
            _require_free(port, "PORT", {port, port + 1})
    advised = int(str(told.value).rpartition("=")[2])
    assert advised not in (port, port + 1)
