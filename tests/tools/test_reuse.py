"""Every file says whose it is and under which licence, as the REUSE specification asks."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.project import ROOT, copy_working_tree


def lint(folder: Path) -> dict[str, Any]:
    """What `reuse lint` says of a folder's files."""
    command = [sys.executable, "-m", "reuse", "--root", str(folder), "lint", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    said: dict[str, Any] = json.loads(done.stdout)
    return said


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """All files that git tracks or would track."""
    copy_working_tree(ROOT, tmp_path)
    return tmp_path


def test_every_file_has_licence_and_owner(tree: Path) -> None:
    """`reuse lint` is green, and each text of a licence is there."""
    said = lint(tree)
    assert said["summary"]["compliant"], said["non_compliant"]
    assert said["summary"]["files_total"] > 400


def test_a_lacking_text_is_found(tree: Path) -> None:
    """Without the text of a licence that a file has, the check fails."""
    (tree / "LICENSES" / "CC0-1.0.txt").unlink()
    said = lint(tree)
    assert not said["summary"]["compliant"]
    assert "CC0-1.0" in said["non_compliant"]["missing_licenses"]


def test_texts_of_centres_are_not_given_away(tree: Path) -> None:
    """What the centres wrote has no licence of ours; the code has."""
    licences = {
        file["path"]: {each["value"] for each in file["spdx_expressions"]}
        for file in lint(tree)["files"]
    }
    ours, theirs = "EUPL-1.2", "LicenseRef-Centre-Materials"
    of_sources = [found for path, found in licences.items() if path.startswith("content/sources/")]
    assert of_sources
    assert all(found == {theirs} for found in of_sources)
    assert licences["content/centres/sopot.yml"] == {f"{ours} AND {theirs}"}
    assert licences["site_build/pipeline.py"] == {ours}


def test_hosts_find_the_same_licence() -> None:
    """LICENSE, which Git hosts look for, is the text in LICENSES."""
    assert (ROOT / "LICENSE").read_bytes() == (ROOT / "LICENSES/EUPL-1.2.txt").read_bytes()
