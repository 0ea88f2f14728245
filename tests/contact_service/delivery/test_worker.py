"""Delivery over real SMTP: what arrives, what waits, what is given up."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import update

from contact_service.delivery.smtp import Mailer
from contact_service.delivery.worker import DELIVERING, deliver_due, deliver_for_ever
from contact_service.outbox.given_up import GivenUpMails
from contact_service.outbox.outbox import Outbox, Parcel
from contact_service.outbox.tables import deliveries
from contact_service.retries import Outcome, RetryAt, decide
from contact_service.settings.service import Smtp
from service_admin.monitoring.alarms import alarms
from service_admin.monitoring.watcher import snapshot
from service_admin.outbox import retry
from tests.support.project import free_port
from tests.support.service.service_parts import Instance, SmtpServer, tls_context
from tests.support.waiting import PATIENCE, wait_for

CONTACT = "/send/bg/harmanli/contact"
LETTER = "centre@example.org", b"Subject: x\r\n\r\nsealed\r\n"


@pytest.fixture
def accepted(instance: Instance, letter: dict[str, Any]) -> Iterator[Outbox]:
    """An outbox with one accepted letter."""
    assert instance.client().post(CONTACT, data=letter).status_code == 303
    outbox = instance.outbox()
    yield outbox
    outbox.close()


def deliver(instance: Instance, outbox: Outbox) -> None:
    deliver_due(outbox, instance.settings().smtp, threading.Event())


def test_every_answer_arrives_under_its_label(
    instance: Instance, accepted: Outbox, smtp_server: SmtpServer, letter: dict[str, Any]
) -> None:
    """The centre opens the mail and finds each question with what was answered."""
    deliver(instance, accepted)
    [(recipients, mail)] = smtp_server.taken
    text = instance.open(mail)
    assert recipients == ["harmanli@example.org"]
    for label, answer in {
        "Кой пише?": "Родител или човек, който се грижи за дете",
        "Как да се обръщаме към вас?": "Мария",
        "Телефон, на който може да ви потърсим": "0888 123 456",
        "Какво се случва и от какво имате нужда?": "Синът ми не иска да ходи на училище.",
    }.items():
        assert f"{label}\n| {answer}" in text
    assert "| Разговори с психолог\n| Разговори със социален работник" in text
    assert accepted.counts() == {"waiting": 0, "given_up": 0}


def test_school_referral_arrives_at_sopot(
    instance: Instance, smtp_server: SmtpServer, school_referral: dict[str, Any]
) -> None:
    """A referral reaches the other centre, with the legal wording and the centre's programmes."""
    instance.client().post("/send/bg/sopot/referral", data=school_referral)
    deliver(instance, instance.outbox())
    [(recipients, mail)] = smtp_server.taken
    text = instance.open(mail)
    assert recipients == ["sopot@example.org"]
    assert "Индивидуални социални услуги" in text
    assert "Да се върнем в клас" in text
    assert "02.11.2026" in text


@pytest.mark.parametrize("answer", ["451 try later", "421 closing"])
def test_4xx_waits(
    instance: Instance, accepted: Outbox, smtp_server: SmtpServer, answer: str
) -> None:
    """A passing refusal keeps the mail and tries again after a pause."""
    smtp_server.answer = lambda _envelope: answer
    before = datetime.now(UTC)
    deliver(instance, accepted)
    assert accepted.counts() == {"waiting": 1, "given_up": 0}
    due = accepted.next_due()
    assert due is not None
    assert due - before > timedelta(seconds=59)
    assert due - datetime.now(UTC) <= timedelta(minutes=1)


def test_no_such_mailbox_is_given_up_and_kept(
    instance: Instance, accepted: Outbox, smtp_server: SmtpServer
) -> None:
    """A final refusal stops the tries; the sealed mail stays."""
    smtp_server.answer = lambda _envelope: "550 5.1.1 no such user"
    deliver(instance, accepted)
    assert accepted.counts() == {"waiting": 0, "given_up": 1}


