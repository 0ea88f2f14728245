"""Databases of earlier versions come up to the newest schema, on SQLite and PostgreSQL."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from postgres import NewDatabase
from sqlalchemy.exc import IntegrityError
from support import ROOT

from contact_service.database import open_engine
from contact_service.outbox import Accepted, Outbox
from contact_service.sealing import SealedMail
from contact_service.tables import NEWEST_VERSION, metadata

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
NOW_MS = int(NOW.timestamp() * 1000)
AT_ONCE = 4

# As SQLAlchemy made it in version 0.1; each kind of database has words of its own for {…}.
FIRST = (
    "CREATE TABLE deliveries (id {id} NOT NULL, reference VARCHAR(16) NOT NULL,"
    " form_version INTEGER NOT NULL, recipient VARCHAR(254) NOT NULL,"
    " message_id VARCHAR(254) NOT NULL, content {bytes} NOT NULL, accepted_ms BIGINT NOT NULL,"
    " attempts INTEGER NOT NULL, due_ms BIGINT, leased_until_ms BIGINT, PRIMARY KEY (id),"
    " UNIQUE (reference, recipient))",
    "CREATE INDEX ix_deliveries_due_ms ON deliveries (due_ms)",
    "INSERT INTO deliveries (reference, form_version, recipient, message_id, content,"
    " accepted_ms, attempts, due_ms) VALUES"
    " ('WAITS', 3, 'centre@example.org', '<1@example.org>', {sealed}, 1795290000000, 2, {now}),"
    " ('ENDED', 3, 'centre@example.org', '<2@example.org>', {sealed}, 1795290000000, 14, NULL)",
)
WORDS = {
    "sqlite": {"id": "INTEGER", "bytes": "BLOB", "sealed": "x'7365616c6564'"},
    "postgresql": {"id": "SERIAL", "bytes": "BYTEA", "sealed": "'\\x7365616c6564'"},
}


def make_first(url: str) -> None:
    """A database of version 0.1 with a waiting and a given-up mail."""
    engine = open_engine(url)
    with engine.begin() as connection:
        for statement in FIRST:
            connection.exec_driver_sql(statement.format(**WORDS[engine.dialect.name], now=NOW_MS))
    engine.dispose()


@pytest.fixture
def first_url(database_url: str) -> str:
    make_first(database_url)
    return database_url


def rows(outbox: Outbox, table: str = "deliveries") -> list[dict[str, Any]]:
    with outbox.engine.connect() as connection:
        found = connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1")  # noqa: S608
        return [dict(row) for row in found.mappings()]


def test_first_version_keeps_its_mails(first_url: str) -> None:
    """Both rows keep what they held; a state and an unknown centre are added."""
    with closing(Outbox(first_url)) as outbox:
        waiting, ended = rows(outbox)
    common = {
        "form_version": 3,
        "recipient": "centre@example.org",
        "content": b"sealed",
        "accepted_ms": 1795290000000,
        "leased_until_ms": None,
        "centre": "",
    }
    own = {"id": 1, "reference": "WAITS", "message_id": "<1@example.org>"}
    assert waiting == common | own | {"attempts": 2, "state": "waiting", "due_ms": NOW_MS}
    own = {"id": 2, "reference": "ENDED", "message_id": "<2@example.org>"}
    assert ended == common | own | {"attempts": 14, "state": "given_up", "due_ms": 0}


def test_first_version_is_worked_on(first_url: str) -> None:
    """What waited is leased and delivered; what was given up is counted and left alone."""
    with closing(Outbox(first_url)) as outbox:
        assert outbox.counts() == {"waiting": 1, "given_up": 1}
        parcel = outbox.lease(NOW)
        assert parcel is not None
        assert (parcel.reference, parcel.content, parcel.attempts) == ("WAITS", b"sealed", 2)
        assert outbox.lease(NOW) is None
        outbox.delivered(parcel)
        assert outbox.counts() == {"waiting": 0, "given_up": 1}


def test_first_version_takes_new_mails(first_url: str) -> None:
    """New rows get numbers of their own, and a reference that is taken is still refused."""
    mail = SealedMail("<3@example.org>", "centre@example.org", b"new")
    with closing(Outbox(first_url)) as outbox:
        outbox.accept(Accepted("NEW", "sopot", 3, b"new", [mail]), NOW)
        assert [row["id"] for row in rows(outbox)] == [1, 2, 3]
        with pytest.raises(IntegrityError):
            outbox.accept(Accepted("ENDED", "sopot", 3, b"other", [mail]), NOW)


def test_second_start_changes_nothing(first_url: str) -> None:
    """Starting again leaves rows and version as they are."""
    with closing(Outbox(first_url)) as outbox:
        before = [rows(outbox), rows(outbox, "alembic_version")]
    with closing(Outbox(first_url)) as outbox:
        assert [rows(outbox), rows(outbox, "alembic_version")] == before


@pytest.mark.parametrize("prepare", [lambda _url: None, make_first], ids=["new", "first"])
def test_schema_is_what_the_code_expects(database_url: str, prepare: Callable[[str], None]) -> None:
    """After the migrations Alembic finds no difference from `tables.metadata`, types included.

    Defaults on the server, which the migration needs for old rows, are not compared.
    """
    prepare(database_url)
    with closing(Outbox(database_url)) as outbox, outbox.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


together: Barrier


def _join(barrier: Barrier) -> None:
    global together  # noqa: PLW0603
    together = barrier


def _start(url: str) -> dict[str, int]:
    """Runs in a process of its own: start when all others are ready to."""
    together.wait(timeout=60)
    with closing(Outbox(url)) as outbox:
        return outbox.counts()


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        AT_ONCE, context, initializer=_join, initargs=(context.Barrier(AT_ONCE),)
    ) as pool:
        yield pool


@pytest.mark.parametrize(
    ("prepare", "given_up"), [(lambda _url: None, 0), (make_first, 1)], ids=["new", "first"]
)
def test_processes_that_start_at_once(
    new_database: NewDatabase,
    processes: ProcessPoolExecutor,
    prepare: Callable[[str], None],
    given_up: int,
) -> None:
    """Web workers and delivery may start together, on an empty or an old database."""
    for _ in range(5):
        url = new_database()
        prepare(url)
        found = processes.map(_start, [url] * AT_ONCE)
        assert [counts["given_up"] for counts in found] == [given_up] * AT_ONCE


def test_start_waits_for_another_first_start(tmp_path: Path) -> None:
    """While another process writes to a new SQLite file, the start waits instead of failing."""
    file = tmp_path / "outbox.sqlite3"
    with closing(sqlite3.connect(file, isolation_level=None, check_same_thread=False)) as other:
        other.execute("BEGIN IMMEDIATE")
        other.execute("CREATE TABLE something (id INTEGER)")
        timer = threading.Timer(0.3, other.execute, ["COMMIT"])
        timer.start()
        try:
            Outbox(f"sqlite:///{file}").close()
        finally:
            timer.join()
    with closing(sqlite3.connect(file)) as later:
        assert later.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_newest_version_is_the_last_migration() -> None:
    """The version that lets a start skip Alembic is that of the newest file."""
    files = (ROOT / "contact_service/migrations/versions").glob("*.py")
    assert max(path.name[:4] for path in files) == NEWEST_VERSION
