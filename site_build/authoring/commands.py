"""The commands that begin a centre: `new-centre` and `spreadsheet`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import cast

from pydantic import ValidationError

from site_build.authoring.answers import UNFINISHED
from site_build.authoring.from_spreadsheet import Told, from_spreadsheet, may_write, write_told
from site_build.authoring.new_centre import (
    ask_centre,
    finished_centre,
    news_of,
    try_out,
)
from site_build.authoring.new_project import (
    ROOT,
    begin_project,
    give_commands,
    is_project,
    on_a_server,
    put_address,
    shell_command,
    under_git,
)
from site_build.authoring.old_facts import remember
from site_build.authoring.schema import write_schemas
from site_build.authoring.spreadsheet.columns import names_of
from site_build.command_line import AddCommand, named_file
from site_build.errors import BuildError
from site_build.locking import only_writer
from site_build.pages.moved import in_words, moves_with, write_moves
from site_build.pipeline import Project
from site_build.reports.completeness import questions
from site_model.facts.centre import Centre
from site_model.facts.moved_addresses import Move
from site_model.facts.shared import Catalogues
from site_model.loading.loader import load_catalogues, load_content
from site_model.loading.placeholders import leads_nowhere, own_address
from site_model.problems import ContentError, LineFinder, problems_of
from site_model.prompts import Asker, NoAnswerError, Question


def centre_commands(command: AddCommand) -> None:
    """Add the commands of this module to the parser."""
    new = command(
        "new-centre",
        _new_centre,
        "пита за фактите на център и ги записва във файл с обяснения; в празна папка първо започва "
        "сайта",
        failed="Центърът не е записан.",
    )
    new.set_defaults(needs_a_site=False)
    new.add_argument(
        "--answer",
        action="append",
        default=[],
        metavar="ИМЕ=ОТГОВОР",
        help="отговор, за който да не се пита, например place=Бяла; може няколко пъти. Без "
        "терминал другите отговори се четат от стандартния вход, по ред за всеки въпрос",
    )
    new.add_argument(
        "--from",
        dest="spreadsheet",
        type=named_file,
        metavar="ФАЙЛ.xlsx",
        help="взема фактите от таблица (вижте командата spreadsheet) и не пита за тях",
    )
    new.add_argument(
        "--url", metavar="АДРЕС", help="адресът, на който ще бъде новият сайт, за да не се пита"
    )
    new.add_argument(
        "--yes",
        action="store_true",
        help="записва казаното в таблицата, без да пита; за скриптове",
    )
    sheet = command(
        "spreadsheet",
        _spreadsheet,
        "прави таблица за попълване с фактите на център или такава, която ги съдържа",
        failed="Таблицата не е записана.",
    )
    sheet.set_defaults(needs_a_site=False)
    sheet.add_argument("file", type=named_file, metavar="ФАЙЛ.xlsx")
    sheet.add_argument("--centre", metavar="КОД", help="центърът, чиито факти да съдържа")


def _new_centre(project: Project, options: argparse.Namespace) -> int:
    begun = is_project(project.root)
    shared = project.content if begun else ROOT / "content"
    catalogues = load_catalogues(shared)
    if options.spreadsheet:
        told = from_spreadsheet(project, options.spreadsheet, shared, catalogues)
    else:
        told = _from_answers(project, options.answer, shared, catalogues)
    moved = _about_to_move(project, told.centre) if told else ()
    if told is None or not may_write(told, names_of(catalogues), yes=options.yes):
        print("Нищо не е записано.")
        return 0 if told is None else 1
    address = _address(project, options.url, begun=begun, quiet=options.spreadsheet is not None)
    if not begun:
        begin_project(project.root)
        write_schemas(project.root)
        print(f"Нов сайт в {project.root}: общите факти, формулярите и страниците са сложени.")
    if address:
        put_address(project.root, address)
    give_commands(project.root)
    with only_writer(project.lock, wait=True):
        write_told(project, told)
        if moved:
            write_moves(project.content, moved)
    (project.root / UNFINISHED).unlink(missing_ok=True)
    _written(project, told)
    if not begun and under_git(project.root):
        print("Папката вече е под Git. Първия запис направете вие, в нея:")
        print('git add . && git commit -m "Нов сайт"')
    return 0


_ADDRESS = Question(
    "url",
    "Адрес на сайта",
    "На който хората ще го отварят, например tsop-byala.bg. Стои в QR кодовете и без него "
    "формулярите може да отказват писма. Ако още го няма, оставете празно.",
    check=own_address,
    empty="още няма",
)


def _address(project: Project, told: str | None, *, begun: bool, quiet: bool) -> str | None:
    """The site's address, told or asked for, where it has none yet; None leaves it as it is.

    What is `quiet` asks a person alone, and reads nothing from a script.
    """
    if told is None and begun and not leads_nowhere(load_content(project.content).site.url):
        return None
    ask = Asker([] if told is None else [f"url={told}"])
    if told is None and quiet and not ask.person:
        return None
    try:
        return cast("str | None", ask(_ADDRESS))
    except NoAnswerError as error:
        raise BuildError(str(error)) from None


def _about_to_move(project: Project, centre: Centre) -> tuple[Move, ...]:
    """All moves of addresses, with those that this centre brings, which are said; or none."""
    try:
        content = load_content(project.content)
    except ContentError:  # the first centre, or facts that only now become right
        return ()
    moves = moves_with(content, centre)
    if moves:
        print(in_words(content, moves))
    return (*content.moved, *moves) if moves else ()


def _from_answers(project: Project, given: list[str], shared: Path, catalogues: Catalogues) -> Told:
    try:
        facts = ask_centre(project.root, project.content / "centres", catalogues, given)
        centre, said = finished_centre(project.content, facts, project.today, catalogues)
    except NoAnswerError as error:
        raise BuildError(str(error)) from None
    except ValidationError as error:
        problems = problems_of(error, Centre, "отговорите", LineFinder({}))
        raise ContentError(problems) from None
    told = Told(centre, news_of(centre, said), asked=sys.stdin.isatty())
    try_out(shared, told.news, begun=shared == project.content)
    return told


def _spreadsheet(project: Project, options: argparse.Namespace) -> int:
    # Here, because openpyxl takes as long to load as all that a build needs.
    from site_build.authoring.spreadsheet.xlsx_writing import write_spreadsheet

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


def _written(project: Project, told: Told) -> None:
    """Say what is still to be told, and how to see what was written."""
    content, centre = load_content(project.content), told.centre
    remember(project, content, ())
    if gaps := [question.words for question in questions(centre) if question.asked_of_all]:
        print("Сайтът казва честно, че това още не е посочено. Попитайте центъра:")
        print("\n".join(f"  {gap}" for gap in gaps))
    if on_a_server():
        print("Направете сайта: opora build")
        return
    print(f"Вижте страниците: {shell_command(project.root, 'run')}")
    print(f"и после http://127.0.0.1:8000/{content.centre_path(centre.id)}")
