"""People who send letters and press the button again until they see the receipt."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from torture.parts import LETTER, MAILBOXES, PATH, SECRET, encoded, post

from contact_service.receipt import ReceiptTokens

CANARY = "kanarche-без-следа"
LONGEST_WAIT_SECONDS = 120


@dataclass(frozen=True)
class Seen:
    """A receipt that a sender has seen, for the letter with this token in its answers."""

    token: str
    centre: str
    reference: str


@dataclass
class Senders:
    """Threads that share a heap of letters; each letter is sent until it is accepted."""

    port: int
    letters: int
    seed: int
    pause: float
    threads: int = 6
    seen: list[Seen] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._next = iter(range(self.letters))
        self._lock = threading.Lock()
        self._tokens = ReceiptTokens(SECRET)

    def send_all(self) -> None:
        """Return when every letter was accepted."""
        with ThreadPoolExecutor(self.threads, "sender") as pool:
            try:
                list(pool.map(self._work, range(self.threads)))
            except BaseException:  # told to end: the threads must not go on to the last letter
                self._next = iter(())
                raise

    def _work(self, thread: int) -> None:
        chance = random.Random(self.seed * 1000 + thread)  # noqa: S311
        while (number := self._draw()) is not None:
            centre = chance.choice(list(MAILBOXES))
            token = f"{CANARY}-{number:06d}"
            seen = self._send(token, centre, chance)
            with self._lock:
                self.seen.append(seen)
            time.sleep(chance.uniform(0, 2 * self.pause))

    def _send(self, token: str, centre: str, chance: random.Random) -> Seen:
        body = encoded({**LETTER, "message": f"{LETTER['message']}\n{token}."})
        deadline = time.monotonic() + LONGEST_WAIT_SECONDS
        while time.monotonic() < deadline:
            status, where = post(self.port, PATH.format(centre=centre), body)
            with self._lock:
                self.statuses[status] += 1
            if status == 303:
                receipt = self._tokens.read(where.rpartition("/")[2])
                assert receipt, "a receipt that this secret did not make"
                return Seen(token, centre, receipt.reference)
            time.sleep(chance.uniform(0.05, 0.4))
        raise RuntimeError(f"{token}: no receipt for {LONGEST_WAIT_SECONDS} s, last {status}")

    def _draw(self) -> int | None:
        with self._lock:
            return next(self._next, None)
