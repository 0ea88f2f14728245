"""Pure: sentences of the model and of the system as staff read them: no code, no path, no cut."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

_SHORT: Final = 60
_CODES: Final = re.compile(r" \((?:[a-z_]+(?:\.yml)?|content/[a-z]+)\)")
_CHOICE: Final = re.compile(r"^тук може да пише само '.*")
_FOLDERS: Final = re.compile(r"(?<![\w.:/])(?:[A-Za-z]:[\\/]|/)(?:[^\s\\/:„“]+[\\/])+")


def plainly(sentence: str, names: Mapping[str, str]) -> str:
    """A sentence of the model without the names of fields and files that it has in brackets.

    `names` are what the things are called whose codes it may have between quotation marks.
    """
    said = _CODES.sub("", _CHOICE.sub("изберете едно от изброените.", sentence))
    return re.sub("„([a-z0-9_]+)“", lambda found: f"„{names.get(found[1], found[1])}“", said)


def without_folders(sentence: str) -> str:
    """A sentence with the name of a file alone, without the folders of this computer."""
    return _FOLDERS.sub("", sentence)


def shorten(text: str, length: int = _SHORT) -> str:
    """A text up to its last whole word that fits into so many signs."""
    words = " ".join(text.split())
    if len(words) <= length:
        return words
    whole = words[:length].rpartition(" ")[0].rstrip(" ,;:–-(„")
    return f"{whole or words[:length]}…"
