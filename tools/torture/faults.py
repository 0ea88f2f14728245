"""What goes wrong during a run: at moments and in an order that the seed decides."""

from __future__ import annotations

import contextlib
import ctypes
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

from tests.support.postgres import Postgres
from tools.torture.bad_keys import unusable
from tools.torture.bad_mail_server import BadMailServer
from tools.torture.parts import ONLY, SECOND
from tools.torture.processes import Processes

DISK_BYTES = 512 * 1024 * 1024
BALLAST = "ballast"
HOURS_AHEAD = 3
OLDER_TABLES = "0002"  # those of an older release
CLONE_NEWNS = 0x00020000  # unshare(2), linux/sched.h


@dataclass
class Lasting:
    """A trouble that stays for a while: how it begins, how it is fixed."""

    begin: Callable[[], None]
    fix: Callable[[], None]
    longest_seconds: float


@dataclass
class Faults:
    """A thread that makes trouble until `heal`."""

    seed: int
    processes: Processes
    mail: BadMailServer
    postgres: Postgres | None
    disk: Path | None
    did: Counter[str] = field(default_factory=Counter)
    forgot: list[float] = field(default_factory=list)
    """When it may have been forgotten which letters came lately (monotonic)."""

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311
        self._bad_keys = unusable(self.processes.place.certificate)
        self.second = SecondKey()
        self._stop = threading.Event()
        self._pool = ThreadPoolExecutor(1, "faults")
        self._open: dict[str, float] = {}
        self._moments = {
            "kill web worker": lambda: self.processes.kill_web_worker(self._random.randrange(100)),
            "kill answering": lambda: self.processes.kill_answering(self._random.uniform(0, 0.02)),
            "kill web": self._kill_web,
            "kill watch": self.processes.kill_watch,
            "update and way back": self._update_and_back,
            "kill delivery": lambda: self.processes.kill_deliverer(self._random.randrange(100)),
        }
        self._lasting = {
            "mail server closed": Lasting(self.mail.close, self.mail.open, 1.5),
            "mailboxes full": Lasting(self._fill_mailboxes, self._empty_mailboxes, 2.0),
            "clock stepped": Lasting(self._step_clock, self._fix_clock, 2.0),
            "clock 3 h ahead": Lasting(self._leap, self._leap_back, 2.0),
            "bad key, a centre's only one": Lasting(self._spoil_only, self._fix_only, 3.0),
            "bad key of one of two": Lasting(self._spoil_second, self._fix_second, 3.0),
        }
        if self.disk:
            self._lasting["disk full"] = Lasting(self._fill_disk, self._free_disk, 1.0)
        if self.postgres:
            self._lasting["database down"] = Lasting(self._cut_database, self._fix_database, 1.0)

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
            self._fix(time.monotonic())
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
        self._fix(float("inf"))

    def _names(self) -> list[str]:
        return [*self._moments, "kill web worker", "kill delivery", *self._lasting]

    def _fix(self, now: float) -> None:
        due = [name for name, until in self._open.items() if until <= now]
        if "database down" in due and "disk full" in self._open:
            due.append("disk full")  # a database does not start on a full disk
        for name in sorted(set(due), key=lambda name: name != "disk full"):
            self._lasting[name].fix()
            del self._open[name]
        if self.postgres and not self._open.keys() & {"disk full", "database down"}:
            self._fix_database()

    def _fill_mailboxes(self) -> None:
        self.mail.full = True

    def _empty_mailboxes(self) -> None:
        self.mail.full = False

    def _kill_web(self) -> None:
        self.processes.wait_for_web()  # one that is never up has no letters to lose
        self.second.web_starts(time.monotonic())
        self.processes.kill_web()

    def _spoil_only(self) -> None:
        self.processes.place.put_key(ONLY, self._random.choice(self._bad_keys))

    def _fix_only(self) -> None:
        self.processes.place.put_key(ONLY, self.processes.place.certificate)

    def _spoil_second(self) -> None:
        self.processes.wait_for_web()  # one that just starts may not have read the good one yet
        self.second.spoil(time.monotonic())
        self.processes.place.put_key(SECOND, self._random.choice(self._bad_keys))
        if self._random.random() < 0.5:
            self._kill_web()

    def _fix_second(self) -> None:
        self.processes.place.put_key(SECOND, self.processes.place.certificate)
        self.second.repair(time.monotonic())

    def _update_and_back(self) -> None:
        self.processes.wait_for_web()
        began = time.monotonic()
        self.second.web_starts(began)
        self.processes.update_and_back(OLDER_TABLES)
        self.forgot += [began, time.monotonic()]

    def _leap(self) -> None:
        self.processes.clock.write_text(str(HOURS_AHEAD * 3600))
        self.forgot.append(time.monotonic())

    def _leap_back(self) -> None:
        self._fix_clock()
        self.forgot.append(time.monotonic())

    def _step_clock(self) -> None:
        self.processes.clock.write_text(str(round(self._random.uniform(-4, 4), 2)))

    def _fix_clock(self) -> None:
        self.processes.clock.write_text("0")

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

    def _fix_database(self) -> None:
        assert self.postgres
        if not self.postgres.running():
            self.postgres.start()


@dataclass
class SecondKey:
    """When letters may go to the first of two recipients alone.

    That is while the second one's key is bad and the web process was started with it: then it
    has no last good key. In every other moment a missing copy is a lost one.
    """

    without: list[tuple[float, float]] = field(default_factory=list)
    bad: bool = False
    none_from_start: bool = False
    since: float | None = None

    def spoil(self, now: float) -> None:
        self.bad = True
        if self.none_from_start:  # a new worker of that process has none again
            self.since = now

    def web_starts(self, now: float) -> None:
        self.none_from_start = self.bad
        if self.bad and self.since is None:
            self.since = now

    def repair(self, now: float) -> None:
        self.bad = False
        if self.since is not None:
            self.without.append((self.since, now))
            self.since = None


def small_disk(folder: Path) -> Path | None:
    """A disk of its own below `folder`, which can be filled; None where mounting is not allowed.

    Only this process and those that it starts see it (mount_namespaces(7)): it goes with the last
    of them, however that ends.
    """
    disk = folder / "disk"
    disk.mkdir()
    if ctypes.CDLL(None).unshare(CLONE_NEWNS):
        return None
    disk_options = ["-t", "tmpfs", "-o", f"size={DISK_BYTES},mode=755", "opora-torture", str(disk)]
    try:
        for options in (["--make-rprivate", "/"], disk_options):
            subprocess.run(["mount", *options], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return disk


def remove_disk(disk: Path | None) -> None:
    if disk:
        subprocess.run(["umount", "-l", str(disk)], check=False, capture_output=True)
