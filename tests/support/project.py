"""Helpers that tests of every area use."""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import NoReturn

import pytest
from flask import Flask

from contact_service.settings.service import Settings
from contact_service.web.views import create_app
from site_build.pages.page_plan import Plan
from site_build.paper.sheets import papers
from site_build.paper.typesetting import Typesetter
from site_build.pipeline import Project, build_site
from site_model.content import Content
from site_model.loading.loader import load_content
from tests.support.content.editions import edition_in
from tests.support.shared import folder_of_the_run, made_once

ROOT = Path(__file__).parents[2]


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


def program_of(command: str) -> str:
    """The module that a command of the service belongs to, for `python -m`."""
    return "contact_service" if command in ("web", "deliver") else "service_admin"


@contextmanager
def application(settings: Settings) -> Iterator[Flask]:
    """The contact service in this process, until the end of the block."""
    app = create_app(settings)
    try:
        yield app
    finally:
        app.extensions["close"]()


PORTS = range(20_000, 32_000)
"""Below those that the kernel gives to anyone who asks for any (ip_local_port_range, ip(7))."""


def free_port() -> int:
    """A port on loopback that nobody listens on, and that no other test of this run is given.

    A process needs a while until it listens. What the kernel had chosen would until then be free
    for another worker's test, or be the other end of any connection.
    """
    with (folder_of_the_run() / "port").open("a+") as given:
        fcntl.flock(given, fcntl.LOCK_EX)
        given.seek(0)
        number = int(given.read() or os.getpid() * 97)  # runs beside each other begin elsewhere
        while not _is_free(port := PORTS[number % len(PORTS)]):
            number += 1
        given.truncate(0)
        given.write(str(number + 1))
    return port


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


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
    project = _copied(target, languages)
    shutil.copytree(kept_by_builds(), project.kept)
    return project


def built_project(target: Path) -> Project:
    """A project as `copy_project` makes it, with its site built: a build makes what changes then,
    as it does for people, and not all of it.
    """
    shutil.copytree(made_once("built", _build), target, symlinks=True, dirs_exist_ok=True)
    return Project(target)


def _build(folder: Path) -> None:
    build_site(copy_project(folder))


def _copied(target: Path, languages: str | None = ONLY_BULGARIAN) -> Project:
    for name in ("content", "docs", "locale"):
        shutil.copytree(ROOT / name, target / name)
    shutil.copy(ROOT / "mkdocs.yml", target / "mkdocs.yml")
    project = Project(target)
    shutil.copytree(set_papers(), project.paper_cache("bg"))
    project.lemmas.symlink_to(LEMMAS, target_is_directory=True)
    if languages:
        set_languages(project, languages)
    return project


@cache
def real_content() -> Content:
    """The real content folder, read once."""
    return load_content(ROOT / "content")


def add_form(project: Project, name: str) -> Path:
    """What an operator does: put the file of a form where the forms are."""
    return Path(shutil.copy(OWN_FORMS / f"{name}.yml", project.content / "forms"))


OWN_FORMS = ROOT / "tests" / "support" / "content" / "own_forms"

LEMMAS = Path(tempfile.gettempdir()) / "opora-lemmas"
"""Kept from build to build: named by all that they are made of, so they are never wrong."""
LEMMAS.mkdir(exist_ok=True)


def kept_by_builds() -> Path:
    """What a build of the real facts keeps of files read and templates compiled: half of its time.
    The files are named by all that they are made of.
    """
    return made_once("kept", _keep)


def _keep(folder: Path) -> None:
    with tempfile.TemporaryDirectory(prefix="opora-") as unbuilt:
        project = _copied(Path(unbuilt))
        build_site(project)
        shutil.copytree(project.kept, folder, dirs_exist_ok=True)


def set_papers() -> Path:
    """The cache of papers after a build of the real facts: to set them takes a second."""
    return made_once("papers", _set_papers)


def _set_papers(folder: Path) -> None:
    typesetter = Typesetter(folder)
    edition = edition_in(real_content())
    for _, paper in papers(edition, Plan(edition).pages):
        typesetter.typeset(paper)
