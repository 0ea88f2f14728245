"""What all tests share: the real content, and the site built once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from support import ROOT, add_form, copy_project

from site_build.stages import Project, build_site
from site_model.facts import Content
from site_model.loader import load_content

# The day for which tests build, 22 November 2026: facts grow overdue, tests must not.
os.environ.setdefault("SOURCE_DATE_EPOCH", "1795305600")


@pytest.fixture(scope="session")
def content() -> Content:
    """The real content folder."""
    return load_content(ROOT / "content")


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The finished site of the real content, built once for all tests."""
    project = copy_project(tmp_path_factory.mktemp("built"), languages=None)
    build_site(project)
    return project.site


@pytest.fixture(scope="session")
def own_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The real project in Bulgarian with two forms more, built once for all tests."""
    project = copy_project(tmp_path_factory.mktemp("own_forms"))
    for name in ("course", "volunteers"):
        add_form(project, name)
    build_site(project)
    return project
