"""Files that only their owner may read: secrets are read from them, and written to them whole."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from contact_service.errors import CommandError


class PrivateFileError(CommandError):
    """A file of a secret cannot be used; the text says why, and how to mend it."""


def read_private(file: Path) -> str:
    """The text of a file that only its owner may read; raises PrivateFileError."""
    try:
        if file.stat().st_mode & 0o077 and not _from_systemd(file):
            raise PrivateFileError(f"{file} може да се чете и от други. Напишете: chmod 600 {file}")
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise PrivateFileError(f"няма файл {file}") from None
    except (OSError, UnicodeDecodeError):
        raise PrivateFileError(f"{file} не може да се прочете") from None


def _from_systemd(file: Path) -> bool:
    """Whether systemd gave it to this unit alone.

    It lets the unit's user in with an access list, which the mode shows as a right of the group
    (systemd.exec(5), "Credentials").
    """
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    return bool(folder) and file.resolve().parent == Path(str(folder)).resolve()


def write_whole(file: Path, content: bytes, mode: int = 0o600) -> None:
    """Put `content` into `file`: on the disk and whole, or not at all. Raises OSError.

    A folder that is missing is made for the owner alone, if the file is. A file that root writes
    belongs to who owns the folder, so that a service with a user of its own can use it.
    """
    file.parent.mkdir(mode=0o755 if mode & 0o044 else 0o700, parents=True, exist_ok=True)
    beside = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        with open(beside, "xb", opener=lambda path, how: os.open(path, how, 0o600)) as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        give_to_folders_owner(beside)
        beside.chmod(mode)
        beside.replace(file)
    finally:
        beside.unlink(missing_ok=True)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def give_to_folders_owner(file: Path) -> None:
    """Let a file that root made belong to who owns its folder."""
    if os.geteuid() == 0:
        owner = file.parent.stat()
        os.chown(file, owner.st_uid, owner.st_gid)