def test_what_an_earlier_version_closed_is_kept(
    instance: Instance, accepted: Outbox, smtp_server: SmtpServer
) -> None:
    """A letter at rest of a version that had such is never sent as rubbish and forgotten."""
    with accepted.engine.begin() as connection:
        connection.execute(update(deliveries).values(content=b"age-encryption.org/v1\n-> X25519"))
    deliver(instance, accepted)
    assert accepted.counts() == {"waiting": 0, "given_up": 1}
    assert smtp_server.taken == []


@pytest.mark.parametrize(
    "told",
    [
        ("552 5.2.2 mailbox full", "552 5.2.2", "пълна"),
        ("554 blocked using zen.spamhaus.org", "554", "блокирани"),
    ],
)
def test_5xx_that_passes_by_itself_waits_and_is_told(
    instance: Instance, accepted: Outbox, smtp_server: SmtpServer, told: tuple[str, str, str]
) -> None:
    """It is tried for two days and more; the operator hears of the first, with the codes alone."""
    answer, codes, words = told
    smtp_server.answer = lambda _envelope: f"{answer} <harmanli@example.org>"
    deliver(instance, accepted)
    assert accepted.counts() == {"waiting": 1, "given_up": 0}
    now = datetime.now(UTC)
    [alarm] = alarms(snapshot(instance.settings(), accepted, (), now))
    assert alarm.kind == f"refused {codes}"
    assert words in alarm.sentence
    assert "retry --all" in alarm.sentence
    assert "@" not in alarm.sentence
    tries = 1
    while (due := accepted.next_due()) and due < now + timedelta(days=2):
        parcel = accepted.lease(due)
        assert parcel is not None
        match decide(parcel.attempts + 1, Outcome.REFUSED, due):
            case RetryAt(when):
                accepted.retry_at(parcel, when)
        tries += 1
    assert accepted.counts() == {"waiting": 1, "given_up": 0}
    assert tries > 5


def test_given_up_by_mistake_is_sent_again_as_the_alarm_says(
    instance: Instance, accepted: Outbox, smtp_server: SmtpServer
) -> None:
    """The alarm of what was given up names `retry`, and that brings the letter."""
    smtp_server.answer = lambda _envelope: "550 5.1.1 no such user"
    deliver(instance, accepted)
    [alarm] = alarms(snapshot(instance.settings(), accepted, (), datetime.now(UTC)))
    assert "retry --all" in alarm.sentence
    smtp_server.answer = lambda _envelope: "250 OK"
    assert retry(instance.settings(), None) == 0
    deliver(instance, accepted)
    assert len(smtp_server.taken) == 1


