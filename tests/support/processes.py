"""What tests start: each process can be interrupted, and nothing outlives its test."""

from __future__ import annotations

import os
import signal
import socketserver
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from tests.support.waiting import PATIENCE, wait_for


def listen_to_signals() -> None:
    """Ctrl-C and SIGTERM end the tests with all that they started and mounted.

    Anyone who started them may have had SIGINT ignored (nohup, `&` in a script). What is ignored
    stays so in every process that a test starts, and no test could interrupt that.
    """
    tests = os.getpid()

    def end(number: int, _frame: object) -> None:
        if os.getpid() != tests:  # branched off: what there is to clear up is not its own
            os._exit(128 + number)
        raise KeyboardInterrupt

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)


@contextmanager
def started(
    command: Sequence[str | Path], told: int = signal.SIGTERM, **more: Any
) -> Iterator[subprocess.Popen[Any]]:
    """A process in a session of its own; told to end with the block, with all that it started.

    One that does not listen is killed, and raises TimeoutExpired.
    """
    with subprocess.Popen(command, start_new_session=True, **more) as process:
        try:
            yield process
        finally:
            try:
                if process.poll() is None:
                    os.killpg(process.pid, told)
                process.communicate(timeout=PATIENCE)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                # A signal only tells a process to end: what is not our child ends a little later.
                wait_for(lambda: not living(process.pid))


def living(group: int) -> list[int]:
    """The processes of a group that have not ended; one that nobody has waited for has."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            state, _, of_group = stat.read_text(errors="replace").rpartition(") ")[2].split()[:3]
            if int(of_group) == group and state not in "ZX":  # proc_pid_stat(5)
                found.append(int(stat.parent.name))
    return found


@contextmanager
def answering(server: socketserver.BaseServer) -> Iterator[int]:
    """A server that answers in a thread until the end of the block; its port."""
    with server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]  # type: ignore[index, misc]
        finally:
            server.shutdown()
            thread.join()


def children() -> dict[int, str]:
    """The processes that this one has started and that live, with their names."""
    found = {}
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            for pid in map(int, (task / "children").read_text().split()):
                with suppress(OSError):
                    name, _, state = (
                        Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(") ")
                    )
                    # What tracks its resources, and the server of `tests.support.commands`.
                    command = Path(f"/proc/{pid}/cmdline").read_bytes()
                    of_python = b"from multiprocessing." in command
                    if state[0] != "Z" and not of_python:  # proc_pid_stat(5): it has ended
                        found[pid] = name.partition("(")[2]
    return found


def end_others(known: dict[int, str]) -> list[str]:
    """End the children that are not `known`, with all that they started; their names."""
    left = {pid: name for pid, name in children().items() if pid not in known}
    for pid in left:
        with suppress(ProcessLookupError):
            send = os.killpg if os.getsid(pid) == pid else os.kill
            send(pid, signal.SIGTERM)  # so that it can clear up
            until = time.monotonic() + PATIENCE
            while pid in children() and time.monotonic() < until:
                time.sleep(0.02)
            send(pid, signal.SIGKILL)
    return list(left.values())
