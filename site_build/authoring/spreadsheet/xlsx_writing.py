"""Writes spreadsheets (.xlsx) of a centre's facts: what `columns` says, as a file.

Nothing in a cell is ever a formula: what begins like one is written as text, marked as such for
anyone who edits it. `xlsx_cells` reads them back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from site_build.atomic_writing import write_new
from site_build.authoring.spreadsheet.base_facts import MARK_SHEET, MARK_WORDS, mark_of
from site_build.authoring.spreadsheet.changes import facts_of, languages_in
from site_build.authoring.spreadsheet.columns import (
    ANSWER_COLUMN,
    CENTRE_COLUMNS,
    CENTRE_SHEET,
    EXPLAINS,
    EXPLANATION_COLUMN,
    LISTS_SHEET,
    NAME_COLUMN,
    NEEDED_WORDS,
    NO,
    OF_ITEM,
    TABLES,
    YES,
    Column,
    Kind,
    Names,
    Table,
    cell_value,
    names_of,
    places_of,
    rows_of,
    title_of,
    value_at,
)
from site_build.authoring.spreadsheet.sheet import cell_name
from site_build.errors import BuildError
from site_model.facts.centre import Centre
from site_model.facts.services import Service
from site_model.facts.shared import Catalogues
from site_model.field_metadata import CatalogueName, words_of
from site_model.types import SOURCE_LANGUAGE

LONGEST: Final = 32_767
"""Signs in a cell, by the limits of Excel."""
SPARE_ROWS: Final = 200
"""Rows below the facts in which lists to choose from are offered."""

_LIST_TITLES: Final[Mapping[CatalogueName, str]] = {
    "groups": words_of(Centre, "target_groups").title,
    "kinds": words_of(Service, "kind").title,
}
_WIDTHS: Final[Mapping[Kind, int]] = {
    "words": 44,
    "list": 44,
    "text": 26,
    "phone": 22,
    "choice": 30,
}
_TOP: Final = Alignment(wrap_text=True, vertical="top")
_NEEDED: Final = PatternFill("solid", fgColor="FFE9A8")
_HEADER: Final = PatternFill("solid", fgColor="D9EAE6")
# What XML cannot hold or would change, and what looks like the escape for it (ECMA-376, 22.9.2.19).
_ESCAPED: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)"
)


def write_spreadsheet(
    file: Path, centre: Centre | None, catalogues: Catalogues, languages: Sequence[str]
) -> None:
    """Write a centre's facts, or an empty form for a new one; raises BuildError.

    A file that is there already may hold somebody's answers, so it is never written over.
    """
    data = facts_of(centre) if centre else {}
    languages = [SOURCE_LANGUAGE, *sorted({*languages, *languages_in(data)} - {SOURCE_LANGUAGE})]
    book = Workbook()
    lists = _Lists(book.create_sheet(LISTS_SHEET), names_of(catalogues))
    _write_centre(book.worksheets[0], data, languages, lists)
    for table in TABLES:
        _write_table(book.create_sheet(table.title), table, data, languages, lists)
    book.move_sheet(LISTS_SHEET, len(TABLES))
    mark = book.create_sheet(MARK_SHEET)
    mark.sheet_state = "hidden"
    for number, line in enumerate((MARK_WORDS, *mark_of(data))):
        put_cell(mark, number, 0, line)
    save_new(file, book)


def save_new(file: Path, book: Workbook) -> None:
    """Save a spreadsheet; raises BuildError for a file that is there, with somebody's answers."""
    made = BytesIO()
    book.save(made)
    try:
        write_new(file, made.getvalue())
    except FileExistsError:
        raise BuildError(
            f"{file} вече има и в него може да има попълнени отговори. Изберете друго име за "
            "новата таблица или преместете старата."
        ) from None


class _Lists:
    """The sheet of everything that can be chosen, a column for each list."""

    def __init__(self, sheet: Worksheet, names: Names) -> None:
        self._sheet = sheet
        self.names = names
        self._known: dict[tuple[str, ...], str] = {}
        self._numbered = 0

    def offer(self, sheet: Worksheet, column: Column, cells: str) -> None:
        """Let the cells be chosen from the column's list, if it has one."""
        title = column.title
        options: tuple[str, ...] = tuple(column.choices.values())
        if column.catalogue:
            title = _LIST_TITLES[column.catalogue]
            options = tuple(self.names[column.catalogue].values())
        elif column.kind == "yes":
            options = (YES, NO)
        if not options:
            return
        if options not in self._known:
            place = len(self._known) + 1
            for number in range(self._numbered, len(options) + 1):
                put_cell(self._sheet, number, 0, number or "№")
            self._numbered = max(self._numbered, len(options) + 1)
            for number, text in enumerate((title, *options)):
                put_cell(self._sheet, number, place, text)
            first, last = cell_name(1, place), cell_name(len(options), place)
            bounds = "".join(
                re.sub(r"([A-Z]+)(\d+)", r"$\1$\2", one) + ":" for one in (first, last)
            )
            self._known[options] = f"'{LISTS_SHEET}'!{bounds.rstrip(':')}"
        if column.kind != "list":  # a cell of several groups cannot offer them one by one
            choice = DataValidation("list", formula1=self._known[options], allow_blank=True)
            choice.errorTitle, choice.error = (
                "Няма такъв отговор",
                f"Изберете от лист {LISTS_SHEET}.",
            )
            choice.showErrorMessage = True
            choice.add(cells)
            sheet.add_data_validation(choice)


