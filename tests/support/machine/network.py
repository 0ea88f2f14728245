"""The closed network of a machine, entered by one thread for one thing."""

from __future__ import annotations

import ctypes
import os
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

Result = TypeVar("Result")

_CLONE_NEWNET = 0x40000000
_libc = ctypes.CDLL(None, use_errno=True)


def inside(leader: int, do: Callable[[], Result]) -> Result:
    """What `do` gives, whose sockets are those of the machine with this first process.

    A network belongs to a thread (setns(2)), so `do` gets one that ends with it.
    """

    def enter_and_do() -> Result:
        with Path(f"/proc/{leader}/ns/net").open("rb") as network:
            if _libc.setns(network.fileno(), _CLONE_NEWNET):
                raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
        return do()

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(enter_and_do).result()


def listening(leader: int, port: int) -> socket.socket:
    """A socket that listens on the machine's loopback."""
    return inside(leader, lambda: socket.create_server(("127.0.0.1", port), backlog=64))
