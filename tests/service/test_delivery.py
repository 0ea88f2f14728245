"""Delivery over real SMTP: what arrives, what waits, what is given up."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from service_parts import Instance, SmtpServer, tls_context
from support import free_port

from contact_service.delivery import deliver_due, deliver_for_ever
from contact_service.mailer import Mailer
from contact_service.outbox import Outbox, Parcel
from contact_service.schedule import Outcome
from contact_service.settings import Smtp

CONTACT = "/send/bg/harmanli/contact"
PARCEL = Parcel(1, "A", "centre@example.org", b"Subject: x\r\n\r\nsealed\r\n", 0, 0)


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
        assert f"\n{label}\n    {answer}" in text
    assert "    Разговори с психолог\n    Разговори със социален работник" in text
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
    deliver(instance, accepted)
    assert accepted.counts() == {"waiting": 1, "given_up": 0}
    due = accepted.next_due()
    assert due is not None
    assert timedelta(seconds=30) < due - datetime.now(UTC) <= timedelta(minutes=1)


def test_5xx_is_given_up_and_kept(
    instance: Instance, accepted: Outbox, smtp_server: SmtpServer
) -> None:
    """A final refusal stops the tries; the sealed mail stays."""
    smtp_server.answer = lambda _envelope: "554 no"
    deliver(instance, accepted)
    assert accepted.counts() == {"waiting": 0, "given_up": 1}


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
    answers = iter(["250 OK", "554 no", "250 OK"])
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
    for _ in range(100):
        if smtp_server.taken:
            break
        stop.wait(0.05)
    stop.set()
    thread.join(timeout=5)
    assert not thread.is_alive()
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


@pytest.fixture
def tls_server(tmp_path: Path) -> Iterator[tuple[SmtpServer, Path, str]]:
    """An SMTP server that offers STARTTLS for the name localhost."""
    context, certificate = tls_context(tmp_path, "localhost")
    handler = SmtpServer(port=free_port())
    controller = Controller(
        handler, hostname="127.0.0.1", port=handler.port, tls_context=context, require_starttls=True
    )
    controller.start()
    yield handler, certificate, "localhost"
    controller.stop()


def smtp_settings(port: int, host: str, ca_file: Path | None) -> Smtp:
    return Smtp(
        host=host,
        port=port,
        security="starttls",
        sender="opora@example.org",
        ca_file=ca_file,
        timeout_seconds=5,
    )


def test_verified_starttls_delivers(tls_server: tuple[SmtpServer, Path, str]) -> None:
    """With a certificate that is trusted and names the host, the mail goes over TLS."""
    server, certificate, host = tls_server
    with closing(Mailer(smtp_settings(server.port, host, certificate))) as mailer:
        outcome, _ = mailer.send(PARCEL)
    assert outcome is Outcome.TAKEN
    assert len(server.taken) == 1


def test_unknown_certificate_is_not_trusted(tls_server: tuple[SmtpServer, Path, str]) -> None:
    """A certificate of nobody we know stops the mail before it is sent."""
    server, _, host = tls_server
    outcome, word = Mailer(smtp_settings(server.port, host, None)).send(PARCEL)
    assert (outcome, word) == (Outcome.NOT_NOW, "SSLCertVerificationError")
    assert server.taken == []


def test_certificate_of_another_name_is_not_trusted(
    tls_server: tuple[SmtpServer, Path, str],
) -> None:
    """The right authority with a wrong name is refused as well."""
    server, certificate, _ = tls_server
    outcome, word = Mailer(smtp_settings(server.port, "127.0.0.1", certificate)).send(PARCEL)
    assert (outcome, word) == (Outcome.NOT_NOW, "SSLCertVerificationError")
    assert server.taken == []


def test_server_without_starttls_gets_nothing(smtp_server: SmtpServer, tmp_path: Path) -> None:
    """A server (or somebody in between) that hides STARTTLS is not spoken to in the clear."""
    outcome, word = Mailer(smtp_settings(smtp_server.port, "localhost", None)).send(PARCEL)
    assert (outcome, word) == (Outcome.NOT_NOW, "SMTPNotSupportedError")
    assert smtp_server.taken == []
