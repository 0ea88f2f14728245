"""Facts that come back in a spreadsheet: what would change is shown and asked, nothing is lost."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

from site_build.authoring.new_centre import finished_centre
from site_build.authoring.spreadsheet.changes import changes, facts_of
from site_build.authoring.spreadsheet.columns import CENTRE_SHEET, names_of
from site_build.authoring.spreadsheet.facts import SheetFacts
from site_build.authoring.spreadsheet.sheet_reading import facts_of_sheets
from site_build.authoring.spreadsheet.xlsx_reading import read_spreadsheet
from site_build.authoring.spreadsheet.xlsx_writing import write_spreadsheet
from site_build.pipeline import Project
from site_model.facts.centre import Centre
from tests.support.content.told import command, written
from tests.support.project import ROOT, copy_project, real_content
from tests.support.terminal import AtTerminal

REAL = real_content()
HARMANLI = REAL.centres["harmanli"]
NAMES = names_of(REAL.catalogues)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return copy_project(tmp_path / "site", languages=None)


@pytest.fixture
def sheet(tmp_path: Path) -> Path:
    """The facts of Harmanli."""
    file = tmp_path / "tsentar.xlsx"
    write_spreadsheet(file, HARMANLI, REAL.catalogues, [])
    return file


Edit = Callable[[Any], Any]


def edited(file: Path, edit: Edit) -> Path:
    book = load_workbook(file)
    edit(book)
    book.save(file)
    return file


def read(file: Path) -> SheetFacts:
    return facts_of_sheets(file.name, read_spreadsheet(file), REAL.catalogues)


def told(facts: SheetFacts) -> list[str]:
    """What a sheet says otherwise than the facts of Harmanli."""
    assert facts.problems == []
    return [str(one) for one in changes(facts_of(HARMANLI), facts.data, NAMES)]


def phone_is(number: str) -> Edit:
    def edit(book: Any) -> None:
        book["Телефони"]["A3"] = number

    return edit


def file_of(project: Project) -> Path:
    return project.content / "centres" / "harmanli.yml"


def test_a_filled_in_file_is_never_written_over(sheet: Path) -> None:
    """Asked for again under its name, the answers in it stay as they are."""
    before = sheet.read_bytes()
    done = command(ROOT, "spreadsheet", str(sheet))
    assert done.returncode == 1
    assert "вече има" in done.stderr
    assert sheet.read_bytes() == before


def test_what_would_change_is_shown_and_asked(
    project: Project, sheet: Path, at_terminal: AtTerminal
) -> None:
    """„не“ writes nothing; „да“ writes it, and says how the old file comes back."""
    edited(sheet, phone_is("0373 9 10 77"))
    before = file_of(project).read_bytes()
    words = ("new-centre", "--from", str(sheet), "--project", str(project.root))
    person = at_terminal("site_build", *words)
    person.waits_for("Да запиша ли?")
    assert "Телефони, „0373 9 10 76“ – Телефон: „0373 9 10 76“ → „0373 9 10 77“" in person.seen
    person.types("не\n")
    person.waits_for("Нищо не е записано.")
    person.ends()
    assert file_of(project).read_bytes() == before
    person = at_terminal("site_build", *words)
    person.waits_for("Да запиша ли?")
    person.types("да\n")
    person.waits_for("Адрес на сайта")
    person.types("\n")
    person.waits_for("Вижте страниците")
    assert person.ends() == 0
    assert b"0373 9 10 77" in file_of(project).read_bytes()
    [old] = (project.root / "build" / "old-facts").iterdir()
    assert old.read_bytes() == before


def test_without_a_terminal_nothing_is_written_unless_agreed(project: Project, sheet: Path) -> None:
    """A script says --yes; what changes is shown either way."""
    edited(sheet, phone_is("0373 9 10 77"))
    before = file_of(project).read_bytes()
    done = command(project.root, "new-centre", "--from", str(sheet))
    assert done.returncode == 1
    assert "0373 9 10 77" in done.stdout
    assert "YES=1" in done.stderr
    assert file_of(project).read_bytes() == before
    assert command(project.root, "new-centre", "--from", str(sheet), "--yes").returncode == 0
    assert b"0373 9 10 77" in file_of(project).read_bytes()


def test_an_older_sheet_is_refused_with_what_changed_since(project: Project, sheet: Path) -> None:
    """Somebody fixed the telephone after the sheet was made; the sheet would put it back."""
    text = file_of(project).read_text(encoding="utf-8").replace("0373 9 10 76", "0373 9 10 77")
    file_of(project).write_text(text, encoding="utf-8")

    def edit(book: Any) -> None:
        book["Екип"]["A3"] = "психолози"

    done = command(project.root, "new-centre", "--from", str(edited(sheet, edit)), "--yes")
    assert done.returncode == 1
    since, _, own = done.stderr.partition("Вземете нова таблица")
    assert "„0373 9 10 76“ → „0373 9 10 77“" in since
    assert "психолози" in own
    assert "0373" not in own
    assert "spreadsheet CENTRE=harmanli" in own
    assert file_of(project).read_text(encoding="utf-8") == text


@pytest.mark.parametrize("mark", [None, "не е знак", "eJw="])
def test_a_sheet_that_does_not_say_from_what_it_was_made_is_refused(
    project: Project, sheet: Path, mark: str | None
) -> None:
    """Its hidden sheet was deleted or overwritten."""

    def edit(book: Any) -> None:
        if mark is None:
            del book["Опора"]
        else:
            book["Опора"]["A2"] = mark
        phone_is("0373 9 10 77")(book)

    done = command(project.root, "new-centre", "--from", str(edited(sheet, edit)), "--yes")
    assert done.returncode == 1
    assert "не казва от кои факти е" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_sheet_that_says_nothing_new_changes_nothing(project: Project, sheet: Path) -> None:
    before = file_of(project).read_bytes()
    done = command(project.root, "new-centre", "--from", str(sheet))
    assert done.returncode == 0, done.stderr
    assert "казва същото" in done.stdout
    assert file_of(project).read_bytes() == before


def test_a_code_that_was_changed_makes_no_second_centre(project: Project, sheet: Path) -> None:
    def edit(book: Any) -> None:
        [row] = [r for r in book[CENTRE_SHEET].iter_rows() if r[0].value == "Код на центъра"]
        row[2].value = "harmanly"

    done = command(project.root, "new-centre", "--from", str(edited(sheet, edit)), "--yes")
    assert done.returncode == 1
    assert "два центъра" in done.stderr
    assert not (project.content / "centres" / "harmanly.yml").exists()


def group_gone(book: Any) -> None:
    for row in list(book["На кого помагаме"].iter_rows(min_row=3)):
        if row[0].value == REAL.groups["foster"].plain.to("bg"):
            book["На кого помагаме"].delete_rows(row[0].row)


def source_unknown(book: Any) -> None:
    titles = [cell.value for cell in book["Телефони"][1]]
    book["Телефони"].cell(3, titles.index("Източник") + 1).value = "izmislen.txt:1"


def service_unknown(book: Any) -> None:
    book["Програми"]["A3"], book["Програми"]["B3"] = "На вода", "Плуване"


@pytest.mark.parametrize(
    ("edit", "cell", "said"),
    [
        (group_gone, "лист „Услуги“, клетка F", "не е сред групите на центъра"),
        (source_unknown, "лист „Телефони“, клетка B3", "няма файл „izmislen.txt“"),
        (service_unknown, "лист „Програми“, клетка B3", "на лист „Услуги“ няма „Плуване“"),
    ],
)
def test_what_other_files_would_refuse_is_said_with_its_cell(
    project: Project, sheet: Path, edit: Edit, cell: str, said: str
) -> None:
    """Everything is held together before anything is written, in the words of the sheets."""
    before = file_of(project).read_bytes()
    done = command(project.root, "new-centre", "--from", str(edited(sheet, edit)), "--yes")
    assert done.returncode == 1
    assert file_of(project).read_bytes() == before
    lines = [line for line in done.stderr.splitlines() if said in line]
    assert lines, done.stderr
    assert cell in lines[0]
    for word in ("foster", "target_groups", "part_of", "centres/"):
        assert word not in done.stderr


def merged(book: Any) -> None:
    book["Услуги"].merge_cells("F3:G3")


def without_sheet(book: Any) -> None:
    del book["Услуги"]


def renamed_sheet(book: Any) -> None:
    book["Услуги"].title = "Нашите услуги"


def without_column(book: Any) -> None:
    titles = [cell.value for cell in book["Услуги"][1]]
    book["Услуги"].delete_cols(titles.index("За кого") + 1)


def without_row(book: Any) -> None:
    [row] = [r for r in book[CENTRE_SHEET].iter_rows() if r[0].value == "Имейл"]
    book[CENTRE_SHEET].delete_rows(row[0].row)


def without_language(book: Any) -> None:
    titles = [cell.value for cell in book[CENTRE_SHEET][1]]
    [place] = [at for at, title in enumerate(titles, 1) if "турски" in str(title)]
    book[CENTRE_SHEET].delete_cols(place)


def twice(book: Any) -> None:
    book.copy_worksheet(book["Телефони"])


def error_value(book: Any) -> None:
    book["Екип"]["A3"] = "#REF!"


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (merged, "клетките са слети"),
        (without_sheet, "листът липсва"),
        (renamed_sheet, "няма такъв лист"),
        (without_column, "колоната липсва"),
        (without_row, "редът или колоната липсва"),
        (without_language, "редът или колоната липсва"),
        (twice, "няма такъв лист"),
        (error_value, "грешка от таблицата"),
    ],
)
def test_what_would_take_facts_away_unseen_is_refused(sheet: Path, edit: Edit, said: str) -> None:
    problems = read(edited(sheet, edit)).problems
    assert any(said in one.sentence for one in problems), problems


def explanations_gone(book: Any) -> None:
    for page in book.worksheets[1:-2]:
        page.delete_rows(2)


def rows_between(book: Any) -> None:
    for page in book.worksheets[:-2]:
        page.insert_rows(3, 4)


def sheets_in_another_order(book: Any) -> None:
    book._sheets.reverse()


def hidden(book: Any) -> None:
    book["Телефони"].sheet_state = "hidden"
    book["Услуги"].row_dimensions[3].hidden = True
    book["Услуги"].auto_filter.ref = "A1:F9"


def a_column_between(book: Any) -> None:
    book["Екип"].insert_cols(2)


def last_row_formatted(book: Any) -> None:
    for page in book.worksheets:
        page.cell(1_048_576, 200).number_format = "@"


def rich_text(book: Any) -> None:
    place = next(r for r in book[CENTRE_SHEET].iter_rows() if r[0].value == "Населено място")[2]
    place.value = CellRichText("Хар", TextBlock(InlineFont(b=True), "манли"))


def spaces(book: Any) -> None:
    for row in book["Екип"].iter_rows(min_row=3, max_col=1):
        row[0].value = f"  {row[0].value}\xa0 "


def explanation_moved(book: Any) -> None:
    """As sorting does."""
    page = book["Екип"]
    page.move_range(f"A2:{page.cell(2, page.max_column).coordinate}", rows=20)


@pytest.mark.parametrize(
    "edit",
    [
        *(explanations_gone, rows_between, sheets_in_another_order, hidden, a_column_between),
        *(last_row_formatted, rich_text, spaces, explanation_moved),
    ],
)
def test_what_a_program_does_to_a_sheet_changes_no_fact(sheet: Path, edit: Edit) -> None:
    facts = read(edited(sheet, edit))
    assert facts.problems == []
    assert Centre.model_validate(facts.data) == HARMANLI


def test_an_answer_over_an_explanation_is_an_answer(sheet: Path) -> None:
    """The first row below the titles is written over; the others stay."""
    facts = read(edited(sheet, lambda book: book["Телефони"].__setitem__("A2", "0888 123 456")))
    assert told(facts) == ["Телефони: добавя се „0888 123 456“"]


def test_a_fact_whose_answer_was_deleted_is_gone(sheet: Path) -> None:
    """Its source is folded away, so nobody would find it there."""

    def edit(book: Any) -> None:
        [row] = [r for r in book[CENTRE_SHEET].iter_rows() if r[0].value == "Имейл"]
        row[2].value = None

    facts = read(edited(sheet, edit))
    assert "email" not in facts.data
    assert "Имейл: маха се „cop.harmanli@abv.bg“" in told(facts)


def test_the_rows_of_a_million_formatted_rows_are_read(sheet: Path, tmp_path: Path) -> None:
    """Formatting down to the last row, as whole columns that were marked have it."""
    large = tmp_path / "golyama.xlsx"
    empty = b"".join(b'<row r="%d" s="1" customFormat="1"/>' % n for n in range(30, 1_048_577))
    with zipfile.ZipFile(sheet) as old, zipfile.ZipFile(large, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            if name == "xl/worksheets/sheet3.xml":
                data = data.replace(b"</sheetData>", empty + b"</sheetData>")
            new.writestr(name, data)
    assert told(read(large)) == []


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("t.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 600, "стария вид на Excel"),
        ("t.xlsx", b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"), "парола"),
        ("t.csv", "Населено място;Бяла".encode("cp1251"), "Ако е CSV"),
        ("~$tsentar.xlsx", b"\x05Maria", "знакът, че таблицата е отворена"),
        ("t.xlsx", b"PK\x05\x06" + b"\0" * 18, "запишете го като"),
    ],
)
def test_another_kind_of_file_is_named(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    (tmp_path / name).write_bytes(data)
    done = command(tmp_path / "site", "new-centre", "--from", str(tmp_path / name))
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("mark", ["~$tsentar.xlsx", ".~lock.tsentar.xlsx#"])
def test_a_file_that_is_open_is_not_read(sheet: Path, mark: str) -> None:
    """What is not saved yet would be missing."""
    (sheet.parent / mark).write_bytes(b"Maria")
    done = command(sheet.parent / "site", "new-centre", "--from", str(sheet), "--yes")
    assert done.returncode == 1
    assert "таблицата е отворена" in done.stderr
    assert written(sheet.parent) == sorted([mark, sheet.name])


def test_what_is_wrong_elsewhere_stops_the_writing(project: Project, sheet: Path) -> None:
    """Another centre's file is broken: it is named, and the facts stay as they are."""
    edited(sheet, phone_is("0373 9 10 77"))
    before = file_of(project).read_bytes()
    (project.content / "centres" / "sopot.yml").write_text("id: sopot\n", encoding="utf-8")
    done = command(project.root, "new-centre", "--from", str(sheet), "--yes")
    assert done.returncode == 1
    assert "centres/sopot.yml" in done.stderr
    assert file_of(project).read_bytes() == before


