"""What goes wrong during a run: at moments and in an order that the seed decides."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from torture.bad_mail_server import BadMailServer
from torture.crew import Crew
from torture.parts import Postgres

DISK_BYTES = 512 * 1024 * 1024
BALLAST = "ballast"


@dataclass
class Lasting:
    """A trouble that stays for a while: how it begins, how it is mended."""

    begin: Callable[[], None]
    mend: Callable[[], None]
    longest_seconds: float


@dataclass
class Troubles:
    """A thread that makes trouble until `heal`."""

    seed: int
    crew: Crew
    mail: BadMailServer
    postgres: Postgres | None
    disk: Path | None
    did: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(1, "troubles")
        self._open: dict[str, float] = {}
        self._moments = {
            "kill web worker": lambda: self.crew.kill_web_worker(self._random.randrange(100)),
            "kill web": self.crew.kill_web,
            "kill delivery": lambda: self.crew.kill_deliverer(self._random.randrange(100)),
        }
        self._lasting = {
            "mail server closed": Lasting(self.mail.close, self.mail.open, 1.5),
            "clock stepped": Lasting(self._step_clock, self._mend_clock, 2.0),
        }
        if self.disk:
            self._lasting["disk full"] = Lasting(self._fill_disk, self._free_disk, 1.0)
        if self.postgres:
            self._lasting["database down"] = Lasting(self._cut_database, self._mend_database, 1.0)

    def start(self) -> None:
        self._done = self._pool.submit(self._run)

    def heal(self) -> None:
        """End every trouble and make no more."""
        self._stop.set()
        self.mail.bad = False
        self._pool.shutdown()
        self._done.result()

    def _run(self) -> None:
        deck: list[str] = []
        while not self._stop.wait(self._random.uniform(0.3, 1.7)):
            self._mend(time.monotonic())
            # A shuffled deck: the order is chance, yet every trouble comes soon.
            deck = deck or self._random.sample(names := self._names(), len(names))
            name = deck.pop()
            if name in self._moments:
                self._moments[name]()
            elif name not in self._open:
                trouble = self._lasting[name]
                trouble.begin()
                self.did[name] += 1
                lasts = self._random.uniform(0.2, trouble.longest_seconds)
                self._open[name] = time.monotonic() + lasts
        self._mend(float("inf"))

    def _names(self) -> list[str]:
        return [*self._moments, "kill web worker", "kill delivery", *self._lasting]

    def _mend(self, now: float) -> None:
        due = [name for name, until in self._open.items() if until <= now]
        if "database down" in due and "disk full" in self._open:
            due.append("disk full")  # a database does not start on a full disk
        for name in sorted(set(due), key=lambda name: name != "disk full"):
            self._lasting[name].mend()
            del self._open[name]
        if self.postgres and not self._open.keys() & {"disk full", "database down"}:
            self._mend_database()

    def _step_clock(self) -> None:
        self.crew.clock.write_text(str(round(self._random.uniform(-4, 4), 2)))

    def _mend_clock(self) -> None:
        self.crew.clock.write_text("0")

    def _fill_disk(self) -> None:
        """Take every free byte of the outbox's disk."""
        assert self.disk
        with (self.disk / BALLAST).open("wb", buffering=0) as ballast:
            state = os.statvfs(self.disk)
            with contextlib.suppress(OSError):
                os.posix_fallocate(ballast.fileno(), 0, state.f_bavail * state.f_frsize)
            with contextlib.suppress(OSError):
                while True:
                    ballast.write(bytes(4096))

    def _free_disk(self) -> None:
        assert self.disk
        (self.disk / BALLAST).unlink(missing_ok=True)

    def _cut_database(self) -> None:
        assert self.postgres
        self.postgres.stop("immediate")

    def _mend_database(self) -> None:
        assert self.postgres
        if not self.postgres.running():
            self.postgres.start()


def small_disk(folder: Path) -> Path | None:
    """A disk of its own below `folder`, which can be filled; None where mounting is not allowed."""
    disk = folder / "disk"
    disk.mkdir()
    options = f"size={DISK_BYTES},mode=755"
    try:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", options, "opora-torture", str(disk)],
            check=True,
            capture_output=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return disk


def remove_disk(disk: Path | None) -> None:
    if disk:
        subprocess.run(["umount", "-l", str(disk)], check=False, capture_output=True)
