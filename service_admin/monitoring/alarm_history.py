"""What was said already: in the outbox for every process, in memory while that is away."""

from __future__ import annotations

from datetime import datetime, timedelta

from contact_service.outbox.errors import OutboxUnavailableError
from contact_service.outbox.marks import CLOCKS_DIFFER
from contact_service.outbox.outbox import Outbox

SAY_AGAIN = timedelta(hours=24)
TRY_MAIL_AGAIN = timedelta(hours=1)


class AlarmHistory:
    """Lets each kind of alarm be said once a day.

    Who marks an alarm first says it. Until `remember` is called, the mark holds for an hour only: a
    process that dies on the way, or a mail server that is away, swallows nothing.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._here: dict[str, datetime] = {}

    def is_news(self, kind: str, now: datetime) -> bool:
        """Whether it is to be said now; then it counts as said for an hour."""
        day_ago = now - SAY_AGAIN
        hour_left = day_ago + TRY_MAIL_AGAIN
        try:
            return self._outbox.mark_unless(_mark(kind), hour_left, day_ago, now)
        except OutboxUnavailableError:
            before = self._here.get(kind)
            if before and day_ago < before <= now + CLOCKS_DIFFER:
                return False
            self._here[kind] = hour_left
            return True

    def remember(self, kind: str, now: datetime) -> None:
        """It was said: be silent about it for a day."""
        try:
            self._outbox.mark(_mark(kind), now)
        except OutboxUnavailableError:
            self._here[kind] = now


def _mark(kind: str) -> str:
    return f"alarm {kind}"[:64]  # the column's width
