"""Sealing to an X.509 certificate: S/MIME enveloped data (RFC 8551), as Outlook reads it."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from functools import partial
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs7 import PKCS7EnvelopeBuilder, PKCS7Options
from cryptography.x509.oid import ExtendedKeyUsageOID, PublicKeyAlgorithmOID

from contact_service.sealing.message import in_fours, padded_sheet
from contact_service.sealing.sealer import KeyUnusableError, Sealer
from contact_service.settings.service import SmimeRecipient
from contact_service.settings.small_files import read_small
from contact_service.submission import Submission
from site_model.text.plurals import count_phrase

SMALLEST_RSA_BITS = 2048
FOR_MAIL = {ExtendedKeyUsageOID.EMAIL_PROTECTION, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}
NO_END = 9999  # the year of the end that means none (RFC 5280, 4.1.2.5)


def load_smime(recipient: SmimeRecipient, now: datetime) -> Sealer:
    """Read a recipient's certificate (PEM or DER) and try it.

    Raises KeyUnusableError, SmallFileError, and what the library may raise besides.
    """
    file = recipient.certificate
    certificate = _certificate(file, read_small(file))
    if fault := _fault_of_key(certificate) or _fault_of_use(certificate):
        raise KeyUnusableError(f"{file} {fault}")
    starts, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now < starts:
        raise KeyUnusableError(f"{file} още не важи, а от {starts:%d.%m.%Y}")
    _enveloped(certificate, b"")
    return Sealer(
        recipient.address,
        file,
        expires=None if ends.year == NO_END else ends,
        fingerprint=in_fours(certificate.fingerprint(SHA256()).hex()),
        closed=partial(_closed, certificate),
    )


def _certificate(file: Path, content: bytes) -> x509.Certificate:
    """The one certificate of a file."""
    if b"PRIVATE KEY-----" in content:
        raise KeyUnusableError(
            f"{file} съдържа тайния ключ. Сложете тук само сертификата, а тайния ключ махнете от "
            "сървъра"
        )
    try:
        if b"-----BEGIN" not in content:
            return x509.load_der_x509_certificate(content)
        found = x509.load_pem_x509_certificates(content)
    except ValueError:
        raise KeyUnusableError(f"{file} не е сертификат X.509") from None
    if len(found) != 1:
        raise KeyUnusableError(
            f"{file} има {count_phrase(len(found), 'сертификат', 'сертификата')}. Оставете само "
            "този на центъра, без издателя му"
        )
    return found[0]


def _fault_of_key(certificate: x509.Certificate) -> str | None:
    if certificate.public_key_algorithm_oid != PublicKeyAlgorithmOID.RSAES_PKCS1_v1_5:
        return "има ключ, който не е обикновен RSA, а за S/MIME трябва такъв (не EC и не RSA-PSS)"
    key = certificate.public_key()
    if not isinstance(key, RSAPublicKey) or key.key_size < SMALLEST_RSA_BITS:
        bits = getattr(key, "key_size", 0)
        return f"има твърде слаб ключ ({bits} бита, нужни са {SMALLEST_RSA_BITS})"
    return None


def _fault_of_use(certificate: x509.Certificate) -> str | None:
    """What the certificate is for, if not for sealing to a person (RFC 5280, RFC 8551)."""
    try:
        extensions = {type(one.value): one.value for one in certificate.extensions}
    except x509.DuplicateExtension:
        return "е сгрешен: едно и също разширение е два пъти. Поискайте нов от издателя"
    constraints = extensions.get(x509.BasicConstraints)
    if isinstance(constraints, x509.BasicConstraints) and constraints.ca:
        return "е на издател (CA:TRUE), не на центъра. Сложете сертификата на самия център"
    usage = extensions.get(x509.KeyUsage)  # without it: for every use (RFC 5280, 4.2.1.3)
    if isinstance(usage, x509.KeyUsage) and not usage.key_encipherment:
        return (
            "е само за подпис, не за шифроване. Поискайте от издателя сертификат за шифроване "
            "(keyEncipherment)"
        )
    more = extensions.get(x509.ExtendedKeyUsage)
    if isinstance(more, x509.ExtendedKeyUsage) and FOR_MAIL.isdisjoint(more):
        return "не е за поща (emailProtection). Поискайте от издателя сертификат за имейл"
    return None


def _closed(certificate: x509.Certificate, submission: Submission) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail.set_content(
        _enveloped(certificate, padded_sheet(submission)),
        "application",
        "pkcs7-mime",
        filename="smime.p7m",
        params={"smime-type": "enveloped-data", "name": "smime.p7m"},
    )
    return mail


def _enveloped(certificate: x509.Certificate, content: bytes) -> bytes:
    return (
        PKCS7EnvelopeBuilder()
        .set_data(content)
        .add_recipient(certificate)
        .set_content_encryption_algorithm(AES256)
        .encrypt(Encoding.DER, [PKCS7Options.Binary])
    )
