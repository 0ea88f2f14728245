"""Photographs that were chosen and not yet published: small already, each by its own bytes."""

from __future__ import annotations

import re
import time
from hashlib import sha256
from pathlib import Path
from threading import Lock
from typing import IO, Final

from site_build.atomic_writing import write_whole
from site_build.authoring.photograph import small_photograph

NEW: Final = "new-"
"""Begins the name of one that waits; what the facts name begins with no such code."""
_CODE: Final = re.compile(rf"{NEW}[0-9a-f]{{64}}")
_KEPT_SECONDS: Final = 24 * 60 * 60
MOST: Final = 200
"""Photographs that wait at one time, of some 300 KB each; the oldest goes."""
_ALONE: Final = Lock()
"""One at a time: a photograph of many points takes some hundred MB while it is made small."""


class Waiting:
    """Those in a folder, MOST at one time; what was not published within a day is gone."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def add(self, stream: IO[bytes], name: str) -> str:
        """Make a photograph small and keep it; returns its name here. Raises BuildError."""
        with _ALONE:
            data = small_photograph(stream, name)
            code = f"{NEW}{sha256(data).hexdigest()}"
            write_whole(self._folder / code, data)
            self._forget_old()
        return code

    def _forget_old(self) -> None:
        last = time.time() - _KEPT_SECONDS
        newest_first = sorted(
            ((file.stat().st_mtime, file) for file in self._folder.glob(f"{NEW}*")), reverse=True
        )
        for place, (at, file) in enumerate(newest_first):
            if place >= MOST or at < last:
                file.unlink(missing_ok=True)

    def get(self, name: str) -> bytes | None:
        """The photograph of such a name; None where none waits, or no longer."""
        if not _CODE.fullmatch(name):
            return None
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None
