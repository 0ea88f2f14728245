"""The operator's commands, against a real outbox and a real mail server."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage  # type: ignore[import-untyped]
import pytest
from service_parts import SECRET, Instance, SmtpServer
from support import ROOT, free_port
from test_silence import wait_for
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from contact_service.__main__ import main
from contact_service.delivery import deliver_due, deliver_for_ever
from contact_service.kept import Kept
from contact_service.outbox import Accepted, Outbox
from contact_service.sealing import SealedMail

CONTACT = "/send/bg/harmanli/contact"
BEAT = (
    '[heartbeat_recipient]\naddress = "operator@example.org"\nseal = "openpgp"\nkey = "centre.asc"'
)


@pytest.fixture
def program(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a command of the program with the instance's settings."""
    monkeypatch.setenv("OPORA_SECRET", SECRET)
    file = instance.folder / "service.toml"
    file.write_text(instance.toml, encoding="utf-8")

    def run(*arguments: str) -> int:
        return main(["--settings", str(file), *arguments])

    return run


def give_up(outbox: Outbox, reference: str, *contents: bytes) -> None:
    """A submission, all of whose mails were given up just now."""
    now = datetime.now(UTC)
    mails = [SealedMail(f"<{n}>", f"{n}@example.org", c) for n, c in enumerate(contents)]
    outbox.accept(Accepted(reference, "harmanli", 1, reference.encode(), mails), now)
    while parcel := outbox.lease(now):
        outbox.give_up(parcel)


