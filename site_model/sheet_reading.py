"""Pure: the cells of a spreadsheet back to facts, with the cell of each, so that faults are placed.

What a person may leave out is completed later (`site_model.completion`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from pydantic import ValidationError

from site_model.base import SOURCE_LANGUAGE
from site_model.centre import Centre
from site_model.completion import Data
from site_model.facts import CatalogueName, Catalogues
from site_model.problems import Problem, names_known_at, sentence_for
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
    Place,
    Table,
    languages_of,
    names_of,
    places_of,
    title_of,
)
from site_model.validators import parse_day

Rows = Sequence[Sequence[Any]]
Loc = tuple[str | int, ...]

_CODE: Final = re.compile(r"[a-z][a-z0-9_]*")


class Formula(str):
    """A cell that computes; nobody can check what it will say, so it is refused."""


@dataclass
class SheetFacts:
    """What was read: facts, the cell of each place in them, and what could not be read."""

    file: str
    data: Data = field(default_factory=dict)
    cells: dict[Loc, tuple[str, str]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, cell: tuple[str, str], sentence: str) -> None:
        where, title = cell
        self.problems.append(Problem(self.file, 1, title, sentence, where))

    def problems_of(self, error: ValidationError) -> list[Problem]:
        """Each error of the model with the cell that it is about."""
        found = []
        for item in error.errors():
            loc = item["loc"]
            steps = next((loc[:n] for n in range(len(loc), 0, -1) if loc[:n] in self.cells), None)
            where, title = self.cells[steps] if steps else (f"лист „{CENTRE_SHEET}“", str(loc[-1]))
            sentence = sentence_for(item, names_known_at(Centre, loc))
            found.append(Problem(self.file, 1, title, sentence, where))
        return found


def facts_of_sheets(file: str, sheets: Mapping[str, Rows], catalogues: Catalogues) -> SheetFacts:
    """The facts that the sheets hold, with `problems`."""
    facts = SheetFacts(file)
    if CENTRE_SHEET not in sheets:
        facts.problem((f"лист „{CENTRE_SHEET}“", ""), "листът липсва. Вземете празен файл отново.")
        return facts
    reader = _Reader(facts, catalogues)
    reader.read_centre(sheets[CENTRE_SHEET])
    for table in TABLES:
        reader.read_table(sheets.get(table.title, ()), table)
    known = {CENTRE_SHEET, LISTS_SHEET, *(table.title for table in TABLES)}
    for name in sheets.keys() - known:
        if any(value is not None for row in sheets[name] for value in row):
            facts.problem(
                (f"лист „{name}“", ""), "няма такъв лист. Преименувайте го или го махнете."
            )
    return facts


def cell_name(row: int, column: int) -> str:
    """A cell as a spreadsheet names it; both count from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


