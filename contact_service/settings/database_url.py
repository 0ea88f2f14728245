"""What `database` names: a file of SQLite, or a PostgreSQL server. Nothing is opened."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote

_FILE = re.compile(r"sqlite:///(?!:memory:)([^?]+)(?:\?.*)?")
_SERVER = re.compile(
    r"postgresql\+psycopg://(?:[^:/]*(?::[^@]*)?@)?(?:\[[^/?]+\]|[^/:?]+)?(?::\d*)?(?:[/?].*)?"
)


def sqlite_file(url: str) -> Path | None:
    """The file of an SQLite outbox; None for anything else."""
    found = _FILE.fullmatch(url)
    return Path(unquote(found[1])) if found else None


def on_server(url: str) -> bool:
    """Whether it is the address of a PostgreSQL server."""
    return _SERVER.fullmatch(url) is not None
