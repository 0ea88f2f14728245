"""An extra step against floods: proof of work, or a short wait where scripts do not run.

Off by default. The work is ALTCHA's (v2, PBKDF2), made and checked here and nowhere else.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import altcha
from cryptography.fernet import Fernet, InvalidToken

from contact_service.keys import derive
from contact_service.outbox import SAME_LETTER, Outbox

# About 256 derivations of 2,000 rounds: a second or two on an old telephone.
ALGORITHM, COST, PREFIX = "PBKDF2/SHA-256", 2_000, "00"
WAIT = timedelta(seconds=10)
WORK_FIELD, TICKET_FIELD = "proof", "ticket"


@dataclass(frozen=True)
class Step:
    """What a page carries for the extra step: a challenge (JSON) and a ticket that ripens."""

    challenge: str
    ticket: str
    seconds: int = int(WAIT.total_seconds())


class Proof:
    """Gives out steps and checks them; each counts once, on whichever machine it comes back."""

    def __init__(self, secret: str, outbox: Outbox) -> None:
        self._key = derive(secret, "proof of work")
        self._fernet = Fernet(base64.urlsafe_b64encode(derive(secret, "waiting ticket")))
        self._outbox = outbox

    def step(self, now: datetime) -> Step:
        challenge = altcha.create_challenge(
            ALGORITHM, COST, key_prefix=PREFIX, expires_at=now + SAME_LETTER, hmac_secret=self._key
        )
        ticket = self._fernet.encrypt_at_time(b"", int(now.timestamp()))
        return Step(json.dumps(challenge.to_dict()), ticket.decode())

    def passed(self, sent: Mapping[str, str], now: datetime) -> bool:
        """Whether the work was done, or the wait was waited; takes the proof, which counts once."""
        name = self._worked(sent.get(WORK_FIELD, "")) or self._waited(
            sent.get(TICKET_FIELD, ""), now
        )
        return name is not None and self._outbox.use_once(hashlib.sha256(name).digest(), now)

    def _worked(self, payload: str) -> bytes | None:
        if not payload or not altcha.verify_solution(payload, self._key).verified:
            return None
        return str(json.loads(base64.b64decode(payload))["challenge"]["signature"]).encode()

    def _waited(self, ticket: str, now: datetime) -> bytes | None:
        try:
            given = datetime.fromtimestamp(self._fernet.extract_timestamp(ticket), UTC)
        except (InvalidToken, ValueError):
            return None
        return ticket.encode() if WAIT <= now - given <= SAME_LETTER else None
