"""The servers under measurement, started and ended; what they use of the machine."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.support.project import ROOT
from tools.torture.parts import OperatorFolder
from tools.torture.processes import children

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Server:
    """A running WSGI server."""

    name: str
    port: int
    pid: int

    def cpu_seconds(self) -> float:
        """User and system time of the master, its workers, and what those have waited for."""
        return sum(_cpu_seconds(pid) for pid in (self.pid, *children(self.pid)))

    def worker_mib(self) -> tuple[float, float]:
        """Resident memory of the largest worker, and its share where pages are shared (PSS)."""
        return max(_memory_mib(pid) for pid in children(self.pid) or [self.pid])


def peer_command(port: int, options: Sequence[str]) -> list[str]:
    """A WSGI server as everybody starts it: its module, and its options with {port}."""
    return [
        sys.executable,
        "-m",
        *(word.format(port=port) for word in options),
        "tools.bench.peers:app",
    ]


def opora_command(port: int) -> list[str]:
    """The service as an operator starts it."""
    return [sys.executable, "-m", "contact_service", "web", "--bind", f"127.0.0.1:{port}"]


@contextmanager
def running(name: str, command: list[str], port: int, env: Mapping[str, str]) -> Iterator[Server]:
    """A server that answers; ended with all its workers."""
    process = subprocess.Popen(
        command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        deadline = time.monotonic() + 300
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} does not start: {command}")
            time.sleep(0.1)
        yield Server(name, port, process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


@contextmanager
def delivering(place: OperatorFolder) -> Iterator[int]:
    """The real delivery process; its id."""
    command = [sys.executable, "-m", "contact_service", "deliver"]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=place.environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / TICKS  # proc_pid_stat(5): utime to cstime


def _memory_mib(pid: int) -> tuple[float, float]:
    found = Path(f"/proc/{pid}/smaps_rollup").read_text()
    resident, share = (
        int(found.partition(f"{name}:")[2].split()[0]) for name in ("\nRss", "\nPss")
    )
    return resident / 1024, share / 1024
