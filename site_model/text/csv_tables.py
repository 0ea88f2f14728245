"""Tables for people with a spreadsheet program.

Semicolons and a byte order mark, because that is what Excel opens with a Bulgarian Windows; other
programs ask, or notice.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from io import StringIO

_MARK = "\ufeff"
# A cell that begins so is a formula to a spreadsheet program (OWASP, „CSV Injection“).
_FORMULA = re.compile(r"^[\s\u200b\ufeff]*[=+\-@\t\r＝＋－＠]")
# A cell of digits and their separators becomes a number or a day: 0888 loses its nought, 7-12 is
# in July. Spaces do not help, since they group thousands in Bulgarian.
_NUMBER = re.compile(r"[\d\s.,:/()-]*\d[\d\s.,:/()-]*")

Row = tuple[str | int | None, ...]


def csv_table(headings: Row, rows: Iterable[Row]) -> bytes:
    """A table as RFC 4180 writes it, but with semicolons; no text in it is read as a formula."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in (headings, *rows))
    return (_MARK + text.getvalue()).encode()


def harmless(cell: str | int | None) -> str | int:
    """A text that a spreadsheet program takes for what it says: no formula, number or day."""
    if isinstance(cell, int):
        return cell
    text = cell or ""
    return f"'{text}" if _FORMULA.match(text) or _NUMBER.fullmatch(text) else text
