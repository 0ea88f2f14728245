"""What was given up: kept sealed for the operator, for a month and no longer."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Select, and_, delete, literal, or_, select, true, update

from contact_service.outbox.marks import CLOCKS_DIFFER, ahead_of
from contact_service.outbox.outbox import Outbox
from contact_service.outbox.tables import deliveries, from_ms, marks, to_ms

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
        """When it will be deleted, if its end is announced now at the latest.

        What was accepted by a clock that was ahead ends a month after that was announced.
        """
        announced = min(self.announced_at or now, now)
        if self.is_ahead(now):
            return announced + KEEP_GIVEN_UP
        return max(self.accepted_at + KEEP_GIVEN_UP, announced + WARN_BEFORE)

    def to_announce(self, now: datetime) -> bool:
        """Whether the operator is to be told when it will be deleted."""
        return self.is_ahead(now) or self.ends(now) <= now + WARN_BEFORE

    def is_ahead(self, now: datetime) -> bool:
        """Whether it says that it was accepted in the future."""
        return self.accepted_at > now + CLOCKS_DIFFER


class GivenUpMails:
    """The part of the outbox that waits for the operator and not for a mail server."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

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
        with self._outbox.reading() as connection:
            rows = connection.execute(found).all()
        return tuple(GivenUp(ref, from_ms(ms), ends and from_ms(ends)) for ref, ms, ends in rows)

    def mails(self) -> Generator[tuple[str, bytes], None, None]:
        """Reference and stored bytes of every mail that was given up."""
        mails = select(deliveries.c.reference, deliveries.c.content).where(_GIVEN_UP)
        with self._outbox.reading() as connection:
            rows = connection.execute(mails.order_by(deliveries.c.id))
            yield from ((row.reference, row.content) for row in rows)

    def retry(self, reference: str | None, now: datetime) -> int:
        """Send (None: all) now: what was given up as if new, what waits without its pause.

        Returns how many.
        """
        chosen = true() if reference is None else deliveries.c.reference == reference
        anew = {"state": "waiting", "due_ms": to_ms(now), "attempts": 0}
        waits = (deliveries.c.state == "waiting") & (deliveries.c.due_ms > to_ms(now))
        with self._outbox.writing(wakes=True) as connection:
            soon = update(deliveries).where(chosen, waits).values(due_ms=to_ms(now))
            number = connection.execute(soon).rowcount
            again = update(deliveries).where(chosen, _GIVEN_UP).values(anew)
            number += connection.execute(again).rowcount
        return number

    def remember_announced(self, references: Iterable[str], now: datetime) -> None:
        """Remember when the operator was first told that these will be deleted."""
        for reference in references:
            if self._outbox.last_mark(_ANNOUNCED + reference, now) is None:
                self._outbox.mark(_ANNOUNCED + reference, now)

    def delete_over_age(self, now: datetime) -> int:
        """Delete what is over its age and was announced in time; returns how many mails."""
        name = literal(_ANNOUNCED) + deliveries.c.reference
        of = deliveries.c
        over_age = and_(
            of.accepted_ms <= to_ms(now - KEEP_GIVEN_UP), name.in_(_marked(now, WARN_BEFORE))
        )
        ahead = and_(of.accepted_ms > ahead_of(now), name.in_(_marked(now, KEEP_GIVEN_UP)))
        with self._outbox.writing() as connection:
            gone = connection.execute(
                delete(deliveries).where(_GIVEN_UP, or_(over_age, ahead))
            ).rowcount
            # Announcements of what was deleted, or is tried anew, count no longer.
            stale = marks.c.name.not_in(select(name).where(_GIVEN_UP))
            announcement = marks.c.name.startswith(_ANNOUNCED)
            connection.execute(delete(marks).where(announcement, stale))
        return gone

    def withdraw(self, reference: str) -> None:
        """Forget a submission in whatever state it is."""
        self._outbox.change(delete(deliveries).where(deliveries.c.reference == reference))


def _marked(now: datetime, before: timedelta) -> Select[tuple[str]]:
    """The names of marks that are so old."""
    return select(marks.c.name).where(marks.c.at_ms <= to_ms(now - before))
