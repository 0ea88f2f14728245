"""What a build remembers of the pages that it made, so that the next one makes only what changed.

A record holds under its key: a hash of everything that its pages are made of. Pages whose key is
another, or whose files in the site were touched by somebody, are made anew.
"""

from __future__ import annotations

import os
import pickle
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from site_build.finish import Findings

Stamp = tuple[int, int]
"""Size and time of a file (bytes, nanoseconds), by which it is known again without reading it."""


@dataclass(frozen=True)
class Record:
    """The pages of one centre in one language, or of a language those that belong to no centre.

    `pages` are their Markdown files, `files` lie below the site, `papers` in the cache of papers;
    `search` holds what the index needs of the pages. `untranslated` maps texts to the pages that
    show them in Bulgarian, and `lacking` are those that keep forms back.
    """

    key: str
    pages: tuple[str, ...]
    files: Mapping[str, Stamp]
    findings: Findings
    untranslated: Mapping[str, tuple[str, ...]]
    papers: frozenset[str] = frozenset()
    search: str = ""
    lacking: tuple[str, ...] = ()


def read_record(file: Path, key: str, site: Mapping[str, Stamp]) -> Record | None:
    """The record of pages that need not be made again; None if they must be."""
    try:
        with file.open("rb") as stream:
            if stream.readline().decode().strip() != key:
                return None
            record: Record = pickle.load(stream)  # noqa: S301 - written by ourselves, below build/
    except (OSError, EOFError, pickle.PickleError, AttributeError, ImportError, ValueError):
        return None
    same = all(site.get(name) == stamp for name, stamp in record.files.items())
    kept = not record.search or (file.parent / record.search).exists()
    return record if same and kept else None


def write_record(file: Path, record: Record) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    unfinished = file.with_suffix(f".{os.getpid()}")
    unfinished.write_bytes(f"{record.key}\n".encode() + pickle.dumps(record, protocol=5))
    unfinished.replace(file)


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
