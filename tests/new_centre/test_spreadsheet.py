"""A centre's facts as a spreadsheet: nothing is lost, nothing computes, faults have a cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from support import ROOT
from told import command, written

from site_build.centre_file import centre_yaml
from site_build.new_centre import finished_centre
from site_build.spreadsheet import read_spreadsheet, write_spreadsheet
from site_model.centre import Centre
from site_model.facts import Content
from site_model.loader import load_content
from site_model.located_yaml import parse_yaml
from site_model.sheet_reading import facts_of_sheets
from site_model.sheets import CENTRE_SHEET, TABLES

REAL = load_content(ROOT / "content")

# Signs that spreadsheets, XML, YAML or Excel's formulas read in their own way.
SIGNS = "аяЮz09=+-@'<>&„“«»:#,;|\\/_x000D_ \t\n\r\x00\x07\x1f\x85\u2028\ufeff\uffff\U0001f600ع"
PHRASES = st.text(SIGNS, max_size=12).map(lambda text: f"а{text}я")
LONE = st.sampled_from(["=1+1", "+359", "-1", "@SUM(A1)", "_x000D_", "_x0041_я", "007", "да", "1"])
WORDS = st.one_of(PHRASES, LONE)
TEXTS = st.fixed_dictionaries(
    {"bg": WORDS}, optional={"en": WORDS, "ar": WORDS, "fr": WORDS, "xx": WORDS}
)
CODES = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True)
DAYS = st.dates(date(1990, 1, 1), date(2090, 1, 1))
SOURCED = {
    "source": st.sampled_from(["a.txt:1", "b-2.txt:3-5,9"]),
    "as_of": st.one_of(st.none(), st.just("undated"), st.sampled_from(["2014", "2014-06"])),
}


def thing(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({**fields, **SOURCED})


FACT = thing(text=TEXTS)
MAYBE = st.one_of(st.none(), FACT)
GROUPS = st.lists(
    st.one_of(st.sampled_from(sorted(REAL.catalogues)), CODES), max_size=3, unique=True
)


def several(item: st.SearchStrategy[Any], by: str = "") -> st.SearchStrategy[list[Any]]:
    unique = (lambda one: one[by]) if by else None
    return st.lists(item, max_size=2, unique_by=unique)


SERVICE = thing(
    id=CODES,
    slug=CODES.map(lambda code: code.replace("_", "-")),
    checked_on=st.sampled_from(["2026", "2026-11", "2026-11-22"]),
    name=TEXTS,
    description=TEXTS,
    legal_name=st.one_of(st.none(), TEXTS),
    groups=GROUPS,
    status=st.one_of(st.none(), thing(state=st.just("paused"), until=DAYS)),
)
PROGRAMME = thing(
    id=CODES,
    checked_on=st.just("2026-11"),
    name=TEXTS,
    part_of=st.one_of(st.none(), thing(service=CODES)),
    dates=several(thing(day=DAYS, starts=st.one_of(st.none(), st.just("09:30")))),
    next_check=st.one_of(st.none(), DAYS),
)
CENTRES = st.fixed_dictionaries(
    {
        "id": CODES.map(lambda code: code.replace("_", "-")),
        "checked_on": st.just("2026-11"),
        "letters": st.sampled_from(["key", "password", "open"]),
        "name": FACT,
        "short_name": TEXTS,
        "place": TEXTS,
        "summary": FACT,
        "region": MAYBE,
        "fee": MAYBE,
        "statements": st.fixed_dictionaries({"complaints": MAYBE}),
        "capacity": st.one_of(st.none(), thing(value=st.integers(0, 10**12), unit=TEXTS)),
        "phones": several(thing(number=st.sampled_from(["0373 9 10 76", "+359 2 1", "112"]))),
        "email": st.one_of(st.none(), thing(address=st.just("a@example.org"))),
        "notices": several(
            thing(text=TEXTS, first=st.just(date(1989, 1, 1)), until=DAYS, closed=st.booleans())
        ),
        "target_groups": several(
            thing(group=st.one_of(CODES, st.sampled_from(sorted(REAL.catalogues)))), "group"
        ),
        "services": st.lists(
            SERVICE, max_size=2, unique_by=(lambda s: s["id"], lambda s: s["slug"])
        ),
        "programmes": several(PROGRAMME, "id"),
        "routes": several(thing(kind=st.sampled_from(["self", "institution"]), text=TEXTS)),
        "team": several(thing(title=TEXTS, count=st.integers(1, 99))),
        "easy_read": several(thing(part=st.just("what"), pictogram=st.just("home"), text=TEXTS)),
    }
).map(Centre.model_validate)


def through_a_sheet(centre: Centre, file: Path) -> Centre:
    """The centre written as a spreadsheet and read again, with no fault and nothing added."""
    write_spreadsheet(file, centre, REAL.catalogues, ["bg", "en"])
    facts = facts_of_sheets(file.name, read_spreadsheet(file), REAL.catalogues)
    assert facts.problems == []
    again, said = finished_centre(file.parent, facts.data, date(2026, 11, 22))
    assert len(said.lines) == 1
    return again


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(centre=CENTRES)
def test_no_fact_is_lost_in_a_spreadsheet_or_in_a_file(
    centre: Centre, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Any centre, with any sign in its texts: facts → .xlsx → facts → YAML → facts are equal."""
    file = tmp_path_factory.mktemp("sheet") / "centre.xlsx"
    again = through_a_sheet(centre, file)
    assert again == centre
    assert Centre.model_validate(parse_yaml(centre_yaml(again)).data) == centre


