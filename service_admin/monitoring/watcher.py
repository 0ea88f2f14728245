"""Watching: looks at outbox and keys each minute, and tells the operator by mail."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from contact_service.delivery.smtp import Mailer
from contact_service.delivery.worker import DELIVERING, HEARTBEAT
from contact_service.logs import Net, get_logger
from contact_service.outbox.given_up import GivenUpMails
from contact_service.outbox.marks import CLOCKS_DIFFER
from contact_service.outbox.outbox import BACKUP, REFUSED, Outbox
from contact_service.retries import Outcome
from contact_service.sealing import KeyUnusableError, load_sealer
from contact_service.settings.service import Settings, Smtp
from service_admin.monitoring.alarm_history import AlarmHistory
from service_admin.monitoring.alarms import Alarm, KeyState, Snapshot, alarms
from service_admin.numbers import said_of_last_month

ROUND_SECONDS = 60
STEADY_BEFORE_DELETING = timedelta(hours=1)

log = get_logger("opora.watch")


def key_states(settings: Settings, now: datetime) -> tuple[KeyState, ...]:
    """Try the key of every recipient, and of the heartbeat."""
    recipients = [
        (name, recipient)
        for name, centre in settings.centres.items()
        for recipient in centre.recipients
    ]
    if settings.heartbeat_recipient:
        recipients.append((HEARTBEAT, settings.heartbeat_recipient))
    states = []
    for name, recipient in recipients:
        key = KeyState(name, recipient.address, seal=recipient.seal)
        try:
            sealer = load_sealer(recipient, now)
            key = replace(key, ends=sealer.expires, fingerprint=sealer.fingerprint)
        except KeyUnusableError as error:
            key = replace(key, wrong=str(error))
        states.append(key)
    return tuple(states)


def snapshot(
    settings: Settings, outbox: Outbox, keys: tuple[KeyState, ...], now: datetime
) -> Snapshot:
    return Snapshot(
        now=now,
        waiting=outbox.counts()["waiting"],
        oldest=outbox.oldest_waiting(),
        given_up=GivenUpMails(outbox).items(),
        keys=keys,
        late=outbox.late(now),
        ahead=outbox.ahead(now),
        delivering=outbox.last_mark(DELIVERING, now),
        heartbeat=outbox.last_mark(HEARTBEAT, now),
        heartbeat_hours=settings.heartbeat_hours,
        backup=outbox.last_mark(BACKUP, now),
        refused=outbox.marks_of(REFUSED, now),
        last_month=said_of_last_month(outbox, now),
    )


def _mail(smtp: Smtp, address: str, sentences: list[str]) -> bool:
    """Say it by mail; False if the mail server did not take it."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = smtp.sender, address
    mail["Subject"] = f"Опора: нужна е намеса ({len(sentences)})"
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = make_msgid(domain=smtp.sender.partition("@")[2])
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content("\n\n".join(sentences) + "\n", cte="base64")
    with closing(Mailer(smtp)) as mailer:
        outcome, word = mailer.send(address, mail.as_bytes())
    if outcome is not Outcome.TAKEN:
        log.error("alarm mail not sent", reason=word)
    return outcome is Outcome.TAKEN


class Watch:
    """Looks once a minute, says each kind of alarm once a day, deletes what is over age.

    Each look of a round has a net of its own: whatever happens in one, the others are made.
    """

    def __init__(self, settings: Settings, outbox: Outbox) -> None:
        self._settings, self._outbox, self._kept = settings, outbox, GivenUpMails(outbox)
        self._net, self._said = Net(log), AlarmHistory(outbox)
        self._lived = datetime.now(UTC)
        self.keys: tuple[KeyState, ...] = ()
        self._look_at_keys(self._lived)

    def _look_at_keys(self, now: datetime) -> None:
        with self._net("ключове", now):
            self.keys = key_states(self._settings, now)

    def snapshot(self, now: datetime) -> Snapshot:
        """What there is now, with the keys as they were in the last round."""
        seen = Snapshot(now, keys=self.keys, readable=False)
        with self._net("база", now):
            seen = snapshot(self._settings, self._outbox, self.keys, now)
        # Silence is counted from the last sign of life, or from when this watch began.
        self._lived = min(max(self._lived, seen.delivering or self._lived), now)
        return replace(seen, delivering=self._lived, faults=self._net.faults)

    def round(self, now: datetime, *, may_delete: bool = True) -> None:
        self._look_at_keys(now)
        with self._net("аларми", now):
            self.tell(alarms(self.snapshot(now)), now)
        with self._net("числа", now):
            self._outbox.count_the_day(now)
        if may_delete:
            with self._net("изтриване", now):
                if deleted := self._kept.delete_over_age(now):
                    log.error("deleted over age", mails=deleted)
                self._outbox.purge_boxes(now)
                self._outbox.purge_tallies(now)
        with self._net("почистване", now):
            self._outbox.purge(now)

    def for_ever(self, stop: threading.Event) -> None:
        """Rounds until `stop`."""
        clock = SteadyClock(time.monotonic(), datetime.now(UTC))
        while not stop.is_set():
            now = datetime.now(UTC)
            clock.look(time.monotonic(), now)
            self.round(now, may_delete=clock.steady_for >= STEADY_BEFORE_DELETING)
            stop.wait(ROUND_SECONDS)

    def tell(self, wrong: Iterable[Alarm], now: datetime) -> None:
        """Log what has not been said in a day, and mail it if there is an address."""
        news = [alarm for alarm in wrong if self._said.is_news(alarm.kind, now)]
        if not news:
            return
        for alarm in news:
            log.error("alarm", kind=alarm.kind, said=alarm.sentence)
            if alarm.ending:
                self._kept.remember_announced(alarm.ending, now)
        address = self._settings.alarm_address
        sentences = [alarm.sentence for alarm in news]
        if address is None or _mail(self._settings.smtp, address, sentences):
            for alarm in news:
                self._said.remember(alarm.kind, now)


@dataclass
class SteadyClock:
    """Whether the time of day goes on as steadily as the seconds since the start do.

    What a clock deletes that was wrong for a moment does not come back.
    """

    seconds: float
    now: datetime
    steady_for: timedelta = timedelta(0)

    def look(self, seconds: float, now: datetime) -> None:
        passed = timedelta(seconds=seconds - self.seconds)
        stepped = abs(now - self.now - passed) > CLOCKS_DIFFER
        self.steady_for = timedelta(0) if stepped else self.steady_for + passed
        self.seconds, self.now = seconds, now
