"""Databases of earlier versions come up to the newest schema, on SQLite and PostgreSQL."""

from __future__ import annotations

import multiprocessing
import sqlite3
import threading
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import inspect
from sqlalchemy.exc import SQLAlchemyError

from contact_service.box import Box
from contact_service.outbox.engine import open_engine
from contact_service.outbox.errors import ReferenceTakenError
from contact_service.outbox.outbox import Accepted, Outbox, Stored
from contact_service.outbox.tables import (
    FIRST_VERSION,
    NEWEST_VERSION,
    alembic_config,
    downgrade,
    metadata,
)
from contact_service.outbox.tallies import Cell
from contact_service.sealing import SealedMail
from tests.support.postgres import NewDatabase
from tests.support.project import ROOT
from tests.support.service.first_version import NOW, NOW_MS, WORDS, make_first
from tests.support.waiting import PATIENCE

AT_ONCE = 4
CELL = Cell(b"name", "2026-11", "letters")
KEPT = {"boxes", "answers", "tallies"}
"""Tables that stay on the way back: an older release leaves them alone."""
VERSIONS = sorted(
    path.name[:4] for path in (ROOT / "contact_service/outbox/migrations/versions").glob("*.py")
)


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
        outbox.forget(parcel)
        assert outbox.counts() == {"waiting": 0, "given_up": 1}


def test_first_version_takes_new_mails(first_url: str) -> None:
    """New rows get numbers of their own, and a reference that is taken is still refused."""
    mail = SealedMail("<3@example.org>", "centre@example.org", b"new")
    with closing(Outbox(first_url)) as outbox:
        outbox.accept(Accepted("NEW", "sopot", 3, b"new", [mail]), NOW)
        assert [row["id"] for row in rows(outbox)] == [1, 2, 3]
        with pytest.raises(ReferenceTakenError):
            outbox.accept(Accepted("ENDED", "sopot", 3, b"other", [mail]), NOW)


def make_second(url: str) -> None:
    """The same as it stood before the third version, with a letter that was accepted lately."""
    make_first(url)
    engine = open_engine(url)
    config = Config()
    config.set_main_option("script_location", str(ROOT / "contact_service/outbox/migrations"))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.stamp(config, "0001")
        command.upgrade(config, "0002")
        values = WORDS[engine.dialect.name]["sealed"]
        row = f"({values}, 'WAITS', {NOW_MS})"
        connection.exec_driver_sql(f"INSERT INTO recent VALUES {row}")  # noqa: S608
    engine.dispose()


def test_second_version_forgets_the_references_of_recent_letters(database_url: str) -> None:
    """Its mails stay; the table that told a reference begins anew and works."""
    make_second(database_url)
    with closing(Outbox(database_url)) as outbox:
        assert rows(outbox, "recent") == []
        assert outbox.counts() == {"waiting": 1, "given_up": 1}
        mail = SealedMail("<3@example.org>", "centre@example.org", b"new")
        for reference in ("NEW", "AGAIN"):
            accepted = Accepted(reference, "sopot", 3, b"new", [mail])
            assert outbox.accept(accepted, NOW) == Stored("NEW", NOW)


def test_second_start_changes_nothing(first_url: str) -> None:
    """Starting again leaves rows and version as they are."""
    with closing(Outbox(first_url)) as outbox:
        before = [rows(outbox), rows(outbox, "alembic_version")]
    with closing(Outbox(first_url)) as outbox:
        assert [rows(outbox), rows(outbox, "alembic_version")] == before


@pytest.mark.parametrize(
    "prepare", [lambda _url: None, make_first, make_second], ids=["new", "first", "second"]
)
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
    together.wait(timeout=PATIENCE)
    with closing(Outbox(url)) as outbox:
        return outbox.counts()


@pytest.fixture(scope="module")
def processes() -> Iterator[ProcessPoolExecutor]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        AT_ONCE, context, initializer=_join, initargs=(context.Barrier(AT_ONCE),)
    ) as pool:
        pool.map(abs, range(AT_ONCE))  # all are started before the first test
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
    assert VERSIONS[-1] == NEWEST_VERSION


