"""Just enough of Marionette, the remote control in Thunderbird, to ask it what it shows."""

from __future__ import annotations

import json
import socket
import time
from typing import Any

from tests.support.waiting import PATIENCE


class Marionette:
    """A connection to a Thunderbird that was started with --marionette."""

    def __init__(self, port: int) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                self._line = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.5)
        self._left, self._number = b"", 0
        self._answer()  # its greeting
        self._ask("WebDriver:NewSession", {"capabilities": {}})
        self._ask("Marionette:SetContext", {"value": "chrome"})

    def script(self, code: str, *given: object) -> Any:
        """Run JavaScript with the rights of Thunderbird itself; what it returns."""
        options = {"script": code, "args": list(given), "sandbox": "system"}
        return self._ask("WebDriver:ExecuteScript", options)["value"]

    def close(self) -> None:
        self._line.close()

    def _ask(self, name: str, options: dict[str, object]) -> Any:
        self._number += 1
        body = json.dumps([0, self._number, name, options]).encode()
        self._line.sendall(str(len(body)).encode() + b":" + body)
        _, _, error, result = self._answer()
        if error:
            raise RuntimeError(f"{error['error']}: {error['message']}")
        return result

    def _answer(self) -> Any:
        """One message: its length, a colon, JSON."""
        while b":" not in self._left:
            self._left += self._line.recv(65536)
        length, _, rest = self._left.partition(b":")
        while len(rest) < int(length):
            rest += self._line.recv(65536)
        self._left = rest[int(length) :]
        return json.loads(rest[: int(length)])
