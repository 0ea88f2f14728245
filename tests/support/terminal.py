"""A person at a terminal, who reads what a command says and types."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time

from tests.support.project import ROOT
from tests.support.waiting import PATIENCE


class Person:
    """Somebody at a terminal."""

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
        try:
            return self.process.wait(timeout=PATIENCE)
        finally:
            os.close(self._master)

    def types(self, text: str) -> None:
        self.seen = ""
        os.write(self._master, text.encode())


def _take_terminal() -> None:
    import fcntl
    import termios

    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
