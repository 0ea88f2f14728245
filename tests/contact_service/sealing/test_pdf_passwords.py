"""PDF passwords: what is closed opens in every reader by what a person types, or is refused."""

from __future__ import annotations

import email
import unicodedata
from datetime import UTC, datetime
from email.policy import default
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from contact_service.sealing import load_sealer
from contact_service.settings.passwords import pdf_password
from contact_service.settings.saslprep import saslprep
from tests.support.service.bad_keys import pdf, refused
from tests.support.service.sealed import submission

LONGEST = "я" * 63  # 126 bytes
COMPOSED = "тай-най-край"
ROMAN = "ключ Ⅷ център"


def password_file(folder: Path, content: bytes) -> Path:
    file = folder / "centre.password"
    file.write_bytes(content)
    file.chmod(0o600)
    return file


def sealed(folder: Path, content: bytes) -> bytes:
    """The PDF of a letter to a recipient whose password stands in a file of this content."""
    sealer = load_sealer(pdf(password_file(folder, content)), datetime.now(UTC))
    mail = sealer.seal(submission(), "opora@example.org").content
    [part] = email.message_from_bytes(mail, policy=default).iter_attachments()
    return bytes(part.get_content())


@pytest.mark.parametrize(
    ("content", "typed"),
    [
        ("\ufeffкотка-влак-юли\n", "котка-влак-юли"),
        ("  котка-влак-юли \t\r\n\r\n", "котка-влак-юли"),
        ("\u200bкотка-влак-юли\u2060\u3164\n", "котка-влак-юли"),
        ("котка\u00a0влак\u2003юли\n", "котка влак юли"),
        ("котка\u00adвлак\u200d-юли\n", "коткавлак-юли"),
        (unicodedata.normalize("NFD", COMPOSED), COMPOSED),
        (f"{LONGEST}\n", LONGEST),
        (f"{ROMAN}\n", ROMAN),
        (f"{ROMAN}\n", "ключ VIII център"),
        ("كلمةمرورطويلة\n", "كلمةمرورطويلة"),
    ],
    ids=[
        *("mark of the byte order", "blanks around", "unseen around", "wide blanks inside"),
        *("unseen inside", "two signs for one", "longest", "as typed", "as prepared", "arabic"),
    ],
)
def test_letter_opens_by_what_people_type(tmp_path: Path, content: str, typed: str) -> None:
    """Readers that prepare a password (ISO 32000-2) and those that take it as it is both open."""
    closed = sealed(tmp_path, content.encode())
    for password in {typed, saslprep(typed)}:
        with pikepdf.open(BytesIO(closed), password=password) as opened:
            assert opened.pages


BAD = {
    "64 letters of Bulgarian": ("я" * 64, "127 байта"),
    "128 signs": ("a" * 128, "127 байта"),
    "127 bytes that grow": ("ﷺ" * 12, "127 байта"),
    "two lines": ("котка-влак-юли\nвторото писмо", "един ред"),
    "short": ("elevensigns", "12 знака"),
    "short behind what nobody sees": ("elevensigns\u200b\u00ad ", "12 знака"),
    "short between what is left out": ("eleven\u00adsigns", "12 знака"),
    "only what nobody sees": ("\ufeff \u200b\n", "празен"),
    "a smiling face": ("котка-влак-юли-😀", "знак № 16"),
    "a letter newer than Unicode 3.2": ("котка-влак-юли-ẞ", "знак № 16"),
    "a zero": ("котка-влак\0юли", "управляващ"),
    "a change of direction": ("котка-влак\u202eюли", "знак № 11"),
    "both directions": ("كلمةمرورطويلةabc", "отдясно наляво"),
}


@pytest.mark.parametrize("kind", BAD)
def test_password_that_readers_take_for_another_is_refused(tmp_path: Path, kind: str) -> None:
    """The sentence says what is wrong, and repeats nothing of the password."""
    content, words = BAD[kind]
    said = refused(password_file(tmp_path, content.encode()), pdf)
    assert words in said
    assert content[:4] not in said
    assert content[-4:] not in said


@pytest.mark.parametrize(
    "content", [b"\xff\xfe" + "котка-влак-юли".encode("utf-16-le"), b"\x80" * 20]
)
def test_password_in_another_encoding_is_refused(tmp_path: Path, content: bytes) -> None:
    """Only UTF-8 is read."""
    assert "UTF-8" in refused(password_file(tmp_path, content), pdf)


@pytest.mark.parametrize("content", [text for text, _ in BAD.values() if text.strip()])
def test_typed_password_is_judged_alike(content: str) -> None:
    """`replace-key` and `init` say at once what the service would say later."""
    with pytest.raises(ValueError, match=r"[.а-я]"):
        pdf_password(content)
    assert pdf_password(" котка-влак-юли\n") == "котка-влак-юли"
