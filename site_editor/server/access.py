"""Who is let in: links that work once, and the sessions that they begin; both end by themselves.

Of both only hashes are kept, in the memory of this process: no file and no backup lets anybody in.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from hmac import digest
from threading import Lock
from typing import Any, Final

LINK_LIVES: Final = 15 * 60
SESSION_LIVES: Final = 8 * 60 * 60
SESSION_SLEEPS: Final = 60 * 60
"""Seconds: from the letter, from the entry, and since the last page that was asked for."""
LINK_BYTES: Final = 16
MOST: Final = 1_000
"""Links, and sessions, that there may be at one time; the oldest goes."""


@dataclass
class Session:
    """Somebody who could open a letter of this centre; `name` tells sessions apart in the log."""

    centre: str
    name: str
    begun: float
    seen: float


class Access:
    """The links and sessions of one run. `clock` gives seconds and never goes back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._links: dict[bytes, tuple[str, float]] = {}
        self._sessions: dict[bytes, Session] = {}
        self._of_run = secrets.token_bytes(32)
        self._alone = Lock()

    def new_link(self, centre: str) -> str:
        """The token of a new link: 128 bits."""
        token = secrets.token_urlsafe(LINK_BYTES)
        with self._alone:
            _make_room(self._links)
            self._links[_hash(token)] = centre, self._clock()
        return token

    def forget_link(self, token: str) -> None:
        with self._alone:
            self._links.pop(_hash(token), None)

    def enter(self, token: str) -> str | None:
        """Use a link up: the key of the session that it begins, or None for one that is no more."""
        with self._alone:
            centre, made = self._links.pop(_hash(token), ("", 0.0))
            now = self._clock()
            if not centre or now - made >= LINK_LIVES:
                return None
            key = secrets.token_urlsafe()
            _make_room(self._sessions)
            name = sha256(_hash(key)).hexdigest()[:8]
            self._sessions[_hash(key)] = Session(centre, name, begun=now, seen=now)
            return key

    def session(self, key: str) -> Session | None:
        """The session of this key, seen just now; None where it has ended."""
        with self._alone:
            found = self._sessions.get(_hash(key))
            if found is None:
                return None
            now = self._clock()
            if now - found.begun >= SESSION_LIVES or now - found.seen >= SESSION_SLEEPS:
                del self._sessions[_hash(key)]
                return None
            found.seen = now
            return found

    def leave(self, key: str) -> None:
        with self._alone:
            self._sessions.pop(_hash(key), None)

    def form_token(self, key: str) -> str:
        """What the forms of a session carry, from which its key cannot be told."""
        return digest(self._of_run, key.encode(), "sha256").hex()


def _hash(token: str) -> bytes:
    return sha256(token.encode(errors="replace")).digest()


def _make_room(kept: dict[bytes, Any]) -> None:
    while len(kept) >= MOST:
        kept.pop(next(iter(kept)))
