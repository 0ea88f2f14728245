"""The outbox: sealed mails that wait for the mail server. It never holds a readable answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    delete,
    func,
    not_,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.exc import IntegrityError

from contact_service.box import Box
from contact_service.keys import close_note, name_of, open_note
from contact_service.outbox.boxes import Boxes, put_box
from contact_service.outbox.errors import ReferenceTakenError
from contact_service.outbox.marks import ahead_of
from contact_service.outbox.tables import deliveries, from_ms, recent, to_ms
from contact_service.outbox.tallies import Tallies
from contact_service.retries import PAUSES
from contact_service.sealing.message import SealedMail

LEASE = timedelta(minutes=10)
LATE = timedelta(minutes=15)
SAME_LETTER = timedelta(minutes=5)
REFUSED = "refused "  # and the codes: the mark of the last such answer of the mail server
BACKUP = "backup"  # the mark of the last copy that was written

# Understood by SQLite and by PostgreSQL, where a second claim waits for the first to commit.
# What is older counts as forgotten, though `purge` may not have come yet; and so does what a
# clock that was wrong wrote into the future.
CLAIM = text(
    "INSERT INTO recent (name, note, accepted_ms) VALUES (:name, :note, :now)"
    " ON CONFLICT (name) DO UPDATE"
    " SET note = excluded.note, accepted_ms = excluded.accepted_ms"
    " WHERE recent.accepted_ms NOT BETWEEN :oldest AND :newest"
)
CLAIMED = text(
    "SELECT note FROM recent WHERE name = :name AND accepted_ms BETWEEN :oldest AND :newest"
)
STORE = text(
    "INSERT INTO deliveries (reference, centre, form_version, recipient, message_id, content,"
    " accepted_ms, attempts, state, due_ms)"
    " VALUES (:reference, :centre, :form_version, :recipient, :message_id, :content,"
    " :now, 0, 'waiting', :now)"
)


@dataclass(frozen=True)
class Accepted:
    """A submission as it goes into the outbox; `mac` recognises the same letter sent again.

    `code` opens the box of its answers, and is kept for the same letter sent again.
    """

    reference: str
    centre: str
    form_version: int
    mac: bytes
    mails: Sequence[SealedMail]
    code: str = ""
    box: Box | None = None


@dataclass(frozen=True)
class Stored:
    """What is in the outbox of a letter that was accepted: now or, sent again, a while ago."""

    reference: str
    at: datetime
    code: str = ""


@dataclass(frozen=True)
class Parcel:
    """One sealed mail on its way to one recipient, leased to this process until a moment."""

    id: int
    reference: str
    recipient: str
    content: bytes
    attempts: int
    leased_until_ms: int
    centre: str = ""


class Outbox(Tallies, Boxes):
    """The tables of the outbox on SQLite or PostgreSQL, and the moves between its states."""

    def accept(self, accepted: Accepted, now: datetime) -> Stored:
        """Store all mails of a submission, and its box; when this returns, they are on the disk.

        For the same letter accepted within SAME_LETTER nothing new is stored, and what was then
        is returned. Raises ReferenceTakenError.
        """
        letter = {
            "reference": accepted.reference,
            "centre": accepted.centre,
            "form_version": accepted.form_version,
            "now": to_ms(now),
        }
        note = close_note(accepted.mac, f"{accepted.reference} {to_ms(now)} {accepted.code}")
        claim = {"note": note, "now": to_ms(now), **_lately(accepted.mac, now)}
        with self.writing(wakes=True) as connection:
            if not connection.execute(CLAIM, claim).rowcount:
                # The row is locked now: nobody forgets it before it is read.
                return _noted(accepted.mac, connection.execute(CLAIMED, claim).scalar_one())
            try:
                connection.execute(STORE, [letter | vars(mail) for mail in accepted.mails])
            except IntegrityError:
                raise ReferenceTakenError from None
            if accepted.box:
                put_box(connection, accepted.box, now)
        return Stored(accepted.reference, now, accepted.code)

    def accepted_lately(self, mac: bytes, now: datetime) -> Stored | None:
        """What is stored of the same letter, if it was accepted within SAME_LETTER."""
        note = self.value(CLAIMED, _lately(mac, now))
        return _noted(mac, note) if note else None

    def lease(self, now: datetime) -> Parcel | None:
        """Take the parcel that has waited longest for its time; others leave it alone for LEASE."""
        table = deliveries.c
        free = or_(
            table.leased_until_ms.is_(None),
            table.leased_until_ms <= to_ms(now),
            table.leased_until_ms > ahead_of(now + LEASE),
        )
        longest_due = (
            select(table.id)
            .where(and_(table.state == "waiting", _is_due(now), free))
            .order_by(table.due_ms, table.id)
            .limit(1)
            .with_for_update(skip_locked=True)
            .scalar_subquery()
        )
        take = (
            update(deliveries)
            .where(table.id == longest_due)
            .values(leased_until_ms=to_ms(now + LEASE))
            .returning(
                table.id,
                table.reference,
                table.recipient,
                table.content,
                table.attempts,
                table.leased_until_ms,
                table.centre,
            )
        )
        with self.writing() as connection:
            row = connection.execute(take).one_or_none()
        return Parcel(*row) if row else None

    def forget(self, parcel: Parcel) -> None:
        """Forget a delivered parcel."""
        self.change(delete(deliveries).where(_still_ours(parcel)))

    def retry_at(self, parcel: Parcel, when: datetime) -> None:
        self._after_attempt(parcel, {"due_ms": to_ms(when)})

    def give_up(self, parcel: Parcel) -> None:
        """Stop trying; the sealed mail stays for the operator."""
        self._after_attempt(parcel, {"state": "given_up"})

    def purge(self, now: datetime) -> None:
        """Forget what must not be kept longer, down to the bytes in the files."""
        forgotten = not_(recent.c.accepted_ms.between(*_remembered(now)))
        self.change(delete(recent).where(forgotten))
        self.truncate_log()

    def next_due(self) -> datetime | None:
        """When the next waiting parcel wants to be sent."""
        table = deliveries.c
        free_at = case((table.leased_until_ms > table.due_ms, table.leased_until_ms))
        earliest = func.min(func.coalesce(free_at, table.due_ms))
        ms = self.value(select(earliest).where(table.state == "waiting"))
        return from_ms(ms) if ms is not None else None

    def late(self, now: datetime) -> int:
        """How many parcels wait that should be gone by now."""
        of = deliveries.c
        late = of.state == "waiting", of.accepted_ms <= to_ms(now - LATE)
        return int(self.value(select(func.count()).where(*late)))

    def ahead(self, now: datetime) -> int:
        """How many parcels say that they were accepted in the future."""
        ahead = deliveries.c.accepted_ms > ahead_of(now)
        return int(self.value(select(func.count()).where(ahead)))

    def oldest_waiting(self) -> datetime | None:
        """When the parcel that waits longest was accepted."""
        oldest = select(func.min(deliveries.c.accepted_ms)).where(deliveries.c.state == "waiting")
        ms = self.value(oldest)
        return from_ms(ms) if ms is not None else None

    def counts(self) -> dict[str, int]:
        """How many parcels are in each state."""
        by_state = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        with self.reading() as connection:
            found = {state: number for state, number in connection.execute(by_state)}
        return {"waiting": 0, "given_up": 0} | found

    def by_recipient(self) -> dict[tuple[str, str], dict[str, int]]:
        """How many parcels are in each state, for each centre and address that has any."""
        of = deliveries.c
        whose = select(of.centre, of.recipient, of.state, func.count())
        found: dict[tuple[str, str], dict[str, int]] = {}
        with self.reading() as connection:
            for centre, recipient, state, number in connection.execute(
                whose.group_by(of.centre, of.recipient, of.state)
            ):
                found.setdefault((centre, recipient), {})[state] = number
        return found

    def _after_attempt(self, parcel: Parcel, values: Mapping[str, Any]) -> None:
        change = {**values, "leased_until_ms": None, "attempts": parcel.attempts + 1}
        self.change(update(deliveries).where(_still_ours(parcel)).values(change))


def _still_ours(parcel: Parcel) -> ColumnElement[bool]:
    """A process whose lease ran out may not touch what another one has taken since."""
    table = deliveries.c
    return and_(table.id == parcel.id, table.leased_until_ms == parcel.leased_until_ms)


def _is_due(now: datetime) -> ColumnElement[bool]:
    """Its time has come, or is further off than any pause leads: then a clock was wrong."""
    table = deliveries.c
    latest = {tries: ahead_of(now + pause) for tries, pause in enumerate(PAUSES[:20], start=1)}
    longest = ahead_of(now + max(PAUSES))
    furthest = case({0: ahead_of(now), **latest}, value=table.attempts, else_=longest)
    return or_(table.due_ms <= to_ms(now), table.due_ms > furthest)


def _lately(mac: bytes, now: datetime) -> dict[str, Any]:
    oldest, newest = _remembered(now)
    return {"name": name_of(mac), "oldest": oldest, "newest": newest}


def _remembered(now: datetime) -> tuple[int, int]:
    """The first and the last millisecond of what counts as the same moment."""
    return to_ms(now - SAME_LETTER) + 1, to_ms(now + SAME_LETTER) - 1


def _noted(mac: bytes, note: bytes) -> Stored:
    reference, accepted_ms, *code = open_note(mac, note).split(" ")
    return Stored(reference, from_ms(int(accepted_ms)), *code)
