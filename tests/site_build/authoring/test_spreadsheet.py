"""A centre's facts as a spreadsheet: nothing is lost, nothing computes, faults have a cell."""

from __future__ import annotations

import base64
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from site_build.authoring.new_centre import finished_centre
from site_build.authoring.spreadsheet.base_facts import facts_marked
from site_build.authoring.spreadsheet.changes import facts_of
from site_build.authoring.spreadsheet.columns import CENTRE_SHEET, TABLES
from site_build.authoring.spreadsheet.sheet_reading import facts_of_sheets
from site_build.authoring.spreadsheet.xlsx_reading import read_spreadsheet
from site_build.authoring.spreadsheet.xlsx_writing import write_spreadsheet
from site_build.authoring.yaml_file import centre_yaml
from site_build.errors import BuildError
from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.facts.contacts import Phone
from site_model.field_metadata import words_of
from site_model.loading.loader import load_content
from site_model.loading.yaml_lines import parse_yaml
from tests.support.content.told import command, written
from tests.support.project import ROOT, real_content

REAL = real_content()

# Signs that spreadsheets, XML, YAML or Excel's formulas read in their own way.
SIGNS = "аяЮz09=+-@'<>&„“«»:#,;|\\/_x000D_ \t\n\r\x00\x07\x1f\x85\u2028\ufeff\uffff\U0001f600ع"
PHRASES = st.text(SIGNS, max_size=12).map(lambda text: f"а{text}я")
LONE = st.sampled_from(["=1+1", "+359", "-1", "@SUM(A1)", "_x000D_", "_x0041_я", "007", "да", "1"])
WORDS = st.one_of(PHRASES, LONE)
TEXTS = st.fixed_dictionaries(
    {"bg": WORDS}, optional={"en": WORDS, "ar": WORDS, "fr": WORDS, "xx": WORDS}
)
PLACES = st.fixed_dictionaries({"bg": PHRASES}, optional={"en": WORDS})
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
GROUP = st.sampled_from(sorted(REAL.groups))
GROUPS = st.lists(GROUP, max_size=3, unique=True)


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


def with_known_services(data: dict[str, Any]) -> dict[str, Any]:
    """The same; a programme that is part of something is part of the first service there is."""
    for programme in data["programmes"]:
        if programme["part_of"] and data["services"]:
            programme["part_of"]["service"] = data["services"][0]["id"]
        else:
            programme["part_of"] = None
    return data


CENTRES = st.fixed_dictionaries(
    {
        "id": CODES.map(lambda code: code.replace("_", "-")),
        "checked_on": st.just("2026-11"),
        "letters": st.sampled_from(["key", "password"]),
        "name": FACT,
        "short_name": TEXTS,
        "place": PLACES,
        "summary": FACT,
        "region": st.one_of(st.none(), thing(text=PLACES)),
        "fee": MAYBE,
        "statements": st.fixed_dictionaries({"complaints": MAYBE}),
        "capacity": st.one_of(st.none(), thing(value=st.integers(0, 10**12), unit=TEXTS)),
        "phones": several(
            thing(number=st.sampled_from(["0373 9 10 76", "+359 2 981 7686 вътр. 1", "112"]))
        ),
        "email": st.one_of(st.none(), thing(address=st.just("a@example.org"))),
        "notices": several(
            thing(text=TEXTS, first=st.just(date(1990, 1, 1)), until=DAYS, closed=st.booleans())
        ),
        "target_groups": several(thing(group=GROUP), "group"),
        "services": st.lists(
            SERVICE, max_size=2, unique_by=(lambda s: s["id"], lambda s: s["slug"])
        ),
        "programmes": several(PROGRAMME, "id"),
        "routes": several(thing(kind=st.sampled_from(["self", "institution"]), text=TEXTS)),
        "team": several(thing(title=TEXTS, count=st.integers(1, 99))),
        "easy_read": several(thing(part=st.just("what"), pictogram=st.just("home"), text=TEXTS)),
    }
).map(lambda data: Centre.model_validate(with_known_services(data)))


def through_a_sheet(centre: Centre, file: Path) -> Centre:
    """The centre written as a spreadsheet and read again, with no fault and nothing added."""
    file.unlink(missing_ok=True)
    write_spreadsheet(file, centre, REAL.catalogues, ["bg", "en"])
    facts = facts_of_sheets(file.name, read_spreadsheet(file), REAL.catalogues)
    assert facts.problems == []
    assert facts.base == facts_of(centre)
    again, said = finished_centre(file.parent, facts.data, date(2026, 11, 22), REAL.catalogues)
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


def test_a_group_of_its_own_comes_back(content: Content, tmp_path: Path) -> None:
    """With its code, also where a service names it; the list of all has it not."""
    data = content.centres["sopot"].model_dump(mode="json", exclude_defaults=True)
    own = {"group": "grandparents", "name": {"bg": "Баби и дядовци"}, "source": "a.txt:1"}
    data["target_groups"].append(own)
    data["services"][0]["groups"] = ["pupils", "grandparents"]
    centre = Centre.model_validate(data)
    assert through_a_sheet(centre, tmp_path / "c.xlsx") == centre


