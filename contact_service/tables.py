"""The tables of the outbox, and how a database of any earlier version comes up to them."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

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

# What was accepted in the last half hour, under a keyed HMAC of its answers.
recent = Table(
    "recent",
    metadata,
    Column("mac", LargeBinary(32), primary_key=True),
    Column("reference", String(16), nullable=False),
    Column("accepted_ms", BigInteger, nullable=False),
)

# When something last happened: a heartbeat, an alarm, a round of the delivery process.
marks = Table(
    "marks",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("at_ms", BigInteger, nullable=False),
)

FIRST_VERSION, NEWEST_VERSION = "0001", "0002"
VERSION = text("SELECT version_num FROM alembic_version")


def to_ms(moment: datetime) -> int:
    """A moment as the tables hold it; raises ValueError for one without a time zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs its time zone")
    return int(moment.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    return datetime.fromtimestamp(ms / 1000, UTC)


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest schema; safe to call from several processes at once."""
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(0x6f706f7261)")
        names = inspect(connection).get_table_names()
        versioned = "alembic_version" in names
        if versioned and connection.execute(VERSION).scalar() == NEWEST_VERSION:
            return
        _migrate(connection, unversioned="deliveries" in names and not versioned)


def _migrate(connection: Connection, *, unversioned: bool) -> None:
    from alembic import command  # large, and needed only when there is something to do
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    if unversioned:
        command.stamp(config, FIRST_VERSION)  # made before there were migrations
    command.upgrade(config, "head")
