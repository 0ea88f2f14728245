"""The outbox: sealed mails that wait for the mail server. It never holds a readable answer."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    and_,
    case,
    create_engine,
    delete,
    event,
    func,
    insert,
    or_,
    select,
    update,
)

from contact_service.sealing import SealedMail

LEASE = timedelta(minutes=10)

metadata = MetaData()

# Times are whole milliseconds since 1970 in UTC: the same on every database.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference", String(16), nullable=False),
    Column("form_version", Integer, nullable=False),
    Column("recipient", String(254), nullable=False),
    Column("message_id", String(254), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("accepted_ms", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False, default=0),
    Column("due_ms", BigInteger, nullable=True, index=True),
    Column("leased_until_ms", BigInteger, nullable=True),
    UniqueConstraint("reference", "recipient"),
)


@dataclass(frozen=True)
class Parcel:
    """One sealed mail on its way to one recipient, leased to this process."""

    id: int
    reference: str
    recipient: str
    content: bytes
    attempts: int


class Outbox:
    """The table of deliveries. A row is waiting while `due_ms` is set, else given up."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, hide_parameters=True)
        if self._engine.dialect.name == "sqlite":
            _prepare_sqlite(self._engine)
        self._reading = self._engine.execution_options(reading=True)
        metadata.create_all(self._engine)

    def accept(
        self, reference: str, form_version: int, mails: Sequence[SealedMail], now: datetime
    ) -> None:
        """Store all mails of a submission; when this returns, they are on the disk."""
        rows = [
            {
                "reference": reference,
                "form_version": form_version,
                "recipient": mail.recipient,
                "message_id": mail.message_id,
                "content": mail.content,
                "accepted_ms": _ms(now),
                "due_ms": _ms(now),
            }
            for mail in mails
        ]
        with self._engine.begin() as connection:
            connection.execute(insert(deliveries), rows)

    def lease(self, now: datetime) -> Parcel | None:
        """Take the parcel that has waited longest for its time; others leave it alone for LEASE."""
        table = deliveries.c
        free = or_(table.leased_until_ms.is_(None), table.leased_until_ms <= _ms(now))
        longest_due = (
            select(table.id)
            .where(and_(table.due_ms <= _ms(now), free))
            .order_by(table.due_ms, table.id)
            .limit(1)
            .scalar_subquery()
        )
        take = (
            update(deliveries)
            .where(table.id == longest_due)
            .values(leased_until_ms=_ms(now + LEASE))
            .returning(table.id, table.reference, table.recipient, table.content, table.attempts)
        )
        with self._engine.begin() as connection:
            row = connection.execute(take).one_or_none()
        return Parcel(*row) if row else None

    def delivered(self, parcel: Parcel) -> None:
        """Forget a delivered parcel."""
        with self._engine.begin() as connection:
            connection.execute(delete(deliveries).where(deliveries.c.id == parcel.id))

    def purge(self) -> None:
        """Take what was deleted out of the write-ahead log as well."""
        if self._engine.dialect.name == "sqlite":
            with closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()

    def retry_at(self, parcel: Parcel, when: datetime) -> None:
        self._after_attempt(parcel, due_ms=_ms(when))

    def give_up(self, parcel: Parcel) -> None:
        """Stop trying; the sealed mail stays for the operator."""
        self._after_attempt(parcel, due_ms=None)

    def next_due(self) -> datetime | None:
        """When the next waiting parcel wants to be sent."""
        table = deliveries.c
        free_at = case((table.leased_until_ms > table.due_ms, table.leased_until_ms))
        with self._reading.connect() as connection:
            earliest = func.min(func.coalesce(free_at, table.due_ms))
            ms = connection.execute(select(earliest).where(table.due_ms.is_not(None))).scalar()
        return datetime.fromtimestamp(ms / 1000, UTC) if ms is not None else None

    def counts(self) -> dict[str, int]:
        """How many parcels wait and how many were given up."""
        with self._reading.connect() as connection:
            waiting, all_rows = connection.execute(
                select(func.count(deliveries.c.due_ms), func.count())
            ).one()
        return {"waiting": waiting, "given_up": all_rows - waiting}

    def close(self) -> None:
        self._engine.dispose()

    def _after_attempt(self, parcel: Parcel, due_ms: int | None) -> None:
        values = {"due_ms": due_ms, "leased_until_ms": None, "attempts": parcel.attempts + 1}
        with self._engine.begin() as connection:
            connection.execute(
                update(deliveries).where(deliveries.c.id == parcel.id).values(values)
            )


def _ms(moment: datetime) -> int:
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return int(moment.timestamp() * 1000)


def _prepare_sqlite(engine: Engine) -> None:
    """Write-ahead log, every commit on the disk, deleted bytes overwritten, writers in a row."""

    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for setting in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "secure_delete=ON",
            "busy_timeout=10000",
        ):
            connection.execute(f"PRAGMA {setting}")

    def on_begin(connection: Any) -> None:
        reading = connection.get_execution_options().get("reading")
        connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
