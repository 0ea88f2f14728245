"""Spreadsheets (.xlsx) of a centre's facts: what `site_model.sheets` says, as a file, and back.

Nothing in a cell is ever a formula: what begins like one is written as text, marked as such for
whoever edits it, and a formula in a file that comes in is refused.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from site_build.errors import BuildError
from site_model.base import SOURCE_LANGUAGE
from site_model.centre import Centre, Service
from site_model.facts import CatalogueName, Catalogues
from site_model.field_words import words_of
from site_model.sheet_reading import Formula, Rows, cell_name
from site_model.sheets import (
    ANSWER_COLUMN,
    CENTRE_COLUMNS,
    CENTRE_SHEET,
    EXPLANATION_COLUMN,
    LISTS_SHEET,
    NAME_COLUMN,
    NO,
    OF_ITEM,
    TABLES,
    YES,
    Column,
    Names,
    Table,
    names_of,
    places_of,
    rows_of,
    shown,
    title_of,
    value_at,
)

LARGEST: Final = 5_000_000
UNPACKED: Final = 50_000_000
"""Bytes of a file that is read, and of what is packed in it: facts are a thousandth of that."""
LONGEST: Final = 32_767
"""Signs in a cell, by the limits of Excel."""
SPARE_ROWS: Final = 200
"""Rows below the facts in which lists to choose from are offered."""

_LIST_TITLES: Final[Mapping[CatalogueName, str]] = {
    "groups": words_of(Centre, "target_groups").title,
    "kinds": words_of(Service, "kind").title,
}
_HEADER: Final = PatternFill("solid", fgColor="D9EAE6")
# What XML cannot hold or would change, and what looks like the escape for it (ECMA-376, 22.9.2.19).
_ESCAPED: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)"
)


def write_spreadsheet(
    file: Path, centre: Centre | None, catalogues: Catalogues, languages: Sequence[str]
) -> None:
    """Write a centre's facts, or an empty form for a new one; raises BuildError."""
    data = centre.model_dump(mode="json", exclude_defaults=True) if centre else {}
    if centre:
        data["letters"] = centre.letters
    used = {language for text in _texts(data) for language in text}
    languages = [SOURCE_LANGUAGE, *sorted({*languages, *used} - {SOURCE_LANGUAGE})]
    book = Workbook()
    lists = _Lists(book.create_sheet(LISTS_SHEET), names_of(catalogues))
    _write_centre(book.worksheets[0], data, languages, lists)
    for table in TABLES:
        _write_table(book.create_sheet(table.title), table, data, languages, lists)
    book.move_sheet(LISTS_SHEET, len(TABLES))
    file.parent.mkdir(parents=True, exist_ok=True)
    book.save(file)


def _texts(data: Any) -> Iterable[Mapping[str, str]]:
    if isinstance(data, dict):
        if isinstance(data.get(SOURCE_LANGUAGE), str):
            yield data
        else:
            for value in data.values():
                yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)


class _Lists:
    """The sheet of everything that can be chosen, a column for each list."""

    def __init__(self, sheet: Worksheet, names: Names) -> None:
        self._sheet = sheet
        self.names = names
        self._known: dict[tuple[str, ...], str] = {}

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
            place = len(self._known)
            for number, text in enumerate((title, *options)):
                _put(self._sheet, number, place, text)
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
    sheet: Worksheet,
    data: Mapping[str, Any],
    languages: Sequence[str],
    lists: _Lists,
) -> None:
    sheet.title = CENTRE_SHEET
    answer = Column(("",), ANSWER_COLUMN, "", "words", {})
    titles = [title_of((answer, language)) for language in languages]
    _write_row(sheet, 0, [NAME_COLUMN, EXPLANATION_COLUMN, *titles], header=True)
    for number, (column, _) in enumerate(places_of(CENTRE_COLUMNS, [SOURCE_LANGUAGE]), 1):
        value = value_at(data, column.steps)
        said = languages if column.kind == "words" else ("",)
        cells = [shown(column, value, language, lists.names) for language in said]
        _write_row(sheet, number, [column.title, column.explanation, *cells])
        sheet.cell(number + 1, 1).font = Font(bold=True)
        lists.offer(sheet, column, cell_name(number, 2))
    _lay_out(sheet, "C2", (34, 60, 60))


def _write_table(
    sheet: Worksheet,
    table: Table,
    data: Mapping[str, Any],
    languages: Sequence[str],
    lists: _Lists,
) -> None:
    places = places_of(table.columns, languages)
    owned = len(table.steps) > 1
    titles = [OF_ITEM] * owned + [title_of(place) for place in places]
    _write_row(sheet, 0, titles, header=True)
    whose = ["Името на програмата или услугата, към която е редът."] * owned
    _write_row(sheet, 1, whose + [column.explanation for column, _ in places])
    last = 2
    for last, (owner, item) in enumerate(rows_of(data, table), 2):
        cells = [shown(c, value_at(item, c.steps), language, lists.names) for c, language in places]
        _write_row(sheet, last, [*([owner] * owned), *cells])
    for place, (column, _) in enumerate(places, owned):
        lists.offer(sheet, column, f"{cell_name(2, place)}:{cell_name(last + SPARE_ROWS, place)}")
    for cell in sheet[2]:
        cell.font = Font(italic=True, color="51605C")
    for row in sheet.iter_rows(min_row=last + 2, max_row=last + 20, max_col=len(titles)):
        for cell in row:
            cell.number_format = "@"
    _lay_out(sheet, "A3", (40,) * len(titles))


def _write_row(
    sheet: Worksheet, number: int, cells: Sequence[str | int | None], *, header: bool = False
) -> None:
    for place, value in enumerate(cells):
        _put(sheet, number, place, value)
        if header:
            cell = sheet.cell(1, place + 1)
            cell.font, cell.fill = Font(bold=True), _HEADER


def _put(sheet: Worksheet, row: int, column: int, value: str | int | None) -> None:
    """Write one cell: a number as one, everything else as text that stays text."""
    cell = sheet.cell(row + 1, column + 1)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
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


def _lay_out(sheet: Worksheet, frozen: str, widths: Sequence[int]) -> None:
    sheet.freeze_panes = frozen
    for number, width in enumerate(widths):
        sheet.column_dimensions[re.sub(r"\d", "", cell_name(0, number))].width = width


def read_spreadsheet(file: Path) -> dict[str, Rows]:
    """The cells of each sheet as plain values; raises BuildError for what is no such file."""
    try:
        size = file.stat().st_size
        with zipfile.ZipFile(file) as packed:
            size = max(size * (UNPACKED // LARGEST), sum(i.file_size for i in packed.infolist()))
        if size > UNPACKED:
            raise BuildError(f"{file.name}: файлът е твърде голям за факти на един център.")
        book = load_workbook(file)
    except FileNotFoundError:
        raise BuildError(f"{file}: няма такъв файл.") from None
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError) as error:
        raise BuildError(
            f"{file.name}: не може да се прочете като електронна таблица. "
            f"Запишете го отново като .xlsx ({type(error).__name__})."
        ) from None
    return {
        sheet.title: [[_plain(cell) for cell in row] for row in sheet.iter_rows()]
        for sheet in book.worksheets
    }


def _plain(cell: Any) -> Any:
    if cell.data_type == "f":
        return Formula(cell.value)
    if isinstance(cell.value, str):
        return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda sign: chr(int(sign[1], 16)), cell.value)
    return cell.value
