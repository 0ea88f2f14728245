"""The processes under torture: started, killed without warning, started again."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from support import ROOT, free_port
from torture.parts import OperatorFolder, post

HERE = Path(__file__).parent


@dataclass
class Crew:
    """One web service and two delivery processes; whoever ends is started again."""

    place: OperatorFolder
    deliverers: int = 2
    port: int = field(default_factory=free_port)
    did: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper")

    @property
    def clock(self) -> Path:
        """Seconds by which the delivery processes' clock is wrong."""
        return self.place.folder / "clock"

    def start(self) -> None:
        self.clock.write_text("0")
        with self._lock:
            for name in ("web", *(f"deliver{n}" for n in range(self.deliverers))):
                self._launch(name)
        self._keeper.start()
        self.wait_for_web()

    def wait_for_web(self, seconds: float = 60) -> None:
        deadline = time.monotonic() + seconds
        while post(self.port, "/send/bg/harmanli/contact", b"")[0] != 422:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the service does not start:\n{self.log('web')[-3000:]}")
            time.sleep(0.1)

    def kill_web_worker(self, number: int) -> None:
        with self._lock:
            master = self._running["web"].pid
        workers = children(master)
        if workers:
            kill(workers[number % len(workers)])
            self.did["web workers killed"] += 1

    def kill_web(self) -> None:
        """Kill the master, then what is left of its group, as systemd does."""
        with self._lock:
            kill(self._running["web"].pid)
            time.sleep(0.05)
            self._end("web", signal.SIGKILL)
            self.did["web masters killed"] += 1

    def kill_deliverer(self, number: int) -> None:
        with self._lock:
            self._end(f"deliver{number % self.deliverers}", signal.SIGKILL)
            self.did["deliveries killed"] += 1

    def stop(self) -> None:
        """End everything in good order."""
        self._stop.set()
        self._keeper.join()
        for name, process in self._running.items():
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                self.did["did not stop when told"] += 1
                self._end(name, signal.SIGKILL)

    def log(self, name: str) -> str:
        return (self.place.folder / f"{name}.log").read_text(errors="replace")

    def _keep(self) -> None:
        while not self._stop.wait(0.1):
            with self._lock:
                for name, process in list(self._running.items()):
                    if process.poll() is not None:
                        self.did["restarts"] += 1
                        self._launch(name)

    def _launch(self, name: str) -> None:
        bind = f"127.0.0.1:{self.port}"
        command = (
            [sys.executable, "-m", "contact_service", "web", "--bind", bind]
            if name == "web"
            else [sys.executable, str(HERE / "launch_delivery.py")]
        )
        environment = self.place.environment() | {"TORTURE_CLOCK": str(self.clock)}
        with (self.place.folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def _end(self, name: str, number: int) -> None:
        process = self._running[name]
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, number)
        process.wait()


def children(pid: int) -> list[int]:
    """Processes that `pid` started and that live."""
    try:
        return [int(n) for n in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def kill(pid: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
