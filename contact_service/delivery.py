"""The delivery process: takes what is due from the outbox and performs what `schedule` decides."""

from __future__ import annotations

import logging
import threading
from contextlib import closing
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError

from contact_service.database import Bell
from contact_service.mailer import Mailer
from contact_service.outbox import Outbox
from contact_service.schedule import Delivered, GiveUp, RetryAt, decide
from contact_service.settings import Smtp

LONGEST_SLEEP_SECONDS = 0.5

log = logging.getLogger("opora.delivery")


def deliver_due(outbox: Outbox, smtp: Smtp, stop: threading.Event) -> int:
    """Send everything that is due now, over one connection; returns how many were tried."""
    tried = 0
    with closing(Mailer(smtp)) as mailer:
        while not stop.is_set() and (parcel := outbox.lease(datetime.now(UTC))):
            outcome, word = mailer.send(parcel)
            tried += 1
            decision = decide(parcel.attempts + 1, outcome, datetime.now(UTC))
            match decision:
                case Delivered():
                    outbox.delivered(parcel)
                    log.info("delivered %s", parcel.reference)
                case RetryAt(when):
                    outbox.retry_at(parcel, when)
                    log.warning(
                        "not delivered %s (%s), again at %s",
                        parcel.reference,
                        word,
                        when.isoformat("T", "seconds"),
                    )
                case GiveUp():
                    outbox.give_up(parcel)
                    log.error("given up %s (%s)", parcel.reference, word)
    if tried:
        outbox.purge(datetime.now(UTC))
    return tried


def deliver_for_ever(outbox: Outbox, smtp: Smtp, stop: threading.Event) -> None:
    """Run until `stop` is set."""
    bell = Bell(outbox.engine, stop)
    while not stop.is_set():
        wait = LONGEST_SLEEP_SECONDS
        try:
            deliver_due(outbox, smtp, stop)
            if due := outbox.next_due():
                wait = (due - datetime.now(UTC)).total_seconds()
        except SQLAlchemyError as error:  # locked, full or gone for a while: the rows stay
            log.error("outbox not reachable (%s)", type(error).__name__)
        bell.wait(min(max(wait, 0.02), LONGEST_SLEEP_SECONDS))
    bell.close()
