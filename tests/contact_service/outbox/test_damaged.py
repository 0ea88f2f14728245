"""A damaged SQLite file: senders keep their answers, everybody else hears which file it is."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from contact_service.delivery.worker import deliver_for_ever
from contact_service.outbox.engine import open_engine
from contact_service.outbox.errors import DamagedError
from contact_service.outbox.outbox import Outbox
from service_admin.outbox import status
from tests.support.project import ROOT
from tests.support.service.doctor_looks import look, not_ok
from tests.support.service.service_parts import Instance
from tests.support.waiting import StopsAfter

CONTACT = "/send/bg/harmanli/contact"


def garbage(file: Path) -> None:
    file.write_bytes(b"no database, " * 4000)


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:5000])


def wrong_header(file: Path) -> None:
    file.write_bytes(b"XXXX" + file.read_bytes()[4:])


def holes(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    file.write_bytes(content)


def holes_in_the_first_page(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[100:4096] = b"\xff" * 3996
    file.write_bytes(content)


@pytest.fixture(
    params=[garbage, cut, wrong_header, holes, holes_in_the_first_page],
    ids=lambda damage: damage.__name__,
)
def damaged(instance: Instance, request: pytest.FixtureRequest) -> Instance:
    """An operator's folder whose outbox is damaged."""
    instance.outbox().close()
    damage: Callable[[Path], None] = request.param
    file = instance.folder / "outbox.sqlite3"
    for tail in ("-wal", "-shm"):
        file.with_name(file.name + tail).unlink(missing_ok=True)
    damage(file)
    return instance


def test_sender_keeps_the_answers(damaged: Instance, letter: dict[str, Any]) -> None:
    """503 with what was written, and never a traceback."""
    answer = damaged.client().post(CONTACT, data=letter)
    assert answer.status_code == 503
    assert "Синът ми не иска да ходи на училище." in answer.text
    assert "опитайте пак след няколко минути с бутона долу" in answer.text


def test_doctor_and_status_name_the_file(damaged: Instance) -> None:
    """Both say which file it is and how to restore."""
    [check] = [check for check in look(damaged) if check.state != "ok"]
    assert check.name == "база"
    assert str(damaged.folder / "outbox.sqlite3") in check.sentence
    assert "restore" in check.sentence
    with pytest.raises(DamagedError, match="restore"):
        status(damaged.settings())


def test_delivery_says_it_once(damaged: Instance, caplog: pytest.LogCaptureFixture) -> None:
    """The log names the file and the way back one time, however long it lasts."""
    stop = StopsAfter(6)  # twice a round
    with caplog.at_level(logging.INFO), closing(damaged.outbox()) as outbox:
        deliver_for_ever(outbox, damaged.settings().smtp, stop)
    said = [r.getMessage() for r in caplog.records if "'look': 'delivery'" in r.getMessage()]
    assert len(said) == 1
    assert "outbox.sqlite3 е повреден" in said[0]


def test_files_are_the_owners_alone(instance: Instance, letter: dict[str, Any]) -> None:
    """Database, log and index have mode 0600, also where an older version made them wider."""
    file = instance.folder / "outbox.sqlite3"
    client = instance.client()
    assert client.post(CONTACT, data=letter).status_code == 303
    files = list(instance.folder.glob("outbox.sqlite3*"))
    assert len(files) == 3
    assert {path.stat().st_mode & 0o777 for path in files} == {0o600}
    for path in files:
        path.chmod(0o644)
    with closing(instance.outbox()) as outbox:
        outbox.counts()
    assert {path.stat().st_mode & 0o777 for path in files if path.exists()} == {0o600}
    assert file.exists()
    assert not_ok(look(instance)) == []


def test_no_other_process_takes_the_log_away(tmp_path: Path) -> None:
    """Who opens and closes the file beside a running process leaves it its write-ahead log.

    A process loses its locks on a file as soon as it closes any descriptor of it (fcntl(2)); the
    next one that leaves then takes itself for the last user, and deletes the log.
    """
    url = f"sqlite:///{tmp_path / 'outbox.sqlite3'}"
    visit = (
        "import sys; from contact_service.outbox.outbox import Outbox; Outbox(sys.argv[1]).counts()"
    )
    with closing(Outbox(url)) as outbox, outbox.engine.connect() as held:
        held.execute(text("SELECT 1"))
        held.commit()  # it stays open, and nobody waits for it
        with outbox.engine.connect():  # a second connection, as delivery has
            pass
        other = open_engine(url)
        other.connect().close()
        other.dispose()
        subprocess.run([sys.executable, "-c", visit, url], cwd=ROOT, check=True)
        gone = subprocess.run(
            ["find", f"/proc/{os.getpid()}/fd", "-lname", f"{tmp_path}/*(deleted)"],
            capture_output=True,
            check=False,
        )
        assert gone.stdout == b""


def test_a_folder_in_the_place_of_the_file_stays_open(tmp_path: Path) -> None:
    """Settings that name a folder as the outbox shut nobody out of it."""
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o755)
    Outbox(f"sqlite:///{folder}").close()
    assert folder.stat().st_mode & 0o777 == 0o755
