"""The operator's commands, against a real outbox and a real mail server."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from contact_service.__main__ import main as service_main
from contact_service.delivery.worker import deliver_due, deliver_for_ever
from contact_service.outbox.given_up import GivenUpMails
from contact_service.submission import sofia_time
from service_admin.__main__ import main
from tests.support.processes import answering, started
from tests.support.project import ROOT, free_port, program_of
from tests.support.service.letters import give_up
from tests.support.service.service_parts import SECRET, Instance, SmtpServer
from tests.support.waiting import PATIENCE, wait_for

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


def test_status_names_what_was_given_up(
    instance: Instance, program: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """Counts, and the number of each undeliverable mail with its last day; no address."""
    given_up_from = datetime.now(UTC)
    give_up(instance.outbox(), "DF4GJ-2UV79", b"sealed")
    given_up_until = datetime.now(UTC)
    assert program("status") == 0
    said = capsys.readouterr().out
    assert "Чакат: 0\n" in said
    assert "Недоставими: 1\n" in said
    last_day = re.search(r"DF4GJ-2UV79: прието .*, пази се до (.*)", said)
    assert last_day
    month = timedelta(days=30)
    assert last_day[1] in [sofia_time(when + month) for when in (given_up_from, given_up_until)]
    assert "@" not in said


def test_retry_delivers_at_last(
    instance: Instance, program: Any, letter: dict[str, Any], smtp_server: SmtpServer
) -> None:
    """A mail that was refused for good is sent once the operator has fixed the reason."""
    instance.client().post(CONTACT, data=letter)
    outbox, smtp = instance.outbox(), instance.settings().smtp
    smtp_server.answer = lambda _envelope: "550 5.1.1 no"
    deliver_due(outbox, smtp, threading.Event())
    assert deliver_due(outbox, smtp, threading.Event()) == 0
    smtp_server.answer = lambda _envelope: "250 OK"
    assert program("retry", "--all") == 0
    assert deliver_due(outbox, smtp, threading.Event()) == 1
    assert len(smtp_server.taken) == 1


def test_retry_does_not_wait_for_the_pause(
    instance: Instance, program: Any, letter: dict[str, Any], smtp_server: SmtpServer
) -> None:
    """Once the mail server is fixed, what waits goes at once and not at its next hour."""
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
        thread.join(timeout=PATIENCE)


@pytest.fixture
def instance_with_beat(instance: Instance) -> Instance:
    return replace(instance, toml=f'alarm_address = "alarm@example.org"\n{instance.toml}\n{BEAT}\n')


def test_heartbeat_arrives(instance_with_beat: Instance, smtp_server: SmtpServer) -> None:
    """The synthetic letter is sealed, stored, delivered, and leaves a mark and nothing else."""
    with delivering(instance_with_beat):
        assert run_beat(instance_with_beat, wait=str(PATIENCE)) == 0
    [(recipients, mail)] = smtp_server.taken
    assert recipients == ["operator@example.org"]
    assert "Това е проба на системата" in instance_with_beat.open(mail)
    outbox = instance_with_beat.outbox()
    assert outbox.last_mark("heartbeat", datetime.now(UTC)) is not None
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
    assert outbox.last_mark("heartbeat", datetime.now(UTC)) is None
    assert GivenUpMails(outbox).items() == ()


@contextmanager
def health(application: Any) -> Iterator[str]:
    """An HTTP server on this machine; gives its health address."""
    with answering(make_server("127.0.0.1", 0, application)) as port:
        yield f"http://127.0.0.1:{port}/send/health"


def test_heartbeat_asks_the_forms_first(
    instance_with_beat: Instance, smtp_server: SmtpServer
) -> None:
    """With the real forms the beat goes on; another program or nobody there is an alarm."""
    plain = instance_with_beat.toml

    def beat(address: str) -> int:
        instance_with_beat.toml = f'heartbeat_web = "{address}"\n{plain}'
        return run_beat(instance_with_beat, wait=str(PATIENCE))

    with delivering(instance_with_beat), health(instance_with_beat.client().application) as web:
        assert beat(web) == 0
    smtp_server.taken.clear()
    with health(Response("It works!")) as other:
        assert beat(other) == 1
    assert "друга програма" in smtp_server.taken[0][1].get_content()
    assert beat(f"http://127.0.0.1:{free_port()}/send/health") == 1
    assert beat("https://forms..example.org/send/health") == 1


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


@pytest.mark.parametrize(
    "command",
    [
        *("web", "deliver", "watch", "doctor", "status", "retry", "export", "verify", "heartbeat"),
        *("init", "keys", "replace-key", "test-letter", "backup", "restore"),
    ],
)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """`-h` works for each command."""
    with pytest.raises(SystemExit) as ended:
        {"contact_service": service_main, "service_admin": main}[program_of(command)](
            [command, "-h"]
        )
    assert ended.value.code == 0
    assert f"python -m {program_of(command)} {command}" in capsys.readouterr().out


def test_doctor_is_a_command(
    instance: Instance, program: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """`doctor` runs on the real settings and ends with 0 when nothing is wrong."""
    (instance.folder / "service.toml").write_text(instance.in_earnest(), encoding="utf-8")
    assert program("doctor") == 0
    assert "наред" in capsys.readouterr().out


@contextmanager
def process(command: str, file: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process of the program, which ends well at SIGTERM."""
    arguments = [sys.executable, "-m", program_of(command), "--settings", str(file), command]
    with started(arguments, cwd=ROOT, stderr=subprocess.DEVNULL) as process:
        yield process
    assert process.returncode == 0


def test_watch_is_a_process_of_its_own(
    instance: Instance, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    """It mails its alarm and answers on its port, and says when delivery came and went."""
    port = free_port()
    file = tmp_path / "service.toml"
    words = f'secret = "{SECRET}"\nwatch_port = {port}\nalarm_address = "alarm@example.org"\n'
    file.write_text(words + instance.toml, encoding="utf-8")
    give_up(instance.outbox(), "DF4GJ-2UV79", b"sealed")

    def health() -> int:
        try:
            with urllib.request.urlopen(
                f"http://127.0.0.1:{port}/health", timeout=PATIENCE
            ) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            return 0

    with process("watch", file):
        wait_for(lambda: smtp_server.taken)
        assert "DF4GJ-2UV79" in smtp_server.taken[0][1].get_content()
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as answer:
            assert b"opora_given_up 1.0" in answer.read()
        assert health() == 503
        with process("deliver", file):
            wait_for(lambda: health() == 200)
        assert health() == 503


def test_delivery_needs_no_watch(
    instance: Instance, smtp_server: SmtpServer, letter: dict[str, Any], tmp_path: Path
) -> None:
    """Where it was never started, letters go."""
    file = tmp_path / "service.toml"
    file.write_text(f'secret = "{SECRET}"\n{instance.toml}', encoding="utf-8")
    assert instance.client().post(CONTACT, data=letter).status_code == 303
    with process("deliver", file):
        wait_for(lambda: smtp_server.taken)
