"""No sealing on the way, by the operator's word: closed with age only while it waits here."""

from __future__ import annotations

import base64
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pyrage  # type: ignore[import-untyped]

from contact_service.private_files import PrivateFileError, read_private
from contact_service.sealing.mail import (
    OPEN,
    SIZE_CLASS,
    KeyUnusableError,
    SealedMail,
    in_lines,
    sealed_mail,
)
from contact_service.settings import PlainRecipient
from contact_service.sheet import Submission, sheet_text

AGE = b"age-encryption.org/v1"  # how every age file begins (age-encryption.org/v1, "Header")
HEADERS = "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n"


@dataclass(frozen=True)
class PlainSealer:
    """A recipient who reads the mail as it is, and the age key that closes it until it leaves."""

    address: str
    at_rest: pyrage.x25519.Recipient

    @property
    def expires(self) -> datetime | None:
        return None

    @property
    def fingerprint(self) -> str:
        return str(self.at_rest)

    def seal(self, submission: Submission, sender: str) -> SealedMail:
        body = in_lines(base64.b64encode(sheet_text(submission).encode()).decode("ascii"))
        # Blank lines after base64 mean nothing, and give every letter at rest one of few lengths.
        blank_lines = -(len(HEADERS) + len(body)) % SIZE_CLASS // len("\r\n")
        entity = HEADERS + body + "\r\n" * blank_lines
        mail = sealed_mail(submission, sender, self.address, entity, OPEN)
        return replace(mail, content=pyrage.encrypt(mail.content, [self.at_rest]))


def load_plain(recipient: PlainRecipient, identity: Path | None) -> PlainSealer:
    """The sealer of a plain recipient; raises KeyUnusableError where the age key is no good."""
    return PlainSealer(recipient.address, _age_identity(identity).to_public())


def opened_at_rest(content: bytes, identity: Path | None) -> bytes:
    """The mail as it goes out: opened with the age key if it is closed with one.

    Raises KeyUnusableError where the key is missing or another one.
    """
    if not content.startswith(AGE):
        return content
    try:
        return bytes(pyrage.decrypt(content, [_age_identity(identity)]))
    except pyrage.DecryptError:
        raise KeyUnusableError("писмото е заключено с друг ключ age") from None


def read_secret(file: Path) -> str:
    """The text of a file that only its owner may read; raises KeyUnusableError."""
    try:
        return read_private(file)
    except PrivateFileError as error:
        raise KeyUnusableError(str(error)) from None


def _age_identity(file: Path | None) -> pyrage.x25519.Identity:
    """The key in a file of age-keygen: one AGE-SECRET-KEY-1 line, the others are comments."""
    if file is None:
        raise KeyUnusableError("at_rest_identity липсва в настройките")
    lines = [line.strip() for line in read_secret(file).splitlines()]
    try:
        [line] = [line for line in lines if line.startswith("AGE-SECRET-KEY-1")]
        return pyrage.x25519.Identity.from_str(line)
    except (ValueError, pyrage.IdentityError):
        raise KeyUnusableError(
            f"{file} няма точно един ключ AGE-SECRET-KEY-1. Направете го с age-keygen"
        ) from None
