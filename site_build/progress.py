"""How far a long build is, for somebody who waits at a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
Tell = Callable[[int, int], None]
"""Is told how many of how many steps are done."""


def tell_nobody(_done: int, _all: int) -> None:
    """For who does not wait."""


def tell_person(done: int, steps: int) -> None:
    """On a terminal one line that counts up and vanishes at the end; elsewhere a line a quarter."""
    words = f"Сайтът се прави: {done} от {steps} …"
    if sys.stdout.isatty():
        sys.stdout.write(f"\r\x1b[K{words if done < steps else ''}")
        sys.stdout.flush()
    elif done * 4 // steps > (done - 1) * 4 // steps and done < steps:
        print(words, flush=True)


class Steps:
    """Counts what several stages do."""

    def __init__(self, tell: Tell, steps: int) -> None:
        self._tell, self._steps, self._done = tell, steps, 0
        if steps:
            tell(0, steps)

    def count(self, items: Iterable[Item]) -> Iterator[Item]:
        """The same items; each is a step done."""
        for item in items:
            self._done += 1
            self._tell(self._done, self._steps)
            yield item
