"""The new files of a build take the place of the old ones, once all are made and checked."""

from __future__ import annotations

import os
import shutil
from collections.abc import Container
from pathlib import Path

from site_build.records import remove_empty, stamps


def publish(built: Path, site: Path, files: Container[str]) -> None:
    """Move the new files into `site`, and remove from it what is not among `files`.

    Files that did not change are not touched, and those whose name begins with a dot stay. Each
    file is replaced at once: whoever asks for one gets the old or the new, never a part.
    """
    site.mkdir(exist_ok=True)
    made: set[str] = set()
    for name in stamps(built):
        folder = os.path.dirname(name)  # noqa: PTH120 - for ten thousands of files
        if folder not in made:
            (site / folder).mkdir(parents=True, exist_ok=True)
            made.add(folder)
        os.replace(built / name, site / name)  # noqa: PTH105
    old = [name for name in stamps(site) if name not in files]
    for name in old:
        (site / name).unlink()
    if old:
        remove_empty(site)
    shutil.rmtree(built, ignore_errors=True)
