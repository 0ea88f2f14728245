"""A version of the facts: one change, with its name, its day and the texts of its files."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from site_model.types import SOFIA

Data = str | bytes | None
"""What a file holds: a text, a photograph, or None where there is no file."""


def is_picture(path: PurePath) -> bool:
    """Whether a file below content/ is a photograph; all others are texts."""
    return path.parts[:1] == ("photographs",)


class ChangedMeanwhileError(Exception):
    """Files are no longer what they were when the change was begun; nothing was written."""

    def __init__(self, paths: tuple[PurePosixPath, ...]) -> None:
        self.paths = paths
        names = ", ".join(map(str, paths))
        super().__init__(f"Докато променяхте, някой друг записа промени в: {names}.")


class OverlapsError(Exception):
    """A later change touched the same lines; the text says so to a person."""

    def __init__(self, path: PurePosixPath) -> None:
        self.path = path
        super().__init__(
            f"Тази промяна вече е върната, или същите редове в {path} са променяни и след нея. "
            "Погледнете по-новите промени или поправете факта на страницата му."
        )


class OutsideError(ValueError):
    """A path does not lead to a file of the facts."""


@dataclass(frozen=True)
class Version:
    """One change: of a commit, or of a file of the editor's own."""

    id: str
    title: str
    when: datetime
    by: str
    files: tuple[PurePosixPath, ...]
    """Below content/."""

    @property
    def day(self) -> date:
        return self.when.astimezone(SOFIA).date()


@dataclass(frozen=True)
class Change:
    """A change as the journal and the editor's own versions hold it."""

    title: str
    by: str
    when: str
    texts: dict[str, tuple[Data, Data]]
    """What each file held before, and after."""


def read_change(file: Path) -> Change:
    data = json.loads(file.read_text(encoding="utf-8"))
    held = data.pop("texts").items()
    texts = {name: (_from_json(before), _from_json(after)) for name, (before, after) in held}
    return Change(**data, texts=texts)


def written_change(change: Change) -> str:
    """A change as its file holds it."""
    return json.dumps(asdict(change), ensure_ascii=False, default=_to_json)


def _to_json(data: bytes) -> dict[str, str]:
    return {"base64": b64encode(data).decode()}


def _from_json(data: Any) -> Data:
    return b64decode(data["base64"]) if isinstance(data, dict) else data


def version_of(id: str, change: Change) -> Version:
    paths = tuple(map(PurePosixPath, change.texts))
    return Version(id, change.title, datetime.fromisoformat(change.when), change.by, paths)
