"""Pure: what spreadsheets tell of a centre, with the cell of each fact, so that faults have one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from pydantic import RootModel, ValidationError

from site_build.authoring.completion import Data
from site_build.authoring.spreadsheet.changes import Facts
from site_build.authoring.spreadsheet.columns import CENTRE_SHEET, TABLES
from site_build.authoring.spreadsheet.sheet import column_number
from site_model.facts.centre import Centre
from site_model.facts.shared import Catalogues
from site_model.field_metadata import words_of
from site_model.problems import Problem, models_at, sentence_for
from site_model.types import SOURCE_LANGUAGE

Loc = tuple[str | int, ...]
Cell = tuple[str, str]
"""Where a cell is, and what its row or column is called."""


@dataclass
class SheetFacts:
    """What was read: facts, the cell of each place in them, and what could not be read.

    `base` are the facts that the sheets were made from: empty for an empty form, None where the
    sheets do not say. `understood` says what was not written quite as it was read.
    """

    file: str
    catalogues: Catalogues
    base: Facts | None = None
    data: Data = field(default_factory=dict)
    cells: dict[Loc, Cell] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    understood: list[str] = field(default_factory=list)

    def problem(self, cell: Cell, sentence: str) -> None:
        where, title = cell
        self.problems.append(Problem(self.file, 1, title, sentence, where, _rank(where)))

    def problems_of(self, error: ValidationError) -> list[Problem]:
        """Each error of the model with the cell that it is about; one for a cell at most."""
        known = {problem.cell: problem for problem in self.problems}
        found = []
        for item in error.errors():
            problem = self.problem_at(item["loc"], sentence_for(item, ()))
            if item["type"] == "missing":
                problem = replace(problem, sentence="липсва. Напишете го.")
            if problem.cell not in known:
                known[problem.cell] = problem
                found.append(problem)
        return found

    def problem_at(self, loc: Loc, sentence: str) -> Problem:
        """What is wrong at a place in the facts, with its cell and in the words of the sheets."""
        steps = next((loc[:n] for n in range(len(loc), 0, -1) if loc[:n] in self.cells), None)
        for name, title in self._fields_at(loc):
            if re.search(rf"\b{name}\b", sentence):
                sentence = re.sub(rf"\s*\({name}\)", "", sentence)
                sentence = re.sub(rf"\b{name}\b(?!\.)", f"„{title}“", sentence)
                if steps and (*steps, name) in self.cells:
                    steps = (*steps, name)
        for listed in self.catalogues.values():
            for code in re.findall("„([a-z0-9_]+)“", sentence):
                if code in listed:
                    sentence = sentence.replace(code, listed[code].plain.to(SOURCE_LANGUAGE))
        where, title = self.cells[steps] if steps else (f"лист „{CENTRE_SHEET}“", "")
        return Problem(self.file, 1, title, sentence, where, _rank(where))

    def _fields_at(self, loc: Loc) -> Iterator[tuple[str, str]]:
        """Names of the fields that a sentence on this place may name, and what sheets call them."""
        for model in (*models_at(Centre, loc), *models_at(Centre, (*loc, "")), Centre):
            if not issubclass(model, RootModel):
                for name in model.model_fields:
                    yield name, words_of(model, name).title


_SHEETS: Final = (CENTRE_SHEET, *(table.title for table in TABLES))


def _rank(where: str) -> tuple[int, ...]:
    """Cells go by sheet, row and column; before them what is wrong with the whole sheet."""
    sheet, cell = where.partition("„")[2].partition("“")[::2]
    known = _SHEETS.index(sheet) if sheet in _SHEETS else len(_SHEETS)
    named = re.search(r"([A-Z]+)(\d+)$", cell)
    return (known, int(named[2]), column_number(named[1])) if named else (known,)
