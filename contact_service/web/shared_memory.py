"""Rows under names that mean nothing outside, in memory that forked processes share."""

from __future__ import annotations

import fcntl
import hmac
import mmap
import os
import secrets
import threading
import weakref
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from struct import Struct

NAME_BYTES = 16
SETS, WAYS = 1024, 8  # a name has its place in one of the sets, which decides who goes

Row = tuple[int, ...]


class SharedTable:
    """Numbers under names, for the process that made the table and all that it forks.

    Each request is answered in a process of its own, so a count in the process would end with
    it. This memory is on no disk and ends with the service. A name is kept as an HMAC whose key
    is nowhere else, so a dump of the table alone tells none. The first number of a row is a
    time. The size is fixed: where there is no room, the oldest row goes. A name that is not there
    has zeros.
    """

    def __init__(self, row: str) -> None:
        """`row` is its form as `struct` writes it."""
        self._row = Struct(row)
        self._nothing: Row = self._row.unpack(bytes(self._row.size))
        self._size = NAME_BYTES + self._row.size
        self._key = secrets.token_bytes(32)
        self._file = os.memfd_create("opora")
        weakref.finalize(self, os.close, self._file)
        os.ftruncate(self._file, SETS * WAYS * self._size)
        self._memory = mmap.mmap(self._file, 0)
        self._threads = threading.Lock()

    def row(self, name: str) -> Row:
        return self.change(name, None)

    def change(self, name: str, change: Callable[[Row], Row] | None) -> Row:
        """Make of the row what `change` gives, and return that; nobody comes in between."""
        key = hmac.digest(self._key, name.encode(), "sha256")[:NAME_BYTES]
        first = int.from_bytes(key[:4]) % SETS * WAYS * self._size
        places = range(first, first + WAYS * self._size, self._size)
        with self._alone():
            at = next((at for at in places if self._memory[at : at + NAME_BYTES] == key), None)
            row = self._nothing if at is None else self._at(at)
            if change is not None:
                row = change(row)
                at = min(places, key=lambda at: self._at(at)[0]) if at is None else at
                self._memory[at : at + self._size] = key + self._row.pack(*row)
        return row

    def _at(self, place: int) -> Row:
        return self._row.unpack_from(self._memory, place + NAME_BYTES)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process, and in it one thread; what a killed process held is free again."""
        with self._threads:
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.lockf(self._file, fcntl.LOCK_UN)
