"""The delivery process: takes what is due from the outbox and performs what `schedule` decides."""

from __future__ import annotations

import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from prometheus_client import Counter
from sqlalchemy.exc import SQLAlchemyError

from contact_service.database import Bell
from contact_service.logs import get_logger
from contact_service.mailer import Mailer
from contact_service.outbox import Outbox
from contact_service.schedule import Delivered, GiveUp, RetryAt, decide
from contact_service.settings import Smtp

LONGEST_SLEEP_SECONDS = 0.5
HEARTBEAT = "heartbeat"  # the centre of synthetic submissions, and the mark of their arrival
ATTEMPTS = Counter("opora_attempts", "Tries to deliver by this process", ["outcome"], registry=None)

log = get_logger("opora.delivery")


def deliver_due(
    outbox: Outbox, smtp: Smtp, stop: threading.Event, identity: Path | None = None
) -> int:
    """Send everything that is due now, over one connection; returns how many were tried."""
    tried = 0
    with closing(Mailer(smtp, identity)) as mailer:
        while not stop.is_set() and (parcel := outbox.lease(datetime.now(UTC))):
            outcome, word = mailer.send(parcel)
            tried += 1
            decision = decide(parcel.attempts + 1, outcome, datetime.now(UTC))
            match decision:
                case Delivered():
                    if parcel.centre == HEARTBEAT:
                        outbox.mark(HEARTBEAT, datetime.now(UTC))
                    outbox.delivered(parcel)
                    ATTEMPTS.labels("delivered").inc()
                    log.info("delivered", reference=parcel.reference)
                case RetryAt(when):
                    outbox.retry_at(parcel, when)
                    ATTEMPTS.labels("retried").inc()
                    again = when.isoformat("T", "seconds")
                    log.warning(
                        "not delivered", reference=parcel.reference, reason=word, again_at=again
                    )
                case GiveUp():
                    outbox.give_up(parcel)
                    ATTEMPTS.labels("given_up").inc()
                    log.error("given up", reference=parcel.reference, reason=word)
    if tried:
        outbox.purge(datetime.now(UTC))
    return tried


def deliver_for_ever(
    outbox: Outbox, smtp: Smtp, stop: threading.Event, identity: Path | None = None
) -> None:
    """Run until `stop` is set."""
    bell = Bell(outbox.engine, stop)
    while not stop.is_set():
        wait = LONGEST_SLEEP_SECONDS
        try:
            deliver_due(outbox, smtp, stop, identity)
            if due := outbox.next_due():
                wait = (due - datetime.now(UTC)).total_seconds()
        except SQLAlchemyError as error:  # locked, full or gone for a while: the rows stay
            log.error("outbox not reachable", reason=type(error).__name__)
        bell.wait(min(max(wait, 0.02), LONGEST_SLEEP_SECONDS))
    bell.close()