def test_fault_of_one_parcel_holds_up_no_other(
    instance: Instance,
    smtp_server: SmtpServer,
    letter: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What nobody thought of costs a try of that letter, not the round and not a lease."""
    client = instance.client()
    for name in ("Мария", "Иван", "Петя"):
        client.post(CONTACT, data={**letter, "name": name})
    outbox = instance.outbox()
    real, faults = outbox.forget, iter([True, False, False])

    def forget(parcel: Parcel) -> None:
        if next(faults):
            raise UnicodeEncodeError("ascii", "парола", 0, 6, "no")
        real(parcel)

    monkeypatch.setattr(outbox, "forget", forget)
    deliver(instance, outbox)
    assert len(smtp_server.taken) == 3
    assert outbox.counts() == {"waiting": 1, "given_up": 0}
    due = outbox.next_due()
    assert due is not None
    assert due - datetime.now(UTC) <= timedelta(minutes=1)  # a pause, and no lease of 10 minutes


def test_delivery_outlives_a_round_that_fails(
    instance: Instance,
    accepted: Outbox,
    smtp_server: SmtpServer,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Whatever a round raises, the next one comes, and the log says the kind and the place."""
    stop, real, faults = threading.Event(), accepted.lease, iter([True])

    def lease(now: datetime) -> Parcel | None:
        if next(faults, False):
            raise OverflowError("harmanli@example.org")
        return real(now)

    monkeypatch.setattr(accepted, "lease", lease)
    arguments = (accepted, instance.settings().smtp, stop)
    thread = threading.Thread(target=deliver_for_ever, args=arguments)
    thread.start()
    wait_for(lambda: smtp_server.taken)
    stop.set()
    thread.join(timeout=PATIENCE)
    assert len(smtp_server.taken) == 1
    said = "".join(r.getMessage() for r in caplog.records if r.name == "opora.delivery")
    assert f"OverflowError at {Path(__file__).name}" in said
    assert "harmanli@example.org" not in said


def test_refused_connection_waits(instance: Instance, accepted: Outbox) -> None:
    """A mail server that is down (OSError) loses nothing."""
    smtp = instance.settings().smtp.model_copy(update={"port": 1})
    deliver_due(accepted, smtp, threading.Event())
    assert accepted.counts() == {"waiting": 1, "given_up": 0}


def test_silent_server_waits(instance: Instance, accepted: Outbox) -> None:
    """A server that never answers costs one timeout, not the message."""
    import socket

    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        changes = {"port": silent.getsockname()[1], "timeout_seconds": 1}
        smtp = instance.settings().smtp.model_copy(update=changes)
        deliver_due(accepted, smtp, threading.Event())
    assert accepted.counts() == {"waiting": 1, "given_up": 0}


def test_one_connection_carries_many(
    instance: Instance, smtp_server: SmtpServer, letter: dict[str, Any]
) -> None:
    """A bad address in between does not hold up the next mail."""
    client = instance.client()
    for name in ("Мария", "Иван", "Петя"):
        client.post(CONTACT, data={**letter, "name": name})
    answers = iter(["250 OK", "550 5.1.1 no", "250 OK"])
    smtp_server.answer = lambda _envelope: next(answers)
    outbox = instance.outbox()
    deliver(instance, outbox)
    assert len(smtp_server.taken) == 2
    assert outbox.counts() == {"waiting": 0, "given_up": 1}


def test_runs_until_told_to_stop(
    instance: Instance, accepted: Outbox, smtp_server: SmtpServer
) -> None:
    """The process picks up what is there and ends when asked to."""
    stop = threading.Event()
    arguments = (accepted, instance.settings().smtp, stop)
    thread = threading.Thread(target=deliver_for_ever, args=arguments)
    thread.start()
    wait_for(lambda: smtp_server.taken)
    stop.set()
    thread.join(timeout=PATIENCE)
    assert not thread.is_alive()
    assert len(smtp_server.taken) == 1


class BrokenAtFirst(Outbox):
    """An outbox that fails in ways that nobody thought of, three times."""

    left = 3

    def lease(self, now: datetime) -> Parcel | None:
        if self.left:
            self.left -= 1
            raise RuntimeError("text with an answer")
        return super().lease(now)


def test_nothing_ends_the_delivery(
    instance: Instance,
    accepted: Outbox,
    smtp_server: SmtpServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A fault that stays is logged once, as kind and place; afterwards the letter goes."""
    stop = threading.Event()

    def stop_after_it(_envelope: Any) -> str:
        stop.set()
        return "250 OK"

    smtp_server.answer = stop_after_it
    with (
        caplog.at_level(logging.INFO),
        closing(BrokenAtFirst(instance.settings().database)) as outbox,
    ):
        deliver_for_ever(outbox, instance.settings().smtp, stop)
    assert len(smtp_server.taken) == 1
    said = [r.getMessage() for r in caplog.records if r.name.startswith("opora.delivery")]
    assert [("fault" in line, "passed" in line) for line in said] == [(True, False), (False, True)]
    assert f"RuntimeError at {Path(__file__).name}" in said[0]
    assert "answer" not in "".join(said)


def test_delivery_shows_that_it_lives(
    instance: Instance, accepted: Outbox, smtp_server: SmtpServer
) -> None:
    """It marks that it lives before it sends, and takes the mark back when it ends."""
    stop, seen = threading.Event(), []

    def look(_envelope: Any) -> str:
        seen.append(accepted.last_mark(DELIVERING, datetime.now(UTC)))
        stop.set()
        return "250 OK"

    smtp_server.answer = look
    started = datetime.now(UTC)
    deliver_for_ever(accepted, instance.settings().smtp, stop)
    [lived] = seen
    assert lived is not None
    assert lived >= started.replace(microsecond=0)
    assert accepted.last_mark(DELIVERING, datetime.now(UTC)) is None


def test_log_does_not_tell_that_somebody_wrote(
    instance: Instance,
    accepted: Outbox,
    smtp_server: SmtpServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A letter that passes within minutes leaves no line; a late one leaves no reference."""
    answers = iter(["451 later", "451 later", "451 later", "250 OK"])
    smtp_server.answer = lambda _envelope: next(answers)
    kept = GivenUpMails(accepted)
    lines = []
    with caplog.at_level(logging.INFO):
        for _ in range(4):
            deliver(instance, accepted)
            lines.append([r.getMessage() for r in caplog.records if r.name.startswith("opora")])
            caplog.clear()
            kept.retry(None, datetime.now(UTC))
    assert [len(said) for said in lines] == [0, 0, 1, 0]
    assert "a letter is late" in lines[2][0]
    assert "reference" not in lines[2][0]
    assert len(smtp_server.taken) == 1


def test_log_holds_no_address(
    instance: Instance,
    accepted: Outbox,
    smtp_server: SmtpServer,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A refusal's text, which may repeat addresses, is not logged: only its code."""
    smtp_server.answer = lambda _envelope: "554 <harmanli@example.org> is no more"
    with caplog.at_level(logging.INFO):
        deliver(instance, accepted)
    said = [r.getMessage() for r in caplog.records if r.name.startswith("opora")]
    assert "'reason': '554'" in said[-1]
    assert "harmanli@example.org" not in "".join(said)


Security = Literal["tls", "starttls"]


@dataclass
class TlsServer:
    """An SMTP server with a certificate of its own for the name localhost."""

    smtp: SmtpServer
    certificate: Path
    security: Security


@pytest.fixture(params=get_args(Security))
def tls_server(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[TlsServer]:
    """Encrypted from the first byte on, or once that was asked for."""
    context, certificate = tls_context(tmp_path, "localhost")
    handler = SmtpServer(port=free_port())
    ways = {"tls": {"ssl_context": context}}
    way = ways.get(request.param, {"tls_context": context, "require_starttls": True})
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port, **way)
    controller.start()
    yield TlsServer(handler, certificate, request.param)
    controller.stop()


def smtp_settings(
    port: int, host: str, ca_file: Path | None, security: Security = "starttls"
) -> Smtp:
    return Smtp(
        host=host,
        port=port,
        security=security,
        sender="opora@example.org",
        ca_file=ca_file,
        timeout_seconds=5,
    )


def sent_to(server: TlsServer, host: str, root: Path | None) -> tuple[Outcome, str, int]:
    """How a try ended, and how many mails came over."""
    settings = smtp_settings(server.smtp.port, host, root, server.security)
    with closing(Mailer(settings)) as mailer:
        return *mailer.send(*LETTER), len(server.smtp.taken)


def test_verified_tls_delivers(tls_server: TlsServer) -> None:
    """With a certificate that is trusted and names the host, the mail goes over TLS."""
    assert sent_to(tls_server, "localhost", tls_server.certificate) == (Outcome.TAKEN, "250", 1)


def test_unknown_certificate_is_not_trusted(tls_server: TlsServer) -> None:
    """A certificate of nobody we know stops the mail before it is sent."""
    refused = (Outcome.NOT_NOW, "SSLCertVerificationError", 0)
    assert sent_to(tls_server, "localhost", None) == refused


def test_certificate_of_another_name_is_not_trusted(tls_server: TlsServer) -> None:
    """The right authority with a wrong name is refused as well."""
    refused = (Outcome.NOT_NOW, "SSLCertVerificationError", 0)
    assert sent_to(tls_server, "127.0.0.1", tls_server.certificate) == refused


def test_server_without_starttls_gets_nothing(smtp_server: SmtpServer, tmp_path: Path) -> None:
    """A server (or somebody in between) that hides STARTTLS is not spoken to in the clear."""
    outcome, word = Mailer(smtp_settings(smtp_server.port, "localhost", None)).send(*LETTER)
    assert (outcome, word) == (Outcome.NOT_NOW, "SMTPNotSupportedError")
    assert smtp_server.taken == []
