"""Pure: what to do with a parcel after an attempt to deliver it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

# 1, 5 and 15 minutes, 1, 3, 6 and 12 hours, then a day, six times: about 7 days in all.
PAUSES = (
    *(timedelta(minutes=n) for n in (1, 5, 15)),
    *(timedelta(hours=n) for n in (1, 3, 6, 12)),
    *(timedelta(days=1) for _ in range(6)),
)


class Outcome(Enum):
    """How the mail server answered: took it, cannot now, refused (5xx), or has no such mailbox.

    What it refused is tried again as if it could not now: a full mailbox, a block list and a
    wrong password pass by themselves or by a person's help. The operator hears of the first.
    """

    TAKEN = "taken"
    NOT_NOW = "not now"
    REFUSED = "refused"
    NEVER = "never"


@dataclass(frozen=True)
class Delivered:
    pass


@dataclass(frozen=True)
class RetryAt:
    when: datetime


@dataclass(frozen=True)
class GiveUp:
    pass


Decision = Delivered | RetryAt | GiveUp


def decide(attempt: int, outcome: Outcome, now: datetime) -> Decision:
    """What follows from the outcome of attempt number `attempt`, counted from 1."""
    if outcome is Outcome.TAKEN:
        return Delivered()
    if outcome is Outcome.NEVER or attempt > len(PAUSES):
        return GiveUp()
    return RetryAt(now + PAUSES[attempt - 1])
