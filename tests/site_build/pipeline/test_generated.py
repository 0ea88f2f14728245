"""Whatever is empty or full: a project builds, or is refused in words."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from pydantic import ValidationError

from site_build.pipeline import build_site, try_site
from site_model.problems import ContentError
from tests.support.content.generated import generated_project

COUNT = int(os.environ.get("OPORA_GENERATED", "10"))
"""`make generated` tries 200. The first ten hold both kinds of files, empty, full and between."""

WHOLE = (2, 3)
"""Of these, one from YAML and one from a spreadsheet, all files are made, sheets of paper too."""


def test_generated_projects_build_or_are_refused_in_words(tmp_path: Path) -> None:
    """Every page of every language is made; a refusal names file, line and field.

    Most have to build, so that this test cannot pass by refusing.
    """
    built = 0
    for seed in range(COUNT):
        try:
            built += _builds(tmp_path / str(seed), seed, tmp_path / str(WHOLE[0]))
        except Exception as error:
            error.add_note(f"проект {seed}")
            raise
    assert built > 0.6 * COUNT


def _builds(root: Path, seed: int, like: Path) -> bool:
    """Whether a project builds, or is refused; what takes long to compile comes from another."""
    try:
        project = generated_project(root, seed)
        if seed in WHOLE:
            return build_site(project).pages > 0
        if (like / "build" / "kept" / "templates").exists():
            shutil.copytree(like / "build" / "kept" / "templates", project.kept / "templates")
        try_site(project)
    except ContentError as error:
        assert all(each.cell or each.field for each in error.problems), error
        return False
    except ValidationError:  # facts for a spreadsheet that are no facts
        return False
    finally:
        if seed not in WHOLE:
            shutil.rmtree(root)
    return True
