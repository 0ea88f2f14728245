"""Values that take long to read, on the disk, each under a hash of all that it depends on."""

from __future__ import annotations

import os
import pickle
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Any

_UNREADABLE = (OSError, EOFError, pickle.PickleError, AttributeError, ImportError, ValueError)
_SPOILT = (IndexError, KeyError, TypeError)


class KeptValues:
    """Values in a folder; `made_by` is a hash of the code that made them.

    A value that was asked for neither in this run nor kept in it is forgotten by `tidy`.
    """

    def __init__(self, folder: Path, made_by: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._made_by = made_by
        self._used: set[str] = set()

    def get(self, key: str) -> Any:
        """The value, or None."""
        with suppress(*_UNREADABLE, *_SPOILT):
            return pickle.loads(self._file(key).read_bytes())  # noqa: S301 - written below
        return None

    def put(self, key: str, value: Any) -> None:
        """Keep a value; another process sees all of it or nothing."""
        file = self._file(key)
        unfinished = file.with_suffix(f".{os.getpid()}")
        unfinished.write_bytes(pickle.dumps(value, protocol=5))
        unfinished.replace(file)

    def tidy(self) -> None:
        """Remove what is of no use any more."""
        for path in self._folder.iterdir():
            if path.name not in self._used:
                path.unlink(missing_ok=True)

    def _file(self, key: str) -> Path:
        name = sha256(f"{self._made_by}\n{key}".encode()).hexdigest()[:32]
        self._used.add(name)
        return self._folder / name
