"""Keys for each purpose, from the one secret of the settings; and the codes made with them."""

from __future__ import annotations

import hmac
import json
import os
from collections.abc import Mapping

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from contact_service.reference_numbers import in_signs


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


def follow_up(key: bytes, reference: str, centre: str) -> str:
    """A letter's number as the form of its next letter carries it; nobody else can make it."""
    proof = hmac.digest(key, "\n".join((reference, centre)).encode(), "sha256")
    return f"{reference} {proof.hex()}"


def check_code(key: bytes, reference: str, centre: str, form: str, accepted_at: str) -> str:
    """Eight signs (31 bits) that prove that this service gave out a receipt."""
    proof = hmac.digest(key, "\n".join((reference, centre, form, accepted_at)).encode(), "sha256")
    signs = in_signs(int.from_bytes(proof), 8)
    return f"{signs[:4]}-{signs[4:]}"
