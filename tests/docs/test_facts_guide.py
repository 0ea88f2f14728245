"""The guide to changing facts, followed: by hand, by spreadsheet, and back."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest
from openpyxl import load_workbook

from site_build.pipeline import Project
from tests.support.commands import site_build
from tests.support.project import ROOT, built_project

GUIDE = (ROOT / "docs" / "guide" / "fakti.md").read_text(encoding="utf-8")
COMMANDS = [
    line.strip()
    for block in re.findall(r"^ *```sh\n(.*?)^ *```$", GUIDE, re.M | re.S)
    for line in block.splitlines()
]
OLD, NEW = "0373 9 10 76", "0373 9 10 77"
SOURCE = "source: 000_cee4bc3b0dd5abd9.txt:3"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """The real facts in a folder of their own, built and under Git, as an operator has them."""
    project = built_project(tmp_path / "site")
    git(project, "init", "-q")
    git(project, "add", "content")
    git(project, "commit", "-qm", "facts")
    return project


def git(project: Project, *words: str) -> str:
    who = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    done = subprocess.run(
        ["git", *who, *words], cwd=project.root, capture_output=True, text=True, check=True
    )
    return done.stdout


def program(project: Project, *words: str) -> subprocess.CompletedProcess[str]:
    """What a make target runs, in the folder of the project."""
    return site_build(*words, "--project", str(project.root))


def facts(project: Project) -> Path:
    return project.content / "centres" / "harmanli.yml"


def change_by_hand(project: Project) -> None:
    """Step 2 and 3 of the guide: value, source with its new line, date."""
    told = project.content / "sources" / "harmanli-2026.txt"
    told.write_text(f"12.12.2026, по телефона: новият телефон е {NEW}\n", encoding="utf-8")
    text = facts(project).read_text(encoding="utf-8")
    line = f"{OLD}\n    {SOURCE}"
    assert line in text
    text = text.replace(line, f"{NEW}\n    source: harmanli-2026.txt:1")
    text = text.replace("checked_on: 2026-11\n", "checked_on: 2026-11-20\n", 1)
    facts(project).write_text(text, encoding="utf-8")


def test_the_lines_shown_are_those_of_the_file() -> None:
    """What the guide shows as the centre's file stands so in it."""
    [shown] = re.findall(r"```yaml\n( *phones:.*?)^ *```", GUIDE, re.M | re.S)
    text = (ROOT / "content" / "centres" / "harmanli.yml").read_text(encoding="utf-8")
    assert [line.strip() for line in shown.splitlines()] == [
        line.strip() for line in re.findall(r"^phones:\n.*\n.*\n", text, re.M)[0].splitlines()
    ]


def test_changed_by_hand_checked_and_undone(project: Project) -> None:
    """The change passes the check, a slip is named with file and field, and Git undoes it."""
    before = facts(project).read_text(encoding="utf-8")
    change_by_hand(project)
    assert program(project, "check").returncode == 0
    for command in (line for line in COMMANDS if line.startswith(("git add", "git commit"))):
        git(project, *shlex.split(command)[1:])
    facts(project).write_text(before.replace(SOURCE, "source: nowhere.txt:1", 1), encoding="utf-8")
    refused = program(project, "check")
    assert refused.returncode == 1
    assert "harmanli.yml" in refused.stderr
    assert "source" in refused.stderr
    git(project, "checkout", "-q", "content")
    assert "git revert HEAD" in COMMANDS
    git(project, "revert", "--no-edit", "HEAD")
    assert facts(project).read_text(encoding="utf-8") == before


def test_changed_in_a_spreadsheet(project: Project, tmp_path: Path) -> None:
    """The spreadsheet holds the facts; the changed one comes back, and the check passes."""
    sheet = tmp_path / "tsentar.xlsx"
    assert "make spreadsheet CENTRE=harmanli FILE=tsentar.xlsx" in COMMANDS
    given = program(project, "spreadsheet", str(sheet), "--centre", "harmanli")
    assert given.returncode == 0, given.stderr
    book = load_workbook(sheet)
    [cell] = [c for page in book for row in page.iter_rows() for c in row if c.value == OLD]
    cell.value = NEW
    book.save(sheet)
    assert "make new-centre FROM=tsentar.xlsx" in COMMANDS
    taken = program(project, "new-centre", "--from", str(sheet), "--yes")
    assert taken.returncode == 0, taken.stderr
    assert NEW in facts(project).read_text(encoding="utf-8")
    assert program(project, "check").returncode == 0


def test_report_says_what_to_ask(project: Project) -> None:
    """The first command of the guide lists questions for the centre."""
    report = program(project, "report")
    assert report.returncode == 0
    assert "Да се попита" in report.stdout