def test_status_names_what_was_given_up(
    instance: Instance, program: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Counts, and the number of each undeliverable mail with its last day; no address."""
    give_up(instance.outbox(), "DF4GJ-2UV79", b"sealed")
    assert program("status") == 0
    said = capsys.readouterr().out
    assert "Чакат: 0\n" in said
    assert "Недоставими: 1\n" in said
    day = (datetime.now(UTC) + timedelta(days=30)).strftime(".%Y г.")
    assert re.search(rf"DF4GJ-2UV79: прието .*, пази се до .*{re.escape(day)}", said)
    assert "@" not in said


def test_retry_delivers_at_last(
    instance: Instance, program: Any, letter: dict[str, Any], smtp_server: SmtpServer
) -> None:
    """A mail that was refused for good is sent once the operator has mended the reason."""
    instance.client().post(CONTACT, data=letter)
    outbox, smtp = instance.outbox(), instance.settings().smtp
    smtp_server.answer = lambda _envelope: "554 no"
    deliver_due(outbox, smtp, threading.Event())
    assert deliver_due(outbox, smtp, threading.Event()) == 0
    smtp_server.answer = lambda _envelope: "250 OK"
    assert program("retry", "--all") == 0
    assert deliver_due(outbox, smtp, threading.Event()) == 1
    assert len(smtp_server.taken) == 1


def test_retry_does_not_wait_for_the_pause(
    instance: Instance, program: Any, letter: dict[str, Any], smtp_server: SmtpServer
) -> None:
    """Once the mail server is mended, what waits goes at once and not at its next hour."""
    instance.client().post(CONTACT, data=letter)
    outbox, smtp = instance.outbox(), instance.settings().smtp
    smtp_server.answer = lambda _envelope: "451 later"
    deliver_due(outbox, smtp, threading.Event())
    smtp_server.answer = lambda _envelope: "250 OK"
    assert deliver_due(outbox, smtp, threading.Event()) == 0
    assert program("retry", "--all") == 0
    assert deliver_due(outbox, smtp, threading.Event()) == 1
    assert len(smtp_server.taken) == 1


def test_retry_of_one_leaves_the_others(
    instance: Instance, program: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a number only that submission is tried; its count of tries begins anew."""
    outbox = instance.outbox()
    give_up(outbox, "AAAAA-AAAAA", b"one")
    give_up(outbox, "BBBBB-BBBBB", b"two")
    assert program("retry", "BBBBB-BBBBB") == 0
    assert outbox.counts() == {"waiting": 1, "given_up": 1}
    parcel = outbox.lease(datetime.now(UTC))
    assert parcel is not None
    assert (parcel.reference, parcel.attempts) == ("BBBBB-BBBBB", 0)
    assert program("retry", "CCCCC-CCCCC") == 1
    assert "Няма писмо CCCCC-CCCCC" in capsys.readouterr().out


def test_export_is_sealed_private_and_never_overwrites(
    instance: Instance, program: Any, tmp_path: Path
) -> None:
    """Each mail in a file of its own, mode 0600; a second run changes and doubles nothing."""
    folder = tmp_path / "by-hand"
    folder.mkdir()
    (folder / "AAAAA-AAAAA.eml").write_bytes(b"something else of the operator's")
    give_up(instance.outbox(), "AAAAA-AAAAA", b"to the first", b"to the second")
    for _ in range(2):
        assert program("export", str(folder)) == 0
    written = {file.name: file.read_bytes() for file in folder.iterdir()}
    assert written == {
        "AAAAA-AAAAA.eml": b"something else of the operator's",
        "AAAAA-AAAAA-2.eml": b"to the first",
        "AAAAA-AAAAA-3.eml": b"to the second",
    }
    assert (folder / "AAAAA-AAAAA-2.eml").stat().st_mode & 0o777 == 0o600
    assert instance.outbox().counts()["given_up"] == 2


def test_verify_knows_its_own_receipts(
    instance: Instance, program: Any, letter: dict[str, Any]
) -> None:
    """What the receipt page shows is valid; with any word changed it is not."""
    page = instance.client().post(CONTACT, data=letter, follow_redirects=True).text
    [code] = set(re.findall(r"\b[DFGJLNRUVW24579]{4}-[DFGJLNRUVW24579]{4}\b", page))
    [reference] = set(re.findall(r"\b[DFGJLNRUVW24579]{5}-[DFGJLNRUVW24579]{5}\b", page))
    [when] = set(re.findall(r"\d\d\.\d\d\.\d{4} г\., \d\d:\d\d ч\.", page))
    words = [reference, "harmanli", "contact", when, code]
    assert program("verify", *words) == 0
    assert program("verify", reference.lower(), *words[1:4], f" {code.lower()} ") == 0
    for place, other in enumerate(("DDDDD-DDDDD", "sopot", "referral", "вчера", "ЖЖЖЖ-DDDD")):
        assert program("verify", *words[:place], other, *words[place + 1 :]) == 1


@contextmanager
def delivering(instance: Instance) -> Iterator[None]:
    """The delivery process's loop, in a thread."""
    stop = threading.Event()
    arguments = (instance.outbox(), instance.settings().smtp, stop)
    thread = threading.Thread(target=deliver_for_ever, args=arguments)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(timeout=10)


@pytest.fixture
def instance_with_beat(instance: Instance) -> Instance:
    return replace(instance, toml=f'alarm_address = "alarm@example.org"\n{instance.toml}\n{BEAT}\n')


def test_heartbeat_arrives(instance_with_beat: Instance, smtp_server: SmtpServer) -> None:
    """The synthetic letter is sealed, stored, delivered, and leaves a mark and nothing else."""
    with delivering(instance_with_beat):
        assert run_beat(instance_with_beat, wait="20") == 0
    [(recipients, mail)] = smtp_server.taken
    assert recipients == ["operator@example.org"]
    assert "Това е проба на системата" in instance_with_beat.open(mail)
    outbox = instance_with_beat.outbox()
    assert outbox.marked("heartbeat") is not None
    assert outbox.counts() == {"waiting": 0, "given_up": 0}


def test_heartbeat_that_stays_is_an_alarm(
    instance_with_beat: Instance, smtp_server: SmtpServer
) -> None:
    """Without a delivery process: exit 1, one alarm a day, and no heap of synthetic mails."""
    assert run_beat(instance_with_beat, wait="0.3") == 1
    assert run_beat(instance_with_beat, wait="0.3") == 1
    [(recipients, mail)] = smtp_server.taken
    assert recipients == ["alarm@example.org"]
    assert "Пробата не беше доставена" in mail.get_content()
    outbox = instance_with_beat.outbox()
    assert outbox.counts() == {"waiting": 0, "given_up": 0}
    assert outbox.marked("heartbeat") is None
    assert Kept(outbox).items() == ()


@contextmanager
def answering(application: Any) -> Iterator[str]:
    """An HTTP server on this machine; gives its health address."""
    server = make_server("127.0.0.1", 0, application)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/send/health"
    server.shutdown()
    thread.join()
    server.server_close()


def test_heartbeat_asks_the_forms_first(
    instance_with_beat: Instance, smtp_server: SmtpServer
) -> None:
    """With the real forms the beat goes on; another program or nobody there is an alarm."""
    plain = instance_with_beat.toml

    def beat(address: str) -> int:
        instance_with_beat.toml = f'heartbeat_web = "{address}"\n{plain}'
        return run_beat(instance_with_beat, wait="20")

    with delivering(instance_with_beat), answering(instance_with_beat.client().application) as web:
        assert beat(web) == 0
    smtp_server.taken.clear()
    with answering(Response("It works!")) as other:
        assert beat(other) == 1
    assert "друга програма" in smtp_server.taken[0][1].get_content()
    assert beat(f"http://127.0.0.1:{free_port()}/send/health") == 1


def run_beat(instance: Instance, wait: str) -> int:
    file = instance.folder / "service.toml"
    file.write_text(f'secret = "{SECRET}"\n{instance.toml}', encoding="utf-8")
    return main(["--settings", str(file), "heartbeat", "--wait", wait])


def test_heartbeat_without_recipient_says_what_to_write(
    program: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """The missing setting is named."""
    assert program("heartbeat") == 1
    assert "heartbeat_recipient" in capsys.readouterr().err


def test_database_that_cannot_be_opened_is_one_sentence(
    program: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No traceback: the kind of error and the command that finds the reason."""
    monkeypatch.setenv("OPORA_DATABASE", "sqlite:////nowhere/outbox.sqlite3")
    assert program("status") == 1
    assert "doctor" in capsys.readouterr().err


def test_export_opens_what_is_closed_only_here(
    instance: Instance, program: Any, tmp_path: Path
) -> None:
    """A mail for a plain recipient is written as it would have been sent, opened with the key."""
    identity = pyrage.x25519.Identity.generate()
    (tmp_path / "at-rest.txt").write_text(str(identity))
    (tmp_path / "at-rest.txt").chmod(0o600)
    settings = tmp_path / "service.toml"
    settings.write_text(f'at_rest_identity = "at-rest.txt"\n{instance.toml}')
    give_up(instance.outbox(), "AAAAA-AAAAA", pyrage.encrypt(b"the mail", [identity.to_public()]))
    assert program("export", str(tmp_path / "by-hand")) == 0
    assert (tmp_path / "by-hand" / "AAAAA-AAAAA.eml").read_bytes() == b"the mail"


@pytest.mark.parametrize(
    "command",
    [
        *("web", "deliver", "doctor", "status", "retry", "export", "verify", "heartbeat"),
        *("init", "keys", "replace-key", "test-letter", "backup", "restore"),
    ],
)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`-h` works for each command."""
    with pytest.raises(SystemExit) as ended:
        main([command, "-h"])
    assert ended.value.code == 0
    assert f"python -m contact_service {command}" in capsys.readouterr().out


def test_doctor_is_a_command(program: Any, capsys: pytest.CaptureFixture[str]) -> None:
    """`doctor` runs on the real settings and ends with 0 when nothing is wrong."""
    assert program("doctor") == 0
    assert "наред" in capsys.readouterr().out


def test_delivery_process_watches_and_answers(
    instance: Instance, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    """The running process mails its alarm, answers on its port and ends at SIGTERM."""
    port = free_port()
    file = tmp_path / "service.toml"
    words = f'secret = "{SECRET}"\nwatch_port = {port}\nalarm_address = "alarm@example.org"\n'
    file.write_text(words + instance.toml, encoding="utf-8")
    give_up(instance.outbox(), "DF4GJ-2UV79", b"sealed")
    command = [sys.executable, "-m", "contact_service", "--settings", str(file), "deliver"]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: smtp_server.taken)
        assert "DF4GJ-2UV79" in smtp_server.taken[0][1].get_content()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            assert b"opora_given_up 1.0" in answer.read()
    finally:
        process.terminate()
    assert process.wait(timeout=20) == 0
