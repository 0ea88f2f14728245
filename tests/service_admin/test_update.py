"""An update from the first version: the operator's files stay, and what waited arrives."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import pytest
from pysequoia import Cert, Tsk, encrypt

from tests.support.processes import started
from tests.support.project import ROOT
from tests.support.service.first_version import FIRST, WORDS
from tests.support.service.service_parts import SECRET, Instance, SmtpServer
from tests.support.waiting import PATIENCE

SENTENCE = "Чака от първата версия."
# As the papers of the first version showed the file: OpenPGP was the only way to seal.
SETTINGS = """\
site_folder = "{site}"
content_folder = "{content}"
database = "sqlite:///{folder}/outbox.sqlite3"
trusted_proxies = 1          # how many proxies of yours stand before the service
messages_per_hour = 10       # accepted from one network

[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "opora@example.org"

[[centres.harmanli.recipients]]
address = "harmanli@example.org"
key = "centre.asc"           # the public OpenPGP certificate

[[centres.sopot.recipients]]
address = "sopot@example.org"
key = "centre.asc"
"""


def sealed_mail(certificate: Cert) -> bytes:
    """A PGP/MIME mail (RFC 3156), as the first version kept it in its outbox."""
    clear = f'Content-Type: text/plain; charset="utf-8"\r\n\r\n{SENTENCE}\r\n'
    closed = encrypt(clear.encode(), recipients=[certificate], armor=True).decode()
    return (
        "From: opora@example.org\r\nTo: harmanli@example.org\r\nSubject: x\r\n"
        "Message-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted"; boundary="b"\r\n'
        "\r\n--b\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n"
        f"--b\r\nContent-Type: application/octet-stream\r\n\r\n{closed}\r\n--b--\r\n"
    ).encode()


@pytest.fixture
def first(
    tmp_path: Path, site: Path, secret_key: Tsk, smtp_server: SmtpServer, opened: ExitStack
) -> Instance:
    """The folder of an operator of the first version, with a letter that could not go out yet."""
    certificate = secret_key.extract_certificate()
    (tmp_path / "centre.asc").write_text(str(certificate))
    toml = SETTINGS.format(
        site=site, content=ROOT / "content", folder=tmp_path, port=smtp_server.port
    )
    (tmp_path / "service.toml").write_text(toml)
    with closing(sqlite3.connect(tmp_path / "outbox.sqlite3")) as database:
        for statement in FIRST:
            database.execute(statement.format(**WORDS["sqlite"], now=0))
        database.execute(
            "UPDATE deliveries SET content = ?, recipient = 'harmanli@example.org'"
            " WHERE reference = 'WAITS'",
            [sealed_mail(certificate)],
        )
        database.commit()
    return Instance(tmp_path, toml, secret_key, opened)


def kept_files(folder: Path) -> dict[str, bytes]:
    """What the operator made: settings and key."""
    return {name: (folder / name).read_bytes() for name in ("service.toml", "centre.asc")}


def environment(first: Instance) -> dict[str, str]:
    settings = str(first.folder / "service.toml")
    return {**os.environ, "OPORA_SETTINGS": settings, "OPORA_SECRET": SECRET}


def deliver_until(first: Instance, arrived: threading.Event) -> None:
    """Run the delivery process as an operator does, until a mail arrived or a minute is over."""
    toml = first.folder / "service.toml"
    quiet = first.folder / "quiet.toml"
    quiet.write_text("watch_port = 0\n" + toml.read_text())  # other tests may have its port
    command = [sys.executable, "-m", "contact_service", "--settings", str(quiet), "deliver"]
    with started(command, cwd=ROOT, env=environment(first)) as process:
        assert arrived.wait(PATIENCE), f"nothing arrived; the process says {process.poll()}"


def test_what_waited_arrives(first: Instance, smtp_server: SmtpServer) -> None:
    """Settings and key are used as they are; the queued letter arrives and opens with that key."""
    before = kept_files(first.folder)
    arrived = threading.Event()

    def answer(_envelope: Any) -> str:
        arrived.set()
        return "250 OK"

    smtp_server.answer = answer
    deliver_until(first, arrived)
    [(recipients, mail)] = smtp_server.taken
    assert recipients == ["harmanli@example.org"]
    assert mail["Message-ID"] == "<1@example.org>"
    assert SENTENCE in first.open(mail)
    with closing(first.outbox()) as outbox:
        assert outbox.counts() == {"waiting": 0, "given_up": 1}
    assert kept_files(first.folder) == before


def test_new_letters_go_the_same_way(
    first: Instance, smtp_server: SmtpServer, letter: dict[str, Any]
) -> None:
    """The form works with the old settings, and its letter stands beside the one that waits."""
    assert first.client().post("/send/bg/harmanli/contact", data=letter).status_code == 303
    with closing(first.outbox()) as outbox:
        assert outbox.counts() == {"waiting": 2, "given_up": 1}


def test_the_operator_sees_it(first: Instance) -> None:
    """`status` brings the old outbox up and counts what is in it."""
    done = subprocess.run(
        [sys.executable, "-m", "service_admin", "status"],
        cwd=ROOT,
        env=environment(first),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    assert "Чакат: 1," in done.stdout
    assert "Недоставими: 1\n  ENDED:" in done.stdout
