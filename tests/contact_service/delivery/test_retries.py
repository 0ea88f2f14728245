"""`decide` as a table, with the arithmetic shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from contact_service.retries import (
    PAUSES,
    Decision,
    Delivered,
    GiveUp,
    Outcome,
    RetryAt,
    decide,
)

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("attempt", "outcome", "decision"),
    [
        (1, Outcome.TAKEN, Delivered()),
        (14, Outcome.TAKEN, Delivered()),
        (1, Outcome.NEVER, GiveUp()),
        (1, Outcome.NOT_NOW, RetryAt(NOW + timedelta(minutes=1))),
        (2, Outcome.NOT_NOW, RetryAt(NOW + timedelta(minutes=5))),
        (3, Outcome.NOT_NOW, RetryAt(NOW + timedelta(minutes=15))),
        (4, Outcome.NOT_NOW, RetryAt(NOW + timedelta(hours=1))),
        (5, Outcome.NOT_NOW, RetryAt(NOW + timedelta(hours=3))),
        (6, Outcome.NOT_NOW, RetryAt(NOW + timedelta(hours=6))),
        (7, Outcome.NOT_NOW, RetryAt(NOW + timedelta(hours=12))),
        (8, Outcome.NOT_NOW, RetryAt(NOW + timedelta(days=1))),
        (13, Outcome.NOT_NOW, RetryAt(NOW + timedelta(days=1))),
        (14, Outcome.NOT_NOW, GiveUp()),
        (1, Outcome.REFUSED, RetryAt(NOW + timedelta(minutes=1))),
        (13, Outcome.REFUSED, RetryAt(NOW + timedelta(days=1))),
        (14, Outcome.REFUSED, GiveUp()),
        (1, Outcome.NEVER, GiveUp()),
    ],
)
def test_decision(attempt: int, outcome: Outcome, decision: Decision) -> None:
    """What follows from an attempt and its outcome."""
    assert decide(attempt, outcome, NOW) == decision


def test_pauses_never_shrink_and_last_about_a_week() -> None:
    """1 + 5 + 15 min, 1 + 3 + 6 + 12 h and 6 days are 6 days, 22 hours and 21 minutes."""
    assert list(PAUSES) == sorted(PAUSES)
    assert sum(PAUSES, timedelta()) == timedelta(days=6, hours=22, minutes=21)
