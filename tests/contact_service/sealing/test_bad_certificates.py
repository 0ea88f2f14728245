"""X.509 certificates of every unhappy kind: each is one sentence that names the file."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.types import CertificateIssuerPrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, pkcs7
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from contact_service.sealing import KeyEndedError, load_sealer
from tests.support.project import skip_or_fail
from tests.support.service.bad_keys import refused, smime
from tests.support.service.sealed import submission

NOW = datetime.now(UTC)
DAY = timedelta(days=1)
WEAK_BITS = 1024
RSA = rsa.generate_private_key(65537, 2048)
NO_END = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)  # RFC 5280, 4.1.2.5


def certificate(
    key: CertificateIssuerPrivateKeyTypes = RSA,
    *extensions: x509.ExtensionType,
    starts: datetime = NOW - DAY,
    ends: datetime = NOW + 365 * DAY,
) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Център")])
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(starts)
        .not_valid_after(ends)
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(RSA, hashes.SHA256())


def pem(*what: object, **times: datetime) -> bytes:
    return certificate(*what, **times).public_bytes(Encoding.PEM)  # type: ignore[arg-type]


def of_an_issuer() -> bytes:
    return pem(RSA, x509.BasicConstraints(ca=True, path_length=None))


def for_servers_alone() -> bytes:
    return pem(RSA, x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]))


def with_a_repeated_extension() -> bytes:
    first, second = (x509.ObjectIdentifier(f"1.3.6.1.4.1.99999.{n}") for n in (1, 2))
    made = certificate(
        RSA, x509.UnrecognizedExtension(first, b"x"), x509.UnrecognizedExtension(second, b"x")
    ).public_bytes(Encoding.DER)
    one, two = (bytes.fromhex(f"2b06010401868d1f0{n}") for n in (1, 2))
    assert one in made
    assert two in made
    return made.replace(two, one)


def of_rsa_pss() -> bytes:
    """A key that may only sign, and says so in its own kind (RFC 4055)."""
    if shutil.which("openssl") is None:
        skip_or_fail("no openssl here (make test installs it where it may)")
    command = "openssl req -x509 -newkey rsa-pss -pkeyopt rsa_keygen_bits:2048 -nodes -keyout"
    asked = [
        *command.split(),
        "/dev/null",
        "-subj",
        "/CN=x",
        "-addext",
        "basicConstraints=CA:FALSE",
    ]
    return subprocess.run(asked, check=True, capture_output=True).stdout


def in_a_bundle() -> bytes:
    return pkcs7.serialize_certificates([certificate(), certificate()], Encoding.PEM)


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "issuer before it": (lambda: of_an_issuer() + pem(), "2 сертификата"),
    "issuer behind it": (lambda: pem() + of_an_issuer(), "2 сертификата"),
    "an issuer's": (of_an_issuer, "CA:TRUE"),
    "an extension twice": (with_a_repeated_extension, "два пъти"),
    "RSA-PSS": (of_rsa_pss, "RSA-PSS"),
    "EC": (lambda: pem(ec.generate_private_key(ec.SECP256R1())), "не EC"),
    "Ed25519": (lambda: pem(ed25519.Ed25519PrivateKey.generate()), "не е обикновен RSA"),
    "DSA": (lambda: pem(dsa.generate_private_key(2048)), "не е обикновен RSA"),
    "RSA of 1024 bits": (lambda: pem(rsa.generate_private_key(65537, WEAK_BITS)), "1024 бита"),
    "for web servers alone": (for_servers_alone, "не е за поща"),
    "not yet": (lambda: pem(starts=NOW + 3 * DAY), f"от {NOW + 3 * DAY:%d.%m.%Y}"),
    "ended": (lambda: pem(ends=NOW - DAY / 2), "изтекъл"),
    "a bundle": (in_a_bundle, "не е сертификат"),
    "nothing": (lambda: b"", "празен"),
    "zeros": (lambda: bytes(5000), "не е сертификат"),
    "half of it": (lambda: pem()[:500], "не е сертификат"),
    "UTF-16": (lambda: pem().decode().encode("utf-16"), "не е сертификат"),
    "one byte more": (lambda: certificate().public_bytes(Encoding.DER) + b"\0", "не е сертификат"),
    "more than any": (lambda: pem() + b"\n" * 2**21, "1 МБ"),
    "an OpenPGP key": (lambda: b"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nmDM=\n", "не е серт"),
}


@pytest.mark.parametrize("kind", BAD)
def test_bad_certificate_is_a_sentence(tmp_path: Path, kind: str) -> None:
    """Whatever the library raises, the operator reads which file it is and what is wrong."""
    make, words = BAD[kind]
    file = tmp_path / "centre.pem"
    file.write_bytes(make())
    assert words in refused(file, smime)


def test_ended_certificate_takes_the_place_of_the_last_good_one(tmp_path: Path) -> None:
    """It is told apart from one that cannot be read, which leaves the older one in use."""
    file = tmp_path / "centre.pem"
    file.write_bytes(pem(ends=NOW - DAY / 2))
    with pytest.raises(KeyEndedError):
        load_sealer(smime(file), datetime.now(UTC))


@pytest.mark.parametrize(
    "extensions",
    [
        (),
        (x509.BasicConstraints(ca=False, path_length=None),),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]),),
        (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.99999.1"), b"x"),),
    ],
)
def test_good_certificate_seals(tmp_path: Path, extensions: tuple[x509.ExtensionType, ...]) -> None:
    """A certificate of a person is taken, with extensions that we do not know as well."""
    file = tmp_path / "centre.pem"
    file.write_bytes(pem(RSA, *extensions))
    mail = load_sealer(smime(file), datetime.now(UTC)).seal(submission(), "opora@example.org")
    assert b"smime.p7m" in mail.content


def test_end_that_means_none_is_none(tmp_path: Path) -> None:
    """The last second of the year 9999 is no day that a page could show (RFC 5280, 4.1.2.5)."""
    file = tmp_path / "centre.pem"
    file.write_bytes(pem(ends=NO_END))
    assert load_sealer(smime(file), datetime.now(UTC)).expires is None
