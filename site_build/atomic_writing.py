"""Files that are there whole or not at all, whatever happens while they are written."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from pathlib import Path


def write_whole(file: Path, data: str | bytes, *, lasting: bool = False) -> None:
    """Write a file at once; where that fails (a full disk), the previous file stays.

    What is `lasting` is on the disk when this returns, and stays where the power fails; it takes
    longer.
    """
    write_all({file: data}, lasting=lasting)


def write_all(files: Mapping[Path, str | bytes], *, lasting: bool = False) -> None:
    """Write files at once, one after the other; where one has no place, none is written."""
    try:
        for file, data in files.items():
            _write_beside(file, data, lasting=lasting)
        for file in files:
            _beside(file).replace(file)
        for folder in dict.fromkeys(file.parent for file in files) if lasting else ():
            sync_folder(folder)
    finally:
        for file in files:
            _beside(file).unlink(missing_ok=True)


def write_new(file: Path, data: str | bytes) -> None:
    """Write a file at once that is not there yet; raises FileExistsError where it is."""
    if file.exists():  # before anything is written, which a full disk would refuse
        raise FileExistsError(file)
    beside = _beside(file)
    try:
        _write_beside(file, data)
        _link(beside, file)
    finally:
        beside.unlink(missing_ok=True)


def _link(beside: Path, file: Path) -> None:
    try:
        os.link(beside, file)
    except FileExistsError:
        raise
    except OSError:  # FAT, as on USB sticks, has no links
        beside.rename(file)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder onto the disk (fsync(2)); Windows does so by itself."""
    if os.name == "posix":
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _write_beside(file: Path, data: str | bytes, *, lasting: bool = False) -> None:
    """Raises OSError that names the file as the person knows it."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with _beside(file).open("wb") as stream:
            stream.write(data.encode() if isinstance(data, str) else data)
            if lasting:
                stream.flush()
                os.fsync(stream.fileno())
    except OSError as error:
        error.filename = str(file)
        raise


def _beside(file: Path) -> Path:
    # Two processes may write the same file, and two threads of one.
    return file.with_name(f".{file.name}.{os.getpid()}-{threading.get_ident()}.new")
