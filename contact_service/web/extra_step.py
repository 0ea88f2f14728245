"""One more step for a network beyond its limit: a short wait and a second press, without scripts.

A flood becomes slow, and nobody is locked out: a school or a mobile carrier is one network too.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from babel.units import format_unit
from cryptography.fernet import Fernet, InvalidToken

from contact_service.keys import derive
from contact_service.web.networks import networks_of
from contact_service.web.shared_memory import Row, SharedTable
from site_model.i18n.languages import locale_of

TICKET_FIELD = "ticket"
LIFETIME = timedelta(minutes=30)  # of a ticket
FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS = 10, 300
HOUR = 60  # minutes, each with its count
# What a wider network may send, as a share of what the narrowest may: /64, /56, /48.
SHARES = (1.0, 1.5, 2.0)


@dataclass(frozen=True)
class Step:
    """What a page carries for the extra step: a ticket, and how long until it is ripe."""

    ticket: str
    seconds: int
    early: bool = False  # the button was pressed before that

    def time(self, language: str) -> str:
        """The wait as people say it, never less than it is."""
        if self.seconds <= 60:
            return format_unit(self.seconds, "duration-second", locale=locale_of(language))
        return format_unit(ceil(self.seconds / 60), "duration-minute", locale=locale_of(language))


class ExtraStep:
    """Counts the letters of each network in the last hour, and asks for a wait beyond the limit.

    The wait doubles with each letter beyond the limit that was stored. A ticket says since when
    somebody waits; how long is decided when it comes back, so that tickets gathered early are
    worth no more. It lets one letter through, and that one again if it could not be stored.
    Codes that open nothing are counted in the same way, by an object of their own.
    """

    def __init__(self, per_hour: int, secret: str, purpose: str = "waiting ticket") -> None:
        """Tickets of one purpose are worth nothing for another."""
        self._per_hour = per_hour
        self._fernet = Fernet(base64.urlsafe_b64encode(derive(secret, purpose)))
        self._counts = SharedTable(f"q{HOUR}H")
        self._used = SharedTable("qQ")

    def step(self, address: str | None, ticket: str, letter: bytes, now: datetime) -> Step | None:
        """What stands before this letter; None lets it through. `letter` tells it from others."""
        wait = self._wait(address, now)
        if not wait:
            return None
        waited = self._waited(ticket, now)
        if waited is None:
            return self._new(wait, now)
        if waited < wait:
            return Step(ticket, ceil(wait - waited), early=True)
        return None if self._take(ticket, letter, now) else self._new(wait, now)

    def count_stored(self, address: str | None, now: datetime) -> None:
        """Count a letter that was newly stored, and nothing else."""
        minute = int(now.timestamp()) // 60

        def one_more(row: Row) -> Row:
            newest, *others = _hour_before(row, minute)
            return minute, min(newest + 1, 0xFFFF), *others

        for network in networks_of(address):
            self._counts.change(network, one_more)

    def _wait(self, address: str | None, now: datetime) -> int:
        """Seconds; 0 where no network of the address is beyond its limit."""
        minute = int(now.timestamp()) // 60
        beyond = max(
            sum(_hour_before(self._counts.row(network), minute)) - int(share * self._per_hour)
            for network, share in zip(networks_of(address), SHARES, strict=False)
        )
        if beyond < 0:
            return 0
        return min(FIRST_WAIT_SECONDS << min(beyond, 10), LONGEST_WAIT_SECONDS)

    def _new(self, wait: int, now: datetime) -> Step:
        return Step(self._fernet.encrypt_at_time(b"", int(now.timestamp())).decode(), wait)

    def _waited(self, ticket: str, now: datetime) -> float | None:
        """Seconds since the ticket was given out; None if it is not ours or too old."""
        try:
            waited = now.timestamp() - self._fernet.extract_timestamp(ticket)
        except (InvalidToken, ValueError):
            return None
        return waited if 0 <= waited <= LIFETIME.total_seconds() else None

    def _take(self, ticket: str, letter: bytes, now: datetime) -> bool:
        """Use the ticket for this letter; False if it was used for another.

        Its name is what it says: base64 passes over signs that it does not know, so the same
        ticket can be spelt in many ways.
        """
        tag = int.from_bytes(letter[:8])
        taken = self._used.change(
            base64.urlsafe_b64decode(ticket).hex(),
            lambda row: row if row[0] else (int(now.timestamp()), tag),
        )
        return taken[1] == tag


def _hour_before(row: Row, minute: int) -> Row:
    """The counts of the hour that ends with this minute, its own first.

    What a clock that was wrong wrote into the future counts as forgotten.
    """
    gone = minute - row[0]
    if gone not in range(HOUR):
        return (0,) * HOUR
    return (0,) * gone + row[1 : 1 + HOUR - gone]