def test_every_list_of_the_model_has_its_sheet(tmp_path: Path) -> None:
    """An empty spreadsheet has a row or a column for each field, explained, and no two alike."""
    file = tmp_path / "empty.xlsx"
    assert command(ROOT, "spreadsheet", str(file)).returncode == 0
    book = load_workbook(file)
    assert book.sheetnames == [CENTRE_SHEET, *(table.title for table in TABLES), "Списъци", "Опора"]
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
        file.unlink(missing_ok=True)
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
    CENTRE_SHEET: {"Населено място": "Бяла", "Накратко": "Помагаме на деца."},
    "Телефони": {"A3": "0817 1 23 45"},
    "На кого помагаме": {"A3": "Ученици"},
    "Услуги": {"A3": "Разговори", "C3": "Говорим с вас.", "F3": "Ученици"},
    "Програми": {"A3": "Моят избор", "B3": "Разговори"},
    "Съобщения": {"A3": "Почиваме.", "C3": "31.12.2090"},
}


def test_a_filled_in_spreadsheet_becomes_a_centre(
    tmp_path: Path, filled: Callable[..., Path]
) -> None:
    """Codes, dates and sources are made; a group and a service may be named by their names."""
    project = tmp_path / "site"
    closed = {"A3": "Почиваме.", "B3": "24.12.2090", "C3": "31.12.2090", "D3": "да"}
    good = filled(GOOD | {"Съобщения": closed})
    done = command(project, "new-centre", "--from", str(good), "--yes")
    assert done.returncode == 0, done.stderr
    centre = load_content(project / "content").centres["byala"]
    assert centre.name.text.to("bg") == "Център за обществена подкрепа, Бяла"
    assert [one.group for one in centre.target_groups] == ["pupils"]
    assert centre.services[0].groups == ("pupils",)
    assert centre.programmes[0].part_of
    assert centre.programmes[0].part_of.service == centre.services[0].id == "razgovori"
    lines = (project / "content/sources/byala.txt").read_text(encoding="utf-8").splitlines()
    assert lines[centre.phones[0].source.lines[0] - 1] == "Телефони: Телефон: 0817 1 23 45"
    assert "На кого помагаме: Група: Ученици" in lines
    assert (
        "Съобщения: Съобщение: Почиваме.; От ден: 24.12.2090; До ден: 31.12.2090; "
        "Затворено ли е: да" in lines
    )
    assert re.search("True|[{}]|pupils", "\n".join(lines)) is None


