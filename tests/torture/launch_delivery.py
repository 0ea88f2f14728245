"""The real delivery process with short pauses, a short lease and a clock that can be stepped.

The pauses of `schedule` (1 minute to a day) and the lease of 10 minutes would make a run
endless. This launcher sets them to fractions of a second and to 2 s; it makes the pauses so
many that no letter is given up because tries ran out; and it lets the harness step the
clock of the process: the seconds in the file named by TORTURE_CLOCK are added to every
reading. Nothing else differs from `python -m contact_service deliver`.
"""

from __future__ import annotations

import os
import sys
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

from contact_service import __main__, delivery, outbox, schedule

PAUSES = tuple(timedelta(milliseconds=ms) for ms in (50, 100, 200, *[300] * 2000))
LEASE = timedelta(seconds=2)


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


if __name__ == "__main__":
    replace(schedule, "PAUSES", PAUSES)
    replace(outbox, "LEASE", LEASE)
    replace(delivery, "datetime", SteppedClock)
    sys.exit(__main__.main(["deliver"]))
