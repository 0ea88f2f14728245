"""Connections: SQLite made durable and forgetful, PostgreSQL with LISTEN and NOTIFY."""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Dialect, Engine, PoolProxiedConnection, create_engine, event
from sqlalchemy.exc import DBAPIError

if TYPE_CHECKING:
    import psycopg

CHANNEL = "opora_outbox"
CONNECT_SECONDS = 10
# Like SQLite's busy timeout below, well under the 30 seconds after which a request is cut off: the
# sender gets an answer with the letter in it.
SERVER_OPTIONS = "-c lock_timeout=10s -c statement_timeout=15s"
LOOK_SECONDS = 0.04


def open_engine(url: str) -> Engine:
    """An engine for `sqlite:///…` or `postgresql+psycopg://…`; parameters stay out of errors."""
    if not url.startswith("sqlite"):
        waiting: dict[str, Any] = {"connect_timeout": CONNECT_SECONDS, "options": SERVER_OPTIONS}
        return create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=waiting)
    engine = create_engine(url, hide_parameters=True, paramstyle="named")
    event.listen(engine, "do_connect", _keep_private)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _keep_private(_dialect: Dialect, _record: object, arguments: Any, _options: object) -> None:
    """Only the owner may read the file, its log and the log's index, whatever the umask says.

    SQLite gives both the rights of the file; these are for a file that is there already. The file
    is made without being opened: who closes SQLite's own file loses SQLite's locks.
    """
    if not (name := arguments[0] if arguments else ""):
        return
    with suppress(OSError):
        os.mknod(name, 0o600)
    for file in (Path(name), Path(f"{name}-wal"), Path(f"{name}-shm")):
        with suppress(OSError):
            if file.is_file() and file.stat().st_mode & 0o077:  # settings may name a folder
                file.chmod(0o600)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Write-ahead log, every commit on the disk, deleted bytes overwritten."""
    try:
        connection.isolation_level = None
        for setting in ("busy_timeout=10000", "synchronous=FULL", "secure_delete=ON"):
            connection.execute(f"PRAGMA {setting}")
        _turn_on_wal(connection)
    except BaseException:
        connection.close()  # SQLAlchemy leaves one open that could not be prepared
        raise


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


def notify(connection: Connection) -> None:
    """Wake the delivery processes when this transaction commits (PostgreSQL)."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"NOTIFY {CHANNEL}")


class Wakeup:
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
        with suppress(sqlite3.Error, DBAPIError):  # gone for a while: it is looked at later
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