FAULTS: dict[str, tuple[str, str, Any, str, str]] = {
    "phone in words": ("Телефони", "A3", "няма", "A3", "тук се пише телефон"),
    "formula": ("Услуги", "C3", "=1+1", "C3", "тук има формула"),
    "service without a description": ("Услуги", "C3", None, "C3", "липсва"),
    "group that is none": ("Услуги", "F3", "Космонавти", "F3", "„Космонавти“ го няма в списъка"),
    "kind that is none": ("Услуги", "G3", "Полети", "G3", "„Полети“ го няма в списъка"),
    "column that is none": ("Телефони", "A1", "Номер", "A1", "няма такава колона"),
    "row that is none": (CENTRE_SHEET, "A3", "Хоби", "A3", "няма такъв ред"),
    "needed answer left out": (CENTRE_SHEET, "Накратко", None, "C", "липсва"),
    "a quote alone": (CENTRE_SHEET, "Накратко", 'Казваме "да.', "C", "е сама"),
    "error of the program": ("Услуги", "C3", "#N/A", "C3", "тук има грешка от таблицата"),
    "telephone as a fraction": ("Телефони", "A3", 373.91, "A3", "превърнала написаното в 373,91"),
    "numbers that became one": ("Услуги", "F3", 7.8, "F3", "Напишете ги с точка и запетая"),
    "hour that is none": ("Програми – дати", "C3", "25:00", "C3", "Пише се например 14:00"),
    "day that is none": ("Програми – дати", "B3", "31.02.2027", "B3", "не е ден от календара"),
    "date of nothing": ("Програми – дати", "B3", "28.02.2027", "A3", "към което е редът"),
    "count in words": ("Екип", "B3", "двама", "B3", "не е цяло число"),
    "count left out": ("Екип", "A3", "психолог", "B3", "липсва"),
    "closed without a first day": ("Съобщения", "D3", "да", "B3", "от кой ден"),
    "answer in a column without a name": ("Телефони", "H3", "0817 1 23 45", "H3", "няма име"),
    "answer behind an explanation": (
        *("Телефони", "A2", f"↑ Нужно. {words_of(Phone, 'number').explanation} 0888 123 456"),
        *("A2", "на ред по-долу"),
    ),
    "choice that is none": (
        CENTRE_SHEET,
        "Как пътуват писмата",
        "с гълъб",
        "C",
        "Изберете от лист",
    ),
    "two e-mails": (CENTRE_SHEET, "Имейл", "a@b.bg; c@d.bg", "C", "са няколко имейла"),
    "two places in a row": ("Общини", "A3", "Ракитово, Сърница", "A3", "Напишете всяко отделно"),
    "place without a letter": (CENTRE_SHEET, "Област", 12345, "C", "няма букви"),
    "date of no programme": ("Програми – дати", "A3", "Няма такава", "A3", "няма „Няма такава“"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_said_with_its_sheet_cell_and_fix(
    tmp_path: Path, filled: Callable[..., Path], name: str
) -> None:
    """Nothing is written, and the person who filled it in finds the cell at once."""
    sheet, place, value, cell, sentence = FAULTS[name]
    cells = {**GOOD, sheet: {**GOOD.get(sheet, {}), place: value}}
    facts = facts_of_sheets("t.xlsx", read_spreadsheet(filled(cells)), REAL.catalogues)
    problems = list(facts.problems)
    try:
        finished_centre(tmp_path, facts.data, date(2026, 11, 22), REAL.catalogues)
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
    cells |= {"Пътища до центъра": {"A3": "с влак", "B3": "Направо."}, "Екип": {"A3": "психолог"}}
    done = command(tmp_path / "site", "new-centre", "--from", str(filled(cells)))
    assert done.returncode == 1
    assert "лист „Телефони“, клетка A3" in done.stderr
    assert "лист „Център“, клетка C" in done.stderr
    named = re.findall("лист „[^“]*“, клетка [A-Z]+[0-9]+", done.stderr)
    sheets = [one.split("“")[0].partition("„")[2] for one in named]
    assert sheets == [CENTRE_SHEET, "Телефони", "Пътища до центъра", "Екип"]
    assert len(named) == len(set(named)) == 4
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


SHEET = "xl/worksheets/sheet1.xml"
MILLION = 1_000_000


@pytest.mark.parametrize(
    ("part", "most"), [("xl/workbook.xml", 20 * MILLION), (SHEET, 250 * MILLION)]
)
def test_a_file_that_unpacks_to_very_much_is_refused(tmp_path: Path, part: str, most: int) -> None:
    """A small file that holds more than 20 MB of nothing, or 250 MB in a sheet, is not read."""
    file = with_part(tmp_path, part, most)
    assert file.stat().st_size < 2 * MILLION
    assert read_spreadsheet(file)
    with pytest.raises(BuildError, match="твърде голям"):
        read_spreadsheet(with_part(tmp_path, part, most + 1))


def with_part(folder: Path, part: str, size: int) -> Path:
    """A spreadsheet of which one part is made as long as that with spaces."""
    made, file = folder / "made.xlsx", folder / "t.xlsx"
    if not made.exists():
        write_spreadsheet(made, None, REAL.catalogues, [])
    with zipfile.ZipFile(made) as good, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in good.namelist():
            packed.writestr(name, good.read(name).ljust(size if name == part else 0), None, 1)
    return file


def test_more_cells_than_a_centre_can_fill_are_refused(tmp_path: Path) -> None:
    """200,000 in all sheets; those that are only formatted do not count."""
    assert len(read_spreadsheet(with_cells(tmp_path, 200_000))["Sheet"].rows) == 200
    with pytest.raises(BuildError, match="твърде голям"):
        read_spreadsheet(with_cells(tmp_path, 200_001))


def with_cells(folder: Path, cells: int) -> Path:
    """A spreadsheet in which as many cells hold something, a thousand in a row."""
    made, file = folder / "made.xlsx", folder / "t.xlsx"
    Workbook().save(made)
    row = f"<row><c/>{'<c><v>1</v></c>' * 1000}</row>"
    rows = row * (cells // 1000) + "<row>" + "<c><v>1</v></c>" * (cells % 1000) + "</row>"
    with zipfile.ZipFile(made) as good, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        for name in good.namelist():
            sheet = f"<worksheet><sheetData>{rows}</sheetData></worksheet>"
            packed.writestr(name, sheet if name == SHEET else good.read(name), None, 1)
    return file


def test_what_a_file_carries_unpacks_to_20_megabytes_at_most() -> None:
    """The facts that a spreadsheet was made from come from the person who sent it."""
    for length, known in ((20 * MILLION, True), (20 * MILLION + 1, False)):
        facts = b'{"a":"' + b" " * (length - 8) + b'"}'
        line = base64.b64encode(zlib.compress(facts, 1)).decode()
        assert (facts_marked([line]) is not None) is known


def test_a_document_type_is_refused(tmp_path: Path) -> None:
    """No spreadsheet program writes one, and entities would grow without end or name files."""
    made, file = tmp_path / "made.xlsx", tmp_path / "t.xlsx"
    Workbook().save(made)
    sheet = '<!DOCTYPE a [<!ENTITY b "1">]><worksheet><sheetData/></worksheet>'
    with zipfile.ZipFile(made) as good, zipfile.ZipFile(file, "w") as packed:
        for name in good.namelist():
            packed.writestr(name, sheet if name == SHEET else good.read(name))
    with pytest.raises(BuildError, match="не може да се прочете"):
        read_spreadsheet(file)


def test_the_command_says_that_a_file_is_too_large(tmp_path: Path) -> None:
    """In a sentence, with what to do."""
    file = tmp_path / "t.xlsx"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("_rels/.rels", b" " * 21 * MILLION)
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
