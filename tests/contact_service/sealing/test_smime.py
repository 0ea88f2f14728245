"""S/MIME: `openssl cms` opens it with the centre's key, and nothing else does."""

from __future__ import annotations

import email
import shutil
import subprocess
from collections.abc import Callable
from datetime import datetime, timedelta
from email.policy import default
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from contact_service.sealing import KeyUnusableError, load_sealer
from contact_service.settings.service import SmimeRecipient
from tests.support.project import skip_or_fail
from tests.support.service.certificates import NOW, certificate_for, private_pem
from tests.support.service.sealed import CANARY, assert_readable_as_it_is, submission
from tests.support.service.service_parts import text_of

ADDRESS = "centre@example.org"
WEAK_BITS = 1024


@pytest.fixture(scope="module")
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.fixture(scope="module")
def certificate(rsa_key: rsa.RSAPrivateKey) -> x509.Certificate:
    return certificate_for(rsa_key, "key_encipherment")


def seal(certificate: x509.Certificate, text: str = CANARY) -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder, "centre.pem")
        file.write_bytes(certificate.public_bytes(Encoding.PEM))
        recipient = SmimeRecipient(address=ADDRESS, seal="smime", certificate=file)
        sealer = load_sealer(recipient, certificate.not_valid_before_utc)
    return sealer.seal(submission(text), "opora@example.org").content


def openssl(mail: bytes, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
    if shutil.which("openssl") is None:
        skip_or_fail("no openssl here (make test installs it where it may)")
    command = ["openssl", "cms", "-inform", "SMIME", *arguments]
    return subprocess.run(command, input=mail, capture_output=True, check=False)


def opened(
    mail: bytes, key: Any, certificate: x509.Certificate, folder: Path
) -> subprocess.CompletedProcess[bytes]:
    (folder / "key.pem").write_bytes(private_pem(key))
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    files = ("-inkey", folder / "key.pem", "-recip", folder / "certificate.pem")
    return openssl(mail, "-decrypt", *files)


def test_openssl_opens_it(
    rsa_key: rsa.RSAPrivateKey, certificate: x509.Certificate, tmp_path: Path
) -> None:
    """The whole mail, given to openssl with the centre's key, becomes the sheet."""
    run = opened(seal(certificate), rsa_key, certificate, tmp_path)
    assert run.returncode == 0, run.stderr
    assert CANARY in text_of(run.stdout)
    assert_readable_as_it_is(run.stdout)


def test_cipher_is_aes_256(certificate: x509.Certificate) -> None:
    """openssl names AES with 256 bits as the cipher of the content."""
    said = openssl(seal(certificate), "-cmsout", "-print").stdout
    assert b"aes-256-cbc" in said


def test_another_key_does_not_open_it(certificate: x509.Certificate, tmp_path: Path) -> None:
    """A mail for one centre is closed to the key of another."""
    other = rsa.generate_private_key(65537, 2048)
    run = opened(seal(certificate), other, certificate_for(other), tmp_path)
    assert run.returncode != 0
    assert run.stdout == b""


def test_structure_is_what_outlook_reads(certificate: x509.Certificate) -> None:
    """RFC 8551, section 3.2: one part of enveloped data called smime.p7m, lines of 76 signs."""
    content = seal(certificate)
    mail = email.message_from_bytes(content, policy=default)
    assert mail.get_content_type() == "application/pkcs7-mime"
    assert mail.get_param("smime-type") == "enveloped-data"
    assert mail.get_filename() == "smime.p7m"
    assert mail.defects == []
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(map(len, content.partition(b"\r\n\r\n")[2].split(b"\r\n"))) == 76


def test_length_says_little(certificate: x509.Certificate) -> None:
    """A short cry for help and a long letter have the same length on the wire."""
    assert len(seal(certificate, "я")) == len(seal(certificate, "я" * 2000))


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_certificate_is_read_in_both_forms(
    certificate: x509.Certificate, tmp_path: Path, encoding: Encoding
) -> None:
    """An issuer gives the certificate as text or as bytes; its end is known."""
    file = tmp_path / "centre.crt"
    file.write_bytes(certificate.public_bytes(encoding))
    recipient = SmimeRecipient(address=ADDRESS, seal="smime", certificate=file)
    assert load_sealer(recipient, NOW).expires == certificate.not_valid_after_utc


def pem(key: Any, use: str | None = None, days: int = 365) -> bytes:
    return certificate_for(key, use, days).public_bytes(Encoding.PEM)


@pytest.mark.parametrize(
    ("content", "now", "words"),
    [
        (lambda _key: None, NOW, "няма файл"),
        (lambda _key: b"not a certificate", NOW, "не е сертификат"),
        (lambda key: pem(key).replace(b"MII", b"AAA", 1), NOW, "не е сертификат"),
        (pem, NOW + timedelta(days=365), "изтекъл"),
        (pem, NOW - timedelta(days=2), "още не важи"),
        (lambda _key: pem(rsa.generate_private_key(65537, WEAK_BITS)), NOW, "слаб ключ .1024 бита"),
        (lambda _key: pem(ec.generate_private_key(ec.SECP256R1())), NOW, "не е обикновен RSA"),
        (lambda key: pem(key, "digital_signature"), NOW, "само за подпис"),
        (lambda key: pem(key) + private_pem(key), NOW, "съдържа тайния ключ"),
    ],
)
def test_unusable_certificate_is_named(
    rsa_key: rsa.RSAPrivateKey,
    tmp_path: Path,
    content: Callable[[Any], bytes | None],
    now: datetime,
    words: str,
) -> None:
    """Each kind of useless certificate is refused with what is wrong with it."""
    file = tmp_path / "centre.crt"
    made = content(rsa_key)
    if made is not None:
        file.write_bytes(made)
    recipient = SmimeRecipient(address=ADDRESS, seal="smime", certificate=file)
    with pytest.raises(KeyUnusableError, match=words) as caught:
        load_sealer(recipient, now)
    assert ADDRESS in str(caught.value)


def test_certificate_that_ends_while_the_service_runs_seals_no_more(
    rsa_key: rsa.RSAPrivateKey,
) -> None:
    """The time is looked at again for every letter, not only at the start."""
    with pytest.raises(KeyUnusableError, match="изтекъл"):
        seal(certificate_for(rsa_key, days=0))
