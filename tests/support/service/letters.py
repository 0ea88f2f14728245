"""Letters in an outbox, and what is read in them."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from contact_service.outbox.outbox import Accepted, Outbox
from contact_service.sealing import SealedMail


def give_up(outbox: Outbox, reference: str, *contents: bytes) -> None:
    """A submission, all of whose mails were given up just now."""
    now = datetime.now(UTC)
    mails = [SealedMail(f"<{n}>", f"{n}@example.org", c) for n, c in enumerate(contents)]
    outbox.accept(Accepted(reference, "harmanli", 1, reference.encode(), mails), now)
    while parcel := outbox.lease(now):
        outbox.give_up(parcel)


REFERENCE = "DF4GJ-2UV79"


def given_up(outbox: Outbox, now: datetime, reference: str = REFERENCE) -> None:
    mail = SealedMail("<1@example.org>", "centre@example.org", b"sealed-canary " * 40)
    outbox.accept(Accepted(reference, "harmanli", 1, reference.encode(), [mail]), now)
    parcel = outbox.lease(now)
    assert parcel is not None
    outbox.give_up(parcel)


def code_in(text: str) -> str:
    [code] = set(re.findall(r"\b[DFGJLNRUVW24579]{4}-[DFGJLNRUVW24579]{4}\b", text))
    return code
