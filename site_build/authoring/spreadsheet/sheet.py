"""Pure: the cells of a spreadsheet as plain values, and their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[int, Any]
"""The cells of a row that hold something, by their column, which counts from 0.

A cell is a text, a number, a bool, a day, a time, or one of the two below.
"""


class Formula(str):
    """A cell that computes; nobody can check what it will say, so it is refused."""


class ErrorValue(str):
    """A cell that shows an error of its program, as #N/A."""


@dataclass(frozen=True)
class Sheet:
    """A sheet: rows that hold something, by their number from 0; cells that are made one; what
    readers noted beside cells, by the cell's row and column.
    """

    rows: Mapping[int, Row] = field(default_factory=dict)
    merged: tuple[str, ...] = ()
    comments: Mapping[tuple[int, int], str] = field(default_factory=dict)


def cell_name(row: int, column: int) -> str:
    """A cell as a spreadsheet names it; both count from 0."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"


def column_number(name: str) -> int:
    """The number of a cell's column, which counts from 0: C5 is 2."""
    number = 0
    for sign in name:
        if not sign.isalpha():
            break
        number = number * 26 + ord(sign.upper()) - ord("A") + 1
    return number - 1
