"""A build says how far it is to who waits for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_build.pipeline import build_site
from site_build.progress import tell_person
from tests.support.project import copy_project


def test_every_step_is_counted(tmp_path: Path) -> None:
    """From none to all, one by one; where nothing changed, nothing is said."""
    project = copy_project(tmp_path)
    told: list[tuple[int, int]] = []
    build_site(project, lambda done, steps: told.append((done, steps)))
    steps = told[0][1]
    assert steps >= 5  # two centres, their papers, and what all share
    assert told == [(done, steps) for done in range(steps + 1)]
    told.clear()
    build_site(project, lambda done, steps: told.append((done, steps)))
    assert told == []


def test_where_nobody_looks_on_a_line_a_quarter_is_enough(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A log is not filled, and is not silent."""
    for done in range(41):
        tell_person(done, 40)
    said = capsys.readouterr().out.splitlines()
    assert said == [f"Сайтът се прави: {done} от 40 …" for done in (0, 10, 20, 30)]