def test_the_real_centres_come_back_whole(content: Content, tmp_path: Path) -> None:
    """In all five languages."""
    for centre in content.centres.values():
        assert through_a_sheet(centre, tmp_path / "centre.xlsx") == centre


def test_every_list_of_the_model_has_its_sheet(tmp_path: Path) -> None:
    """An empty spreadsheet has a row or a column for each field, explained, and no two alike."""
    file = tmp_path / "empty.xlsx"
    assert command(ROOT, "spreadsheet", str(file)).returncode == 0
    book = load_workbook(file)
    assert book.sheetnames == [CENTRE_SHEET, *(table.title for table in TABLES), "Списъци"]
    for table in TABLES:
        titles = [cell.value for cell in book[table.title][1]]
        assert len(titles) == len(set(titles))
        assert all(cell.value for cell in book[table.title][2])
    explained = list(book[CENTRE_SHEET].iter_rows(min_row=2, max_col=2, values_only=True))
    assert len({name for name, _ in explained}) == len(explained)
    assert all(words for _, words in explained)


def test_choices_are_offered_as_lists(tmp_path: Path) -> None:
    """Where the model knows the values, a cell is chosen and not typed."""
    file = tmp_path / "empty.xlsx"
    write_spreadsheet(file, None, REAL.catalogues, [])
    book = load_workbook(file)
    offered = {sheet.title for sheet in book.worksheets if sheet.data_validations.dataValidation}
    assert offered >= {CENTRE_SHEET, "Пътища до центъра", "На кого помагаме", "Съобщения", "Услуги"}
    (choice,) = book["Пътища до центъра"].data_validations.dataValidation
    sheet, _, cells = choice.formula1.replace("$", "").partition("!")
    listed = [cell.value for (cell,) in book[sheet.strip("'")][cells]]
    assert listed == ["закрила на детето", "друга институция", "човек сам"]


def test_what_begins_like_a_formula_is_text(tmp_path: Path, content: Content) -> None:
    """No cell of a written file is a formula, and an editor is told to keep it as text."""
    data = content.centres["sopot"].model_dump(mode="json", exclude_defaults=True)
    data["short_name"]["bg"] = "=HYPERLINK(‘http://a.example’)"
    file = tmp_path / "centre.xlsx"
    write_spreadsheet(file, Centre.model_validate(data), content.catalogues, [])
    cells = [cell for sheet in load_workbook(file) for row in sheet.iter_rows() for cell in row]
    assert [cell for cell in cells if cell.data_type == "f"] == []
    (risky,) = [cell for cell in cells if str(cell.value).startswith("=")]
    assert risky.quotePrefix


@pytest.fixture
def filled(tmp_path: Path) -> Callable[[Mapping[str, Mapping[str, Any]]], Path]:
    """Fills an empty spreadsheet in as a person does: sheet → cell or row name → value."""

    def fill(cells: Mapping[str, Mapping[str, Any]]) -> Path:
        file = tmp_path / "tsentar.xlsx"
        write_spreadsheet(file, None, REAL.catalogues, [])
        book = load_workbook(file)
        for name, values in cells.items():
            for place, value in values.items():
                _cell(book[name], place).value = value
        book.save(file)
        return file

    return fill


def _cell(sheet: Worksheet, place: str) -> Any:
    if re.fullmatch(r"[A-Z]+\d+", place):
        return sheet[place]
    (row,) = [row for row in sheet.iter_rows() if row[0].value == place]
    return row[2]


GOOD: dict[str, dict[str, Any]] = {
    CENTRE_SHEET: {"Населено място": "Бяла", "С две думи": "Помагаме на деца."},
    "Телефони": {"A3": "0817 1 23 45"},
    "На кого помагаме": {"A3": "Ученици"},
    "Услуги": {"A3": "Разговори", "C3": "Говорим с вас.", "F3": "Ученици"},
    "Програми": {"A3": "Моят избор", "B3": "Разговори"},
}


