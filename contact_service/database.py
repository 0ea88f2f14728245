"""Connections: SQLite made durable and forgetful, PostgreSQL with LISTEN and NOTIFY."""

from __future__ import annotations

import sqlite3
import threading
import time
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event

if TYPE_CHECKING:
    import psycopg

CHANNEL = "opora_outbox"


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///…` or `postgresql+psycopg://…`; parameters stay out of errors."""
    on_a_server = not url.startswith("sqlite")
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=on_a_server)
    if engine.dialect.name == "sqlite":
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
    """Waits for new work: LISTEN on PostgreSQL, else simply a short time."""

    def __init__(self, engine: Engine, stop: threading.Event) -> None:
        self._engine = engine
        self._stop = stop
        self._listening: psycopg.Connection[Any] | None = None

    def wait(self, seconds: float) -> None:
        """Return when there may be work, when `seconds` have passed or when told to stop."""
        if self._engine.dialect.name != "postgresql":
            self._stop.wait(seconds)
            return
        import psycopg  # only where the outbox is on PostgreSQL

        try:
            if self._listening is None:
                url = self._engine.url.set(drivername="postgresql")
                address = url.render_as_string(hide_password=False)
                self._listening = psycopg.connect(address, autocommit=True)
                self._listening.execute(f"LISTEN {CHANNEL}")
                return  # something may have come before we listened
            for _ in self._listening.notifies(timeout=seconds, stop_after=1):
                pass
        except psycopg.Error:  # the server restarted or moved: listen anew next time
            self.close()
            self._stop.wait(seconds)

    def close(self) -> None:
        if self._listening is not None:
            self._listening.close()
            self._listening = None
