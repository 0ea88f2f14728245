"""The delivery process: takes what is due from the outbox and performs what `schedule` decides."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime

from contact_service.delivery.smtp import Mailer
from contact_service.logs import Net, get_logger, kind_and_place
from contact_service.outbox.engine import Wakeup
from contact_service.outbox.errors import OutboxUnavailableError
from contact_service.outbox.outbox import REFUSED, Outbox, Parcel
from contact_service.retries import Delivered, GiveUp, Outcome, RetryAt, decide
from contact_service.settings.service import Smtp

LONGEST_SLEEP_SECONDS = 0.5
HEARTBEAT = "heartbeat"  # the centre of synthetic submissions, and the mark of their arrival
DELIVERING = "delivering"  # the mark that delivery lives
BEAT_SECONDS = 60
LATE_TRY = 3  # about six minutes after a letter came; one that passes sooner leaves no trace

log = get_logger("opora.delivery")


def deliver_due(
    outbox: Outbox, smtp: Smtp, stop: threading.Event, beat: Callable[[], None] = lambda: None
) -> int:
    """Send everything that is due now, over one connection; returns how many were tried.

    `beat` is called before each try.
    """
    tried = 0
    with closing(Mailer(smtp)) as mailer:
        while not stop.is_set() and (parcel := outbox.lease(datetime.now(UTC))):
            beat()
            tried += 1
            try:
                _perform(outbox, parcel, *_tried(mailer, parcel))
            except OutboxUnavailableError:
                raise  # no parcel's fault
            except Exception as error:  # of this parcel alone: the others go on
                _perform(outbox, parcel, Outcome.NOT_NOW, kind_and_place(error))
    if tried:
        outbox.purge(datetime.now(UTC))
    return tried


def _tried(mailer: Mailer, parcel: Parcel) -> tuple[Outcome, str]:
    if parcel.content.startswith(b"age-encryption.org/"):  # no mail: closed at rest
        return Outcome.NEVER, "closed by an earlier version"
    return mailer.send(parcel.recipient, parcel.content)


def _perform(outbox: Outbox, parcel: Parcel, outcome: Outcome, word: str) -> None:
    """Do with the parcel what `schedule` decides."""
    match decide(parcel.attempts + 1, outcome, datetime.now(UTC)):
        case Delivered():
            if parcel.centre == HEARTBEAT:
                outbox.mark(HEARTBEAT, datetime.now(UTC))
            outbox.forget(parcel)
        case RetryAt(when):
            outbox.retry_at(parcel, when)
            if outcome is Outcome.REFUSED:
                outbox.mark(REFUSED + word, datetime.now(UTC))
            if outcome is Outcome.REFUSED or parcel.attempts + 1 >= LATE_TRY:
                again = when.isoformat("T", "seconds")
                log.warning("a letter is late", reason=word, again_at=again)
        case GiveUp():
            outbox.give_up(parcel)
            log.error("given up", reference=parcel.reference, reason=word)


def deliver_for_ever(outbox: Outbox, smtp: Smtp, stop: threading.Event) -> None:
    """Run until `stop` is set, whatever happens: the rows stay, and the next round may go well."""
    wakeup, net, pulse = Wakeup(outbox.engine, stop), Net(log), _Pulse(outbox)
    while not stop.is_set():
        wait = LONGEST_SLEEP_SECONDS
        with net("delivery", datetime.now(UTC)):
            deliver_due(outbox, smtp, stop, pulse.beat)
            pulse.beat()
            if due := outbox.next_due():
                wait = (due - datetime.now(UTC)).total_seconds()
        with net("wakeup", datetime.now(UTC)):
            wakeup.wait(min(max(wait, 0.02), LONGEST_SLEEP_SECONDS))
        if net.faults:
            stop.wait(LONGEST_SLEEP_SECONDS)
    with net("end", datetime.now(UTC)):
        outbox.unmark(DELIVERING)
    wakeup.close()


class _Pulse:
    """Marks once a minute that delivery lives, when it has reached the outbox."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox, self._next = outbox, 0.0

    def beat(self) -> None:
        if time.monotonic() >= self._next:
            self._outbox.mark(DELIVERING, datetime.now(UTC))
            self._next = time.monotonic() + BEAT_SECONDS
