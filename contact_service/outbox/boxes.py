"""The tables of boxes: where answers wait, sealed, for anyone who holds the code."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from datetime import time as clock

from sqlalchemy import (
    ColumnElement,
    Connection,
    LargeBinary,
    case,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)

from contact_service.box import Box
from contact_service.outbox.database import Database
from contact_service.outbox.tables import answers, boxes, to_ms
from contact_service.outbox.tallies import COUNT, Cell

LIFETIME = timedelta(days=60)
"""Of a box: from the letter, and from each answer on."""
MOST_ANSWERS = 20
"""In a box: anyone who answers more often talks by another way by now."""


def put_box(connection: Connection, box: Box, now: datetime) -> None:
    """In the transaction of its letter: there is no box without a letter, and none is lacking."""
    connection.execute(insert(boxes).values(**vars(box), ends_ms=_end(now)))


class Boxes(Database):
    """The part of the outbox that holds boxes; each question names a place or a slot."""

    def box_at(self, slot: bytes, now: datetime) -> Box | None:
        """The box that is answered here, if it has not ended."""
        of = boxes.c
        found = select(of.place, of.slot, _as_bytes(of.note), _as_bytes(of.reader_note))
        found = found.where(of.slot == slot, _lives(now))
        with self.reading() as connection:
            row = connection.execute(found).one_or_none()
        return Box(*row) if row else None

    def put_answer(
        self,
        place: bytes,
        content: bytes,
        now: datetime,
        once: bytes | None = None,
        first_in: Cell | None = None,
    ) -> bool:
        """Store a sealed answer; False for a box that is gone or full. It lives on from now.

        Of answers with the same `once` the first is stored, and the others are told of it alike.
        The first answer of a box counts in the cell `first_in`.
        """
        ends, end = boxes.c.ends_ms, _end(now)
        longer = case((ends < end, end), else_=ends)  # a clock that is behind ends no box early
        live = update(boxes).where(boxes.c.place == place, _lives(now)).values(ends_ms=longer)
        there = select(answers.c.once).where(answers.c.place == place)
        with self.writing() as connection:
            # From here on nobody else stores an answer in this box: what is there is all.
            if not connection.execute(live).rowcount:
                return False
            before = connection.execute(there).scalars().all()
            if once and once in before:
                return True
            if len(before) >= MOST_ANSWERS:
                return False
            connection.execute(insert(answers).values(place=place, content=content, once=once))
            if first_in and not before:
                connection.execute(COUNT, vars(first_in))
        return True

    def answers_at(self, place: bytes, now: datetime) -> list[bytes] | None:
        """What was answered, the last answer first; None where there is no box."""
        of = answers.c
        found = select(_as_bytes(of.content)).where(of.place == place).order_by(of.id.desc())
        there = select(func.count()).where(boxes.c.place == place, _lives(now))
        with self.reading() as connection:
            # Both are asked in any case: the time tells nobody which of them said no.
            contents = list(connection.execute(found).scalars())
            return contents if connection.execute(there).scalar_one() else None

    def reader_note_at(self, place: bytes, now: datetime) -> bytes | None:
        """What the reader may know of the letter, closed with his code; None for no box."""
        of = boxes.c
        with self.reading() as connection:
            found = select(_as_bytes(of.reader_note)).where(of.place == place, _lives(now))
            return connection.execute(found).scalar_one_or_none()

    def delete_box(self, place: bytes) -> None:
        """Forget the box and all answers in it; where there is none, no writer is waited for."""
        if self.value(select(boxes.c.place).where(boxes.c.place == place)) is None:
            return
        with self.writing() as connection:
            # The box first: an answer that is just being stored is waited for, and goes as well.
            connection.execute(delete(boxes).where(boxes.c.place == place))
            connection.execute(delete(answers).where(answers.c.place == place))
        self.truncate_log()

    def number_of_boxes(self) -> int:
        """How many boxes there are, ended ones too."""
        return int(self.value(select(func.count()).select_from(boxes)))

    def purge_boxes(self, now: datetime) -> None:
        """Forget boxes that have ended; only for a clock that is trusted: nothing comes back.

        An end that a clock far ahead has set stays: a clock far behind would take it for one.
        """
        with self.writing() as connection:
            connection.execute(delete(boxes).where(boxes.c.ends_ms < to_ms(now)))
            left = select(boxes.c.place)
            connection.execute(delete(answers).where(answers.c.place.not_in(left)))


def _as_bytes(column: ColumnElement[bytes]) -> ColumnElement[bytes]:
    """SQLite keeps whatever was put into a column: a text would come as one, or as an error."""
    return cast(column, LargeBinary)


def _lives(now: datetime) -> ColumnElement[bool]:
    return boxes.c.ends_ms >= to_ms(now)


def _end(now: datetime) -> int:
    """The midnight (UTC) after the last day of a box that something happens to now."""
    day = (now + LIFETIME + timedelta(days=1)).astimezone(UTC).date()
    return to_ms(datetime.combine(day, clock(), UTC))
