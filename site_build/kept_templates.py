"""Compiled templates on the disk, in Jinja's own cache."""

from __future__ import annotations

from pathlib import Path

from jinja2 import FileSystemBytecodeCache


class KeptTemplates(FileSystemBytecodeCache):
    """Compiled templates; Jinja holds each against its source before it is used."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        super().__init__(str(folder))
