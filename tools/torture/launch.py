"""The real processes with short pauses, a short lease and a clock that can be stepped.

The pauses of `schedule` (1 minute to a day) and the lease of 10 minutes would make a run
endless. This launcher sets them to fractions of a second and to 2 s, the longest try to less
than a lease, as it is, and the rounds of the watch to a second; it makes the pauses so many that
no letter is given up because tries ran out; and it lets the harness step the clock of the
processes: the seconds in the file named by TORTURE_CLOCK are added to every reading. Nothing
else differs from `python -m contact_service web`, `deliver` and `watch`.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from datetime import datetime, timedelta, tzinfo
from importlib import import_module
from pathlib import Path
from typing import Any

from contact_service import logs, retries
from contact_service.__main__ import main as service
from contact_service.delivery import smtp
from contact_service.outbox import outbox
from service_admin.__main__ import main as admin

PAUSES = tuple(timedelta(milliseconds=ms) for ms in (50, 100, 200, *[300] * 2000))
LEASE = timedelta(seconds=2)
LONGEST_TRY_SECONDS = 1.5
ROUND_SECONDS = 1
READ_THE_CLOCK = {
    "web": ("contact_service.web.views", "contact_service.intake"),
    "deliver": ("contact_service.delivery.worker",),
    "watch": ("service_admin.monitoring.watcher", "service_admin.monitoring.http"),
}


class SteppedClock(datetime):
    """The time of day, wrong by as much as the harness wants."""

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> Any:
        try:
            step = float(Path(os.environ["TORTURE_CLOCK"]).read_text())
        except (OSError, ValueError):  # being written at this moment
            step = 0.0
        return datetime.now(tz) + timedelta(seconds=step)


def replace(module: Any, name: str, value: object) -> None:
    """Set what must be there already: a renamed setting stops the run instead of doing nothing."""
    if not hasattr(module, name):
        raise SystemExit(f"{module.__name__} has no {name} any more: adapt tests/torture")
    setattr(module, name, value)


def end_with(harness: int) -> None:
    """End this process and all that it has started when the harness has ended, however it did."""

    def look() -> None:
        while os.getppid() == harness:
            time.sleep(0.5)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=look, daemon=True).start()


if __name__ == "__main__":
    end_with(int(os.environ["TORTURE_HARNESS"]))
    replace(retries, "PAUSES", PAUSES)
    replace(outbox, "PAUSES", PAUSES)
    replace(outbox, "LEASE", LEASE)
    replace(smtp, "LONGEST_TRY_SECONDS", LONGEST_TRY_SECONDS)
    for module in map(import_module, READ_THE_CLOCK[sys.argv[1]]):
        replace(module, "datetime", SteppedClock)
        if module.__name__.endswith(".watcher"):
            replace(module, "ROUND_SECONDS", ROUND_SECONDS)
    logs.set_up()
    program = admin if "watch" in sys.argv else service
    sys.exit(program(sys.argv[1:]))
