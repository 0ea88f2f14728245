"""Pure: the cells of a spreadsheet back to facts.

What a person may leave out is completed later (`site_build.authoring.completion`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from site_build.authoring.completion import Data
from site_build.authoring.spreadsheet.base_facts import MARK_SHEET, facts_marked
from site_build.authoring.spreadsheet.cell_reading import Code, NotUnderstoodError, key, read_cell
from site_build.authoring.spreadsheet.changes import Facts
from site_build.authoring.spreadsheet.columns import (
    ANSWER_COLUMN,
    CENTRE_COLUMNS,
    CENTRE_SHEET,
    EXPLAINS,
    EXPLANATION_COLUMN,
    LISTS_SHEET,
    NAME_COLUMN,
    OF_ITEM,
    TABLES,
    Column,
    Place,
    Table,
    languages_of,
    places_of,
    rows_of,
    title_of,
    value_at,
)
from site_build.authoring.spreadsheet.facts import Cell, Loc, SheetFacts
from site_build.authoring.spreadsheet.sheet import Row, Sheet, cell_name
from site_model.facts.centre import Centre
from site_model.facts.shared import Catalogues
from site_model.field_metadata import CatalogueName, words_of
from site_model.types import SOURCE_LANGUAGE, Sourced

Seen = set[tuple[tuple[str, ...], str]]
"""Which columns were there, by their steps, in which languages."""


def facts_of_sheets(file: str, sheets: Mapping[str, Sheet], catalogues: Catalogues) -> SheetFacts:
    """The facts that the sheets hold, with `problems`."""
    mark = sheets.get(MARK_SHEET, Sheet()).rows
    base = facts_marked(mark[number].get(0, "") for number in sorted(mark) if number)
    facts = SheetFacts(file, catalogues, base)
    if CENTRE_SHEET not in sheets:
        facts.problem((f"лист „{CENTRE_SHEET}“", ""), "листът липсва. Вземете празен файл отново.")
        return facts
    reader = _Reader(facts)
    reader.read_centre(sheets[CENTRE_SHEET])
    for table in TABLES:
        reader.read_table(sheets.get(table.title), table)
    reader.name_services()
    known = {CENTRE_SHEET, LISTS_SHEET, MARK_SHEET, *(table.title for table in TABLES)}
    for name in sheets.keys() - known:
        if sheets[name].rows:
            facts.problem(
                (f"лист „{name}“", ""), "няма такъв лист. Върнете името му или го махнете."
            )
    for name in sheets.keys() & known - {LISTS_SHEET, MARK_SHEET}:
        for merged in sheets[name].merged:
            facts.problem(
                (f"лист „{name}“, клетки {merged}", ""),
                "клетките са слети и отговорите под тях са изгубени. Разделете ги и ги попълнете.",
            )
    return facts


class _Reader:
    """Reads one sheet after the other into `facts`."""

    def __init__(self, facts: SheetFacts) -> None:
        self._facts = facts
        self._base = facts.base or {}
        self._listed = {name: dict(_codes(name, facts.catalogues)) for name in facts.catalogues}
        for served in self._base.get("target_groups", ()):
            self._know_group(served)

    def read_centre(self, sheet: Sheet) -> None:
        """The sheet in which each row is a field."""
        titles = _titles(sheet)
        columns = {column.title: column for column in CENTRE_COLUMNS}
        answers = {
            at: language
            for language in languages_of(titles.values())
            for at, title in titles.items()
            if title == title_of((_ANSWER, language))
        }
        known = {NAME_COLUMN, EXPLANATION_COLUMN, *(titles[at] for at in answers)}
        self._header(CENTRE_SHEET, titles, known)
        names = next((at for at, title in titles.items() if title == NAME_COLUMN), None)
        if names is None or SOURCE_LANGUAGE not in answers.values():
            lost = NAME_COLUMN if names is None else ANSWER_COLUMN
            self._facts.problem((_where(CENTRE_SHEET, 0, 0), lost), "колоната липсва. Върнете я.")
            return
        seen: Seen = set()
        for number, row in sorted(sheet.rows.items()):
            name = _stripped(row.get(names))
            column = columns.get(name)
            here = (_where(CENTRE_SHEET, number, names), name)
            if not number or not any(at in answers or at == names for at in row):
                continue
            if column is None:
                self._facts.problem(here, "няма такъв ред. Върнете името му или го махнете.")
                continue
            if any(steps == column.steps for steps, _ in seen):
                self._facts.problem(here, "редът е два пъти. Оставете единия.")
                continue
            for at, language in answers.items():
                place = (column, language if column.kind == "words" else "")
                if column.kind == "words" or language == SOURCE_LANGUAGE:
                    seen.add((column.steps, place[1]))
                    cell = (_where(CENTRE_SHEET, number, at), name)
                    self._take(self._facts.data, (), place, row.get(at), cell)
        self._lost(CENTRE_SHEET, CENTRE_COLUMNS, [self._base], seen, "редът или колоната")
        self._drop_sources(self._facts.data)
        for column in CENTRE_COLUMNS:
            self._need(self._facts.data, (), column)

    def read_table(self, sheet: Sheet | None, table: Table) -> None:
        """A sheet of items: titles, explanations, and a row for each."""
        before = [item for _, item in rows_of(self._base, table)]
        if sheet is None or not sheet.rows:
            if before:
                gone = (
                    "листът липсва или е празен, а в него имаше факти. Върнете го; за да махнете "
                )
                self._facts.problem((f"лист „{table.title}“", ""), f"{gone}факт, изтрийте реда му.")
            return
        titles = _titles(sheet)
        places = {title_of(p): p for p in places_of(table.columns, languages_of(titles.values()))}
        owned = {OF_ITEM} if len(table.steps) > 1 else set()
        self._header(table.title, titles, {*places, *owned})
        known = {at: places[title] for at, title in titles.items() if title in places}
        seen = {(column.steps, language) for column, language in known.values()}
        self._lost(table.title, table.columns, before, seen, "колоната")
        for number, row in sorted(sheet.rows.items()):
            if number:
                self._read_row(table, number, titles, known, row)

    def _read_row(
        self,
        table: Table,
        number: int,
        titles: Mapping[int, str],
        known: Mapping[int, Place],
        row: Row,
    ) -> None:
        """One row; an explanation is none of its answers, wherever it stands."""
        item: Data = {}
        owners = [at for at, title in titles.items() if title == OF_ITEM]
        told = {
            at: raw
            for at, raw in row.items()
            if not (at in known and self._explains(known[at][0], raw, table, number, at))
            and not (at in owners and str(raw).startswith(EXPLAINS))
        }
        for at in told.keys() - titles.keys():
            if _stripped(told[at]):
                where = (_where(table.title, number, at), "")
                self._facts.problem(where, "колоната няма име. Преместете отговора или го махнете.")
        answers = [at for at, (column, _) in known.items() if not column.of_source]
        if not any(_stripped(told.get(at)) for at in (*answers, *owners)):
            return
        items, base = self._list_of(table, number, owners, told)
        loc = (*base, len(items))
        self._facts.cells[loc] = (_where(table.title, number, min(known)), "")
        for at, place in known.items():
            cell = (_where(table.title, number, at), titles[at])
            self._take(item, loc, place, told.get(at), cell)
        self._drop_sources(item)
        for column in table.columns:
            self._need(item, loc, column)
        items.append(item)
        if table.steps == ("target_groups",):
            self._know_group(item)

    def _know_group(self, served: Data) -> None:
        """A group of the centre's own is found by its code and by its name."""
        name = value_at(served, ("name", SOURCE_LANGUAGE))
        code = served.get("group", name)
        for said in filter(None, (code, name)):
            self._listed["groups"].setdefault(key(said), code)

    def _explains(self, column: Column, raw: Any, table: Table, number: int, at: int) -> bool:
        """Whether a cell holds the explanation of its column; an answer behind it is a problem."""
        text = _stripped(raw)
        words = column.explanation
        if text == words:  # as sheets were written once
            return True
        if not text.startswith(EXPLAINS):
            return False
        if rest := text.partition(words)[2]:
            where = (_where(table.title, number, at), column.title)
            self._facts.problem(
                where, f"след обяснението пише „{rest.strip()}“. Преместете го на ред по-долу."
            )
        return True

    def _list_of(
        self, table: Table, number: int, owners: Sequence[int], told: Row
    ) -> tuple[list[Data], Loc]:
        """The list to which a row belongs, and its place; nobody's where its owner is not known."""
        first, *inside = table.steps
        items: list[Data] = self._facts.data.setdefault(first, [])
        if not inside:
            return items, (first,)
        at = owners[0] if owners else 0
        place = self._named(first, told.get(at), (_where(table.title, number, at), OF_ITEM))
        if place is None:
            return [], ("", table.title, number)  # of its own, as its faults are
        return items[place].setdefault(inside[0], []), (first, place, inside[0])

    def _named(self, kind: str, raw: Any, cell: Cell) -> int | None:
        """The place of the item that a cell names; None, and a problem, where there is none."""
        wanted = _stripped(raw)
        for place, item in enumerate(self._facts.data.get(kind, ())):
            names = (item.get("id"), item.get("name", {}).get(SOURCE_LANGUAGE))
            if wanted and key(wanted) in (key(name) for name in names if name):
                return place
        title = words_of(Centre, kind).title
        self._facts.problem(
            cell,
            f"на лист „{title}“ няма „{wanted}“. Напишете името както е там."
            if wanted
            else f"липсва. Напишете името от лист „{title}“, към което е редът.",
        )
        return None

    def name_services(self) -> None:
        """Each programme names the service that it is part of as that one names itself."""
        for number, programme in enumerate(self._facts.data.get("programmes", ())):
            if (part := programme.get("part_of")) and (wanted := part.get("service")):
                cell = self._facts.cells["programmes", number, "part_of", "service"]
                place = self._named("services", wanted, cell)
                if place is not None:
                    service = self._facts.data["services"][place]
                    part["service"] = service.get("id") or service["name"][SOURCE_LANGUAGE]

    def _header(self, sheet: str, titles: Mapping[int, str], known: set[str]) -> None:
        seen: set[str] = set()
        for at, title in titles.items():
            cell = (_where(sheet, 0, at), title)
            if title not in known:
                self._facts.problem(cell, "няма такава колона. Върнете старото ѝ име.")
            elif title in seen:
                self._facts.problem(cell, "колоната е два пъти. Оставете едната.")
            seen.add(title)

    def _lost(
        self,
        sheet: str,
        columns: Sequence[Column],
        before: Sequence[Facts],
        seen: Seen,
        what: str,
    ) -> None:
        """A problem for each place that is gone with the facts that stood there."""
        for column in columns:
            values = [value_at(item, column.steps) for item in before]
            if column.kind == "words":
                languages = {code for value in values if value for code in value}
            else:
                languages = {""} if any(value not in (None, []) for value in values) else set()
            for language in sorted(languages):
                if (column.steps, language) not in seen:
                    title = title_of((column, language))
                    self._facts.problem(
                        (f"лист „{sheet}“", title),
                        f"{what} липсва, а в нея имаше факти. Върнете я; за да махнете факт, "
                        "изтрийте само отговора.",
                    )

    def _take(self, into: Data, base: Loc, place: Place, raw: Any, cell: Cell) -> None:
        """Put the value of one cell where it belongs; an empty one only leaves its place."""
        column, language = place
        loc = (*base, *column.steps)
        for length in range(len(base) + 1, len(loc) + 1):
            self._facts.cells.setdefault(loc[:length], cell)
        if language:
            self._facts.cells[(*loc, language)] = cell
        try:
            said = read_cell(column, language, raw, self._codes_of(column, raw))
        except NotUnderstoodError as error:
            self._facts.problem(cell, str(error))
            return
        if said is None:
            return
        if said.said:
            self._facts.understood.append(f"{cell[0]}: {said.said}")
        for step in column.steps[:-1]:
            into = into.setdefault(step, {})
        if language:
            into = into.setdefault(column.steps[-1], {})
        into[language or column.steps[-1]] = said.value

    def _codes_of(self, column: Column, raw: Any) -> Code:
        if column.steps == ("group",) and re.fullmatch("[a-z][a-z0-9_]*", _stripped(raw)):
            return self._listed["groups"] | {key(_stripped(raw)): _stripped(raw)}
        if column.catalogue:
            return self._listed[column.catalogue]
        return {
            **{key(value): value for value in column.choices},
            **{key(words): value for value, words in column.choices.items()},
        }

    def _drop_sources(self, item: Data) -> None:
        """Take out what only says where it was read: the answer itself was deleted."""
        for name, value in list(item.items()):
            if isinstance(value, dict):
                self._drop_sources(value)
                if not value or value.keys() <= Sourced.model_fields.keys():
                    del item[name]

    def _need(self, item: Data, loc: Loc, column: Column) -> None:
        """A problem for an answer that nobody can leave out, if its cell has none yet."""
        if not column.needed or value_at(item, column.steps) is not None:
            return
        steps = (*loc, *column.steps)
        cell = self._facts.cells.get(steps)
        if cell and all(problem.cell != cell[0] for problem in self._facts.problems):
            self._facts.problem(cell, "липсва. Напишете го.")


def _codes(catalogue: CatalogueName, catalogues: Catalogues) -> dict[str, str]:
    """The codes of a catalogue by whatever may stand for them: number, code, each of its names."""
    found: dict[str, str] = {}
    for number, (code, one) in enumerate(catalogues[catalogue].items(), 1):
        names = (one.plain.to(SOURCE_LANGUAGE), one.legal.to(SOURCE_LANGUAGE))
        for name in (str(number), code, *names):
            found.setdefault(key(name), code)
    return found


_ANSWER: Final = Column(("",), ANSWER_COLUMN, "", "words", {})


def _titles(sheet: Sheet) -> dict[int, str]:
    """The titles of the columns, by their place."""
    found = {at: _stripped(value) for at, value in sorted(sheet.rows.get(0, {}).items())}
    return {at: title for at, title in found.items() if title}


def _where(sheet: str, row: int, column: int) -> str:
    return f"лист „{sheet}“, клетка {cell_name(row, column)}"


def _stripped(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())