@pytest.mark.parametrize("version", VERSIONS[:-1])
def test_every_migration_goes_back(
    database_url: str, new_database: NewDatabase, version: str
) -> None:
    """An older release gets its own tables, with every letter; forward again nothing is lost.

    Boxes wait meanwhile with their answers, and numbers stay. No note of a recent letter stays in
    words that an older release cannot read.
    """
    mail = SealedMail("<3@example.org>", "centre@example.org", b"new")
    box = Box(b"place", b"slot", b"note")
    make_first(database_url)
    with closing(Outbox(database_url)) as outbox:
        outbox.accept(Accepted("NEW", "sopot", 3, b"new", [mail], "code", box), NOW)
        assert outbox.put_answer(b"place", b"answer", NOW)
        outbox.count_in(CELL)
        assert outbox.lease(NOW)  # the release that goes died with a letter in its hands
        before = rows(outbox)
    older = new_database()
    make_version(older, version)
    engine = open_engine(database_url)
    for _ in range(2):  # an interrupted update is repeated
        downgrade(engine, version)
    assert tables_in(database_url, without=KEPT) == tables_in(older, without=KEPT)
    with engine.connect() as connection:
        if "0002" <= version < "0004":
            assert connection.exec_driver_sql("SELECT count(*) FROM recent").scalar() == 0
    engine.dispose()
    kept = {"reference", "recipient", "message_id", "content", "accepted_ms", "attempts"}
    with closing(Outbox(database_url)) as outbox:
        after = rows(outbox)
        assert outbox.box_at(b"slot", NOW) == box
        assert outbox.answers_at(b"place", NOW) == [b"answer"]
        assert outbox.put_answer(b"place", b"next", NOW)
        outbox.count_the_day(NOW)
        assert outbox.numbers_between("2026-11", "2026-11") == {CELL: 1}
        assert outbox.accept(Accepted("NEXT", "sopot", 3, b"next", [mail]), NOW).reference == "NEXT"
    assert tables_in(database_url) == tables_in(newest_database(new_database))
    assert [{k: row[k] for k in kept} for row in after] == [
        {k: row[k] for k in kept} for row in before
    ]
    assert [row["state"] for row in after] == [row["state"] for row in before]
    if version >= "0002":
        assert after == before


def test_a_way_back_that_fails_changes_nothing(database_url: str) -> None:
    """Stopped in the middle (a full disk, a kill), the tables are the new ones, letters and all."""
    make_first(database_url)
    with closing(Outbox(database_url)) as outbox:
        before = rows(outbox), tables_in(database_url)
        with outbox.engine.begin() as connection:
            connection.exec_driver_sql("DROP TABLE marks")  # the third step of going back fails
        broken = rows(outbox), tables_in(database_url)
        with pytest.raises(SQLAlchemyError):
            downgrade(outbox.engine, FIRST_VERSION)
        assert (rows(outbox), tables_in(database_url)) == broken != before


def make_version(url: str, version: str) -> None:
    """An empty database as the release made it whose newest tables these were."""
    engine = open_engine(url)
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), version)
    engine.dispose()


def newest_database(new_database: NewDatabase) -> str:
    """An empty database of this release."""
    url = new_database()
    Outbox(url).close()
    return url


def tables_in(url: str, without: Collection[str] = ()) -> Any:
    """Every table, column and index, and the version that is written down."""
    engine = open_engine(url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection)
        found = inspect(connection)
        names = sorted(set(found.get_table_names()).difference(without))
        columns = {
            (name, column["name"]): (str(column["type"]), column["nullable"])
            for name in names
            for column in found.get_columns(name)
        }
        indexes = {(name, index["name"]) for name in names for index in found.get_indexes(name)}
        seen = columns, indexes, context.get_current_revision()
    engine.dispose()
    return seen