def test_a_group_of_the_centre_s_own_comes_back(tmp_path: Path) -> None:
    """Told by its name alone it has a code afterwards, and a service may be for it."""
    file = tmp_path / "t.xlsx"
    write_spreadsheet(file, None, REAL.catalogues, [])
    facts = facts_of_sheets("t.xlsx", read_spreadsheet(edited(file, own_group)), REAL.catalogues)
    assert facts.problems == []
    centre, _ = finished_centre(tmp_path, facts.data, date(2026, 11, 28), REAL.catalogues)
    assert centre.services[0].groups == (centre.target_groups[0].group,)
    write_spreadsheet(tmp_path / "2.xlsx", centre, REAL.catalogues, [])
    again = read(tmp_path / "2.xlsx")
    assert again.problems == []
    assert Centre.model_validate(again.data) == centre


def own_group(book: Any) -> None:
    groups, services = book["На кого помагаме"], book["Услуги"]
    for page, answers in (
        (groups, {"Както я нарича центърът": "Млади майки"}),
        (services, {"Услуга": "Разговори", "Какво е": "Говорим.", "За кого": "млади майки"}),
    ):
        titles = [cell.value for cell in page[1]]
        for title, answer in answers.items():
            page.cell(3, titles.index(title) + 1).value = answer
    for row in book[CENTRE_SHEET].iter_rows():
        told = {"Населено място": "Бяла", "Накратко": "Помагаме."}
        if row[0].value in told:
            row[2].value = told[row[0].value]
