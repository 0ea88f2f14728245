"""Files that only their owner may read: secrets are read from them, and written to them whole."""

from __future__ import annotations

import os
import secrets
import unicodedata
from pathlib import Path

from contact_service.errors import CommandError
from contact_service.settings.small_files import SmallFileError, read_small

# Beside control and format characters and spaces: letters and marks that show nothing at all.
BLANKS = "\u034f\u115f\u1160\u2800\u3164\uffa0"
CONTROLS = ("Cc", "Cs", "Zl", "Zp")  # and halves of signs, as a variable that is no UTF-8 has


class PrivateFileError(CommandError):
    """A file of a secret cannot be used; the text says why, and how to fix it."""


def read_private(file: Path) -> str:
    """The text of a file that only its owner may read; raises PrivateFileError."""
    try:
        text = read_small(file).decode()
        if file.stat().st_mode & 0o077 and not _from_systemd(file):
            raise PrivateFileError(f"{file} може да се чете и от други. Напишете: chmod 600 {file}")
    except SmallFileError as error:
        raise PrivateFileError(str(error)) from None
    except UnicodeDecodeError:
        raise PrivateFileError(f"{file} не е текст в UTF-8. Запишете го наново") from None
    except OSError:
        raise PrivateFileError(f"{file} не може да се прочете") from None
    return text


def read_secret(file: Path) -> str:
    """The one secret in a file that only its owner may read; raises PrivateFileError."""
    return secret_in(read_private(file), file)


def secret_in(text: str, file: Path) -> str:
    """The one secret in the text of a file; raises PrivateFileError."""
    try:
        secret = bare_secret(text)
    except ValueError as error:
        raise PrivateFileError(f"{file}: {error}") from None
    if not secret:
        raise PrivateFileError(f"{file} е празен. Запишете в него тайната")
    return secret


def bare_secret(text: str) -> str:
    """A secret, trimmed; raises ValueError where it is more than one line of plain signs."""
    secret = trim(text)
    if len(secret.splitlines()) > 1:
        raise ValueError("тайната е един ред, а тук има и друг. Оставете само нея")
    if any(unicodedata.category(sign) in CONTROLS for sign in secret):
        raise ValueError("в тайната има знак, който не се пише (управляващ). Махнете го")
    return secret


def trim(text: str) -> str:
    """A text without what an editor or a copied line adds around it and nobody sees."""
    seen = [place for place, sign in enumerate(text) if not _unseen(sign)]
    return text[seen[0] : seen[-1] + 1] if seen else ""


def _unseen(sign: str) -> bool:
    return sign in BLANKS or unicodedata.category(sign) in (*CONTROLS, "Cf", "Zs")


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
