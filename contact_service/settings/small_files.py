"""Files that people put in place: read whole, unless they are no files or far too large."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from contact_service.errors import CommandError

LARGEST_BYTES = 1024 * 1024  # no key, certificate or password comes near


class SmallFileError(CommandError):
    """A file cannot be read; the text says which, why, and how to fix it."""


def read_small(file: Path) -> bytes:
    """What a file holds; never waits, as for a pipe. Raises SmallFileError."""
    try:
        with open(file, "rb", opener=_without_waiting) as stream:
            if not stat.S_ISREG(os.fstat(stream.fileno()).st_mode):
                raise SmallFileError(f"{file} не е обикновен файл. Сложете файла на мястото му")
            content = stream.read(LARGEST_BYTES + 1)
    except FileNotFoundError:
        raise SmallFileError(f"няма файл {file}") from None
    except IsADirectoryError:
        raise SmallFileError(f"{file} не е обикновен файл, а папка") from None
    except OSError as error:
        kind = type(error).__name__
        raise SmallFileError(f"{file} не може да се прочете ({kind}). Вижте правата му") from None
    if len(content) > LARGEST_BYTES:
        raise SmallFileError(f"{file} е по-голям от 1 МБ, това е друг файл")
    if not content:
        raise SmallFileError(f"{file} е празен. Сложете файла отново")
    return content


def _without_waiting(path: str, how: int) -> int:
    return os.open(path, how | os.O_NONBLOCK)
