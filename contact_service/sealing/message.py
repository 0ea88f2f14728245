"""What all ways of sealing share: the sealed mail, its outer headers, padding."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC
from email.message import EmailMessage
from email.policy import SMTP

from contact_service.submission import Submission, sheet_text

SIZE_CLASS = 8 * 1024
SUBJECT = "Ново заключено писмо"


@dataclass(frozen=True)
class SealedMail:
    """A finished message: ciphertext and headers that say nothing of the sender."""

    message_id: str
    recipient: str
    content: bytes


def sealed_mail(
    submission: Submission, sender: str, recipient: str, mail: EmailMessage
) -> SealedMail:
    """Give a sealed mail its outer headers, the same for every form (RFC 5322).

    The Message-ID is made once and stored with the mail, so that every try carries the same.
    „Reply“ leads back to the recipient: an answer that quotes the letter never leaves the house.
    """
    message_id = f"<{secrets.token_hex(16)}@{sender.partition('@')[2]}>"
    mail["From"] = sender
    mail["To"] = mail["Reply-To"] = recipient
    mail["Subject"] = f"{SUBJECT} {submission.reference}"
    mail["Date"] = submission.accepted_at.astimezone(UTC)
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    return SealedMail(message_id, recipient, mail.as_bytes())


def padded_sheet(submission: Submission) -> bytes:
    """The sheet as a MIME entity whose length is a whole number of SIZE_CLASS.

    The text stands first and as it is, so that it can be read in whatever `gpg` or `openssl`
    shows. The padding is random, so that compression cannot undo it, and follows in the epilogue
    of a multipart, which mail programs do not show (RFC 2046, section 5.1.1).
    """
    sheet = EmailMessage(policy=SMTP)
    sheet.set_content(sheet_text(submission), cte="8bit")
    sheet.make_mixed()
    sheet["Content-Transfer-Encoding"] = "8bit"
    entity = sheet.as_bytes()
    return entity + padding(-len(entity) % SIZE_CLASS).encode("ascii")


def padding(length: int) -> str:
    """Random text of exactly `length` signs, in lines of at most 76."""
    signs = secrets.token_urlsafe(length)
    lines = [signs[start : start + 78] for start in range(0, length, 78)]
    return "".join(line[:76] + "\r\n" if len(line) == 78 else line for line in lines)[:length]


def in_fours(hexadecimal: str) -> str:
    """A fingerprint as people read it aloud: capitals in groups of four."""
    signs = hexadecimal.upper()
    return " ".join(signs[start : start + 4] for start in range(0, len(signs), 4))
