"""Connections: SQLite made durable and forgetful, PostgreSQL with LISTEN and NOTIFY."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import (
    Connection,
    Dialect,
    Engine,
    PoolProxiedConnection,
    TextClause,
    create_engine,
    event,
)
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    import psycopg

CHANNEL = "opora_outbox"
CONNECT_SECONDS = 10
LOOK_SECONDS = 0.04

Execute = Callable[[TextClause, Mapping[str, Any]], Any]


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///…` or `postgresql+psycopg://…`; parameters stay out of errors."""
    if not url.startswith("sqlite"):
        waiting = {"connect_timeout": CONNECT_SECONDS}
        return create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=waiting)
    engine = create_engine(url, hide_parameters=True, paramstyle="named")
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Write-ahead log, every commit on the disk, deleted bytes overwritten."""
    connection.isolation_level = None
    for setting in ("busy_timeout=10000", "synchronous=FULL", "secure_delete=ON"):
        connection.execute(f"PRAGMA {setting}")
    _turn_on_wal(connection)


def _turn_on_wal(connection: Any) -> None:
    """Switch the journal; the busy timeout does not hold for this, so wait here (10 s at most)."""
    for _ in range(500):
        with suppress(sqlite3.OperationalError):
            connection.execute("PRAGMA journal_mode=WAL")
            return
        time.sleep(0.02)
    connection.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(connection: Connection) -> None:
    """Writers wait in a row from their first statement on; readers do not wait."""
    reading = connection.get_execution_options().get("reading")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@contextmanager
def storing(engine: Engine) -> Iterator[Execute]:
    """A transaction on the driver's own cursor, which wakes the delivery when it commits.

    For the one way that every letter takes, where SQLAlchemy's layers would cost as much as
    sealing does. The connection comes from the same pool, and errors are SQLAlchemy's. Left
    without a commit, the pool rolls back.
    """
    dialect = engine.dialect
    broken = dialect.loaded_dbapi.Error
    try:
        with _turn(engine), closing(engine.raw_connection()) as connection:
            cursor = connection.cursor()
            if dialect.name == "sqlite":
                cursor.execute("BEGIN IMMEDIATE")
            yield lambda statement, values: cursor.execute(_sql(statement, dialect), values)
            if dialect.name == "postgresql":
                cursor.execute(f"NOTIFY {CHANNEL}")
            connection.commit()
    except broken as error:
        raise DBAPIError.instance(
            None, None, error, broken, hide_parameters=True, dialect=dialect
        ) from None


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """Letters wait in a row for SQLite's only writer, and the next is woken at once.

    SQLite itself sleeps and looks again, longer each time. The lock is on the folder, because
    whoever closes SQLite's own file loses SQLite's locks; a killed process gives it back. Where
    it cannot be had, SQLite's own way of waiting is left.
    """
    with ExitStack() as stack:
        if engine.dialect.name == "sqlite" and engine.url.database:
            with suppress(OSError):
                folder = os.open(Path(engine.url.database).parent, os.O_RDONLY)
                stack.callback(os.close, folder)
                fcntl.flock(folder, fcntl.LOCK_EX)
        yield


@cache
def _sql(statement: TextClause, dialect: Dialect) -> str:
    return str(statement.compile(dialect=dialect))


def truncate_log(engine: Engine) -> None:
    """Take what was deleted out of SQLite's write-ahead log as well; a busy log waits."""
    if engine.dialect.name == "sqlite":
        with closing(engine.raw_connection()) as connection, suppress(sqlite3.OperationalError):
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()


def notify(connection: Connection) -> None:
    """Wake the delivery processes when this transaction commits (PostgreSQL)."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"NOTIFY {CHANNEL}")


class Bell:
    """Waits for new work: LISTEN on PostgreSQL; on SQLite it looks whether somebody committed."""

    def __init__(self, engine: Engine, stop: threading.Event) -> None:
        self._engine = engine
        self._stop = stop
        self._listening: psycopg.Connection[Any] | None = None
        self._watching: PoolProxiedConnection | None = None
        self._seen = -1

    def wait(self, seconds: float) -> None:
        """Return when there may be work, when `seconds` have passed or when told to stop."""
        if self._engine.dialect.name == "postgresql":
            self._listen(seconds)
            return
        end = time.monotonic() + seconds
        while not self._committed() and (left := end - time.monotonic()) > 0:
            if self._stop.wait(min(LOOK_SECONDS, left)):
                return

    def _committed(self) -> bool:
        """Whether another connection has written since the last look; this takes no lock."""
        before = self._seen
        with suppress(sqlite3.Error, DBAPIError):  # gone for a while: whoever waits looks later
            self._watching = self._watching or self._engine.raw_connection()
            [[self._seen]] = self._watching.cursor().execute("PRAGMA data_version").fetchall()
        return self._seen != before

    def _listen(self, seconds: float) -> None:
        import psycopg  # only where the outbox is on PostgreSQL

        try:
            if self._listening is None:
                url = self._engine.url.set(drivername="postgresql")
                address = url.render_as_string(hide_password=False)
                self._listening = psycopg.connect(
                    address, autocommit=True, connect_timeout=CONNECT_SECONDS
                )
                self._listening.execute(f"LISTEN {CHANNEL}")
                return  # something may have come before we listened
            for _ in self._listening.notifies(timeout=seconds, stop_after=1):
                pass
        except psycopg.Error:  # the server restarted or moved: listen anew next time
            self.close()
            self._stop.wait(seconds)

    def close(self) -> None:
        for connection in (self._listening, self._watching):
            if connection is not None:
                connection.close()
        self._listening = self._watching = None
