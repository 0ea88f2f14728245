"""The files that settings name: where they lie, and the secrets that are read from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from pydantic import BaseModel

from contact_service.settings.private_files import secret_in

CREDENTIALS = "CREDENTIALS_DIRECTORY"
"""The variable that says where systemd put a unit's secrets (systemd.exec(5), "Credentials")."""

SECRET_FILES = frozenset({"secret_file", "password_file", "editor_secret_file"})

Model = TypeVar("Model", bound=BaseModel)


class Secret(NamedTuple):
    """A secret of the settings, what may name its file, and how its credential is called."""

    setting: tuple[str, ...]
    file_setting: tuple[str, ...]
    credential: str


SECRETS = (
    Secret(("secret",), ("secret_file",), "secret"),
    Secret(("smtp", "password"), ("smtp", "password_file"), "smtp-password"),
    Secret(("editor_secret",), ("editor_secret_file",), "editor"),
)


@dataclass(frozen=True)
class Anchor:
    """Where relative paths begin, and the folder of systemd's credentials, if there is one."""

    folder: Path
    credentials: str | None = None

    def __call__(self, path: Path) -> Path:
        try:
            return (self.folder / path).resolve()
        except (OSError, RuntimeError):  # a link that leads to itself: who reads it says so
            return (self.folder / path).absolute()

    def credential(self, name: str) -> Path | None:
        """The credential of this name, where systemd gave it."""
        if not self.credentials:
            return None
        file = Path(self.credentials, name)
        return file.resolve() if file.is_file() else None

    def secret(self, path: Path) -> Path:
        """A file of a secret: the credential of the same name, else the file itself."""
        return self.credential(path.name) or self(path)


def put(values: dict[str, Any], path: tuple[str, ...], value: str) -> None:
    """Set the value at a path of nested tables."""
    for step in path[:-1]:
        values = values.setdefault(step, {})
        if not isinstance(values, dict):
            return  # the check of the settings says that a table belongs here
    values[path[-1]] = value


def put_secrets(values: dict[str, Any], anchor: Anchor, read: Callable[[Path], str]) -> None:
    """Set each secret that stands in a file: of systemd's, or else of the settings' naming.

    Raises PrivateFileError, and what `read` does.
    """
    for setting, file_setting, credential in SECRETS:
        named: Any = values
        for step in file_setting:
            named = named.get(step) if isinstance(named, dict) else None
        file = anchor.credential(credential)
        if file is None and isinstance(named, str):
            file = anchor.secret(Path(named))
        if file is not None:
            put(values, setting, secret_in(read(file), file))


def with_absolute_paths(model: Model, anchor: Anchor) -> Model:
    """The same settings with every path made absolute; raises ValueError for an impossible one."""
    return model.model_copy(update={name: _absolute(name, value, anchor) for name, value in model})


def _absolute(name: str, value: Any, anchor: Anchor) -> Any:
    match value:
        case Path():
            return anchor.secret(value) if name in SECRET_FILES else anchor(value)
        case BaseModel():
            return with_absolute_paths(value, anchor)
        case dict():
            return {key: _absolute(name, item, anchor) for key, item in value.items()}
        case tuple():
            return tuple(_absolute(name, item, anchor) for item in value)
        case _:
            return value


def files_of(model: BaseModel) -> Iterator[Path]:
    """Every file that settings name (keys, certificates, secrets); folders are left out."""
    for name, value in model:
        if not name.endswith("_folder"):
            yield from _files(value)


def _files(value: object) -> Iterator[Path]:
    match value:
        case Path():
            yield value
        case BaseModel():
            yield from files_of(value)
        case dict():
            for item in value.values():
                yield from _files(item)
        case tuple():
            for item in value:
                yield from _files(item)
