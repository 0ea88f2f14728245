"""Keys for each purpose, from the one secret of the settings; and the codes made with them."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from contact_service.reference import in_signs


def derive(secret: str, purpose: str) -> bytes:
    """32 bytes that tell nothing of the secret or of any other purpose (RFC 5869)."""
    info = f"opora {purpose}".encode()
    return HKDF(SHA256(), 32, salt=None, info=info).derive(secret.encode())


def letter_mac(key: bytes, centre: str, form: str, answers: Mapping[str, object]) -> bytes:
    """Recognises the same answers to the same form; says nothing to who has no key."""
    canonical = json.dumps([centre, form, answers], sort_keys=True, ensure_ascii=False)
    return hmac.digest(key, canonical.encode(), "sha256")


def check_code(key: bytes, reference: str, centre: str, form: str, accepted_at: str) -> str:
    """Eight signs (31 bits) that prove that this service gave out a receipt."""
    proof = hmac.digest(key, "\n".join((reference, centre, form, accepted_at)).encode(), "sha256")
    signs = in_signs(int.from_bytes(proof), 8)
    return f"{signs[:4]}-{signs[4:]}"
