"""Facts that a spreadsheet tells: held against all others, shown, agreed to, then written."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from site_build.authoring.new_centre import (
    News,
    finished_centre,
    keep_old,
    news_of,
    try_out,
    write_news,
)
from site_build.authoring.new_project import on_a_server, shell_command
from site_build.authoring.spreadsheet.changes import Change, changes, facts_of
from site_build.authoring.spreadsheet.columns import Names, names_of
from site_build.authoring.spreadsheet.facts import SheetFacts
from site_build.authoring.spreadsheet.sheet_reading import facts_of_sheets
from site_build.errors import BuildError
from site_build.pipeline import Project
from site_model.facts.centre import Centre
from site_model.facts.shared import Catalogues
from site_model.loading.loader import load_content
from site_model.loading.yaml_lines import parse_yaml
from site_model.problems import ContentError, Problem
from site_model.prompts import agrees
from site_model.types import SOFIA


@dataclass(frozen=True)
class Told:
    """A centre as it was told: the files to be written, and what stood in its own till now."""

    centre: Centre
    news: News
    before: Centre | None = None
    text_before: str = ""
    understood: tuple[str, ...] = ()
    asked: bool = False


def from_spreadsheet(
    project: Project, file: Path, shared: Path, catalogues: Catalogues
) -> Told | None:
    """What a spreadsheet tells, or None where it tells nothing new.

    Raises ContentError with every cell to fix, or BuildError where the facts have changed since
    the spreadsheet was made.
    """
    # Here, because a build needs no spreadsheets.
    from site_build.authoring.spreadsheet.xlsx_reading import read_spreadsheet

    facts = facts_of_sheets(file.name, read_spreadsheet(file), catalogues)
    try:
        centre, said = finished_centre(project.content, facts.data, project.today, catalogues)
    except ValidationError as error:
        raise ContentError([*facts.problems, *facts.problems_of(error)]) from None
    if facts.problems:
        raise ContentError(facts.problems)
    begun = shared == project.content
    known = (
        load_content(shared).centres if begun and any((shared / "centres").glob("*.yml")) else {}
    )
    before = known.get(centre.id)
    if before:
        if before == centre:
            print(f"Таблицата казва същото, което вече е записано за „{centre.id}“.")
            return None
        _refuse_outdated(project, facts, before, centre)
    elif facts.base and facts.base["id"] in known:
        raise BuildError(
            f"{facts.file}: „Код на центъра“ е сменен от „{facts.base['id']}“ на „{centre.id}“. "
            "Така стават два центъра. Върнете стария код; за друг център вземете празна таблица."
        )
    news = news_of(centre, said)
    try:
        try_out(shared, news, begun=begun)
    except ContentError as error:
        raise ContentError(_in_cells(error.problems, facts, centre, news)) from None
    text = (project.content / _file(centre)).read_text(encoding="utf-8") if before else ""
    return Told(centre, news, before, text, tuple(facts.understood), asked=True)


def _file(centre: Centre) -> Path:
    return Path("centres") / f"{centre.id}.yml"


def _refuse_outdated(project: Project, facts: SheetFacts, now: Centre, told: Centre) -> None:
    """Raise BuildError where the sheet was made from other facts than those of today."""
    base, names = facts.base, names_of(facts.catalogues)
    if base == facts_of(now):
        return
    lines = [
        f"{facts.file}: таблицата не казва от кои факти е, а „{now.id}“ вече е записан."
        if base is None
        else f"{facts.file}: таблицата е започната празна, а „{now.id}“ вече е записан."
        if not base
        else f"{facts.file}: фактите на „{now.id}“ са сменени, след като таблицата е взета."
    ]
    if base:
        lines += ["Оттогава:", *_lines(changes(base, facts_of(now), names))]
    own = changes(base or facts_of(now), facts_of(told), names, sources=False)
    lines += [
        "Вземете нова таблица с днешните факти и нанесете в нея само вашите промени:",
        f"  {_new_sheet(project, now.id)}",
        "Ето какво казва тази таблица:",
        *_lines(own),
    ]
    raise BuildError("\n".join(lines))


def _in_cells(
    problems: Iterable[Problem], facts: SheetFacts, centre: Centre, news: News
) -> list[Problem]:
    """Problems of the file that would be written as problems of the cells that told it."""
    file = _file(centre)
    lines = parse_yaml(news[file]).lines
    return [
        facts.problem_at(lines.place_of(problem.line), problem.sentence)
        if problem.file.endswith(file.as_posix())
        else problem
        for problem in problems
    ]


def may_write(told: Told, names: Names, *, yes: bool) -> bool:
    """Show what would change and ask; without a terminal only where it was agreed beforehand."""
    if not told.asked:
        return True
    if told.understood:
        print("Така е прочетено:", *(f"  {line}" for line in told.understood), sep="\n")
    before: dict[str, Any] = facts_of(told.before) if told.before else {}
    found = changes(before, facts_of(told.centre), names)
    title = "Какво ще се промени" if told.before else "Нов център. Какво ще се запише"
    print(f"{title} ({told.centre.id}):", *_lines(found), sep="\n")
    if gone := sum(1 for change in found if not change.new):
        print(f"Махат се: {gone}.")
    if yes:
        return True
    if not sys.stdin.isatty():
        raise BuildError(
            "Няма кой да потвърди. Прочетете промените по-горе и добавете YES=1 към make "
            "(--yes към командата)."
        )
    return agrees("Да запиша ли?")


def _lines(found: Iterable[Change]) -> list[str]:
    return [f"  {change}" for change in found]


def write_told(project: Project, told: Told) -> None:
    """Write what was agreed to; says where the old facts are. Raises BuildError."""
    file = project.content / _file(told.centre)
    now = file.read_text(encoding="utf-8") if file.exists() else ""
    if now != told.text_before:
        raise BuildError(f"{file}: някой го промени току-що. Опитайте отново.")
    if told.before:
        copy = keep_old(file, project.root / "build" / "old-facts", datetime.now(SOFIA))
        print(f"Досегашният файл е запазен в {copy.relative_to(project.root)}. Връща се с:")
        print(f"  cp {shlex.quote(str(copy))} {shlex.quote(str(file))}")
    write_news(project.content, told.news)
    for place in told.news:
        print(f"Записано: {Path(project.content.name) / place}")


def _new_sheet(project: Project, centre: str) -> str:
    """What a person types to get a spreadsheet with the facts of today."""
    if on_a_server():
        return f"opora spreadsheet nova-tablitsa.xlsx --centre {centre}"
    return shell_command(project.root, f"spreadsheet CENTRE={centre} FILE=nova-tablitsa.xlsx")
