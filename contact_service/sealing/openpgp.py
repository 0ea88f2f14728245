"""Sealing to an OpenPGP certificate: PGP/MIME (RFC 3156)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from pysequoia import Cert
from pysequoia.packet import PacketPile, Tag

from contact_service.sealing.mail import (
    KeyEndedError,
    KeyUnusableError,
    SealedMail,
    in_fours,
    padded_sheet,
    sealed_mail,
)
from contact_service.sealing.packets import encrypted
from contact_service.settings import OpenPgpRecipient
from contact_service.sheet import Submission


@dataclass(frozen=True)
class OpenPgpSealer:
    """A recipient and the certificate that its messages are sealed to."""

    address: str
    certificate: Cert

    @property
    def expires(self) -> datetime | None:
        return self.certificate.expiration

    @property
    def fingerprint(self) -> str:
        return in_fours(self.certificate.fingerprint)

    def seal(self, submission: Submission, sender: str) -> SealedMail:
        check_usable(self.certificate, datetime.now(UTC))
        sheet = padded_sheet(submission)
        try:
            armoured = encrypted(self.certificate, sheet)
        except Exception:  # pysequoia raises its errors as plain Exception
            raise KeyUnusableError(f"{self.address}: ключът не може да шифрова") from None
        boundary = secrets.token_hex(16)
        ciphertext = "\r\n".join(armoured.splitlines())
        entity = (
            'Content-Type: multipart/encrypted; protocol="application/pgp-encrypted";\r\n'
            f' boundary="{boundary}"\r\n\r\n'
            f"--{boundary}\r\nContent-Type: application/pgp-encrypted\r\n\r\nVersion: 1\r\n\r\n"
            f'--{boundary}\r\nContent-Type: application/octet-stream; name="encrypted.asc"\r\n\r\n'
            f"{ciphertext}\r\n\r\n--{boundary}--\r\n"
        )
        return sealed_mail(submission, sender, self.address, entity)


def load_openpgp(recipient: OpenPgpRecipient, now: datetime) -> OpenPgpSealer:
    """Read a recipient's certificate and try it; raises KeyUnusableError with what to mend."""
    address, key = recipient.address, recipient.key
    try:
        content = key.read_bytes()
        certificate = Cert.from_bytes(content)
    except FileNotFoundError:
        raise KeyUnusableError(f"{address}: няма файл с ключ {key}") from None
    except Exception:
        raise KeyUnusableError(f"{address}: {key} не е ключ OpenPGP") from None
    if any(
        packet.tag in (Tag.SecretKey, Tag.SecretSubkey) for packet in PacketPile.from_bytes(content)
    ):
        raise KeyUnusableError(
            f"{address}: {key} съдържа тайния ключ. Сложете тук само публичния, а тайния махнете "
            "от сървъра"
        )
    check_usable(certificate, now)
    try:
        encrypted(certificate, b"")
    except Exception:
        raise KeyUnusableError(f"{address}: {key} няма част за шифроване") from None
    return OpenPgpSealer(address, certificate)


def check_usable(certificate: Cert, now: datetime) -> None:
    """Raise KeyEndedError for a certificate that is revoked or out of date."""
    if certificate.is_revoked:
        raise KeyEndedError(f"ключ {certificate.fingerprint} е отменен")
    if certificate.expiration and certificate.expiration <= now:
        raise KeyEndedError(f"ключ {certificate.fingerprint} е изтекъл")
