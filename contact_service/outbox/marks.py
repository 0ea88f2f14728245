"""Marks: when something last happened, for every process. What lies in the future never did."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select, text

from contact_service.outbox.database import Database
from contact_service.outbox.tables import LAST_SECOND, from_ms, marks, to_ms

CLOCKS_DIFFER = timedelta(minutes=5)  # of several machines; what is further ahead was never so
EVER = from_ms(LAST_SECOND * 1000)
"""As `now`, for what is asked whatever any clock said."""

MARK = text(
    "INSERT INTO marks (name, at_ms) VALUES (:name, :now)"
    " ON CONFLICT (name) DO UPDATE SET at_ms = excluded.at_ms"
)

MARK_UNLESS = text(f"{MARK} WHERE marks.at_ms <= :after OR marks.at_ms > :ahead")


class Marks(Database):
    """The part of the outbox that remembers moments."""

    def mark(self, name: str, now: datetime) -> None:
        """Remember that something happened now."""
        self.change(MARK, {"name": name, "now": to_ms(now)})

    def mark_unless(self, name: str, at: datetime, after: datetime, now: datetime) -> bool:
        """Mark it, but for a mark later than `after`: of several processes only one gets True.

        A mark in the future counts for nothing.
        """
        values = {"name": name, "now": to_ms(at), "after": to_ms(after), "ahead": ahead_of(now)}
        return bool(self.change(MARK_UNLESS, values))

    def unmark(self, name: str) -> None:
        """Forget that it happened."""
        self.change(delete(marks).where(marks.c.name == name))

    def last_mark(self, name: str, now: datetime) -> datetime | None:
        """When it last happened; what a wrong clock wrote into the future never did."""
        when = select(marks.c.at_ms).where(marks.c.name == name, marks.c.at_ms <= ahead_of(now))
        ms = self.value(when)
        return from_ms(ms) if ms is not None else None

    def marks_of(self, kind: str, now: datetime) -> dict[str, datetime]:
        """When each thing of this kind last happened, by what follows the kind in its name."""
        of_kind = select(marks.c.name, marks.c.at_ms).where(
            marks.c.name.startswith(kind), marks.c.at_ms <= ahead_of(now)
        )
        with self.reading() as connection:
            rows = connection.execute(of_kind).all()
        return {name.removeprefix(kind): from_ms(ms) for name, ms in rows}


def ahead_of(now: datetime) -> int:
    """The first millisecond that only a wrong clock can have written."""
    return to_ms(now + CLOCKS_DIFFER)
