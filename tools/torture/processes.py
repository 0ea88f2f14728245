"""The processes under torture: started, killed without warning, told to end, started again."""

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

from tests.support.project import ROOT, free_port
from tools.torture.parts import OperatorFolder, post


@dataclass
class Processes:
    """One web service, two delivery processes and the watch; any that ends is started again."""

    place: OperatorFolder
    deliverers: int = 2
    port: int = field(default_factory=free_port)
    did: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        self._ended: set[str] = set()  # by us
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper")

    @property
    def clock(self) -> Path:
        """Seconds by which the processes' clock is wrong."""
        return self.place.folder / "clock"

    def start(self) -> None:
        self.clock.write_text("0")
        with self._lock:
            for name in ("web", "watch", *(f"deliver{n}" for n in range(self.deliverers))):
                self._launch(name)
        self._keeper.start()
        self.wait_for_web()

    def wait_for_web(self, seconds: float = 300) -> None:
        deadline = time.monotonic() + seconds
        while post(self.port, "/send/bg/harmanli/contact", b"")[0] != 422:
            if time.monotonic() > deadline:
                raise RuntimeError(f"the service does not start:\n{self.log('web')[-3000:]}")
            time.sleep(0.1)

    def kill_web_worker(self, number: int) -> None:
        with self._lock:
            master = self._running["web"].pid
        workers = [pid for worker in children(master) for pid in (worker, *children(worker))]
        if workers:
            kill(workers[number % len(workers)])
            self.did["web workers killed"] += 1

    def kill_answering(self, after_seconds: float) -> None:
        """Kill a process that answers a request, so long after it was seen to begin."""
        with self._lock:
            master = self._running["web"].pid
        deadline = time.monotonic() + 1
        while time.monotonic() < deadline:
            for child in [pid for worker in children(master) for pid in children(worker)]:
                time.sleep(after_seconds)
                kill(child)
                self.did["answering processes killed"] += 1
                return
            time.sleep(0.001)

    def kill_web(self) -> None:
        """Kill the master, then what is left of its group, as systemd does."""
        with self._lock:
            kill(self._running["web"].pid)
            time.sleep(0.05)
            self._end("web", signal.SIGKILL)
            self.did["web masters killed"] += 1

    def kill_watch(self) -> None:
        with self._lock:
            self._end("watch", signal.SIGKILL)
            self.did["watches killed"] += 1

    def kill_deliverer(self, number: int) -> None:
        with self._lock:
            self._end(f"deliver{number % self.deliverers}", signal.SIGKILL)
            self.did["deliveries killed"] += 1

    def stop(self) -> None:
        """End everything in good order."""
        self._stop.set()
        self._keeper.join()
        for name in self._running:
            self._tell_to_end(name)

    def update_and_back(self, older: str) -> None:
        """What the kit's shell does to processes and tables, twice: all told to end, started anew.

        On the way back the tables become those of the older release, with the newer one's command,
        while nobody runs; the processes that start then bring them up again, as the next update.
        """
        with self._lock:
            for name in self._running:
                self._tell_to_end(name)
            command = [sys.executable, "-m", "service_admin", "outbox-back", older]
            environment = self.place.environment()
            with (self.place.folder / "outbox-back.log").open("ab") as log:
                code = subprocess.call(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
            self.did["updates and ways back" if code == 0 else "no way back"] += 1
            for name in list(self._running):
                self._launch(name)

    def log(self, name: str) -> str:
        return (self.place.folder / f"{name}.log").read_text(errors="replace")

    def _keep(self) -> None:
        while not self._stop.wait(0.1):
            with self._lock:
                for name, process in list(self._running.items()):
                    if process.poll() is not None:
                        known = name in self._ended
                        self.did["restarts" if known else f"{name} ended by itself"] += 1
                        self._launch(name)

    def _launch(self, name: str) -> None:
        self._ended.discard(name)
        arguments = [name.rstrip("0123456789")]
        if name == "web":
            arguments += ["--bind", f"127.0.0.1:{self.port}"]
        command = [sys.executable, "-m", "tools.torture.launch", *arguments]
        ours = {"TORTURE_CLOCK": str(self.clock), "TORTURE_HARNESS": str(os.getpid())}
        environment = self.place.environment() | ours
        with (self.place.folder / f"{name}.log").open("ab") as log:
            self._running[name] = subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def _tell_to_end(self, name: str) -> None:
        process = self._running[name]
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=60)
        except subprocess.TimeoutExpired:
            self.did["did not stop when told"] += 1
            self._end(name, signal.SIGKILL)

    def _end(self, name: str, number: int) -> None:
        self._ended.add(name)
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
