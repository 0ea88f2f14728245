"""New files of the site: put aside until all are made and checked, then all at their places."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from site_build.output.compress import copies

Stamp = tuple[int, int]
"""Size and time of a file (bytes, nanoseconds), by which it is known again without reading it."""


@dataclass(frozen=True)
class NewFiles:
    """Puts files aside in the folder `built`, unless the site has them just so.

    `before` are the stamps of what is in the folder `site` now.
    """

    built: Path
    site: Path
    before: Mapping[str, Stamp]
    with_copies: bool = True

    def put_text(self, name: str, data: bytes) -> dict[str, Stamp]:
        """Put a file aside with its compressed copies."""
        files = self.put(name, data)
        for copy, smaller in copies(name, data) if self.with_copies else ():
            files |= self.put(copy, smaller)
        return files

    def put(self, name: str, data: bytes) -> dict[str, Stamp]:
        """Put one file aside; returns the stamp that it has, and will have in the site."""
        former = self.before.get(name)
        if former and former[0] == len(data) and (self.site / name).read_bytes() == data:
            return {name: former}
        path = f"{self.built}/{name}"  # strings: there are ten thousands of files
        try:
            return {name: _written(path, data)}
        except FileNotFoundError:
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            return {name: _written(path, data)}


def _written(path: str, data: bytes) -> Stamp:
    with open(path, "wb", buffering=0) as file:  # noqa: PTH123
        file.write(data)
        return stamp(os.fstat(file.fileno()))


def refuse_what_is_in_the_way(built: Path, site: Path) -> None:
    """Raise OSError where a new file could not take its place, before the first one has moved."""
    for folder, _, names in os.walk(built):
        place = site / os.path.relpath(folder, built)
        if place.exists() and not place.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "", str(place))
        if place.exists() and not os.access(place, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, "", str(place))
        for name in names:
            if (place / name).is_dir():
                raise IsADirectoryError(errno.EISDIR, "", str(place / name))


def publish(built: Path, site: Path, old: Iterable[str]) -> None:
    """Move the new files into `site`, and remove from it the files `old`.

    Files that did not change are not touched, and those whose name begins with a dot stay. Each
    file is replaced at once: anyone who asks for one gets the old or the new, never a part.
    """
    site.mkdir(exist_ok=True)
    if built.exists():
        refuse_what_is_in_the_way(built, site)
        _move(str(built), str(site))
    remove_files(site, old)
    shutil.rmtree(built, ignore_errors=True)


def _move(source: str, target: str) -> None:
    """Move all that is inside; folders that are not there yet go as one."""
    with os.scandir(source) as entries:
        for entry in list(entries):
            place = f"{target}/{entry.name}"
            if entry.is_dir() and os.path.isdir(place):  # noqa: PTH112
                _move(entry.path, place)
            else:
                os.replace(entry.path, place)  # noqa: PTH105


def remove_files(folder: Path, names: Iterable[str]) -> None:
    """Remove files below a folder, and the folders that are empty then."""
    for name in names:
        path = folder / name
        path.unlink(missing_ok=True)
        with suppress(OSError):  # until one is not empty
            for parent in path.relative_to(folder).parents[:-1]:
                (folder / parent).rmdir()


def stamps(folder: Path) -> dict[str, Stamp]:
    """Every file below a folder; those whose name begins with a dot are none of ours."""
    found: dict[str, Stamp] = {}
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        with suppress(FileNotFoundError), os.scandir(folder / inside) as entries:
            for entry in entries:
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(f"{inside}{entry.name}/")
                else:
                    found[inside + entry.name] = stamp(entry.stat())
    return found


def stamp(status: os.stat_result) -> Stamp:
    return status.st_size, status.st_mtime_ns
