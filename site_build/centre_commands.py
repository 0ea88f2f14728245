"""The commands that begin a centre: `new-centre` and `spreadsheet`."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from site_build.errors import BuildError
from site_build.new_centre import ask_centre, finished_centre, write_centre
from site_build.new_project import ROOT, begin_project, is_project
from site_build.schemas import write_schemas
from site_build.stages import Project
from site_model.asking import NoAnswerError
from site_model.centre import Centre
from site_model.completeness import questions
from site_model.completion import SaidText
from site_model.facts import Catalogues
from site_model.loader import load_catalogues, load_content
from site_model.problems import ContentError, LineFinder, problems_of
from site_model.sheet_reading import facts_of_sheets

Command = Callable[[Project, argparse.Namespace], int]


class AddCommand(Protocol):
    def __call__(
        self, name: str, run: Command, words: str, failed: str = ""
    ) -> argparse.ArgumentParser: ...


def centre_commands(command: AddCommand) -> None:
    """Add the commands of this module to the parser."""
    new = command(
        "new-centre",
        _new_centre,
        "ask for the facts of a centre and write its commented YAML file; "
        "in an empty folder begin a site first",
        failed="Центърът не е записан.",
    )
    new.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="KEY=ANSWER",
        help="an answer that is not asked for, as place=Бяла; may be given several times. "
        "Answers that are not given are read from standard input, a line for each question",
    )
    new.add_argument(
        "--from",
        dest="spreadsheet",
        type=Path,
        metavar="FILE.xlsx",
        help="take the facts from a spreadsheet (see the command spreadsheet) and ask nothing",
    )
    new.add_argument(
        "--replace",
        action="store_true",
        help="write over the facts of a centre that is there already",
    )
    sheet = command(
        "spreadsheet",
        _spreadsheet,
        "write a spreadsheet to fill in with a centre's facts, or one that holds them",
        failed="Таблицата не е записана.",
    )
    sheet.add_argument("file", type=Path, metavar="FILE.xlsx")
    sheet.add_argument("--centre", metavar="ID", help="the centre whose facts it is to hold")


def _new_centre(project: Project, options: argparse.Namespace) -> int:
    begun = is_project(project.root)
    catalogues = load_catalogues(project.content if begun else ROOT / "content")
    told = (
        _from_sheet(project, options.spreadsheet, catalogues)
        if options.spreadsheet
        else _from_answers(project, options.answer, catalogues)
    )
    if not begun:
        begin_project(project.root)
        write_schemas(project.root)
        print(f"Нов сайт в {project.root}: общите факти, формулярите и страниците са сложени.")
    file = write_centre(project.content, *told, replace=options.replace)
    _written(project, file, told[0])
    return 0


Told = tuple[Centre, SaidText]


def _from_answers(project: Project, given: list[str], catalogues: Catalogues) -> Told:
    try:
        facts = ask_centre(project.content / "centres", catalogues, given)
        return finished_centre(project.content, facts, date.today())
    except NoAnswerError as error:
        raise BuildError(str(error)) from None
    except ValidationError as error:
        problems = problems_of(error, Centre, "отговорите", LineFinder({}))
        raise ContentError(problems) from None


def _from_sheet(project: Project, file: Path, catalogues: Catalogues) -> Told:
    from site_build.spreadsheet import read_spreadsheet

    facts = facts_of_sheets(file.name, read_spreadsheet(file), catalogues)
    try:
        told = finished_centre(project.content, facts.data, date.today())
    except ValidationError as error:
        raise ContentError([*facts.problems, *facts.problems_of(error)]) from None
    if facts.problems:
        raise ContentError(facts.problems)
    return told


def _spreadsheet(project: Project, options: argparse.Namespace) -> int:
    # Here, because openpyxl takes as long to load as all that a build needs.
    from site_build.spreadsheet import write_spreadsheet

    if options.file.suffix != ".xlsx":
        raise BuildError(f"{options.file}: името на файла трябва да свършва на .xlsx.")
    if options.centre:
        content = load_content(project.content)
        if options.centre not in content.centres:
            raise BuildError(f"няма център „{options.centre}“. Има: {', '.join(content.centres)}.")
        languages = [language.code for language in content.site.languages]
        centre = content.centres[options.centre]
        write_spreadsheet(options.file, centre, content.catalogues, languages)
    else:
        begun = is_project(project.root)
        catalogues = load_catalogues(project.content if begun else ROOT / "content")
        write_spreadsheet(options.file, None, catalogues, [])
    print(f"Записано: {options.file}")
    return 0


def _written(project: Project, file: Path, centre: Centre) -> None:
    """Say what was written, what is still to be told, and how to see it."""
    content = load_content(project.content)  # says what else is wrong
    print(f"Записано: {file.relative_to(project.root)}")
    if gaps := [question.words for question in questions(centre) if question.asked_of_all]:
        print("Сайтът казва честно, че това още не е посочено. Попитайте центъра:")
        print("\n".join(f"  {gap}" for gap in gaps))
    elsewhere = "" if project.root == ROOT else f" PROJECT={shlex.quote(str(project.root))}"
    path = content.centre_path(centre.id)
    print(f"Вижте страниците: make run{elsewhere}")
    print(f"и после http://127.0.0.1:8000/{path}")
