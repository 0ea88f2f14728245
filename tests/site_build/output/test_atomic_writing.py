"""Files of the commands are there whole or not at all."""

from __future__ import annotations

import os
import resource
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from site_build.atomic_writing import write_all, write_new, write_whole

LONG = "ж" * 3000


@pytest.fixture
def full() -> Iterator[None]:
    """No file grows above 2000 bytes, as on a disk that is nearly full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2000, before[1]))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.usefixtures("full")
@pytest.mark.parametrize(
    "write",
    [
        lambda file: write_whole(file, LONG),
        lambda file: write_all({file.with_name("a.txt"): "а", file: LONG}),
        lambda file: write_new(file, LONG),
    ],
)
def test_a_full_disk_leaves_nothing_half_written(
    tmp_path: Path, write: Callable[[Path], None]
) -> None:
    """So the next try is not told that there is a file; the fault names the file meant."""
    with pytest.raises(OSError) as failed:
        write(tmp_path / "new.txt")
    assert failed.value.filename == str(tmp_path / "new.txt")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("links", [True, False])
def test_a_new_file_is_written_over_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, links: bool
) -> None:
    """Also where the disk has no links."""
    if not links:

        def none(*_: object) -> None:
            raise PermissionError

        monkeypatch.setattr("os.link", none)
    file = tmp_path / "new.txt"
    write_new(file, "първо")
    with pytest.raises(FileExistsError):
        write_new(file, "второ")
    assert file.read_text("utf-8") == "първо"
    assert list(tmp_path.iterdir()) == [file]


def test_what_lasts_is_on_the_disk_before_it_is_called_by_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each file is brought onto the disk, then all get their names, then the folders follow: where
    the power fails, a name never stands for a file that is not there whole.
    """
    calls: list[str] = []
    sync, rename = os.fsync, os.replace

    def syncing(opened: int) -> None:
        calls.append(f"sync {Path(f'/proc/self/fd/{opened}').readlink().name}")
        sync(opened)

    def renaming(old: str, new: str) -> None:
        calls.append(f"name {Path(new).name}")
        rename(old, new)

    monkeypatch.setattr(os, "fsync", syncing)
    monkeypatch.setattr(os, "replace", renaming)
    write_all({tmp_path / "a": "1", tmp_path / "b": b"2"}, lasting=True)
    own = f".{os.getpid()}-{threading.get_ident()}.new"
    assert calls == [
        f"sync .a{own}",
        f"sync .b{own}",
        "name a",
        "name b",
        f"sync {tmp_path.name}",
    ]
    calls.clear()
    write_whole(tmp_path / "a", "3")
    assert calls == ["name a"]


def test_threads_that_write_the_same_file_disturb_nobody(tmp_path: Path) -> None:
    """Each puts its own in place, whole; nothing is left beside it."""
    file = tmp_path / "new.txt"
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda number: write_whole(file, f"{number}" * 50_000), range(120)))
    written = file.read_text("utf-8")
    assert written in {f"{number}" * 50_000 for number in range(120)}
    assert list(tmp_path.iterdir()) == [file]
