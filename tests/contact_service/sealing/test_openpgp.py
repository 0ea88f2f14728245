"""Sealing: only the key opens it, `gpg` agrees, and the headers tell nothing."""

from __future__ import annotations

import email
from datetime import UTC, datetime, timedelta
from email.policy import default
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from pysequoia import Cert, Profile, Tsk, decrypt
from pysequoia.packet import PacketPile

from contact_service.sealing import KeyEndedError, KeyUnusableError, Sealer, load_sealer
from contact_service.sealing.message import padded_sheet
from contact_service.settings.service import OpenPgpRecipient
from tests.support.service.sealed import CANARY, assert_readable_as_it_is, submission
from tests.support.service.service_parts import gpg_with_a_key, text_of

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
SIZE_CLASS = 8 * 1024


def recipient(key: Path) -> OpenPgpRecipient:
    return OpenPgpRecipient(address="centre@example.org", seal="openpgp", key=key)


def sealer_to(certificate: bytes) -> Sealer:
    with TemporaryDirectory() as folder:
        key = Path(folder, "centre.asc")
        key.write_bytes(certificate)
        return load_sealer(recipient(key), datetime.now(UTC))


def seal(key: Tsk) -> bytes:
    sealer = sealer_to(bytes(key.extract_certificate()))
    return sealer.seal(submission(), "opora@example.org").content


def test_headers_are_constant_but_for_the_reference(secret_key: Tsk) -> None:
    """Subject, sender and all other headers say nothing of the answers or of who wrote."""
    mail = email.message_from_bytes(seal(secret_key), policy=default)
    assert mail["Subject"] == "Ново заключено писмо DF4GJ-2UV79"
    assert mail["From"] == "opora@example.org"
    assert mail["To"] == "centre@example.org"
    assert mail["Reply-To"] == "centre@example.org"
    assert set(mail.keys()) == {
        "Content-Type", "MIME-Version", "From", "To", "Subject", "Date", "Message-ID",
        "Auto-Submitted", "Reply-To",
    }  # fmt: skip


def test_structure_is_pgp_mime(secret_key: Tsk) -> None:
    """RFC 3156, section 4: exactly two parts, the version and the ciphertext."""
    mail = email.message_from_bytes(seal(secret_key), policy=default)
    assert mail.get_content_type() == "multipart/encrypted"
    assert mail.get_param("protocol") == "application/pgp-encrypted"
    kinds = [part.get_content_type() for part in mail.iter_parts()]
    assert kinds == ["application/pgp-encrypted", "application/octet-stream"]
    assert next(mail.iter_parts()).get_payload().strip() == "Version: 1"


@pytest.mark.parametrize(
    "options",
    [(), ("--default-preference-list", "AES256 SHA512 no-mdc")],
    ids=["as GnuPG makes it", "announces no packet format, as keys of Thunderbird"],
)
def test_gpg_opens_what_was_sealed_to_its_own_key(options: tuple[str, ...]) -> None:
    """A centre makes its key with GnuPG, which shares no code with us, and reads the text."""
    with gpg_with_a_key(*options) as gpg:
        sealer = sealer_to(gpg("--export"))
        sealed = sealer.seal(submission(), "opora@example.org")
        mail = email.message_from_bytes(sealed.content, policy=default)
        ciphertext = list(mail.iter_parts())[1].get_content()
        opened = gpg("--decrypt", input=ciphertext)
    assert CANARY in text_of(opened)
    assert_readable_as_it_is(opened)


@pytest.mark.parametrize("profile", [Profile.RFC4880, Profile.RFC9580])
def test_packets_are_those_that_every_reader_opens(profile: Profile) -> None:
    """One PKESK of version 3 and one SEIPD of version 1, which Thunderbird and GnuPG know,
    whatever the certificate announces; and the owner of the key opens them."""
    key = Tsk.generate(user_id="Centre", profile=profile)
    mail = email.message_from_bytes(seal(key), policy=default)
    ciphertext = list(mail.iter_parts())[1].get_content()
    packets = [(str(packet.tag), packet.body[0]) for packet in PacketPile.from_bytes(ciphertext)]
    assert packets == [("Tag.PKESK", 3), ("Tag.SEIP", 1)]
    clear = decrypt(ciphertext, decryptor=key.decryptor()).bytes
    assert clear is not None
    assert CANARY in text_of(clear)


