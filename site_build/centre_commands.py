"""The commands that begin a centre: `new-centre`."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from site_build.errors import BuildError
from site_build.new_centre import NoAnswerError, ask_centre, finished_centre, write_centre
from site_build.new_project import ROOT, begin_project, is_project
from site_build.schemas import write_schemas
from site_build.stages import Project
from site_model.centre import Centre
from site_model.completeness import questions
from site_model.loader import load_content, load_groups
from site_model.problems import LineFinder, problems_of

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


def _new_centre(project: Project, options: argparse.Namespace) -> int:
    begun = is_project(project.root)
    groups = load_groups(project.content if begun else ROOT / "content")
    try:
        facts = ask_centre(project.content / "centres", groups, options.answer)
        centre, said = finished_centre(project.content, facts, date.today())
    except NoAnswerError as error:
        raise BuildError(str(error)) from None
    except ValidationError as error:
        problems = problems_of(error, Centre, "отговорите", LineFinder({}))
        raise BuildError("\n".join(map(str, problems))) from None
    if not begun:
        begin_project(project.root)
        write_schemas(project.root)
        print(f"Нов сайт в {project.root}: общите факти, формулярите и страниците са сложени.")
    _written(project, write_centre(project.content, centre, said), centre)
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
