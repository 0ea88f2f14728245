"""A box: sealed bytes that only a code opens, which stands on a piece of paper and nowhere else.

From the code follow a place in the table (with the service's secret) and a pair of keys (without
it). The service keeps the place and what was sealed to that pair, and the public key only closed
for those who answer: a thief of the database opens nothing, one who can write into it makes no
answer, and anyone who holds the code needs no account.
"""

from __future__ import annotations

import hmac
import json
import secrets
import unicodedata
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from contact_service.keys import derive
from contact_service.reference_numbers import ALPHABET, in_signs

SIGNS = 20
"""Of a code: 78 bits from `secrets`."""
SIGNS_OF_CODES = ", ".join(ALPHABET)
"""All that stand in a code, for sentences."""
STEP = 2048
"""Bytes: what is sealed is a whole number of these long, so that its length tells no sentence; 900
Cyrillic letters are one step."""

_OURS = "mark"
"""Under this name a reader's note proves that the service has written it for this place."""
_HPKE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)
"""RFC 9180, DHKEM(X25519, HKDF-SHA256), as `cryptography` has it."""


class MistypedError(ValueError):
    """No code is written like this: a sign is lacking, wrong or in another place."""


class OtherCodeError(Exception):
    """What is in the box was not sealed to this code, or is no note and no answer."""


@dataclass(frozen=True)
class Box:
    """What the service keeps of a box; nothing of it leads back to a code.

    `place` is found with the reader's code, `slot` with the code of those who answer; `note` is
    what these may know of the letter, and the key that they seal to, closed with their code;
    `reader_note` is the same for the reader, closed with his.
    """

    place: bytes
    slot: bytes
    note: bytes
    reader_note: bytes = b""


def new_code() -> str:
    """Twenty signs from `secrets` and a check sign, in groups, without look-alikes."""
    signs = in_signs(secrets.randbelow(len(ALPHABET) ** SIGNS), SIGNS)
    return _grouped(signs + ALPHABET[-_weighed(signs) * _AT_THE_END % len(ALPHABET)])


def read_code(typed: str) -> str:
    """A code as `new_code` writes it, however it was typed; raises MistypedError.

    One wrong sign and two neighbours in each other's place are always noticed.
    """
    signs = "".join(_plain(sign) for sign in typed.upper() if sign.isalnum())
    if len(signs) != SIGNS + 1 or set(signs) - set(ALPHABET) or _weighed(signs):
        raise MistypedError
    return _grouped(signs)


def place_of(secret: str, code: str) -> bytes:
    """Where the table has the box of a reader's code."""
    return hmac.digest(derive(secret, "box place"), code.encode(), "sha256")


def slot_of(secret: str, code: str) -> bytes:
    """Where the table has the box that is answered with this code."""
    return hmac.digest(derive(secret, "box slot"), code.encode(), "sha256")


def new_box(secret: str, code: str, answer_code: str, note: dict[str, str]) -> Box:
    """The box for these two codes, each of which opens a note of the letter."""
    key, place = _private_key(code).public_key(), place_of(secret, code)
    for_staff = {**note, "key": key.public_bytes_raw().hex()}
    return Box(
        place=place,
        slot=slot_of(secret, answer_code),
        note=_seal(_private_key(answer_code).public_key(), for_staff),
        reader_note=_seal(key, {**note, _OURS: _mark(secret, place, note)}),
    )


def note_of(box: Box, answer_code: str) -> dict[str, str]:
    """What those who answer may know of the letter, and the reader's key; raises OtherCodeError."""
    return _open(answer_code, box.note)


def reader_note_of(secret: str, code: str, content: bytes) -> dict[str, str]:
    """What the reader may know of the letter; raises OtherCodeError.

    Also for a note that the service has not written: anyone can seal one to a code of their own.
    """
    note = _open(code, content)
    told = note.pop(_OURS, "")
    if not hmac.compare_digest(told.encode(), _mark(secret, place_of(secret, code), note).encode()):
        raise OtherCodeError
    return note


def sealed_answer(note: dict[str, str], answer: dict[str, str]) -> bytes:
    """An answer that only the reader's code opens; `note` is what `note_of` gave."""
    return _seal(X25519PublicKey.from_public_bytes(bytes.fromhex(note["key"])), answer)


def opened_answer(code: str, content: bytes) -> dict[str, str]:
    """The answer; raises OtherCodeError."""
    return _open(code, content)


def _seal(key: X25519PublicKey, said: dict[str, str]) -> bytes:
    text = json.dumps(said, ensure_ascii=False).encode()
    return bytes(_HPKE.encrypt(text + b" " * (-len(text) % STEP), key))


def _open(code: str, content: bytes) -> dict[str, str]:
    try:
        said = json.loads(_HPKE.decrypt(content, _private_key(code)))
    except (InvalidTag, ValueError, RecursionError):
        raise OtherCodeError from None
    if not isinstance(said, dict) or not all(isinstance(word, str) for word in said.values()):
        raise OtherCodeError
    return said


def _mark(secret: str, place: bytes, note: dict[str, str]) -> str:
    said = place + json.dumps(note, sort_keys=True).encode()
    return hmac.digest(derive(secret, "box note"), said, "sha256").hex()


def _private_key(code: str) -> X25519PrivateKey:
    # No stretching: at 10^12 tries a second 78 bits are 10,000 years, and one of the boxes of a
    # thousand letters is found after 10.
    raw = HKDF(SHA256(), 32, salt=None, info=b"opora box key").derive(code.encode())
    return X25519PrivateKey.from_private_bytes(raw)


_AT_THE_END = pow(pow(2, SIGNS, len(ALPHABET)), -1, len(ALPHABET))


def _weighed(signs: str) -> int:
    """0 for a code. Powers of 2, and their differences, share no divisor with 15 signs: so no
    single sign, and no two neighbours, can be exchanged unnoticed.
    """
    return sum(ALPHABET.index(sign) << place for place, sign in enumerate(signs)) % len(ALPHABET)


def _plain(sign: str) -> str:
    """The digits of any script as 0 to 9, wide letters as others; S and Z, which no code has, as
    the digits that they look like.
    """
    digit = unicodedata.digit(sign, None)
    if digit is not None:
        return str(digit)
    return unicodedata.normalize("NFKC", sign).replace("S", "5").replace("Z", "2")


def _grouped(signs: str) -> str:
    return "-".join(signs[start : start + 3] for start in range(0, len(signs), 3))
