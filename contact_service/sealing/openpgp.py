"""Sealing to an OpenPGP certificate: PGP/MIME (RFC 3156)."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from functools import partial
from pathlib import Path

from pysequoia import Cert
from pysequoia.packet import Packet, PacketPile, PublicKeyAlgorithm, SignatureType, Tag

from contact_service.sealing.message import in_fours, padded_sheet
from contact_service.sealing.packets import encrypt_to, end_of_parts
from contact_service.sealing.sealer import KeyEndedError, KeyUnusableError, Sealer
from contact_service.settings.service import OpenPgpRecipient
from contact_service.settings.small_files import read_small
from contact_service.submission import Submission

POST_QUANTUM = (PublicKeyAlgorithm.MLKEM768_X25519, PublicKeyAlgorithm.MLKEM1024_X448)


def load_openpgp(recipient: OpenPgpRecipient, now: datetime) -> Sealer:
    """Read a recipient's certificate and try it.

    Raises KeyUnusableError, SmallFileError, and what the library may raise besides.
    """
    file = recipient.key
    certificate = _certificate(file, read_small(file))
    if certificate.is_revoked:
        raise KeyEndedError(f"{file} е отменен от собственика си")
    ends = [_end_of_primary(file, certificate, now)]
    try:
        message = encrypt_to(certificate, b"")
    except Exception:  # pysequoia raises its errors as plain Exception
        raise _nothing_encrypts(file, certificate) from None
    ends.append(end_of_parts(certificate, message, now))
    return Sealer(
        recipient.address,
        file,
        expires=min((end for end in ends if end), default=None),
        fingerprint=in_fours(certificate.fingerprint),
        closed=partial(_closed, certificate),
    )


def _certificate(file: Path, content: bytes) -> Cert:
    """The one certificate of a file."""
    try:
        found = Cert.split_bytes(content)
        tags = [packet.tag for packet in PacketPile.from_bytes(content)]
    except Exception:
        raise KeyUnusableError(f"{file} не е ключ OpenPGP") from None
    secret = Tag.SecretKey in tags or Tag.SecretSubkey in tags
    if secret or b"PRIVATE KEY BLOCK" in content:
        raise KeyUnusableError(
            f"{file} съдържа тайния ключ. Сложете тук само публичния, а тайния махнете от сървъра"
        )
    if len(found) != 1 or content.count(b"-----BEGIN ") > 1:
        raise KeyUnusableError(f"{file} има няколко ключа. Оставете само този на центъра")
    return found[0]


def _end_of_primary(file: Path, certificate: Cert, now: datetime) -> datetime | None:
    """When the primary part ends; raises KeyUnusableError where the library rejects it.

    What it rejects hangs on the calendar: weak algorithms get an end in its policy.
    """
    try:
        return certificate.expiration
    except Exception:
        created = max((p.key_created for p in _packets(certificate) if p.key_created), default=now)
    if created > now:
        said = f"важи чак от {created:%d.%m.%Y}. Сверете часовниците тук и където е направен"
    else:
        said = (
            "е слаб (RSA под 2048 бита, подписи със SHA-1) или повреден. Поискайте от центъра нов"
        )
    raise KeyUnusableError(f"{file} {said}")


def _nothing_encrypts(file: Path, certificate: Cert) -> KeyUnusableError:
    """Why no part of a certificate can be encrypted to."""
    packets = _packets(certificate)
    if any(packet.signature_type == SignatureType.SubkeyRevocation for packet in packets):
        return KeyEndedError(f"{file} има само отменена част за шифроване. Поискайте нов ключ")
    if any(packet.key_algorithm in POST_QUANTUM for packet in packets):
        return KeyUnusableError(
            f"{file} има постквантова част за шифроване, а писмата пътуват във вид, който отварят "
            "и по-старите програми. Поискайте ключ с обикновена част"
        )
    return KeyUnusableError(
        f"{file} няма част за шифроване, която важи и не е слаба. Поискайте нов ключ от центъра"
    )


def _packets(certificate: Cert) -> list[Packet]:
    return list(PacketPile.from_bytes(bytes(certificate)))


def _closed(certificate: Cert, submission: Submission) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["MIME-Version"] = "1.0"
    mail.add_header("Content-Type", "multipart/encrypted", protocol="application/pgp-encrypted")
    version, letter = MIMEPart(policy=SMTP), MIMEPart(policy=SMTP)
    version.set_content(b"Version: 1\n", "application", "pgp-encrypted", cte="7bit")
    armoured = encrypt_to(certificate, padded_sheet(submission))
    name = {"name": "encrypted.asc"}
    letter.set_content(armoured.encode(), "application", "octet-stream", cte="7bit", params=name)
    for part in (version, letter):
        mail.attach(part)  # type: ignore[arg-type]  # typeshed lets in whole mails alone
    return mail
