"""What is made once and read by every test, in whichever worker of pytest-xdist it runs."""

from __future__ import annotations

import atexit
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER = "OPORA_TESTS_SHARED"
"""The environment variable that tells the workers of the folder."""


def folder_of_the_run() -> Path:
    """The folder that goes with the process which asked first: that of pytest, not a worker."""
    if FOLDER not in os.environ:
        os.environ[FOLDER] = tempfile.mkdtemp(prefix="opora-tests-")
        atexit.register(shutil.rmtree, os.environ[FOLDER], ignore_errors=True)
    return Path(os.environ[FOLDER])


def made_once(name: str, make: Callable[[Path], object]) -> Path:
    """The folder `name`, filled by the process that asks first, while the others wait.

    Where that failed, the next one tries anew.
    """
    base = folder_of_the_run()
    folder = base / name
    with (base / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _sum_of(folder).exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder)
            _sum_of(folder).write_text(_check_sum(folder))
    return folder


@contextmanager
def for_reading(name: str, make: Callable[[Path], object]) -> Iterator[Path]:
    """The same, for tests that may only read it: afterwards every file must be as it was made."""
    folder = made_once(name, make)
    yield folder
    assert _check_sum(folder) == _sum_of(folder).read_text(), f"a test has changed {name}"


def _sum_of(folder: Path) -> Path:
    return folder.with_suffix(".sum")


def _check_sum(folder: Path) -> str:
    """Of names and bytes; what builds keep for themselves in build/ (locks) is left out."""
    digest = hashlib.sha256()
    for path, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in ("build", "__pycache__"))
        for file in (Path(path, name) for name in sorted(names)):
            digest.update(f"{file.relative_to(folder)}\0".encode())
            digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
