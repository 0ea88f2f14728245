"""Compressed copies beside the files, so that a web server needs no work and no module for them."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import brotli

TEXTS = {".html", ".css", ".csv", ".ics", ".js", ".json", ".svg", ".txt", ".xml"}


def _brotli(data: bytes) -> bytes:
    # Quality 10 takes half the time of 11 and is not larger for pages of this size.
    return bytes(brotli.compress(data, mode=brotli.MODE_TEXT, quality=10))


def _gzip(data: bytes) -> bytes:
    return gzip.compress(data, compresslevel=9, mtime=0)


WAYS: dict[str, Callable[[bytes], bytes]] = {".br": _brotli, ".gz": _gzip}


def compress(folder: Path, former: Path) -> None:
    """Put a `.br` and a `.gz` beside every text of `folder` that gets smaller by it.

    Copies are taken from `former`, an earlier build of the same site, where the text is the same.
    """
    texts = [path for path in sorted(folder.rglob("*")) if path.suffix in TEXTS and path.is_file()]
    with ThreadPoolExecutor() as threads:
        for _ in threads.map(
            lambda path: _compress(path, former / path.relative_to(folder)), texts
        ):
            pass


def _compress(path: Path, former: Path) -> None:
    data = path.read_bytes()
    unchanged = former.is_file() and former.read_bytes() == data
    for ending, way in WAYS.items():
        old = former.with_name(former.name + ending)
        smaller = old.read_bytes() if unchanged and old.is_file() else way(data)
        if len(smaller) < len(data):
            path.with_name(path.name + ending).write_bytes(smaller)
