"""How many letters a month had, for the report of a year: numbers without a letter behind them.

A row tells its month, its number and whether that is of letters or of answered ones; of which
centre, form and language, only who has the secret can ask. What came since the last night is kept
apart, and left out of backup copies: so neither a row nor two copies tell the hour of a letter.
"""

from __future__ import annotations

import hmac
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock

from sqlalchemy import delete, select, text, update

from contact_service.keys import derive
from contact_service.outbox.marks import Marks
from contact_service.outbox.tables import from_ms, tallies
from site_model.types import SOFIA

LETTERS, ANSWERED = "letters", "answered"
TALLIED, FIRST_TALLIED = "tallied", "first tallied"  # the marks of the last night and the first

COUNT = text(
    "INSERT INTO tallies (name, month, kind, since_night, counted)"
    " VALUES (:name, :month, :kind, 1, 0)"
    " ON CONFLICT (name) DO UPDATE SET since_night = tallies.since_night + 1"
)
_TAKE_IN = (
    update(tallies)
    .where(tallies.c.since_night > 0)
    .values(counted=tallies.c.counted + tallies.c.since_night, since_night=0)
)


@dataclass(frozen=True)
class Cell:
    """One number of one month."""

    name: bytes
    month: str
    kind: str


class Cells:
    """Finds the cells, as nobody does without the secret. Months are written 2026-11."""

    def __init__(self, secret: str) -> None:
        self._key = derive(secret, "tallies")

    def letters(self, month: str, centre: str, form: str, language: str) -> Cell:
        return self._cell(month, LETTERS, centre, form, language)

    def answered_letters(self, month: str, centre: str) -> Cell:
        """Letters whose first answer on the site is of this month; not told by form or language,
        where a small number would be somebody's.
        """
        return self._cell(month, ANSWERED, centre)

    def _cell(self, month: str, kind: str, *words: str) -> Cell:
        said = "\n".join((month, kind, *words)).encode()
        return Cell(hmac.digest(self._key, said, "sha256"), month, kind)


class Tallies(Marks):
    """The part of the outbox that counts."""

    def count_in(self, cell: Cell) -> None:
        """One more."""
        self.change(COUNT, vars(cell))

    def count_the_day(self, now: datetime) -> None:
        """Take in what came since the last night, once on each day in Sofia.

        Whatever a clock says, nothing is taken in twice.
        """
        midnight = datetime.combine(now.astimezone(SOFIA).date(), clock(), SOFIA)
        if self.mark_unless(TALLIED, now, midnight - timedelta(milliseconds=1), now):
            self.mark_unless(FIRST_TALLIED, now, from_ms(0), now)
            self.change(_TAKE_IN)

    def first_month(self, now: datetime) -> str:
        """From which on there are numbers: of those before nobody knows."""
        return max(month_of(self.last_mark(FIRST_TALLIED, now) or now), _first_kept(now))

    def numbers_between(self, first: str, last: str) -> Counter[Cell]:
        """What was counted up to the last night in these months."""
        of = tallies.c
        found = select(of.name, of.month, of.kind, of.counted).where(of.month.between(first, last))
        with self.reading() as connection:
            return Counter({Cell(*cell): number for *cell, number in connection.execute(found)})

    def purge_tallies(self, now: datetime) -> None:
        """Forget the years before the last one; only for a clock that is trusted."""
        self.change(delete(tallies).where(tallies.c.month < _first_kept(now)))


def month_of(moment: datetime) -> str:
    """Sofia's month, as 2026-11."""
    return f"{moment.astimezone(SOFIA):%Y-%m}"


def _first_kept(now: datetime) -> str:
    return f"{now.astimezone(SOFIA).year - 1}-01"
