"""What people type into a spreadsheet, and what Excel makes of it, is read as it is meant."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from site_build.authoring.spreadsheet.cell_reading import curl_quotes
from site_build.authoring.spreadsheet.columns import CENTRE_SHEET
from site_build.authoring.spreadsheet.facts import SheetFacts
from site_build.authoring.spreadsheet.sheet_reading import facts_of_sheets
from site_build.authoring.spreadsheet.xlsx_reading import read_spreadsheet
from site_model.loading.loader import load_catalogues
from tests.support.project import ROOT

CATALOGUES = load_catalogues(ROOT / "content")
GROUPS = list(CATALOGUES["groups"])
LEGAL = CATALOGUES["groups"]["disability"].legal.to("bg")
PLAIN = CATALOGUES["groups"]["disability"].plain.to("bg")


def facts(tmp_path: Path, sheet: str, rows: list[list[Any]], formats: dict[str, str]) -> Any:
    """The facts of a workbook with these cells, written by hand."""
    book = Workbook()
    book.active.title = CENTRE_SHEET
    book.active.append(["Какво", "Обяснение", "Отговор"])
    book.active.append(["Населено място", None, "Бяла"])
    book.active.append(["Накратко", None, "Помагаме."])
    page = book.active if sheet == CENTRE_SHEET else book.create_sheet(sheet)
    for row in rows:
        page.append(row)
    for cell, code in formats.items():
        page[cell].number_format = code
    book.save(tmp_path / "t.xlsx")
    return facts_of_sheets("t.xlsx", read_spreadsheet(tmp_path / "t.xlsx"), CATALOGUES)


CASES: list[tuple[str, str, Any, str, Any]] = [
    ("Телефони", "Телефон", 887123456, "General", "0887123456"),
    ("Телефони", "Телефон", 359887123456, "General", "+359887123456"),
    ("Телефони", "Телефон", 112, "General", "112"),
    ("Телефони", "Телефон", " 0373 9 10 76\n", "@", "0373 9 10 76"),
    ("История", "Кога", datetime(2026, 11, 28), "d.m.yyyy г.", "2026-11-28"),
    ("История", "Кога", datetime(2018, 3, 1), "mmm-yy", "2018-03"),
    ("История", "Кога", "28.11.2026", "@", "2026-11-28"),
    ("История", "Кога", "03.2018", "@", "2018-03"),
    ("История", "Кога", "март 2018 г.", "@", "2018-03"),
    ("История", "Кога", "2018-03", "@", "2018-03"),
    ("История", "Кога", 2014, "General", "2014"),
    ("История", "Кога", "2014 г.", "@", "2014"),
    ("История", "Кога", "Не се знае", "@", "undated"),
    ("Екип", "Колко души", "2", "@", 2),
    ("Екип", "Колко души", 2.0, "0.00", 2),
    ("Съобщения", "Затворено ли е", "Да", "@", True),
    ("Съобщения", "Затворено ли е", True, "General", True),
    ("Съобщения", "До ден", date(2026, 12, 31), "dd.mm.yyyy", "2026-12-31"),
    ("Пътища до центъра", "Вид", "Човек сам", "@", "self"),
    ("На кого помагаме", "Група", 3, "General", GROUPS[2]),
    ("На кого помагаме", "Група", f"  {PLAIN.upper()}. ", "@", "disability"),
    ("На кого помагаме", "Група", LEGAL, "@", "disability"),
    ("Услуги", "За кого", "7, 8, 3", "@", [GROUPS[6], GROUPS[7], GROUPS[2]]),
    ("Услуги", "За кого", "1;2", "@", GROUPS[:2]),
    ("Услуги", "За кого", f"1\n{PLAIN}", "@", [GROUPS[0], "disability"]),
    ("Услуги", "За кого", 4, "General", [GROUPS[3]]),
    ("Услуги", "Услуга", 'Групата "Заедно"', "@", {"bg": "Групата „Заедно“"}),
    ("Екип", "Колко души", "2 бр.", "@", 2),
    ("Екип", "Колко души", "4 души", "@", 4),
    ("Услуги", "Услуга", 112, "General", {"bg": "112"}),
]
FIELDS = {
    "Телефон": "number",
    "Кога": "as_of",
    "Колко души": "count",
    "Затворено ли е": "closed",
    "До ден": "until",
    "Вид": "kind",
    "Група": "group",
    "За кого": "groups",
    "Услуга": "name",
}
LISTS = {
    "Телефони": "phones",
    "История": "history",
    "Екип": "team",
    "Съобщения": "notices",
    "Пътища до центъра": "routes",
    "На кого помагаме": "target_groups",
    "Услуги": "services",
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case[1]}={case[2]}")
def test_a_cell_is_read_as_it_is_meant(
    tmp_path: Path, case: tuple[str, str, Any, str, Any]
) -> None:
    """Typed into a cell of its own, whatever the program made of it."""
    sheet, title, cell, code, meant = case
    found = facts(tmp_path, sheet, [[title], [cell]], {"A2": code})
    assert [p for p in found.problems if p.field == title] == []
    [item] = found.data[LISTS[sheet]]
    assert item[FIELDS[title]] == meant


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ('Казва "да" и "не"', "Казва „да“ и „не“"),
        ("Казва “да” и “не”", "Казва „да“ и „не“"),
        ("Казва „да“ и „не“", "Казва „да“ и „не“"),
        ("Казва „да“ и не”", "Казва „да“ и не”"),
    ],
)
def test_quotes_become_bulgarian_where_they_stand_in_pairs(typed: str, said: str) -> None:
    assert curl_quotes(typed) == said


def programme_dates(tmp_path: Path, owner: str, *days: Any) -> SheetFacts:
    """„Моят избор“ with straight quotes, and dates that say to what they belong."""
    book = Workbook()
    book.active.title = CENTRE_SHEET
    book.active.append(["Какво", "Отговор"])
    programmes = book.create_sheet("Програми")
    programmes.append(["Програма"])
    programmes.append(['"Моят избор"'])
    dates = book.create_sheet("Програми – дати")
    dates.append(["Към", "Ден"])
    for day in days:
        dates.append([owner, day])
    book.save(tmp_path / "t.xlsx")
    return facts_of_sheets("t.xlsx", read_spreadsheet(tmp_path / "t.xlsx"), CATALOGUES)


@pytest.mark.parametrize(
    "owner",
    ['"Моят избор"', "„Моят избор“", "Моят избор", "МОЯТ  ИЗБОР.", "«Моят избор»", "Моят\xa0избор"],
)
def test_a_name_is_known_however_it_is_quoted(tmp_path: Path, owner: str) -> None:
    found = programme_dates(tmp_path, owner, "28.11.2026")
    assert [str(one) for one in found.problems if "няма" in one.sentence] == []
    assert found.data["programmes"][0]["dates"] == [{"day": "2026-11-28"}]


def test_a_row_of_nobody_is_not_taken_for_another(tmp_path: Path) -> None:
    """Neither row names a programme that there is, and the second has no day of the calendar."""
    found = programme_dates(tmp_path, "Друга", date(2026, 12, 5), "всеки вторник")
    of_days = [one for one in found.problems if one.field == "Ден"]
    assert [one.cell for one in of_days] == ["лист „Програми – дати“, клетка B3"]
    assert "всеки вторник" in of_days[0].sentence


@pytest.mark.parametrize(
    ("cell", "code", "meant"),
    [
        (time(14, 0), "h:mm", "14:00"),
        (time(9, 5), "hh:mm:ss", "09:05"),
        ("14.30", "@", "14:30"),
        ("9 ч.", "@", "09:00"),
        (14, "General", "14:00"),
    ],
)
def test_hours_of_a_day(tmp_path: Path, cell: Any, code: str, meant: str) -> None:
    book = Workbook()
    book.active.title = CENTRE_SHEET
    book.active.append(["Какво", "Отговор"])
    programmes = book.create_sheet("Програми")
    programmes.append(["Програма"])
    programmes.append(["Моят избор"])
    dates = book.create_sheet("Програми – дати")
    dates.append(["Към", "Ден", "Начало"])
    dates.append(["моят избор", "15.3.2027 г.", cell])
    dates["C2"].number_format = code
    book.save(tmp_path / "t.xlsx")
    found = facts_of_sheets("t.xlsx", read_spreadsheet(tmp_path / "t.xlsx"), CATALOGUES)
    [one] = found.data["programmes"][0]["dates"]
    assert one == {"day": "2027-03-15", "starts": meant}


def test_days_of_a_file_that_counts_from_1904(tmp_path: Path) -> None:
    """As Excel on old Macs writes them."""
    book = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.title = CENTRE_SHEET
    page = book.create_sheet("История")
    page.append(["Кога", "Събитие"])
    page.append([datetime(2014, 6, 4), "Открит е."])
    book.save(tmp_path / "t.xlsx")
    sheets = read_spreadsheet(tmp_path / "t.xlsx")
    assert sheets["История"].rows[1][0] == date(2014, 6, 4)


def test_what_was_read_otherwise_is_said(tmp_path: Path) -> None:
    """The person sees which telephone was understood, with its cell."""
    found = facts(tmp_path, "Телефони", [["Телефон"], [887123456], ["0373 9 10 76"]], {})
    assert found.understood == ["лист „Телефони“, клетка A2: 0887123456"]


def test_a_list_says_the_words_that_it_takes(tmp_path: Path) -> None:
    """A near miss gets the word that was meant."""
    rows = [["Вид"], ["закрила на дете"]]
    [problem] = [
        p for p in facts(tmp_path, "Пътища до центъра", rows, {}).problems if p.field == "Вид"
    ]
    assert "Може би „закрила на детето“?" in problem.sentence
