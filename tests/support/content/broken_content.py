"""Breaks one thing in a copy of the content folder and gives what the loader says about it."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass
from pathlib import Path

from site_build.cache.store import Store
from site_build.project import Project
from site_model.loading.loader import load_content
from site_model.problems import ContentError, Problem
from tests.support.project import ONLY_BULGARIAN, ROOT, set_languages
from tests.support.shared import folder_of_the_run, made_once

HARMANLI = "centres/harmanli.yml"
SOPOT = "centres/sopot.yml"
CONTACT = "forms/contact.yml"
REFERRAL = "forms/referral.yml"
HELP = "help_lines.yml"
SEED = "000_cee4bc3b0dd5abd9.txt"
PLACE = "place: {bg: Харманли}"


@dataclass(frozen=True)
class Break:
    """In `file`, `old` becomes `new`; the problem stands on the first line that holds `at`."""

    name: str
    file: str
    old: str
    new: str
    at: str
    field: str
    sentence: str


def replace_once(path: Path, old: str, new: str) -> None:
    """Change the first place where `old` stands; a test that finds nothing to break fails."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path.name}: няма какво да се счупи"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(path: Path, marker: str) -> int:
    """The number of the first line that holds `marker`, counted from 1.

    A marker that begins with spaces has to begin the line: it names a depth of indentation.
    """
    lines = path.read_text(encoding="utf-8").splitlines()
    holds = str.startswith if marker.startswith(" ") else str.__contains__
    return next(number for number, line in enumerate(lines, 1) if holds(line, marker))


def content_copy(target: Path) -> Path:
    """A copy of the content folder in Bulgarian alone, each text on the line of its field.

    So what is broken stays the same however many translations stand beside the Bulgarian.
    """
    return Path(shutil.copytree(made_once("bulgarian_content", _in_bulgarian), target / "content"))


def _in_bulgarian(folder: Path) -> None:
    shutil.copytree(ROOT / "content", folder, dirs_exist_ok=True)
    set_languages(Project(ROOT, facts=folder), ONLY_BULGARIAN)
    for path in folder.rglob("*.yml"):
        text = path.read_text(encoding="utf-8")
        several = r"(?m)^( *(?:- )?\w+:)\n( +)bg: (.*)\n(?:\2[a-z]{2}: .*\n)+"
        path.write_text(re.sub(several, _on_one_line, text), encoding="utf-8")


def _on_one_line(found: re.Match[str]) -> str:
    """A field with its Bulgarian text in braces, where a bare comma would end the text."""
    field, _, text = found.groups()
    quoted = text.startswith(("'", '"'))
    return f"{field} {{bg: {text if quoted or ',' not in text else json.dumps(text)}}}\n"


def problems_in(folder: Path) -> tuple[Problem, ...]:
    """What the loader finds in a content folder; none where it reads it.

    As in a build, a file that another test has read is not read again.
    """
    try:
        load_content(folder, Store(folder_of_the_run() / "read", ""))
    except ContentError as error:
        assert error.problems, "отказ без нито едно изречение"
        return error.problems
    return ()


def problems_after(tmp_path: Path, broken: Break) -> tuple[tuple[Problem, ...], int]:
    """The problems after one break, and the line on which it stands."""
    content = content_copy(tmp_path)
    replace_once(content / broken.file, broken.old, broken.new)
    return problems_in(content), line_of(content / broken.file, broken.at)


def assert_said(tmp_path: Path, broken: Break) -> None:
    """One of the problems has the file, the line, the field and the sentence of the break."""
    problems, line = problems_after(tmp_path, broken)
    said = [(p.file, p.line, p.field) for p in problems if broken.sentence in p.sentence]
    assert said == [(f"content/{broken.file}", line, broken.field)], problems
