"""The outbox: sealed mails that wait for the mail server. It never holds a readable answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    and_,
    case,
    delete,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.exc import SQLAlchemyError

from contact_service.database import open_engine, storing, truncate_log
from contact_service.sealing.mail import SealedMail
from contact_service.tables import deliveries, from_ms, marks, recent, to_ms, upgrade

LEASE = timedelta(minutes=10)
SAME_LETTER = timedelta(minutes=30)
BACKUP = "backup"  # the mark of the last copy that was written

# Understood by SQLite and by PostgreSQL, where a second claim waits for the first to commit.
# What is older than half an hour counts as forgotten, though `purge` may not have come yet.
CLAIM = text(
    "INSERT INTO recent (mac, reference, accepted_ms) VALUES (:mac, :reference, :now)"
    " ON CONFLICT (mac) DO UPDATE"
    " SET reference = excluded.reference, accepted_ms = excluded.accepted_ms"
    " WHERE recent.accepted_ms <= :too_old"
)
CLAIMED = text("SELECT reference, accepted_ms FROM recent WHERE mac = :mac")
STORE = text(
    "INSERT INTO deliveries (reference, centre, form_version, recipient, message_id, content,"
    " accepted_ms, attempts, state, due_ms)"
    " VALUES (:reference, :centre, :form_version, :recipient, :message_id, :content,"
    " :now, 0, 'waiting', :now)"
)
MARK = text(
    "INSERT INTO marks (name, at_ms) VALUES (:name, :now)"
    " ON CONFLICT (name) DO UPDATE SET at_ms = excluded.at_ms"
)

MARK_UNLESS = text(f"{MARK} WHERE marks.at_ms <= :after")


@dataclass(frozen=True)
class Accepted:
    """A submission as it goes into the outbox; `mac` recognises the same answers sent again."""

    reference: str
    centre: str
    form_version: int
    mac: bytes
    mails: Sequence[SealedMail]


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


class Outbox:
    """The tables of the outbox on SQLite or PostgreSQL, and the moves between its states."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self._reading = self.engine.execution_options(reading=True)
        self._ready = False
        with suppress(SQLAlchemyError):  # a database that is away now may be back for the first use
            self._ensure_tables()
        self.engine.dispose()  # no connection is open when gunicorn's workers branch off

    def _ensure_tables(self) -> None:
        if not self._ready:
            upgrade(self.engine)
            self._ready = True

    def accept(self, accepted: Accepted, now: datetime) -> tuple[str, datetime]:
        """Store all mails of a submission; when this returns, they are on the disk.

        Returns its reference and time, or those of the same answers sent in the last half
        hour, for which nothing new is stored. Raises IntegrityError for a taken reference.
        """
        self._ensure_tables()
        letter = {
            "reference": accepted.reference,
            "centre": accepted.centre,
            "form_version": accepted.form_version,
            "now": to_ms(now),
        }
        with storing(self.engine) as execute:
            claim = _claim(accepted.mac, accepted.reference, now)
            if not execute(CLAIM, claim).rowcount:  # the row is locked now: nobody forgets it
                reference, accepted_ms = execute(CLAIMED, claim).fetchone()
                return reference, from_ms(accepted_ms)
            for mail in accepted.mails:
                execute(STORE, {**letter, **vars(mail)})
        return accepted.reference, now

    def use_once(self, mac: bytes, now: datetime) -> bool:
        """True the first time, False when this was used in the last half hour already."""
        self._ensure_tables()
        with self.engine.begin() as connection:
            return bool(connection.execute(CLAIM, _claim(mac, "", now)).rowcount)

    def lease(self, now: datetime) -> Parcel | None:
        """Take the parcel that has waited longest for its time; others leave it alone for LEASE."""
        self._ensure_tables()
        table = deliveries.c
        free = or_(table.leased_until_ms.is_(None), table.leased_until_ms <= to_ms(now))
        longest_due = (
            select(table.id)
            .where(and_(table.state == "waiting", table.due_ms <= to_ms(now), free))
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
        with self.engine.begin() as connection:
            row = connection.execute(take).one_or_none()
        return Parcel(*row) if row else None

    def delivered(self, parcel: Parcel) -> None:
        """Forget a delivered parcel."""
        with self.engine.begin() as connection:
            connection.execute(delete(deliveries).where(_still_ours(parcel)))

    def retry_at(self, parcel: Parcel, when: datetime) -> None:
        self._after_attempt(parcel, {"due_ms": to_ms(when)})

    def give_up(self, parcel: Parcel) -> None:
        """Stop trying; the sealed mail stays for the operator."""
        self._after_attempt(parcel, {"state": "given_up"})

    def purge(self, now: datetime) -> None:
        """Forget what must not be kept longer, down to the bytes in the files."""
        with self.engine.begin() as connection:
            connection.execute(delete(recent).where(recent.c.accepted_ms <= _too_old(now)))
        truncate_log(self.engine)

    def next_due(self) -> datetime | None:
        """When the next waiting parcel wants to be sent."""
        table = deliveries.c
        free_at = case((table.leased_until_ms > table.due_ms, table.leased_until_ms))
        earliest = func.min(func.coalesce(free_at, table.due_ms))
        with self._reading.connect() as connection:
            ms = connection.execute(select(earliest).where(table.state == "waiting")).scalar()
        return from_ms(ms) if ms is not None else None

    def oldest_waiting(self) -> datetime | None:
        """When the parcel that waits longest was accepted."""
        oldest = select(func.min(deliveries.c.accepted_ms)).where(deliveries.c.state == "waiting")
        with self._reading.connect() as connection:
            ms = connection.execute(oldest).scalar()
        return from_ms(ms) if ms is not None else None

    def counts(self) -> dict[str, int]:
        """How many parcels are in each state."""
        by_state = select(deliveries.c.state, func.count()).group_by(deliveries.c.state)
        with self._reading.connect() as connection:
            found = {state: number for state, number in connection.execute(by_state)}
        return {"waiting": 0, "given_up": 0} | found

    def by_recipient(self) -> dict[tuple[str, str], dict[str, int]]:
        """How many parcels are in each state, for each centre and address that has any."""
        of = deliveries.c
        whose = select(of.centre, of.recipient, of.state, func.count())
        found: dict[tuple[str, str], dict[str, int]] = {}
        with self._reading.connect() as connection:
            for centre, recipient, state, number in connection.execute(
                whose.group_by(of.centre, of.recipient, of.state)
            ):
                found.setdefault((centre, recipient), {})[state] = number
        return found

    def mark(self, name: str, now: datetime) -> None:
        """Remember that something happened now."""
        with self.engine.begin() as connection:
            connection.execute(MARK, {"name": name, "now": to_ms(now)})

    def mark_unless(self, name: str, at: datetime, after: datetime) -> bool:
        """Mark it, but for a mark later than `after`: of several processes only one gets True."""
        values = {"name": name, "now": to_ms(at), "after": to_ms(after)}
        with self.engine.begin() as connection:
            return bool(connection.execute(MARK_UNLESS, values).rowcount)

    def marked(self, name: str) -> datetime | None:
        """When it last happened."""
        with self._reading.connect() as connection:
            ms = connection.execute(select(marks.c.at_ms).where(marks.c.name == name)).scalar()
        return from_ms(ms) if ms is not None else None

    def close(self) -> None:
        self.engine.dispose()

    def _after_attempt(self, parcel: Parcel, values: Mapping[str, Any]) -> None:
        change = {**values, "leased_until_ms": None, "attempts": parcel.attempts + 1}
        with self.engine.begin() as connection:
            connection.execute(update(deliveries).where(_still_ours(parcel)).values(change))


def _still_ours(parcel: Parcel) -> ColumnElement[bool]:
    """A process whose lease ran out may not touch what another one has taken since."""
    table = deliveries.c
    return and_(table.id == parcel.id, table.leased_until_ms == parcel.leased_until_ms)


def _claim(mac: bytes, reference: str, now: datetime) -> dict[str, Any]:
    return {"mac": mac, "reference": reference, "now": to_ms(now), "too_old": _too_old(now)}


def _too_old(now: datetime) -> int:
    return to_ms(now - SAME_LETTER)
