"""A project of one's own, opened in the editor."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.editor import Desk, desk
from tests.support.project import built_project, copy_project


@pytest.fixture(scope="session")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The same for all tests that publish nothing and change no file."""
    return desk(copy_project(tmp_path_factory.mktemp("editor") / "site"))


@pytest.fixture
def at_desk(tmp_path: Path) -> Desk:
    """The real facts in Bulgarian and their site, opened in the editor."""
    return desk(built_project(tmp_path / "site"))
