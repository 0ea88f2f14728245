"""People who send letters and press the button again until they see the receipt."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from contact_service.web.receipts import ReceiptTokens
from tools.torture.parts import LETTER, MAILBOXES, PATH, SECRET, encode_letter, post

CANARY = "kanarche-без-следа"
LONGEST_WAIT_SECONDS = 600


@dataclass(frozen=True)
class Seen:
    """A receipt that a sender has seen, for the letter with this token in its answers.

    Times are monotonic: the first try began, the receipt was there.
    """

    token: str
    centre: str
    reference: str
    network: str = ""
    began: float = 0.0
    ended: float = 0.0
    code: str = ""


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
            for address in self._callers(number, chance):
                seen = self._send(token, centre, address, chance)
                with self._lock:
                    self.seen.append(seen)
            time.sleep(chance.uniform(0, 2 * self.pause))

    def _callers(self, number: int, chance: random.Random) -> list[str]:
        """Who sends this letter: mostly one; some press again after the receipt.

        And sometimes another network sends the same words.
        """
        first = f"10.{number >> 8 & 255}.{number & 255}"
        return [f"{first}.7"] + chance.choices(
            [[], [f"{first}.8"], [f"11.{number >> 8 & 255}.{number & 255}.7"]], [8, 1, 1]
        )[0]

    def _send(self, token: str, centre: str, address: str, chance: random.Random) -> Seen:
        body = encode_letter({**LETTER, "message": f"{LETTER['message']}\n{token}."})
        began = time.monotonic()
        deadline = began + LONGEST_WAIT_SECONDS
        while time.monotonic() < deadline:
            status, where = post(self.port, PATH.format(centre=centre), body, caller=address)
            with self._lock:
                self.statuses[status] += 1
            if status == 303:
                receipt = self._tokens.read(where.rpartition("/")[2])
                assert receipt, "a receipt that this secret did not make"
                network = address.rpartition(".")[0]
                ended = time.monotonic()
                return Seen(token, centre, receipt.reference, network, began, ended, receipt.code)
            time.sleep(chance.uniform(0.05, 0.4))
        raise RuntimeError(f"{token}: no receipt for {LONGEST_WAIT_SECONDS} s, last {status}")

    def _draw(self) -> int | None:
        with self._lock:
            return next(self._next, None)
