"""A person at a terminal, who reads what a command says and types."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

from tests.support.project import ROOT
from tests.support.waiting import PATIENCE, wait_for


class Person:
    """Somebody at a terminal; with the block ends what was begun there."""

    def __init__(self, module: str, *arguments: str) -> None:
        self._master, slave = pty.openpty()
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=os.environ | {"PYTHONUTF8": "1"},
            stdin=slave,
            stdout=slave,
            stderr=slave,
            start_new_session=True,
            preexec_fn=_take_terminal,  # noqa: PLW1509 - Ctrl-C needs a controlling terminal
        )
        os.close(slave)
        self.seen = ""

    def waits_for(self, text: str) -> None:
        """Read until `text` is on the screen."""
        end = time.monotonic() + PATIENCE
        while text not in self.seen:
            assert time.monotonic() < end, self.seen
            if select.select([self._master], [], [], 0.2)[0]:
                self.seen += os.read(self._master, 65536).decode(errors="replace")

    def ends(self) -> int:
        """How the command ended, when it has."""
        return self.process.wait(timeout=PATIENCE)

    def types(self, text: str) -> None:
        self.seen = ""
        os.write(self._master, text.encode())

    def interrupts(self) -> None:
        """Press Ctrl-C at a question.

        Python does not hear one between its last look and the reading, but with the next line;
        a person presses again, a test waits until the command reads.
        """
        self.waits_for("] > ")
        wait_for(self._is_read, said=lambda: self.seen)
        self.types("\x03")

    def _is_read(self) -> bool:
        """Whether the command waits for its standard input (proc_pid_syscall(5))."""
        return Path(f"/proc/{self.process.pid}/syscall").read_text().split()[1:2] == ["0x0"]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._master)


def _take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


AtTerminal = Callable[..., Person]
"""Begins a command of the project at a terminal: its module, its arguments."""
