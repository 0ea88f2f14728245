"""Keys, certificates, password files, secrets: whatever is in them, only sentences come out."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from pysequoia import Cert, CipherSuite, EncryptionAlgorithm, Profile, Tsk
from pysequoia.packet import PacketPile

from contact_service.sealing import KeyUnusableError, load_sealer
from contact_service.settings.service import (
    OpenPgpRecipient,
    PdfRecipient,
    Recipient,
    Settings,
    SettingsError,
    SmimeRecipient,
    load_settings,
)
from contact_service.submission import Submission, sofia_time
from site_model.forms.filled import Answer
from tests.fuzz.examples import tries

ADDRESS = "centre@example.org"
NOW = datetime.now(UTC)
LETTER = Submission(
    "DF4GJ-2UV79", "Център", "Формуляр", 1, NOW, (Answer("message", "Какво", ("…",), False),)
)


def openpgp(file: Path) -> Recipient:
    return OpenPgpRecipient(address=ADDRESS, seal="openpgp", key=file)


def smime(file: Path) -> Recipient:
    return SmimeRecipient(address=ADDRESS, seal="smime", certificate=file)


def pdf(file: Path) -> Recipient:
    return PdfRecipient(address=ADDRESS, seal="pdf", password_file=file)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


def used_or_refused(folder: Path, kind: Callable[[Path], Recipient], content: bytes) -> bool:
    """Whether a file of this content is taken; then a letter is sealed to it, and its end is a
    day that can be shown. Else one line names the recipient and the file."""
    file = folder / "key"
    file.write_bytes(content)
    file.chmod(0o600)
    try:
        sealer = load_sealer(kind(file), NOW)
        assert sealer.expires is None or sofia_time(sealer.expires)
        assert sealer.seal(LETTER, "opora@example.org").content.isascii()
    except KeyUnusableError as error:
        said = str(error)
        assert said.startswith(f"{ADDRESS}: ")
        assert str(file) in said
        assert "\n" not in said
        return False
    return True


KEYS = [
    *(
        Tsk.generate(user_id=f"{profile} {suite}", profile=profile, cipher_suite=suite)
        for profile in (Profile.RFC4880, Profile.RFC9580)
        for suite in (CipherSuite.Cv25519, CipherSuite.P256, CipherSuite.RSA2k)
    ),
    *(
        Tsk.generate(user_ids=["a", "b"], profile=Profile.RFC9580, encryption_algorithm=algorithm)
        for algorithm in (EncryptionAlgorithm.MLKEM1024_X448, EncryptionAlgorithm.MLKEM768_X25519)
    ),
    Tsk.generate(user_id="short", validity_seconds=5),
]
CERTIFICATES = [bytes(key.extract_certificate()) for key in KEYS]
PACKETS = [
    bytes(packet)
    for whole in (*CERTIFICATES, *(bytes(key) for key in KEYS))
    for packet in PacketPile.from_bytes(whole)
]
GOOD = CERTIFICATES[0]


@st.composite
def harmed(draw: st.DrawFn, wholes: list[bytes]) -> bytes:
    """A file with some bytes changed, some of it taken out, or something put in."""
    content = bytearray(draw(st.sampled_from(wholes)))
    for _ in range(draw(st.integers(0, 4))):
        place = draw(st.integers(0, max(len(content) - 1, 0)))
        match draw(st.sampled_from(["change", "cut", "put", "end"])):
            case "change" if content:
                content[place] = draw(st.integers(0, 255))
            case "cut":
                del content[place : place + draw(st.integers(1, 60))]
            case "put":
                content[place:place] = draw(st.binary(max_size=20) | st.sampled_from(PACKETS))
            case _:
                del content[place:]
    return bytes(content)


ARMOURED = [str(Cert.from_bytes(whole)).encode() for whole in CERTIFICATES]
OPENPGP = (
    harmed(CERTIFICATES)
    | harmed(ARMOURED)
    | st.lists(st.sampled_from(PACKETS), max_size=12).map(b"".join)
    | st.binary(max_size=200)
)


@tries(0.1)
@given(OPENPGP)
def test_openpgp_keys_are_used_or_refused(folder: Path, content: bytes) -> None:
    """Whatever was tried, the next good key can be used: none takes the library down."""
    used_or_refused(folder, openpgp, content)
    assert used_or_refused(folder, openpgp, GOOD)


RSA_KEY = rsa.generate_private_key(65537, 2048)
OIDS = st.sampled_from(["2.5.29.15", "2.5.29.19", "2.5.29.37", "2.5.29.17", "1.3.6.1.4.1.9.9"])


@st.composite
def certificates(draw: st.DrawFn) -> bytes:
    """A certificate whose days and extensions are anything."""
    starts = draw(st.datetimes(datetime(1950, 1, 1), datetime(9999, 12, 30)))
    longest = datetime(9999, 12, 31, 23, 59, 59) - starts
    name = x509.Name(
        [x509.NameAttribute(NameOID.COMMON_NAME, draw(st.text(min_size=1, max_size=16)))]
    )
    builder = (
        x509.CertificateBuilder(name, name, RSA_KEY.public_key(), 1)
        .not_valid_before(starts)
        .not_valid_after(starts + draw(st.timedeltas(timedelta(seconds=1), longest)))
    )
    for oid in draw(st.lists(OIDS, max_size=3, unique=True)):
        value = x509.UnrecognizedExtension(x509.ObjectIdentifier(oid), draw(st.binary(max_size=9)))
        builder = builder.add_extension(value, critical=draw(st.booleans()))
    return builder.sign(RSA_KEY, hashes.SHA256()).public_bytes(
        draw(st.sampled_from([Encoding.PEM, Encoding.DER]))
    )


def good_certificate() -> bytes:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "x")])
    builder = x509.CertificateBuilder(name, name, RSA_KEY.public_key(), 1)
    builder = builder.not_valid_before(NOW).not_valid_after(NOW + timedelta(days=9))
    builder = builder.add_extension(x509.BasicConstraints(False, None), critical=True)
    return builder.sign(RSA_KEY, hashes.SHA256()).public_bytes(Encoding.DER)


@tries(0.1)
@given(harmed([good_certificate()]) | certificates() | st.binary(max_size=200))
def test_certificates_are_used_or_refused(folder: Path, content: bytes) -> None:
    """Bytes changed, days and extensions of any kind."""
    used_or_refused(folder, smime, content)


SIGNS = "абвABC 12-\u00a0\u00ad\u200b\ufeff\u0306и\u202e\u3164ﷺⅧ😀ك\t\n\r\x00\x85\u2028"
PASSWORDS = st.text(SIGNS, max_size=140) | st.text(st.characters(exclude_categories=["Cs"]))


@tries(0.03)
@given(PASSWORDS.map(str.encode) | st.binary(max_size=140))
def test_password_files_are_used_or_refused(folder: Path, content: bytes) -> None:
    """What is taken was opened again when it was read."""
    used_or_refused(folder, pdf, content)


@tries(0.05)
@given(PASSWORDS.map(str.encode) | st.binary(max_size=140), PASSWORDS.map(str.encode))
def test_files_of_secrets_are_read_or_refused(folder: Path, secret: bytes, password: bytes) -> None:
    """Any bytes in the files that settings name give settings or SettingsError."""
    for name, content in {"secret": secret, "password": password}.items():
        file = folder / name
        file.write_bytes(content)
        file.chmod(0o600)
    text = (
        'site_folder = "site"\ncontent_folder = "content"\ndatabase = "sqlite:///x"\n'
        'secret_file = "secret"\n[smtp]\nhost = "127.0.0.1"\nport = 25\nsecurity = "none"\n'
        'sender = "opora@example.org"\npassword_file = "password"\n[centres]\n'
    )
    try:
        assert isinstance(load_settings(text, {}, folder), Settings)
    except SettingsError as error:
        assert str(error)
