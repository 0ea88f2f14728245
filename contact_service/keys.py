"""Keys for each purpose, from the one secret of the settings; and the codes made with them."""

from __future__ import annotations

import base64
import hmac
import json
import os
from collections.abc import Mapping
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from contact_service.reference_numbers import in_signs

FOLLOW_UP_SECONDS = 24 * 60 * 60
"""An abandoned tab that is found open later tells a centre nothing."""


def derive(secret: str, purpose: str) -> bytes:
    """32 bytes that tell nothing of the secret or of any other purpose (RFC 5869)."""
    info = f"opora {purpose}".encode()
    return HKDF(SHA256(), 32, salt=None, info=info).derive(secret.encode())


def letter_mac(
    key: bytes, centre: str, form: str, answers: Mapping[str, object], network: str
) -> bytes:
    """Recognises the same answers to the same form from the same network.

    It says nothing to who has no key. Two people who write the same words are two people.
    """
    canonical = json.dumps([centre, form, answers, network], sort_keys=True, ensure_ascii=False)
    return hmac.digest(key, canonical.encode(), "sha256")


def name_of(mac: bytes) -> bytes:
    """A name for what has this MAC, from which the MAC cannot be told."""
    return hmac.digest(mac, b"name", "sha256")


def close_note(mac: bytes, note: str) -> bytes:
    """A short note that only who makes the same MAC again can read."""
    nonce = os.urandom(12)
    return nonce + _note_key(mac).encrypt(nonce, note.encode(), None)


def open_note(mac: bytes, closed: bytes) -> str:
    return _note_key(mac).decrypt(closed[:12], closed[12:], None).decode()


def _note_key(mac: bytes) -> AESGCM:
    return AESGCM(hmac.digest(mac, b"note", "sha256"))


class FollowUps:
    """A letter's number as the form of its next letter carries it, with proof that it is ours.

    It proves that somebody opened the box of that letter not long ago, and no more than that.
    """

    def __init__(self, secret: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(derive(secret, "follow-up")))

    def value_for(self, reference: str, centre: str, place: bytes, now: datetime) -> str:
        """For a letter to this centre that has its box at `place`."""
        said = json.dumps([reference, centre, place.hex()]).encode()
        return f"{reference} {self._fernet.encrypt_at_time(said, int(now.timestamp())).decode()}"

    def place_in(self, carried: str, centre: str, now: datetime) -> bytes | None:
        """Where the letter has its box; None for what is forged, a day old or of another centre."""
        number, _, token = carried.partition(" ")
        at = int(now.timestamp())
        try:
            said = json.loads(self._fernet.decrypt_at_time(token, FOLLOW_UP_SECONDS, at))
        except (InvalidToken, ValueError):  # ValueError: signs that no token has
            return None
        return bytes.fromhex(said[2]) if said[:2] == [number, centre] else None


def check_code(key: bytes, reference: str, centre: str, form: str, accepted_at: str) -> str:
    """Eight signs (31 bits) that prove that this service gave out a receipt."""
    proof = hmac.digest(key, "\n".join((reference, centre, form, accepted_at)).encode(), "sha256")
    signs = in_signs(int.from_bytes(proof), 8)
    return f"{signs[:4]}-{signs[4:]}"
