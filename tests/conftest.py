"""What all tests share: the repository, a copy of it to break, and the site built once."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from site_build.stages import Project, build_site
from site_model.facts import Content
from site_model.loader import load_content

ROOT = Path(__file__).parent.parent


def skip_or_fail(reason: str) -> None:
    """Skip where a tool is missing; on CI a missing tool is a failure, so that no skip hides."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must not skip: {reason}")
    pytest.skip(reason)


@pytest.fixture(scope="session")
def content() -> Content:
    """The real content folder."""
    return load_content(ROOT / "content")


def copy_project(target: Path) -> Project:
    """A project of its own with the real facts, pages and settings, to build or to break."""
    for name in ("content", "docs"):
        shutil.copytree(ROOT / name, target / name)
    shutil.copy(ROOT / "mkdocs.yml", target / "mkdocs.yml")
    (target / "build" / "pages" / "bg").mkdir(parents=True)
    return Project(target)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The finished site of the real content, built once for all tests."""
    project = copy_project(tmp_path_factory.mktemp("built"))
    build_site(project)
    return project.site
