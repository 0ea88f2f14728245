"""What all commands share: how one is added, and where the files lie that a person names."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Protocol

from site_build.project import Project

FOLDER: Final[dict[str, Any]] = {
    "type": Path,
    "metavar": "ПАПКА",
    "help": "папката на сайта, с mkdocs.yml и content/ (иначе тази)",
}
"""How `--project` is told, in every program that works on a site."""

Command = Callable[[Project, argparse.Namespace], int]


class AddCommand(Protocol):
    def __call__(
        self, name: str, run: Command, words: str, failed: str = ""
    ) -> argparse.ArgumentParser: ...


def named_file(told: str) -> Path:
    """The file that a person means: from the folder where the command was typed.

    A site's own Makefile runs the program in another folder and says in OPORA_HERE where that was.
    """
    return Path(os.environ.get("OPORA_HERE", ""), told)
