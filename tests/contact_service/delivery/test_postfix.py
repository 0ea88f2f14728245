"""The service and a real Postfix: TLS, greylisting, refusals, outages of days."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from contact_service.delivery import worker
from contact_service.delivery.smtp import Mailer
from contact_service.outbox.outbox import Outbox
from contact_service.outbox.tables import deliveries
from contact_service.retries import Outcome
from contact_service.settings.service import Smtp
from tests.support.project import skip_or_fail
from tests.support.service.postfix_server import Postfix, policy_server
from tests.support.service.service_parts import Instance, readable

CONTACT = "/send/bg/harmanli/contact"


@pytest.fixture(scope="session")
def server() -> Iterator[Postfix]:
    if shutil.which("postfix") is None:
        skip_or_fail("no postfix here (make test installs it where it may)")
    if os.geteuid() != 0:
        skip_or_fail("Postfix gives its parts users of their own: only root can start it")
    with tempfile.TemporaryDirectory(prefix="opora-postfix-") as folder:
        server = Postfix(Path(folder))
        try:
            yield server
        finally:
            server.stop()


@pytest.fixture
def postfix(server: Postfix) -> Postfix:
    """Postfix, running, with empty mailboxes."""
    server.start()
    server.empty()
    return server


@dataclass
class Clock:
    """Stands in for the delivery's clock and is moved by the test."""

    moment: datetime = field(default_factory=lambda: datetime.now(UTC))

    def now(self, _zone: Any) -> datetime:
        return self.moment


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(worker, "datetime", clock)
    return clock


@pytest.fixture
def outbox(instance: Instance) -> Iterator[Outbox]:
    with closing(instance.outbox()) as outbox:
        yield outbox


@pytest.fixture
def accepted(instance: Instance, outbox: Outbox, letter: dict[str, Any], clock: Clock) -> Outbox:
    """An outbox with one letter, at the clock's time."""
    assert instance.client().post(CONTACT, data=letter).status_code == 303
    clock.moment = datetime.now(UTC)
    return outbox


def deliver(outbox: Outbox, smtp: Smtp) -> int:
    return worker.deliver_due(outbox, smtp, threading.Event())


def live_through(
    outbox: Outbox, smtp: Smtp, clock: Clock, before_try: Callable[[], None]
) -> list[datetime]:
    """Jump from due time to due time until nothing waits; returns when it was tried."""
    tried = []
    while (due := outbox.next_due()) and len(tried) < 50:
        clock.moment = max(clock.moment, due)
        before_try()
        assert deliver(outbox, smtp) == 1
        tried.append(clock.moment)
    return tried


def kept(outbox: Outbox) -> list[tuple[str, str, bytes]]:
    """State, Message-ID and bytes of all that is in the outbox."""
    columns = deliveries.c
    with outbox.engine.connect() as connection:
        found = connection.execute(select(columns.state, columns.message_id, columns.content))
        return [(state, message_id, content) for state, message_id, content in found]


def mail_of(subject: str) -> tuple[str, bytes]:
    mail = f"Subject: {subject}\r\n\r\nsealed\r\n".encode()
    return "centre@example.org", mail


def test_checked_certificate_delivers(postfix: Postfix) -> None:
    """STARTTLS with a certificate that is trusted and names the host: the mail arrives by TLS."""
    with closing(Mailer(postfix.smtp(postfix.port))) as mailer:
        assert mailer.send(*mail_of("first")) == (Outcome.TAKEN, "250")
    [mail] = postfix.arrived(1)
    assert mail["Subject"] == "first"
    assert "using TLSv1.3" in mail["Received"]


def test_certificate_for_another_name_is_refused(postfix: Postfix) -> None:
    """A trusted certificate with another server's name: nothing is handed over."""
    smtp = postfix.smtp(postfix.wrong_name_port, "mail.example.net")
    with closing(Mailer(smtp)) as mailer:
        assert mailer.send(*mail_of("wrong")) == (Outcome.NOT_NOW, "SSLCertVerificationError")
    with closing(Mailer(postfix.smtp(postfix.port))) as mailer:
        mailer.send(*mail_of("right"))
    assert [mail["Subject"] for mail in postfix.arrived(1)] == ["right"]


def test_letter_arrives_sealed(postfix: Postfix, instance: Instance, accepted: Outbox) -> None:
    """From the form to the mailbox: only the centre's key opens it, and the outbox is empty."""
    deliver(accepted, postfix.smtp(postfix.port))
    [mail] = postfix.arrived(1)
    assert "Синът ми не иска да ходи на училище." in instance.open(mail)
    assert not re.search("училище|Мария", readable(mail))
    assert accepted.counts() == {"waiting": 0, "given_up": 0}


def test_greylisting_is_waited_out(postfix: Postfix, accepted: Outbox, clock: Clock) -> None:
    """A server that sends strangers away at first gets the mail at the next try."""
    asked: list[str] = []

    def greylist(question: dict[str, str]) -> str:
        asked.append(question["recipient"])
        return "DUNNO" if len(asked) > 1 else "DEFER_IF_PERMIT Greylisted"

    smtp = postfix.smtp(postfix.greylist_port)
    with policy_server(postfix.policy_port, greylist):
        assert deliver(accepted, smtp) == 1
        assert accepted.counts() == {"waiting": 1, "given_up": 0}
        assert deliver(accepted, smtp) == 0
        tried = live_through(accepted, smtp, clock, before_try=lambda: None)
    assert len(tried) == 1
    assert asked == ["harmanli@example.org"] * 2
    assert len(postfix.arrived(1)) == 1


def test_unknown_mailbox_is_given_up(
    postfix: Postfix,
    instance: Instance,
    outbox: Outbox,
    clock: Clock,
    school_referral: dict[str, Any],
) -> None:
    """550 for the recipient: no more tries, and the sealed mail is kept."""
    instance.client().post("/send/bg/sopot/referral", data=school_referral)
    clock.moment = datetime.now(UTC)
    assert deliver(outbox, postfix.smtp(postfix.port)) == 1
    assert "<sopot@example.org>: Recipient address rejected: User unknown" in postfix.log()
    [(state, _, content)] = kept(outbox)
    assert state == "given_up"
    assert b"BEGIN PGP MESSAGE" in content


def test_outage_of_almost_seven_days(
    postfix: Postfix, instance: Instance, accepted: Outbox, clock: Clock
) -> None:
    """The server is back after 6.9 days: the mail arrives, with the Message-ID it always had."""
    postfix.stop()
    [(_, message_id, _)] = kept(accepted)
    back = clock.moment + timedelta(days=6.9)

    def before_try() -> None:
        if clock.moment >= back:
            postfix.start()

    tried = live_through(accepted, postfix.smtp(postfix.port), clock, before_try)
    assert len(tried) == 14
    assert accepted.counts() == {"waiting": 0, "given_up": 0}
    [mail] = postfix.arrived(1)
    assert mail["Message-ID"] == message_id
    assert "Синът ми не иска да ходи на училище." in instance.open(mail)


def test_longer_outage_is_given_up(postfix: Postfix, accepted: Outbox, clock: Clock) -> None:
    """After about seven days without the server the tries end; the sealed mail is kept."""
    postfix.stop()
    [(_, message_id, content)] = kept(accepted)
    tried = live_through(accepted, postfix.smtp(postfix.port), clock, before_try=lambda: None)
    assert timedelta(days=6.9) < tried[-1] - tried[0] < timedelta(days=7)
    assert kept(accepted) == [("given_up", message_id, content)]
    postfix.start()
    clock.moment += timedelta(days=1)
    assert deliver(accepted, postfix.smtp(postfix.port)) == 0
