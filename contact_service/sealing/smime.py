"""Sealing to an X.509 certificate: S/MIME enveloped data (RFC 8551), as Outlook reads it."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options

from contact_service.sealing.mail import (
    KeyEndedError,
    KeyUnusableError,
    SealedMail,
    in_fours,
    in_lines,
    padded_sheet,
    sealed_mail,
)
from contact_service.settings import SmimeRecipient
from contact_service.sheet import Submission

SMALLEST_RSA_BITS = 2048
HEADERS = (
    'Content-Type: application/pkcs7-mime; smime-type=enveloped-data; name="smime.p7m"\r\n'
    "Content-Transfer-Encoding: base64\r\n"
    'Content-Disposition: attachment; filename="smime.p7m"\r\n\r\n'
)


@dataclass(frozen=True)
class SmimeSealer:
    """A recipient and the certificate that its messages are sealed to."""

    address: str
    certificate: x509.Certificate

    @property
    def expires(self) -> datetime | None:
        return self.certificate.not_valid_after_utc

    @property
    def fingerprint(self) -> str:
        return in_fours(self.certificate.fingerprint(SHA256()).hex())

    def seal(self, submission: Submission, sender: str) -> SealedMail:
        check_usable(self.certificate, self.address, datetime.now(UTC))
        envelope = (
            PKCS7EnvelopeBuilder()
            .set_data(padded_sheet(submission))
            .add_recipient(self.certificate)
            .set_content_encryption_algorithm(AES256)
            .encrypt(Encoding.DER, [PKCS7Options.Binary])
        )
        body = in_lines(base64.b64encode(envelope).decode("ascii"))
        return sealed_mail(submission, sender, self.address, f"{HEADERS}{body}\r\n")


def load_smime(recipient: SmimeRecipient, now: datetime) -> SmimeSealer:
    """Read a recipient's certificate (PEM or DER); raises KeyUnusableError with what to mend."""
    address, file = recipient.address, recipient.certificate
    try:
        content = file.read_bytes()
        pem = b"-----BEGIN" in content
        load = x509.load_pem_x509_certificate if pem else x509.load_der_x509_certificate
        certificate = load(content)
    except OSError:
        raise KeyUnusableError(f"{address}: няма файл със сертификат {file}") from None
    except ValueError:
        raise KeyUnusableError(f"{address}: {file} не е сертификат X.509") from None
    if b"PRIVATE KEY-----" in content:
        raise KeyUnusableError(
            f"{address}: {file} съдържа тайния ключ. Сложете тук само сертификата, а тайния "
            "ключ махнете от сървъра"
        )
    check_usable(certificate, address, now)
    return SmimeSealer(address, certificate)


def check_usable(certificate: x509.Certificate, address: str, now: datetime) -> None:
    """Raise KeyUnusableError for a certificate out of its time, too weak or for other work."""
    if certificate.not_valid_after_utc <= now:
        raise KeyEndedError(f"{address}: сертификатът е изтекъл")
    if now < certificate.not_valid_before_utc:
        raise KeyUnusableError(f"{address}: сертификатът още не важи")
    try:
        key = certificate.public_key()
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        usage = None  # a certificate without the extension is for every use (RFC 5280, 4.2.1.3)
    except (UnsupportedAlgorithm, ValueError):
        raise KeyUnusableError(f"{address}: сертификатът не може да се прочете докрай") from None
    if not isinstance(key, RSAPublicKey):
        raise KeyUnusableError(f"{address}: ключът в сертификата не е RSA, за S/MIME трябва RSA")
    if key.key_size < SMALLEST_RSA_BITS:
        raise KeyUnusableError(
            f"{address}: ключът е твърде слаб ({key.key_size} бита, нужни са {SMALLEST_RSA_BITS})"
        )
    if usage and not usage.key_encipherment:
        raise KeyUnusableError(
            f"{address}: сертификатът е само за подпис, не за шифроване. Поискайте от издателя "
            "сертификат за шифроване (keyEncipherment)"
        )
