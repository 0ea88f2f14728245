"""Tables of a newer version: everybody hears it in one sentence, and senders keep their answers."""

from __future__ import annotations

import io
import logging
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contact_service.delivery.worker import deliver_for_ever
from contact_service.outbox.errors import NewerTablesError
from service_admin.__main__ import main
from service_admin.monitoring.watcher import Watch
from tests.support.service.doctor_looks import look
from tests.support.service.service_parts import SECRET, Instance
from tests.support.waiting import StopsAfter

CONTACT = "/send/bg/harmanli/contact"
SAID = "от по-нова версия"


@pytest.fixture(params=["9999", "e3f1c2"])
def newer(instance: Instance, request: pytest.FixtureRequest) -> Instance:
    """An operator's folder whose outbox a later release has used."""
    instance.outbox().close()
    with closing(sqlite3.connect(instance.folder / "outbox.sqlite3")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (request.param,))
        connection.commit()
    return instance


def test_sender_keeps_the_answers(newer: Instance, letter: dict[str, Any]) -> None:
    """The web process starts, is not well, and answers 503 with what was written."""
    client = newer.client()
    assert client.get("/send/health").status_code == 503
    answer = client.post(CONTACT, data=letter)
    assert answer.status_code == 503
    assert "Синът ми не иска да ходи на училище." in answer.text


@pytest.mark.parametrize(
    "command",
    [
        ["status"],
        ["keys"],
        ["retry", "--all"],
        ["export", "by-hand"],
        ["backup", "copy.age"],
        ["outbox-back", "0001"],
    ],
    ids=lambda command: command[0],
)
def test_commands_say_it(
    newer: Instance,
    command: list[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each command ends with 1 and the sentence, and changes nothing."""
    monkeypatch.setenv("OPORA_SECRET", SECRET)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", io.StringIO("четири думи за проба\n"))
    file = newer.folder / "service.toml"
    file.write_text(newer.toml, encoding="utf-8")
    before = (newer.folder / "outbox.sqlite3").read_bytes()
    assert main(["--settings", str(file), *command]) == 1
    said = capsys.readouterr()
    assert SAID in said.err
    assert "Traceback" not in said.err
    assert not (tmp_path / "copy.age").exists()
    assert (newer.folder / "outbox.sqlite3").read_bytes() == before


def test_doctor_gives_the_right_fix(newer: Instance) -> None:
    """It says whose tables they are, and not that rights or a server are wrong."""
    [check] = [check for check in look(newer) if check.state != "ok"]
    assert check.name == "база"
    assert SAID in check.sentence
    assert "сървърът за бази" not in check.sentence


def test_delivery_waits_and_says_it_once(newer: Instance, caplog: pytest.LogCaptureFixture) -> None:
    """The loop goes on, and the log has the sentence one time, however long it lasts."""
    stop = StopsAfter(6)  # twice a round
    with caplog.at_level(logging.INFO), closing(newer.outbox()) as outbox:
        deliver_for_ever(outbox, newer.settings().smtp, stop)
    said = [r.getMessage() for r in caplog.records if "'look': 'delivery'" in r.getMessage()]
    assert len(said) == 1
    assert SAID in said[0]


def test_watch_sees_it_as_a_fault(newer: Instance) -> None:
    """It runs, and what it could not read it says in the same sentence."""
    with closing(newer.outbox()) as outbox:
        watch = Watch(newer.settings(), outbox)
        watch.snapshot(datetime.now(UTC))
        [fault] = watch.snapshot(datetime.now(UTC)).faults
        assert SAID in fault.said
        with pytest.raises(NewerTablesError):
            outbox.counts()
