"""An editor on a server over a project of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.project import copy_project
from tests.support.remote_editor import Server, server


@pytest.fixture(scope="session")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The same for all tests that publish nothing and move no clock."""
    folder = tmp_path_factory.mktemp("remote")
    return server(copy_project(folder / "site"), folder / "state")


@pytest.fixture
def at_server(tmp_path: Path) -> Server:
    return server(copy_project(tmp_path / "site"), tmp_path / "state")