def _write_centre(
    sheet: Worksheet, data: Mapping[str, Any], languages: Sequence[str], lists: _Lists
) -> None:
    sheet.title = CENTRE_SHEET
    answer = Column(("",), ANSWER_COLUMN, "", "words", {})
    titles = [title_of((answer, language)) for language in languages]
    lay_out(sheet, "B2", (34, 60, *([60] * len(titles))))
    write_row(sheet, 0, [NAME_COLUMN, EXPLANATION_COLUMN, *titles], header=True)
    for number, (column, _) in enumerate(places_of(CENTRE_COLUMNS, [SOURCE_LANGUAGE]), 1):
        value = value_at(data, column.steps)
        said = languages if column.kind == "words" else ("",)
        cells = [cell_value(column, value, language, lists.names) for language in said]
        write_row(sheet, number, [column.title, _explained(column), *cells])
        sheet.cell(number + 1, 1).font = Font(bold=True)
        if column.needed:
            for place in (1, 3):
                sheet.cell(number + 1, place).fill = _NEEDED
        if column.of_source:
            sheet.row_dimensions[number + 1].outlineLevel = 1
            sheet.row_dimensions[number + 1].hidden = True
        lists.offer(sheet, column, cell_name(number, 2))


def _write_table(
    sheet: Worksheet,
    table: Table,
    data: Mapping[str, Any],
    languages: Sequence[str],
    lists: _Lists,
) -> None:
    places = places_of(table.columns, languages)
    owned = len(table.steps) > 1
    widths = [_WIDTHS.get(column.kind, 24) for column, _ in places]
    lay_out(sheet, "A3", (24,) * owned + tuple(widths))
    write_row(sheet, 0, [OF_ITEM] * owned + [title_of(place) for place in places], header=True)
    whose = [f"{EXPLAINS}Името на програмата или услугата, към която е редът."] * owned
    write_row(sheet, 1, whose + [f"{EXPLAINS}{_explained(column)}" for column, _ in places])
    last = 2
    for last, (owner, item) in enumerate(rows_of(data, table), 2):
        cells = [
            cell_value(c, value_at(item, c.steps), language, lists.names) for c, language in places
        ]
        write_row(sheet, last, [*([owner] * owned), *cells])
    for place, (column, language) in enumerate(places, owned):
        lists.offer(sheet, column, f"{cell_name(2, place)}:{cell_name(last + SPARE_ROWS, place)}")
        if column.needed and language in ("", SOURCE_LANGUAGE):
            sheet.cell(1, place + 1).fill = _NEEDED
        if column.of_source:
            folded = sheet.column_dimensions[_letters(place)]
            folded.outlineLevel, folded.hidden = 1, True
    for cell in sheet[2]:
        cell.font = Font(italic=True, color="51605C")


def _explained(column: Column) -> str:
    return f"{NEEDED_WORDS}{column.explanation}" if column.needed else column.explanation


def write_row(
    sheet: Worksheet, number: int, cells: Sequence[str | int | None], *, header: bool = False
) -> None:
    for place, value in enumerate(cells):
        put_cell(sheet, number, place, value)
        if header:
            cell = sheet.cell(1, place + 1)
            cell.font, cell.fill = Font(bold=True), _HEADER


def put_cell(sheet: Worksheet, row: int, column: int, value: str | int | None) -> None:
    """Write one cell: a number as one, everything else as text that stays text."""
    cell = sheet.cell(row + 1, column + 1)
    cell.alignment = _TOP
    if isinstance(value, int):
        cell.value = value
        return
    cell.number_format = "@"
    if value is None:
        return
    text = _ESCAPED.sub(lambda sign: f"_x{ord(sign[0]):04X}_", value)
    if len(text) > LONGEST:
        raise BuildError(f"„{value[:40]}…“ е по-дълго от {LONGEST} знака: не се побира в клетка.")
    cell.value = text
    cell.data_type = "s"
    cell.quotePrefix = value[0] in "=+-@\t"


def _letters(column: int) -> str:
    return cell_name(0, column).rstrip("1")


def lay_out(sheet: Worksheet, frozen: str, widths: Sequence[int]) -> None:
    """Columns whose cells stay text whatever is typed, and a page as wide as its columns."""
    sheet.freeze_panes = frozen
    for number, width in enumerate(widths):
        column = sheet.column_dimensions[_letters(number)]
        column.width, column.number_format, column.alignment = width, "@", _TOP
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToHeight = 0
    sheet.print_title_rows = "1:1"
