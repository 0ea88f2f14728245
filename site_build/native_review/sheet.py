"""The sheet of a language for a native speaker: written, and read back as filled in.

Each row knows itself by a hidden mark, so rows may be sorted, taken out and copied elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from site_build.authoring.spreadsheet.sheet import (
    ErrorValue,
    Formula,
    Sheet,
    cell_name,
    column_number,
)
from site_build.authoring.spreadsheet.xlsx_reading import read_spreadsheet
from site_build.authoring.spreadsheet.xlsx_writing import lay_out, save_new, write_row
from site_build.errors import BuildError
from site_build.native_review.answers import Answer, texts_of
from site_build.native_review.sentences import KNOWN_PLACES, SECTIONS, Sentence
from site_model.i18n.languages import SiteLanguage, in_bulgarian

NUMBER: Final = "№"
WHERE: Final = "Къде се вижда"
BULGARIAN: Final = "Български"
TRANSLATION: Final = "Превод"
ANSWER: Final = "OK или по-добър превод"
REMARK: Final = "Бележка"
MARK: Final = "Знак на реда"
_COLUMNS: Final = (
    (NUMBER, 5, ""),
    (WHERE, 15, "Първо е това, което пази човек в опасност."),
    (BULGARIAN, 38, "Така е на български."),
    (TRANSLATION, 38, "Така е сега. Каквото е в { }, го слага сайтът: номер, име, връзка."),
    (
        ANSWER,
        38,
        "Ако е добре, напишете OK. Ако не е, напишете целия текст, както трябва да бъде. Каквото е "
        "в { }, препишете, както е.",
    ),
    (REMARK, 20, "Ако не знаете как е по-добре, напишете тук какво не е наред."),
    (MARK, 8, "По това програмата познава реда."),
)
_EXPLAINS: Final = frozenset(words for _, _, words in _COLUMNS if words)
_FAINT: Final = Font(italic=True, color="51605C")
_SECTION: Final = PatternFill("solid", fgColor="FFE9A8")
_LINE: Final = Border(bottom=Side("thin", color="9AA8A4"))


def write_sheet(
    file: Path, language: SiteLanguage, found: Sequence[Sentence], numbers: Mapping[str, str]
) -> None:
    """Write what there is to read; raises BuildError for a file that is there already."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = f"{in_bulgarian(language.code)} ({language.code})"
    lay_out(sheet, "A2", [width for _, width, _ in _COLUMNS])
    write_row(sheet, 0, [title for title, _, _ in _COLUMNS], header=True)
    write_row(sheet, 1, [words or None for _, _, words in _COLUMNS])
    for cell in sheet[2]:
        cell.font = _FAINT
    row, number = 1, 0
    for section, inside in groupby(found, lambda one: one.section):
        row += 1
        write_row(sheet, row, [None, None, SECTIONS[section]])
        for cell in sheet[row + 1]:
            cell.font, cell.fill = Font(bold=True), _SECTION
        for one in inside:
            row, number = row + 1, number + 1
            bulgarian, translation = texts_of(one, numbers)
            where = f"{one.where}, при число {one.form}" if one.form else one.where
            texts = (where, bulgarian.shown, translation.shown, None, None, one.id)
            write_row(sheet, row, [number, *texts])
    _arrange(sheet, row, from_the_right=language.direction == "rtl")
    save_new(file, book)


def _arrange(sheet: Worksheet, last: int, *, from_the_right: bool) -> None:
    """Lines between rows, for paper; the mark hidden; columns as their readers read."""
    sheet.column_dimensions["G"].hidden = True
    sheet.print_area = f"A1:F{last + 1}"
    sheet.oddFooter.center.text = "&P / &N"
    sheet.sheet_view.rightToLeft = from_the_right
    for row in sheet.iter_rows(min_row=1, max_row=last + 1, max_col=6):
        for place, cell in enumerate(row):
            cell.border = _LINE
            order = 2 if from_the_right and place in (3, 4) else 1
            cell.alignment = Alignment(wrap_text=True, vertical="top", readingOrder=order)


def read_sheet(file: Path) -> list[Answer]:
    """Every row that came back, of every sheet; raises BuildError for a file that is not ours."""
    answers: list[Answer] = []
    known = False
    for title, sheet in read_spreadsheet(file).items():
        for number, cells in sheet.rows.items():
            places = {str(value).strip(): place for place, value in cells.items()}
            if BULGARIAN in places and ANSWER in places:
                known = True
                answers += _answers(f"{file.name}, „{title}“", sheet, number, places)
                break
    if not known:
        raise BuildError(
            f"{file.name}: дайте таблицата, която направи make review, без да местите първия ѝ "
            f"ред: няма ред с „{BULGARIAN}“ и „{ANSWER}“."
        )
    return answers


def _answers(name: str, sheet: Sheet, head: int, places: Mapping[str, int]) -> Iterator[Answer]:
    titles = {place: title for title, place in places.items()}
    merged = _merged(sheet)
    for number, plain in sheet.rows.items():
        if number <= head:
            continue
        cells = {**merged.get(number, {}), **plain}
        found = {titles.get(place, ""): value for place, value in cells.items()}
        said = {title: _said(found.get(title)) for title in (BULGARIAN, TRANSLATION, ANSWER)}
        remarks = [_said(found.get(REMARK)), *_beside(sheet, number, cells, titles)]
        remark = "; ".join(filter(None, remarks))
        broken = next(
            (
                f"Напишете текст: в „{title}“ има формула"
                for title in (ANSWER, TRANSLATION)
                if isinstance(found.get(title), Formula | ErrorValue)
            ),
            "",
        )
        if _said(found.get(NUMBER)) or said[ANSWER] or remark or broken:
            mark = _said(found.get(MARK))
            place = f"{name}, ред {number + 1}"
            ours, theirs, answer = said.values()
            yield Answer(place, mark, ours, theirs, answer, remark, broken)


def _said(value: object) -> str:
    """What is in a cell, but for the words that explain its column."""
    text = "" if value is None else str(value).strip()
    return "" if text in _EXPLAINS else text


def _beside(
    sheet: Sheet, row: int, cells: Mapping[int, object], titles: Mapping[int, str]
) -> Iterator[str]:
    """What a reader wrote where nothing is asked: in other columns, and beside cells."""
    for place, value in cells.items():
        if place not in titles and _said(value):
            yield f"в {cell_name(row, place)}: {_said(value)}"
    where = next((_said(cells.get(place)) for place, title in titles.items() if title == WHERE), "")
    if where and not where.startswith(KNOWN_PLACES):
        yield f"в „{WHERE}“: {where}"
    for (at, place), words in sheet.comments.items():
        if at == row and words.strip():
            yield f"коментар в {cell_name(row, place)}: {words}"


def _merged(sheet: Sheet) -> dict[int, dict[int, object]]:
    """What a cell that was made of several says of each row that it spans."""
    found: dict[int, dict[int, object]] = {}
    for span in sheet.merged:
        first, _, last = span.partition(":")
        column = column_number(first)
        top, bottom = (int(re.sub(r"\D", "", name)) - 1 for name in (first, last or first))
        value = sheet.rows.get(top, {}).get(column)
        for row in sheet.rows:
            if value is not None and top < row <= bottom:
                found.setdefault(row, {})[column] = value
    return found
