"""The editor as a process of its own, and a narrow window without scripts."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from site_build.pipeline import Project
from tests.browser.conftest import wait_for_line
from tests.support.processes import started
from tests.support.project import ROOT, copy_project, free_port


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The real facts in Bulgarian."""
    return copy_project(tmp_path / "site")


@pytest.fixture
def editor(project: Project) -> Iterator[str]:
    """`python -m site_editor` on it, until Ctrl-C."""
    port = free_port()
    command = [sys.executable, "-m", "site_editor", "--project", str(project.root)]
    with started(
        [*command, "--port", str(port)],
        told=signal.SIGINT,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        wait_for_line(process, "Ctrl-C")
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A narrow window without scripts that asks for nothing elsewhere."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    yield page
    assert asked
    assert not [url for url in asked if not url.startswith("http://127.0.0.1:")]
    context.close()
