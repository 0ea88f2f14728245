"""Pure: what a backup holds, and how it becomes one file that a passphrase or a key opens."""

from __future__ import annotations

import json
import tarfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import PurePosixPath

import pyrage  # type: ignore[import-untyped]

from contact_service.errors import CommandError

FORMAT = 1
AGE = b"age-encryption.org/v1"  # how every age file begins (age-encryption.org/v1, "Header")
TRIES = 15
ABOUT, SETTINGS, OUTBOX, FILES = "about.json", "service.toml", "outbox.sqlite3", "files/"


class ArchiveError(CommandError):
    """The file is no backup that can be used; the text says why."""


@dataclass(frozen=True)
class StoredFile:
    """A file beside the settings: what it holds, and who may read it."""

    content: bytes
    mode: int


@dataclass(frozen=True)
class Archive:
    """Everything that makes a server the same again; `files` under their path from the settings.

    `outbox` is an SQLite database, or None where the outbox is on a database server.
    """

    made_at: datetime
    settings: StoredFile
    files: Mapping[str, StoredFile]
    outbox: bytes | None


def pack(archive: Archive) -> bytes:
    """The archive as a tar file, which every machine can open (POSIX.1-2001, pax)."""
    stream = BytesIO()
    about = {"format": FORMAT, "made_at": archive.made_at.isoformat()}
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as tar:
        _add(tar, ABOUT, StoredFile(json.dumps(about).encode(), 0o600), archive.made_at)
        _add(tar, SETTINGS, archive.settings, archive.made_at)
        for name, file in archive.files.items():
            _add(tar, FILES + name, file, archive.made_at)
        if archive.outbox is not None:
            _add(tar, OUTBOX, StoredFile(archive.outbox, 0o600), archive.made_at)
    return stream.getvalue()


def _add(tar: tarfile.TarFile, name: str, file: StoredFile, at: datetime) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = len(file.content), file.mode, int(at.timestamp())
    tar.addfile(entry, BytesIO(file.content))


def unpack(content: bytes) -> Archive:
    """The archive in a tar file of `pack`; raises ArchiveError."""
    try:
        with tarfile.open(fileobj=BytesIO(content)) as tar:
            found = {entry.name: _read(tar, entry) for entry in tar.getmembers()}
        about = json.loads(found.pop(ABOUT).content)
        if about["format"] != FORMAT:
            raise ArchiveError("копието е от по-нова версия на „Опора“. Първо я обновете тук")
        made_at = datetime.fromisoformat(about["made_at"]).astimezone(UTC)
        settings = found.pop(SETTINGS)
    except (tarfile.TarError, KeyError, ValueError, TypeError):
        raise ArchiveError("това не е резервно копие на „Опора“") from None
    outbox = found.pop(OUTBOX, None)
    files = {_inside(name): file for name, file in found.items()}
    return Archive(made_at, settings, files, outbox.content if outbox else None)


def _read(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> StoredFile:
    stream = tar.extractfile(entry) if entry.isreg() else None
    if stream is None:
        raise ArchiveError(f"в копието има нещо, което не е файл: {entry.name}")
    return StoredFile(stream.read(), entry.mode & 0o755)


def _inside(name: str) -> str:
    """The path from the settings; raises ArchiveError for one that leads out of their folder."""
    path = PurePosixPath(name.removeprefix(FILES))
    if not name.startswith(FILES) or path.is_absolute() or ".." in path.parts:
        raise ArchiveError(f"в копието има файл на чуждо място: {name}")
    return str(path)


def encrypt(content: bytes, recipients: Sequence[str], passphrase: str) -> bytes:
    """Content encrypted with age: to public keys, or without any to a passphrase.

    Raises ArchiveError for what is no public key of age.
    """
    if not recipients:
        return bytes(pyrage.passphrase.encrypt(content, passphrase))
    try:
        keys = [pyrage.x25519.Recipient.from_str(one) for one in recipients]
    except pyrage.RecipientError:
        raise ArchiveError("публичният ключ на age започва с age1 и се пише цял") from None
    return bytes(pyrage.encrypt(content, keys))


def decrypt(content: bytes, identity: str | None, passphrase: str) -> bytes:
    """What `encrypt` gave, opened with a secret key of age or a passphrase; raises ArchiveError."""
    if not content.startswith(AGE):
        raise ArchiveError("това не е резервно копие: не е заключено с age")
    try:
        if identity is None:
            return _decrypt_with(passphrase, content)
        lines = [line for line in identity.split() if line.startswith("AGE-SECRET-KEY-1")]
        keys = [pyrage.x25519.Identity.from_str(line) for line in lines]
        return bytes(pyrage.decrypt(content, keys))
    except pyrage.IdentityError:
        raise ArchiveError("във файла няма таен ключ на age (AGE-SECRET-KEY-1…)") from None
    except pyrage.DecryptError:
        with_what = "тази парола" if identity is None else "този ключ"
        raise ArchiveError(f"не се отваря с {with_what}, или файлът е повреден") from None


def _decrypt_with(passphrase: str, content: bytes) -> bytes:
    """Decrypt with a passphrase; raises DecryptError, and ArchiveError on a machine too slow.

    age refuses what would take this machine far longer than its own files. It measures that by
    one very short run, which other work on a busy machine spoils, so that is done anew.
    """
    for _ in range(TRIES):
        try:
            return bytes(pyrage.passphrase.decrypt(content, passphrase))
        except pyrage.DecryptError as error:
            if "Excessive work" not in str(error):
                raise
        time.sleep(0.2)
    raise ArchiveError(
        "тази машина е твърде бавна или натоварена за паролата на копието. Опитайте, когато не е, "
        "или направете копие за ключ (--to)"
    )


def needs_passphrase(content: bytes) -> bool:
    """Whether it is closed with a passphrase, as its first lines say (age-encryption.org/v1)."""
    return content.startswith(AGE + b"\n-> scrypt ")
