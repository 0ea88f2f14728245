"""A project of its own, changed and built as a person at the command line would."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from site_build.__main__ import main
from site_build.pipeline import Project
from tests.support.project import ROOT

HARMANLI = "content/centres/harmanli.yml"
SOPOT = "content/centres/sopot.yml"
ABOUT_SITE = "docs/bg/za-saita.md"


def copy_built(site: Path, target: Path) -> Project:
    """A copy of the project whose finished site all tests share, as if it were built here."""
    shutil.copytree(site.parent, target, symlinks=True, dirs_exist_ok=True)
    return Project(target)


def replace_once(project: Project, file: str, old: str, new: str) -> None:
    """Change the first place where `old` stands; a test that finds nothing to change fails."""
    path = project.root / file
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{file}: няма какво да се промени"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def append(project: Project, file: str, text: str) -> None:
    """Write a paragraph more at the end of a hand-written page."""
    path = project.root / file
    path.write_text(f"{path.read_text(encoding='utf-8')}\n{text}\n", encoding="utf-8")


def said(project: Project, capsys: pytest.CaptureFixture[str], *command: str) -> str:
    """What a build that fails says; it must end with 1 and print nothing but how far it came."""
    capsys.readouterr()
    assert main([*command, "--project", str(project.root)]) == 1
    printed = capsys.readouterr()
    assert all(line.startswith("Сайтът се прави: ") for line in printed.out.splitlines())
    return printed.err


def run(
    project: Project, *command: str, folder: Path = ROOT, **environment: str
) -> subprocess.CompletedProcess[str]:
    """`python -m site_build` in a process of its own, with the code in `folder`."""
    return subprocess.run(
        [sys.executable, "-m", "site_build", *command, "--project", str(project.root)],
        cwd=folder,
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def times_of(folder: Path) -> dict[str, int]:
    """When each file of a folder was last written."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_mtime_ns for path in files}