def test_a_filled_in_spreadsheet_becomes_a_centre(
    tmp_path: Path, filled: Callable[..., Path]
) -> None:
    """Codes, dates and sources are made; a group and a service may be named by their names."""
    project = tmp_path / "site"
    done = command(project, "new-centre", "--from", str(filled(GOOD)))
    assert done.returncode == 0, done.stderr
    centre = load_content(project / "content").centres["byala"]
    assert centre.name.text.to("bg") == "Център за обществена подкрепа, Бяла"
    assert [one.group for one in centre.target_groups] == ["pupils"]
    assert centre.services[0].groups == ("pupils",)
    assert centre.programmes[0].part_of
    assert centre.programmes[0].part_of.service == centre.services[0].id == "razgovori"
    lines = (project / "content/sources/byala.txt").read_text(encoding="utf-8").splitlines()
    assert lines[centre.phones[0].source.lines[0] - 1] == "Телефони: Телефон: 0817 1 23 45"


FAULTS: dict[str, tuple[str, str, Any, str, str]] = {
    "phone in words": ("Телефони", "A3", "няма", "A3", "телефонът се пише с 3 до 15 цифри"),
    "phone that lost its nought": ("Телефони", "A3", 81712345, "A3", "клетката е число"),
    "formula": ("Услуги", "C3", "=1+1", "C3", "тук има формула"),
    "service without a description": ("Услуги", "C3", None, "C3", "липсва"),
    "group that is none": ("Услуги", "F3", "Космонавти", "F3", "малки латински букви"),
    "kind that is none": ("Услуги", "G3", "Полети", "G3", "малки латински букви"),
    "column that is none": ("Телефони", "A1", "Номер", "A1", "няма такава колона"),
    "row that is none": (CENTRE_SHEET, "A3", "Хоби", "A3", "няма такъв ред"),
    "needed answer left out": (CENTRE_SHEET, "С две думи", None, "C", "липсва"),
    "straight quotes": (CENTRE_SHEET, "С две думи", 'Казваме "да".', "C", "правите кавички"),
    "choice that is none": (CENTRE_SHEET, "Как пътуват писмата", "с гълъб", "C", "може да стои"),
    "date of no programme": ("Програми – дати", "A3", "Няма такава", "A3", "няма такова име"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_said_with_its_sheet_cell_and_mend(
    tmp_path: Path, filled: Callable[..., Path], name: str
) -> None:
    """Nothing is written, and whoever filled it in finds the cell at once."""
    sheet, place, value, cell, sentence = FAULTS[name]
    cells = {**GOOD, sheet: {**GOOD.get(sheet, {}), place: value}}
    facts = facts_of_sheets("t.xlsx", read_spreadsheet(filled(cells)), REAL.catalogues)
    problems = list(facts.problems)
    try:
        finished_centre(tmp_path, facts.data, date(2026, 11, 22))
    except ValueError as error:
        problems += facts.problems_of(error)  # type: ignore[arg-type]
    said = [str(one) for one in problems if sentence in one.sentence]
    assert said, problems
    assert re.match(rf"t\.xlsx, лист „{sheet}“, клетка {cell}\d*(,|:)", said[0]), said


def test_all_faults_are_said_at_once_and_nothing_is_written(
    tmp_path: Path, filled: Callable[..., Path]
) -> None:
    """The command names each cell, ends with 1 and leaves no file."""
    cells = {**GOOD, "Телефони": {"A3": "няма"}, CENTRE_SHEET: {"Населено място": "Бяла"}}
    done = command(tmp_path / "site", "new-centre", "--from", str(filled(cells)))
    assert done.returncode == 1
    assert "лист „Телефони“, клетка A3" in done.stderr
    assert "лист „Център“, клетка C" in done.stderr
    assert "Traceback" not in done.stderr
    assert written(tmp_path) == ["tsentar.xlsx"]


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 no archive", b"not a table at all"])
def test_what_is_no_spreadsheet_is_said_so(tmp_path: Path, data: bytes) -> None:
    """A broken file, or a document with another name, gives a sentence."""
    file = tmp_path / "t.xlsx"
    file.write_bytes(data)
    done = command(tmp_path / "site", "new-centre", "--from", str(file))
    assert done.returncode == 1
    assert "не може да се прочете като електронна таблица" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_file_that_unpacks_to_very_much_is_refused(tmp_path: Path) -> None:
    """A small file that holds 60 MB of nothing is not read."""
    import zipfile

    file = tmp_path / "t.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b" " * 60_000_000)
    assert file.stat().st_size < 100_000
    done = command(tmp_path / "site", "new-centre", "--from", str(file))
    assert done.returncode == 1
    assert "твърде голям" in done.stderr


def test_another_table_is_refused_with_a_sentence(tmp_path: Path) -> None:
    """A spreadsheet about something else has no sheet of ours."""
    book = Workbook()
    book.active["A1"] = "Разходи"
    book.save(tmp_path / "t.xlsx")
    facts = facts_of_sheets("t.xlsx", read_spreadsheet(tmp_path / "t.xlsx"), REAL.catalogues)
    assert any("листът липсва" in one.sentence for one in facts.problems)
