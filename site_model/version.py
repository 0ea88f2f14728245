"""The version of Opora that runs."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent


def version() -> str:
    """The version of Opora that runs, as pyproject.toml has it, the one place where it is kept.

    Without that file beside the packages, nobody can say: "?".
    """
    try:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return "?"
    return str(project["project"]["version"])
