"""The results for the accessibility declaration are written by a whole run or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.support.project import ROOT

ENGINE = """
import pytest

@pytest.mark.accessibility("engines")
def test_pages(record_property):
    {before}
    record_property("engine", {{
        "name": "engine", "version": "1", "pages": ["/"], "states": [], "violations": {violations}
    }})
    assert not {violations}

@pytest.mark.accessibility("keyboard")
def test_keys():
    assert {keys}
"""
OLD = "old: results\n"


WORKERS = ("-p", "xdist.plugin", "--numprocesses", "2")


def report(
    folder: Path,
    before: str = "",
    violations: int = 0,
    keys: bool = True,
    workers: tuple[str, ...] = (),
) -> str:
    """What the file holds after a run of two small checks; it held `OLD` before."""
    test, file = folder / "test_checks.py", folder / "results.yml"
    test.write_text(ENGINE.format(before=before, violations=violations, keys=keys))
    file.write_text(OLD)
    options = [
        "-p",
        "tests.support.accessibility_report",
        "--accessibility-report",
        str(file),
        "-c",
        os.devnull,
    ]
    options += workers
    subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-p", "no:cacheprovider", test],
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        cwd=folder,
        capture_output=True,
        check=not (before or violations or not keys),
    )
    return file.read_text(encoding="utf-8")


@pytest.mark.parametrize("workers", [(), WORKERS], ids=["alone", "workers"])
@pytest.mark.parametrize(("violations", "keys"), [(0, True), (3, True), (0, False)])
def test_what_was_found_is_written(
    tmp_path: Path, violations: int, keys: bool, workers: tuple[str, ...]
) -> None:
    """Good results and bad ones alike, by one process or several."""
    said = yaml.safe_load(report(tmp_path, "", violations, keys, workers))
    assert said["engines"] == [
        {"name": "engine", "version": "1", "pages": 1, "states": 0, "violations": violations}
    ]
    assert [(check["tried"], check["failed"]) for check in said["checks"]] == [(1, int(not keys))]


@pytest.mark.parametrize(
    "before", ["raise OSError", "pytest.skip('no engine')", "raise KeyboardInterrupt"]
)
def test_a_run_that_did_not_look_writes_nothing(tmp_path: Path, before: str) -> None:
    """An engine that broke, was not there, or was stopped: the old results stay."""
    assert report(tmp_path, before=before) == OLD


def test_a_worker_that_died_writes_nothing(tmp_path: Path) -> None:
    """The others go on, but the figures would lack what it was to look at."""
    assert report(tmp_path, before="import os; os._exit(3)", workers=WORKERS) == OLD
