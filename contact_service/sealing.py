"""Sealing: from a sheet to a mail that only a recipient's key opens (PGP/MIME, RFC 3156)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.encoders import encode_7or8bit
from email.headerregistry import Address
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from pysequoia import Cert, encrypt
from pysequoia.packet import PacketPile, Tag


class KeyUnusableError(Exception):
    """Nothing can be sealed to this key; the text says why, in words for the operator."""


@dataclass(frozen=True)
class SealedMail:
    """A finished message: ciphertext and headers that say nothing of the sender."""

    message_id: str
    recipient: str
    content: bytes


@dataclass(frozen=True)
class Sealer:
    """A recipient and the certificate that its messages are sealed to."""

    address: str
    certificate: Cert

    def seal(self, text: str, *, reference: str, sender: str, accepted_at: datetime) -> SealedMail:
        """Encrypt a sheet into a mail; raises KeyUnusableError if the key has become unusable.

        The subject is the same for every form and holds only the reference.
        """
        check_usable(self.certificate, accepted_at)
        part = EmailMessage(policy=SMTP)
        part.set_content(text, charset="utf-8", cte="quoted-printable")
        try:
            armoured = encrypt(recipients=[self.certificate], bytes=part.as_bytes())
        except Exception as error:  # pysequoia raises its errors as plain Exception
            raise KeyUnusableError(f"ключът не може да шифрова: {error}") from None
        mail = MIMEMultipart("encrypted", protocol="application/pgp-encrypted", policy=SMTP)
        domain = Address(addr_spec=sender).domain
        message_id = f"<{reference.lower()}.{self.certificate.fingerprint[:16]}@{domain}>"
        mail["From"] = sender
        mail["To"] = self.address
        mail["Subject"] = f"Ново заключено писмо {reference}"
        mail["Date"] = format_datetime(accepted_at.astimezone(UTC))
        mail["Message-ID"] = message_id
        mail["Auto-Submitted"] = "auto-generated"
        mail.attach(MIMEApplication(b"Version: 1\n", "pgp-encrypted", encode_7or8bit))
        mail.attach(MIMEApplication(armoured, "octet-stream", encode_7or8bit, name="encrypted.asc"))
        return SealedMail(message_id, self.address, mail.as_bytes(policy=SMTP))


def load_sealer(address: str, key: Path, now: datetime) -> Sealer:
    """Read a recipient's certificate and try it; raises KeyUnusableError with what to mend."""
    try:
        certificate = Cert.from_bytes(key.read_bytes())
    except FileNotFoundError:
        raise KeyUnusableError(f"{address}: няма файл с ключ {key}") from None
    except Exception:
        raise KeyUnusableError(f"{address}: {key} не е ключ OpenPGP") from None
    if _holds_secret(key.read_bytes()):
        raise KeyUnusableError(
            f"{address}: {key} съдържа тайния ключ. Сложете тук само публичния, а тайния махнете "
            "от сървъра"
        )
    check_usable(certificate, now)
    try:
        encrypt(recipients=[certificate], bytes=b"")
    except Exception:
        raise KeyUnusableError(f"{address}: {key} няма част за шифроване") from None
    return Sealer(address, certificate)


def _holds_secret(key: bytes) -> bool:
    secret = (Tag.SecretKey, Tag.SecretSubkey)
    return any(packet.tag in secret for packet in PacketPile.from_bytes(key))


def check_usable(certificate: Cert, now: datetime) -> None:
    """Raise KeyUnusableError for a certificate that is revoked or out of date."""
    if certificate.is_revoked:
        raise KeyUnusableError(f"ключ {certificate.fingerprint} е отменен")
    if certificate.expiration and certificate.expiration <= now:
        raise KeyUnusableError(f"ключ {certificate.fingerprint} е изтекъл")
