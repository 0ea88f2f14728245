"""Helpers that tests of every area use."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

from site_build.stages import Project

ROOT = Path(__file__).parent.parent


def skip_or_fail(reason: str) -> NoReturn:
    """Skip where a tool is missing; on CI a missing tool is a failure, so that no skip hides."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"CI must not skip: {reason}")
    pytest.skip(reason)


def copy_project(target: Path) -> Project:
    """A project of its own with the real facts, pages and settings, to build or to break."""
    for name in ("content", "docs"):
        shutil.copytree(ROOT / name, target / name)
    shutil.copy(ROOT / "mkdocs.yml", target / "mkdocs.yml")
    (target / "build" / "pages" / "bg").mkdir(parents=True)
    return Project(target)
