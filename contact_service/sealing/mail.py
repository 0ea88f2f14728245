"""What all ways of sealing share: the sealed mail, its outer headers, padding."""

from __future__ import annotations

import base64
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Protocol

from contact_service.sheet import Submission, sheet_text

SIZE_CLASS = 8 * 1024
SEALED, OPEN = "Ново заключено писмо", "Ново писмо"


class KeyUnusableError(Exception):
    """Nothing can be sealed to this key; the text says why, in words for the operator."""


class KeyEndedError(KeyUnusableError):
    """The key was revoked or has expired: its owner wants nothing more sealed to it."""


@dataclass(frozen=True)
class SealedMail:
    """A finished message: ciphertext and headers that say nothing of the sender."""

    message_id: str
    recipient: str
    content: bytes


class Sealer(Protocol):
    """A recipient with all that is needed to seal to it."""

    @property
    def address(self) -> str: ...

    @property
    def expires(self) -> datetime | None:
        """When the key ends; None for one that does not."""

    @property
    def fingerprint(self) -> str:
        """By which people compare keys; "" for a password."""

    def seal(self, submission: Submission, sender: str) -> SealedMail:
        """The submission as a mail to this recipient; raises KeyUnusableError."""


def sealed_mail(
    submission: Submission, sender: str, recipient: str, entity: str, subject: str = SEALED
) -> SealedMail:
    """Put the outer headers, the same for every form, before a MIME entity (RFC 5322).

    `entity` begins with its own MIME headers and has CRLF line ends. The Message-ID is made
    once and stored with the mail, so that every try carries the same.
    """
    title = base64.b64encode(subject.encode()).decode()
    message_id = f"<{secrets.token_hex(16)}@{sender.partition('@')[2]}>"
    headers = (
        f"From: {sender}\r\n"
        f"To: {recipient}\r\n"
        f"Subject: =?utf-8?b?{title}?= {submission.reference}\r\n"
        f"Date: {format_datetime(submission.accepted_at.astimezone(UTC))}\r\n"
        f"Message-ID: {message_id}\r\n"
        "Auto-Submitted: auto-generated\r\n"
        "MIME-Version: 1.0\r\n"
    )
    return SealedMail(message_id, recipient, (headers + entity).encode("ascii"))


def padded_sheet(submission: Submission) -> bytes:
    """The sheet as a MIME entity whose length is a whole number of SIZE_CLASS.

    The padding is random, so that compression cannot undo it, and stands in the preamble
    of a multipart, which readers do not show (RFC 2046, section 5.1.1).
    """
    boundary = secrets.token_hex(16)
    head = f'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n'
    body = (
        f"\r\n--{boundary}\r\n"
        "Content-Type: text/plain; charset=utf-8\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\n"
        f"{in_lines(base64.b64encode(sheet_text(submission).encode()).decode())}\r\n"
        f"--{boundary}--\r\n"
    )
    missing = -(len(head) + len(body)) % SIZE_CLASS
    return (head + padding(missing) + body).encode("ascii")


def padding(length: int) -> str:
    """Random text of exactly `length` signs, in lines of at most 76."""
    signs = secrets.token_urlsafe(length)
    lines = [signs[start : start + 78] for start in range(0, length, 78)]
    return "".join(line[:76] + "\r\n" if len(line) == 78 else line for line in lines)[:length]


def in_lines(base64_text: str) -> str:
    """Base64 in lines of 76 signs (RFC 2045, section 6.8)."""
    starts = range(0, len(base64_text), 76)
    return "\r\n".join(base64_text[start : start + 76] for start in starts)


def in_fours(hexadecimal: str) -> str:
    """A fingerprint as people read it aloud: capitals in groups of four."""
    signs = hexadecimal.upper()
    return " ".join(signs[start : start + 4] for start in range(0, len(signs), 4))
