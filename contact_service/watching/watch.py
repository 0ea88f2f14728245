"""Watching: looks at outbox and keys each minute, and tells the operator by mail."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid

from sqlalchemy.exc import SQLAlchemyError

from contact_service.delivery import HEARTBEAT
from contact_service.kept import Kept
from contact_service.logs import get_logger
from contact_service.mailer import Mailer
from contact_service.outbox import BACKUP, Outbox, Parcel
from contact_service.schedule import Outcome
from contact_service.sealing import KeyUnusableError, load_sealer
from contact_service.settings import Settings, Smtp
from contact_service.watching.alarms import Alarm, KeyState, Snapshot, alarms

ROUND_SECONDS = 60
SAY_AGAIN = timedelta(hours=24)
TRY_MAIL_AGAIN = timedelta(hours=1)

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
            sealer = load_sealer(recipient, settings, now)
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
        given_up=Kept(outbox).items(),
        keys=keys,
        heartbeat=outbox.marked(HEARTBEAT),
        heartbeat_hours=settings.heartbeat_hours,
        backup=outbox.marked(BACKUP),
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
        outcome, word = mailer.send(Parcel(0, "", address, mail.as_bytes(), 0, 0))
    if outcome is not Outcome.TAKEN:
        log.error("alarm mail not sent", reason=word)
    return outcome is Outcome.TAKEN


class Watch:
    """Looks once a minute, says each kind of alarm once a day, deletes what is over age."""

    def __init__(self, settings: Settings, outbox: Outbox) -> None:
        self._settings, self._outbox, self._kept = settings, outbox, Kept(outbox)
        self.keys = key_states(settings, datetime.now(UTC))

    def snapshot(self, now: datetime) -> Snapshot:
        """What there is now, with the keys as they were in the last round."""
        return snapshot(self._settings, self._outbox, self.keys, now)

    def round(self, now: datetime) -> None:
        self.keys = key_states(self._settings, now)
        self.tell(alarms(self.snapshot(now)), now)
        if deleted := self._kept.delete_over_age(now):
            log.error("deleted over age", mails=deleted)
        self._outbox.purge(now)

    def for_ever(self, stop: threading.Event) -> None:
        """Rounds until `stop`, in a thread: a mail server that hangs must not delay an alarm."""
        try:
            while not stop.is_set():
                try:
                    self.round(datetime.now(UTC))
                except SQLAlchemyError as error:
                    log.error("outbox not reachable", reason=type(error).__name__)
                stop.wait(ROUND_SECONDS)
        finally:
            stop.set()  # who can no longer raise an alarm must not go on as if all were well

    def tell(self, wrong: Iterable[Alarm], now: datetime) -> None:
        """Log what has not been said in a day, and mail it if there is an address.

        Who marks an alarm first says it. Until its mail is taken, the mark holds for an hour
        only: a process that dies on the way, or a mail server that is away, swallows nothing.
        """
        day_ago = now - SAY_AGAIN
        hour_left = day_ago + TRY_MAIL_AGAIN
        news = [a for a in wrong if self._outbox.mark_unless(_mark(a), hour_left, day_ago)]
        if not news:
            return
        for alarm in news:
            log.error("alarm", kind=alarm.kind, said=alarm.sentence)
            self._kept.announced(alarm.ending, now)
        address = self._settings.alarm_address
        sentences = [alarm.sentence for alarm in news]
        if address is None or _mail(self._settings.smtp, address, sentences):
            for alarm in news:
                self._outbox.mark(_mark(alarm), now)


def _mark(alarm: Alarm) -> str:
    return f"alarm {alarm.kind}"[:64]  # the column's width
