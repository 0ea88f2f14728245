"""Centres that answer every letter as soon as it is there, and senders who read the answers.

An answer goes into the outbox while its disk is full, its server ends or its tables change, and is
tried again until it is taken; half of them are read at once. At the end each is looked for with the
code of its receipt, and every code is tried on the answers of another.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from contact_service.box import (
    OtherCodeError,
    note_of,
    opened_answer,
    place_of,
    read_code,
    sealed_answer,
    slot_of,
)
from contact_service.outbox.errors import OutboxUnavailableError
from contact_service.outbox.outbox import Outbox
from site_model.urls import ANSWERS
from tools.torture.parts import SECRET, OperatorFolder
from tools.torture.senders import Seen
from tools.torture.verdict import parse_sheet

LINK = re.compile(rf"^https?://\S+/{ANSWERS}/(\S+)", re.MULTILINE)


@dataclass
class Answerers:
    """A thread that answers what `taken` holds, for `senders` who have seen their receipts."""

    place: OperatorFolder
    taken: Sequence[tuple[str, bytes]]
    seen: Sequence[Seen]
    stored: dict[str, str] = field(default_factory=dict)  # what was answered to each reference
    tries: int = 0
    read_early: int = 0

    def __post_init__(self) -> None:
        self._pool = ThreadPoolExecutor(1, "answers")
        self._ended: Future[None] | None = None
        self._no_more, self._leaving = threading.Event(), threading.Event()

    def start(self) -> None:
        self._ended = self._pool.submit(self._work)

    def end(self) -> None:
        """Answer what is left, and stop; raises what went wrong meanwhile."""
        self._no_more.set()
        if self._ended:
            self._ended.result()

    def leave(self) -> None:
        """Stop, whatever is left."""
        self._leaving.set()
        self._pool.shutdown()

    def judge(self) -> tuple[list[str], int]:
        """The answers that no receipt's code opens, and how often another code opened one."""
        with closing(Outbox(self.place.database)) as outbox:
            contents = {
                seen.code: outbox.answers_at(place_of(SECRET, seen.code), datetime.now(UTC)) or []
                for seen in self.seen
                if seen.reference in self.stored
            }
        codes = list(contents)
        others = zip(codes, codes[1:] + codes[:1], strict=True)
        opened = sum(bool(_opens(other, one)) for code, other in others for one in contents[code])
        lost = [
            seen.reference
            for seen in self.seen
            if (said := self.stored.get(seen.reference))
            and said not in [_opens(seen.code, one) for one in contents[seen.code]]
        ]
        return lost, opened if len(codes) > 1 else 0

    def _work(self) -> None:
        done = 0
        with closing(Outbox(self.place.database)) as outbox:
            while not self._leaving.is_set():
                if done < len(self.taken):
                    self._answer(outbox, self.taken[done][1])
                    done += 1
                elif self._no_more.wait(0.1):
                    return

    def _answer(self, outbox: Outbox, mail: bytes) -> None:
        _, sheet = self.place.text_of(mail)
        copy, link = parse_sheet("", "", sheet), LINK.search(sheet)
        if copy.reference in self.stored:
            return
        assert link, "a letter without a link for its answer"
        code = read_code(link[1])
        self._until_it_works(lambda: self._put(outbox, code, copy.token))
        self.stored[copy.reference] = copy.token
        readers = [seen.code for seen in self.seen if seen.reference == copy.reference]
        if readers and len(self.stored) % 2:
            place = place_of(SECRET, readers[0])
            self._until_it_works(lambda: bool(outbox.answers_at(place, datetime.now(UTC))))
            self.read_early += 1

    def _put(self, outbox: Outbox, code: str, said: str) -> bool:
        self.tries += 1
        box = outbox.box_at(slot_of(SECRET, code), datetime.now(UTC))
        assert box, "a letter without its box"
        answer = sealed_answer(note_of(box, code), {"kind": "text", "value": said})
        return outbox.put_answer(box.place, answer, datetime.now(UTC))

    def _until_it_works(self, work: Callable[[], bool]) -> None:
        """Try again while the database is away or its disk is full."""
        for _ in range(3000):
            with suppress(OutboxUnavailableError):
                if work():
                    return
            if self._leaving.wait(0.2):
                return
        raise RuntimeError("an answer is not taken, or not there")


def _opens(code: str, content: bytes) -> str:
    """What an answer says; "" for a code that does not open it."""
    with suppress(OtherCodeError):
        return opened_answer(code, content)["value"]
    return ""
