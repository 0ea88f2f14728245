"""The running demo and a real Chromium."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Page, expect, sync_playwright

from site_build.pipeline import Project
from tests.support.browser.browser_parts import Demo
from tests.support.browser.places import Place, serving
from tests.support.processes import started
from tests.support.project import (
    ROOT,
    copy_working_tree,
    free_port,
    skip_or_fail,
)
from tests.support.waiting import PATIENCE

expect.set_options(timeout=PATIENCE * 1000)

# The shell is the same engine without windows and tabs, which cost as much as pages.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory, site: Path) -> Iterator[Demo]:
    """`python -m tools.demo` on a copy of the working tree, where the site was built before.

    That it builds one on a fresh clone is seen in tests/system/test_commands.py.
    """
    folder = tmp_path_factory.mktemp("demo")
    copy_working_tree(ROOT, folder)
    copy_built(site.parent, folder, "build", "site")
    with running_demo(folder) as demo:
        yield demo


@pytest.fixture(scope="session")
def own_demo(tmp_path_factory: pytest.TempPathFactory, own_project: Project) -> Iterator[Demo]:
    """The same, after an operator added the files of two forms; in Bulgarian alone."""
    folder = tmp_path_factory.mktemp("own_demo")
    copy_working_tree(ROOT, folder)
    copy_built(own_project.root, folder, "content", "build", "site")
    with running_demo(folder) as demo:
        yield demo


def copy_built(built: Path, folder: Path, *names: str) -> None:
    for name in names:
        shutil.copytree(built / name, folder / name, symlinks=True, dirs_exist_ok=True)


@contextmanager
def running_demo(folder: Path) -> Iterator[Demo]:
    """`python -m tools.demo` in a folder, until the end of the block."""
    port, mailbox = free_port(), free_port()
    environment = os.environ | {"PORT": str(port), "MAILBOX_PORT": str(mailbox)}
    command = [sys.executable, "-m", "tools.demo"]
    pipe = subprocess.PIPE
    with started(
        command, told=signal.SIGINT, cwd=folder, env=environment, stdout=pipe, text=True
    ) as process:
        wait_for_line(process, "Ctrl-C")
        yield Demo(f"http://127.0.0.1:{port}", f"http://127.0.0.1:{mailbox}")


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
    """Debian's Chromium or Playwright's own, whichever is there; the shell before all."""
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        if found is None and not own.exists():
            skip_or_fail("no Chromium here (make test installs it where it may)")
        try:
            chromium = playwright.chromium.launch(
                executable_path=found or own,
                args=["--no-sandbox", "--disable-background-networking"],
                timeout=PATIENCE * 1000,
            )
        except Error as error:
            skip_or_fail(f"Chromium does not start: {error}")
        # What makes pages makes patient ones.
        chromium.new_context = _patient(chromium.new_context)  # type: ignore[method-assign]
        chromium.new_page = _patient(chromium.new_page)  # type: ignore[method-assign]
        yield chromium
        chromium.close()


def _patient(make: Callable[..., Any]) -> Callable[..., Any]:
    def made(**options: Any) -> Any:
        page_or_context = make(**options)
        page_or_context.set_default_timeout(PATIENCE * 1000)
        return page_or_context

    return made


@pytest.fixture(params=[True, False], ids=["javascript", "no javascript"])
def page(request: pytest.FixtureRequest, browser: Browser) -> Iterator[Page]:
    """A fresh browser profile, once with JavaScript and once without."""
    context = browser.new_context(java_script_enabled=request.param, locale="bg-BG")
    yield context.new_page()
    context.close()
