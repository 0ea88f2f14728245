"""The tables of the outbox, and how a database of any earlier version comes up to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
    inspect,
    text,
)

from contact_service.outbox.errors import NewerTablesError

if TYPE_CHECKING:
    from alembic.config import Config

metadata = MetaData()

# Times are whole milliseconds since 1970 in UTC: the same on every database.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("reference", String(16), nullable=False),
    Column("centre", String(64), nullable=False),
    Column("form_version", Integer, nullable=False),
    Column("recipient", String(254), nullable=False),
    Column("message_id", String(254), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("accepted_ms", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    # waiting: sent when due_ms has come; given_up: kept for the operator
    Column("state", String(8), nullable=False),
    Column("due_ms", BigInteger, nullable=False),
    Column("leased_until_ms", BigInteger, nullable=True),
    UniqueConstraint("reference", "recipient"),
    Index("deliveries_due", "state", "due_ms"),
)

# What was accepted in the last five minutes. Name and note come from a keyed HMAC of answers and
# network: only who sends the same letter again from there finds its reference (keys.letter_mac).
recent = Table(
    "recent",
    metadata,
    Column("name", LargeBinary(32), primary_key=True),
    Column("note", LargeBinary, nullable=False),
    Column("accepted_ms", BigInteger, nullable=False),
)

# What waits for senders (contact_service.box). A box ends with a day, so that it does not tell when
# its letter came.
boxes = Table(
    "boxes",
    metadata,
    Column("place", LargeBinary(32), primary_key=True),
    Column("slot", LargeBinary(32), nullable=False, unique=True),
    Column("note", LargeBinary, nullable=False),
    Column("reader_note", LargeBinary, nullable=False),
    Column("ends_ms", BigInteger, nullable=False),
)
answers = Table(
    "answers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("place", LargeBinary(32), nullable=False, index=True),
    Column("content", LargeBinary, nullable=False),
    Column("once", LargeBinary(32), unique=True),  # the same press of a button again has the same
)

# Numbers of letters (contact_service.outbox.tallies). Without a rowid, which would tell in which
# order the cells of a month began.
tallies = Table(
    "tallies",
    metadata,
    Column("name", LargeBinary(32), primary_key=True),
    Column("month", String(7), nullable=False),
    Column("kind", String(8), nullable=False),  # letters, or those that were answered
    Column("since_night", Integer, nullable=False),
    Column("counted", Integer, nullable=False),
    sqlite_with_rowid=False,
)

# When something last happened: a heartbeat, an alarm, a round of the delivery process.
marks = Table(
    "marks",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
)

# Of the years 2 and 9998: sums with a month, and local times, stay in the calendar.
FIRST_SECOND, LAST_SECOND = -62104060800, 253370764799

FIRST_VERSION, NEWEST_VERSION = "0001", "0005"
VERSION = text("SELECT version_num FROM alembic_version")
MIGRATING = 478627721825  # the lock's number: "opora" in ASCII, decimal for PostgreSQL before 16


def to_ms(moment: datetime) -> int:
    """A moment as the tables hold it; raises ValueError for one without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return int(moment.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """The moment; what no calendar holds is near its first or its last."""
    ms = int(ms)  # a damaged database holds fractions too
    seconds = max(FIRST_SECOND, min(ms // 1000, LAST_SECOND))
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=ms % 1000 * 1000)


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema; safe to call from several processes at once."""
    with engine.execution_options(reading=True).connect() as connection:
        if _version(connection) == NEWEST_VERSION:
            return  # who only reads waits for nobody that writes
    with _alone(engine) as connection:
        version = _version(connection)
        if version == NEWEST_VERSION:
            return  # another process has just done it
        with _migrating(connection) as (command, config):
            if version is None and inspect(connection).has_table("deliveries"):
                command.stamp(config, FIRST_VERSION)  # made before there were migrations
            command.upgrade(config, "head")


def _version(connection: Connection) -> str | None:
    """The version that is written down; "" for an empty note, None for tables without one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(VERSION).scalar() or ""


def downgrade(engine: Engine, version: str) -> None:
    """Bring the database back to the schema of an older release, whole or not at all.

    Every letter stays. A schema that is older already, or none, stays as it is.
    """
    with _alone(engine) as connection:
        if (_version(connection) or "") > version:
            with _migrating(connection) as (command, config):
                command.downgrade(config, version)


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A transaction in which nobody else changes the schema."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({MIGRATING})")
        yield connection


@contextmanager
def _migrating(connection: Connection) -> Iterator[tuple[Any, Config]]:
    """Alembic's commands and their settings; raises NewerTablesError for a version unknown here."""
    from alembic import command, util  # large, and needed only when there is something to do

    try:
        yield command, alembic_config(connection)
    except util.CommandError:
        raise NewerTablesError from None


def alembic_config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config
