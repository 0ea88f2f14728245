"""The outbox's database: in use its tables are the newest, and its errors are the outbox's own."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from typing import Any

from sqlalchemy import Connection, Engine, Executable

from contact_service.outbox.engine import notify, open_engine
from contact_service.outbox.errors import OutboxUnavailableError, own_errors
from contact_service.outbox.tables import downgrade, upgrade


class Database:
    """On SQLite or PostgreSQL. Whatever uses it may raise OutboxUnavailableError."""

    def __init__(self, url: str) -> None:
        self._url, self._ready = url, False
        with own_errors(url):
            self.engine: Engine = open_engine(url)
        with suppress(OutboxUnavailableError), self._in_use():
            pass  # one that is away may be back for the first use
        self.close()  # no connection is open when gunicorn's workers branch off

    @contextmanager
    def writing(self, *, wakes: bool = False) -> Iterator[Connection]:
        """A transaction: on the disk when this is left, or undone. `wakes`: the delivery."""
        with self._in_use(), self.engine.begin() as connection:
            yield connection
            if wakes:
                notify(connection)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """What there is at one moment; this waits for nobody that writes."""
        with self._in_use(), self.engine.connect() as connection:
            yield connection.execution_options(reading=True)

    def value(self, statement: Executable, values: Mapping[str, Any] | None = None) -> Any:
        """The first column of the first row that there is; None for no row."""
        with self.reading() as connection:
            return connection.execute(statement, values).scalar()

    def change(self, statement: Executable, values: Mapping[str, Any] | None = None) -> int:
        """Do it in a transaction of its own; returns how many rows it was done to."""
        with self.writing() as connection:
            return connection.execute(statement, values).rowcount

    def truncate_log(self) -> None:
        """Take what was deleted out of SQLite's write-ahead log as well; a busy log waits."""
        if self.engine.dialect.name == "sqlite":
            with (
                self._in_use(),
                closing(self.engine.raw_connection()) as connection,
                suppress(sqlite3.OperationalError),
            ):
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").close()

    def server_version(self) -> int | None:
        """PostgreSQL's main version, once it was spoken to; None for SQLite."""
        if self.engine.dialect.name != "postgresql":
            return None
        version: tuple[int, ...] = self.engine.dialect.server_version_info  # type: ignore[assignment]
        return version[0]

    def close(self) -> None:
        self.engine.dispose()

    @contextmanager
    def _in_use(self) -> Iterator[None]:
        """Before the first use, whatever it is: nothing is read or written in other tables."""
        with own_errors(self._url):
            if not self._ready:
                upgrade(self.engine)
                self._ready = True
            yield


def bring_back(url: str, version: str) -> None:
    """Bring the tables back to those of an older release; raises OutboxUnavailableError."""
    with own_errors(url):
        engine = open_engine(url)
        try:
            downgrade(engine, version)
        finally:
            engine.dispose()
