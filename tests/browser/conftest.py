"""The running demo and a real Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from browser_parts import Demo
from places import Place, serving
from playwright.sync_api import Browser, Error, Page, sync_playwright
from support import (
    ONLY_BULGARIAN,
    ROOT,
    add_form,
    copy_working_tree,
    free_port,
    set_languages,
    skip_or_fail,
)

from site_build.stages import Project

NAMES = ("chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """`python -m demo` on a copy of the working tree."""
    folder = tmp_path_factory.mktemp("demo")
    copy_working_tree(ROOT, folder)
    with running_demo(folder) as demo:
        yield demo


@pytest.fixture(scope="session")
def own_demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The same, after an operator added the file of a form; Bulgarian alone, to start soon."""
    folder = tmp_path_factory.mktemp("own_demo")
    copy_working_tree(ROOT, folder)
    set_languages(Project(folder), ONLY_BULGARIAN)
    add_form(Project(folder), "course")
    with running_demo(folder) as demo:
        yield demo


@contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    """`python -m demo` in a folder, until the end of the block."""
    port, mailbox = free_port(), free_port()
    environment = os.environ | {"PORT": str(port), "MAILBOX_PORT": str(mailbox)}
    process = subprocess.Popen(
        [sys.executable, "-m", "demo"],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    wait_for_line(process, "Ctrl-C")
    yield Demo(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{mailbox}")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)


def wait_for_line(process: subprocess.Popen[str], words: str) -> str:
    """What the process said up to the line that holds `words`."""
    said = ""
    assert process.stdout is not None
    for line in process.stdout:
        said += line
        if words in line:
            return said
    raise AssertionError(f"the process ended with {process.wait()}: {said}")


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory, site: Path) -> Iterator[Place]:
    """Site and service in this process; takes one letter an hour from each network."""
    settings = "messages_per_hour = 1\ntrusted_proxies = 1"
    with serving(tmp_path_factory.mktemp("place"), site, settings) as place:
        yield place


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium or Playwright's own, whichever is there."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        if found is None and not own.exists():
            skip_or_fail("no Chromium here (make test installs it where it may)")
        try:
            started = playwright.chromium.launch(
                executable_path=found or own,
                args=["--no-sandbox", "--disable-background-networking"],
            )
        except Error as error:
            skip_or_fail(f"Chromium does not start: {error}")
        yield started
        started.close()


@pytest.fixture(params=[True, False], ids=["javascript", "no javascript"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A fresh browser profile, once with JavaScript and once without."""
    context = browser.new_context(java_script_enabled=request.param, locale="bg-BG")
    yield context.new_page()
    context.close()
