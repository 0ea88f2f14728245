"""How long tests wait: for what is awaited, and on a busy machine too."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

PATIENCE = 180
"""Seconds for what takes one on an idle machine; only a test that fails waits so long."""


def wait_for(
    condition: Callable[[], Any],
    seconds: float = PATIENCE,
    *,
    said: Callable[[], object] = lambda: "",
) -> Any:
    """What `condition` gives as soon as it is true; fails with what was `said` meanwhile."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < until, f"not in {seconds} seconds: {said()}"
        time.sleep(0.05)
    return found


class StopsAfter(threading.Event):
    """Tells what works for ever to stop when it has asked so often, however long that takes."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self._left = times

    def is_set(self) -> bool:
        self._left -= 1
        return self._left < 0