def test_another_key_does_not_open_it(secret_key: Tsk) -> None:
    """A message for one centre is closed to the key of another."""
    mail = email.message_from_bytes(seal(secret_key), policy=default)
    ciphertext = list(mail.iter_parts())[1].get_content()
    with pytest.raises(Exception, match=r"decrypt|key"):
        decrypt(ciphertext, decryptor=Tsk.generate(user_id="other").decryptor())


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "няма файл"),
        ("not a key", "не е ключ OpenPGP"),
        (str(Tsk.generate(user_id="x")), "съдържа тайния ключ"),
        (str(Tsk.generate(user_id="x", validity_seconds=1).extract_certificate()), "изтекъл"),
    ],
)
def test_unusable_key_is_named(tmp_path: Path, content: str | None, words: str) -> None:
    """A missing, broken, secret or expired key is refused with what is wrong."""
    key = tmp_path / "key.asc"
    if content is not None:
        key.write_text(content)
    with pytest.raises(KeyUnusableError, match=words):
        load_sealer(recipient(key), datetime.now(UTC) + timedelta(seconds=5))


def test_key_that_ends_while_the_service_runs_ends_its_use(tmp_path: Path) -> None:
    """Read before its end, it seals nothing after that; the library would not mind."""
    key = tmp_path / "key.asc"
    with gpg_with_a_key("--faked-system-time", "20200101T000000") as gpg:
        key.write_bytes(gpg("--export"))  # GnuPG's keys end by themselves after some years
    sealer = load_sealer(recipient(key), datetime(2020, 1, 2, tzinfo=UTC))
    assert sealer.expires
    load_sealer(recipient(key), sealer.expires - timedelta(seconds=1))
    with pytest.raises(KeyEndedError, match=f"изтекъл на {sealer.expires:%d.%m.%Y}"):
        load_sealer(recipient(key), sealer.expires)
    with pytest.raises(KeyEndedError):
        sealer.seal(submission(), "opora@example.org")


def test_key_that_only_signs_is_refused(tmp_path: Path) -> None:
    """A certificate with no part for encryption never yields a letter that nobody opens."""
    key = tmp_path / "key.asc"
    with gpg_with_a_key() as gpg:
        gpg("--quick-gen-key", "Signs <signs@example.org>", "ed25519", "sign")
        key.write_bytes(gpg("--export", "signs@example.org"))
    with pytest.raises(KeyUnusableError, match="няма част за шифроване"):
        load_sealer(recipient(key), datetime.now(UTC))


def test_revoked_key_is_refused(tmp_path: Path) -> None:
    """A revoked certificate seals nothing."""
    secret = Tsk.generate(user_id="x")
    certificate = secret.extract_certificate()
    revocation = certificate.revoke(secret.certifier())
    revoked = Cert.from_bytes(bytes(certificate) + bytes(revocation))
    key = tmp_path / "key.asc"
    key.write_bytes(bytes(revoked))
    with pytest.raises(KeyUnusableError, match="отменен"):
        load_sealer(recipient(key), NOW)


@pytest.mark.parametrize("length", [1, 100, 3000, 4000])
def test_length_of_the_ciphertext_says_little(secret_key: Tsk, length: int) -> None:
    """A short cry for help and a long letter have the same length on the wire."""
    sealer = sealer_to(bytes(secret_key.extract_certificate()))
    short, long = (
        sealer.seal(submission("я" * n), "opora@example.org").content for n in (1, length // 2)
    )
    assert len(short) == len(long)
    assert len(padded_sheet(submission("я" * length))) % SIZE_CLASS == 0


@pytest.mark.parametrize("more", range(0, 90, 7))
def test_padding_fills_every_length(more: int) -> None:
    """Whatever is missing to a whole class is filled to the byte, after the text."""
    entity = padded_sheet(submission("я" * more))
    assert len(entity) == SIZE_CLASS
    mail = email.message_from_bytes(entity, policy=default)
    assert mail.defects == []
    assert len(mail.epilogue) > SIZE_CLASS // 4
    assert mail.preamble is None
