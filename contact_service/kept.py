"""What was given up: kept sealed for the operator, for a month and no longer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, delete, literal, select, true, update

from contact_service.database import notify
from contact_service.outbox import Outbox
from contact_service.tables import deliveries, from_ms, marks, to_ms

KEEP_GIVEN_UP = timedelta(days=30)
WARN_BEFORE = timedelta(days=7)

_ANNOUNCED = "ends "  # and the reference: the mark that its deletion was announced
_GIVEN_UP = deliveries.c.state == "given_up"


@dataclass(frozen=True)
class GivenUp:
    """A submission of which at least one mail was given up, and when its end was announced."""

    reference: str
    accepted_at: datetime
    announced_at: datetime | None = None

    def ends(self, now: datetime) -> datetime:
        """When it will be deleted, if its end is announced now at the latest."""
        announced = self.announced_at or now
        return max(self.accepted_at + KEEP_GIVEN_UP, announced + WARN_BEFORE)


class Kept:
    """The part of the outbox that waits for the operator and not for a mail server."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._reading = outbox.engine.execution_options(reading=True)

    def items(self) -> tuple[GivenUp, ...]:
        """All that was given up, the oldest first."""
        of = deliveries.c
        found = (
            select(of.reference, of.accepted_ms, marks.c.at_ms)
            .join(marks, marks.c.name == literal(_ANNOUNCED) + of.reference, isouter=True)
            .where(_GIVEN_UP)
            .distinct()
            .order_by(of.accepted_ms, of.reference)
        )
        with self._reading.connect() as connection:
            rows = connection.execute(found).all()
        return tuple(GivenUp(ref, from_ms(ms), ends and from_ms(ends)) for ref, ms, ends in rows)

    def mails(self) -> Iterator[tuple[str, bytes]]:
        """Reference and stored bytes of every mail that was given up."""
        mails = select(deliveries.c.reference, deliveries.c.content).where(_GIVEN_UP)
        with self._reading.connect() as connection:
            rows = connection.execute(mails.order_by(deliveries.c.id))
            yield from ((row.reference, row.content) for row in rows)

    def retry(self, reference: str | None, now: datetime) -> int:
        """Send (None: all) now: what was given up as if new, what waits without its pause.

        Returns how many.
        """
        chosen = true() if reference is None else deliveries.c.reference == reference
        anew = {"state": "waiting", "due_ms": to_ms(now), "attempts": 0}
        waits = (deliveries.c.state == "waiting") & (deliveries.c.due_ms > to_ms(now))
        with self._outbox.engine.begin() as connection:
            soon = update(deliveries).where(chosen, waits).values(due_ms=to_ms(now))
            number = connection.execute(soon).rowcount
            again = update(deliveries).where(chosen, _GIVEN_UP).values(anew)
            number += connection.execute(again).rowcount
            notify(connection)
        return number

    def announced(self, references: Iterable[str], now: datetime) -> None:
        """Remember when the operator was first told that these will be deleted."""
        for reference in references:
            if self._outbox.marked(_ANNOUNCED + reference) is None:
                self._outbox.mark(_ANNOUNCED + reference, now)

    def delete_over_age(self, now: datetime) -> int:
        """Delete what is over its age and was announced in time; returns how many mails."""
        name = literal(_ANNOUNCED) + deliveries.c.reference
        in_time = select(marks.c.name).where(marks.c.at_ms <= to_ms(now - WARN_BEFORE))
        over_age = deliveries.c.accepted_ms <= to_ms(now - KEEP_GIVEN_UP)
        with self._outbox.engine.begin() as connection:
            gone = connection.execute(
                delete(deliveries).where(and_(_GIVEN_UP, over_age, name.in_(in_time)))
            ).rowcount
            # Announcements of what was deleted, or is tried anew, count no longer.
            stale = marks.c.name.not_in(select(name).where(_GIVEN_UP))
            announcement = marks.c.name.startswith(_ANNOUNCED)
            connection.execute(delete(marks).where(announcement, stale))
        return gone

    def withdraw(self, reference: str) -> None:
        """Forget a submission in whatever state it is."""
        with self._outbox.engine.begin() as connection:
            connection.execute(delete(deliveries).where(deliveries.c.reference == reference))
