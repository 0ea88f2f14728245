"""Helpers that tests of every area use."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import socket
import subprocess
import tempfile
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest

from site_build.papers import papers
from site_build.stages import Project
from site_build.typesetting import Typesetter
from site_model.interface import translations
from site_model.loader import load_content

ROOT = Path(__file__).parent.parent


SHORTEST_LETTER = {
    "danger": "no",
    "writer": "other",
    "contact_way": "none",
    "message": "Проба на формуляра.",
    "understood": "y",
}
"""The answers without which the contact form is not accepted."""


def skip_or_fail(reason: str) -> NoReturn:
    """Skip where a tool is missing; on CI a missing tool is a failure, so that no skip hides."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must not skip: {reason}")
    pytest.skip(reason)


def free_port() -> int:
    """A port on loopback that nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def copy_working_tree(source: Path, target: Path) -> None:
    """All files that git tracks or would track, as they are in the working tree."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=source,
        capture_output=True,
        check=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        if (source / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source / name, target / name)


ONLY_BULGARIAN = "languages:\n  - {code: bg, scope: full, read_by_native: true}\n"


def set_languages(project: Project, languages: str) -> None:
    """Give a project other languages than the real ones."""
    path = project.content / "site.yml"
    text, changed = re.subn(
        r"^languages:\n(?:  - .*\n)+", languages, path.read_text(encoding="utf-8"), flags=re.M
    )
    assert changed == 1
    path.write_text(text, encoding="utf-8")


def copy_project(target: Path, *, languages: str | None = ONLY_BULGARIAN) -> Project:
    """A project of its own with the real facts, pages and settings, to build or to break.

    In Bulgarian alone, to be built soon; `languages` None leaves the real ones.
    """
    for name in ("content", "docs", "locale"):
        shutil.copytree(ROOT / name, target / name)
    shutil.copy(ROOT / "mkdocs.yml", target / "mkdocs.yml")
    (target / "build" / "pages" / "bg").mkdir(parents=True)
    project = Project(target)
    shutil.copytree(set_papers(), project.paper_cache("bg"))
    project.lemmas.symlink_to(LEMMAS, target_is_directory=True)
    if languages:
        set_languages(project, languages)
    return project


def add_form(project: Project, name: str) -> Path:
    """What an operator does: put the file of a form where the forms are."""
    return Path(
        shutil.copy(ROOT / "tests" / "own_forms" / f"{name}.yml", project.content / "forms")
    )


LEMMAS = Path(tempfile.gettempdir()) / "opora-lemmas"
"""Kept from build to build: named by all that they are made of, so they are never wrong."""
LEMMAS.mkdir(exist_ok=True)


@cache
def set_papers() -> Path:
    """The cache of papers after a build of the real facts: to set them takes a second."""
    folder = Path(tempfile.mkdtemp(prefix="papers-"))
    atexit.register(shutil.rmtree, folder)
    typesetter = Typesetter(folder)
    words = translations("bg").gettext
    for _, paper in papers(load_content(ROOT / "content"), "bg", words):
        typesetter.printed(paper)
    return folder