class _Reader:
    """Reads one sheet after the other into `facts`."""

    def __init__(self, facts: SheetFacts, catalogues: Catalogues) -> None:
        self._facts = facts
        self._codes = {
            catalogue: {
                **{str(number): id for number, id in enumerate(catalogues[catalogue], 1)},
                **{name: id for id, name in names.items()},
            }
            for catalogue, names in names_of(catalogues).items()
        }

    def read_centre(self, rows: Rows) -> None:
        """The sheet in which each row is a field."""
        header = [_stripped(value) for value in rows[0]] if rows else []
        columns = {column.title: column for column in CENTRE_COLUMNS}
        answers = {title_of((_ANSWER, language)): language for language in languages_of(header)}
        self._header(CENTRE_SHEET, header, {NAME_COLUMN, EXPLANATION_COLUMN, *answers}, NAME_COLUMN)
        if NAME_COLUMN not in header:
            return
        seen: set[str] = set()
        for number, row in enumerate(rows[1:], 1):
            name = _stripped(_get(row, header.index(NAME_COLUMN)))
            column = columns.get(name)
            here = (_where(CENTRE_SHEET, number, header.index(NAME_COLUMN)), name)
            if column is None or name in seen:
                if any(value is not None for value in row):
                    twice = "е написано два пъти. Оставете едното."
                    self._facts.problem(here, twice if column else "няма такъв ред. Махнете го.")
                continue
            seen.add(name)
            for place, title in enumerate(header):
                if title in answers:
                    language = answers[title]
                    if column.kind == "words" or language == SOURCE_LANGUAGE:
                        said = language if column.kind == "words" else ""
                        cell = (_where(CENTRE_SHEET, number, place), name)
                        self._take(self._facts.data, (), (column, said), _get(row, place), cell)

    def read_table(self, rows: Rows, table: Table) -> None:
        """A sheet of items: titles, explanations, and then a row for each."""
        header = [_stripped(value) for value in rows[0]] if rows else []
        known = {title_of(place): place for place in places_of(table.columns, languages_of(header))}
        owner = {OF_ITEM} if len(table.steps) > 1 else set()
        self._header(table.title, header, {*known, *owner}, None)
        for number, row in enumerate(rows[2:], 2):
            if all(_stripped(value) == "" for value in row):
                continue
            found = self._item(table, number, header, row)
            if found is None:
                continue
            items, base = found
            item: Data = {}
            loc = (*base, len(items))
            self._facts.cells[loc] = (_where(table.title, number, 0), "")
            for place, title in enumerate(header):
                if title in known:
                    cell = (_where(table.title, number, place), title)
                    self._take(item, loc, known[title], _get(row, place), cell)
            items.append(item)

    def _item(
        self, table: Table, number: int, header: Sequence[str], row: Sequence[Any]
    ) -> tuple[list[Data], Loc] | None:
        """The list to which a row belongs, and its place; None where its owner is not known."""
        first, *inside = table.steps
        items: list[Data] = self._facts.data.setdefault(first, [])
        if not inside:
            return items, (first,)
        place = header.index(OF_ITEM) if OF_ITEM in header else 0
        wanted = _stripped(_get(row, place))
        for at, item in enumerate(items):
            if wanted and wanted in (item.get("id"), item.get("name", {}).get(SOURCE_LANGUAGE)):
                return item.setdefault(inside[0], []), (first, at, inside[0])
        cell = (_where(table.title, number, place), OF_ITEM)
        self._facts.problem(cell, "няма такова име в другия лист. Напишете го както е там.")
        return None

    def _header(
        self, sheet: str, header: Sequence[str], known: set[str], needed: str | None
    ) -> None:
        for place, title in enumerate(header):
            cell = (_where(sheet, 0, place), title)
            if title and title not in known:
                self._facts.problem(cell, "няма такава колона. Върнете старото ѝ име.")
            elif title and title in header[:place]:
                self._facts.problem(cell, "колоната е два пъти. Оставете едната.")
        if needed and needed not in header:
            self._facts.problem((_where(sheet, 0, 0), needed), "колоната липсва.")

    def _take(self, into: Data, base: Loc, place: Place, raw: Any, cell: tuple[str, str]) -> None:
        """Put the value of one cell where it belongs; an empty one only leaves its place."""
        column, language = place
        loc = (*base, *column.steps)
        for length in range(len(base) + 1, len(loc) + 1):
            self._facts.cells.setdefault(loc[:length], cell)
        if language:
            self._facts.cells[(*loc, language)] = cell
        value = self._value(column, raw, cell)
        if value is None:
            return
        for step in column.steps[:-1]:
            into = into.setdefault(step, {})
        if language:
            into = into.setdefault(column.steps[-1], {})
        into[language or column.steps[-1]] = value

    def _value(self, column: Column, raw: Any, cell: tuple[str, str]) -> Any:
        if isinstance(raw, Formula):
            self._facts.problem(cell, "тук има формула. Напишете самия отговор, без =.")
            return None
        if isinstance(raw, datetime | date):
            raw = raw.isoformat()[:10]
        text = _stripped(raw)
        if not text:
            return None
        if column.kind in ("number", "yes", "day", "list"):
            return self._plain(column, raw, text)
        if not isinstance(raw, str):
            if column.steps[-1] in ("checked_on", "as_of") and isinstance(raw, int):
                return text
            self._facts.problem(
                cell, "клетката е число, а тук се очаква текст. Направете я текст и пишете отново."
            )
            return None
        chosen = {words: value for value, words in column.choices.items()}
        return self._code(column.catalogue, text) if column.catalogue else chosen.get(text, raw)

    def _plain(self, column: Column, raw: Any, text: str) -> Any:
        match column.kind:
            case "number":
                return int(text) if re.fullmatch(r"-?\d{1,15}", text) else raw
            case "yes":
                return {YES: True, NO: False}.get(text.lower(), raw)
            case "day":
                day = parse_day(text)
                return day.isoformat() if day else text
            case _:
                lines = text.replace(";", "\n") if text.replace(";", "").isdigit() else text
                listed = column.catalogue or "groups"
                said = (one for line in lines.splitlines() if (one := line.strip()))
                return [self._code(listed, one) for one in said]

    def _code(self, catalogue: CatalogueName, text: str) -> str:
        """The code of what a cell names by its code, its name or its number in the list."""
        return text if _CODE.fullmatch(text) else self._codes[catalogue].get(text, text)


_ANSWER: Final = Column(("",), ANSWER_COLUMN, "", "words", {})


def _where(sheet: str, row: int, column: int) -> str:
    return f"лист „{sheet}“, клетка {cell_name(row, column)}"


def _stripped(value: Any) -> str:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value).strip()


def _get(row: Sequence[Any], place: int) -> Any:
    return row[place] if place < len(row) else None
