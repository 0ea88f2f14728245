"""The address of a receipt: an encrypted token, so that it tells nothing and ends by itself."""

from __future__ import annotations

import base64
import json
from dataclasses import asdict, dataclass

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LIFETIME_SECONDS = 30 * 60


@dataclass(frozen=True)
class Receipt:
    """What the sender may see again for half an hour: never an answer."""

    language: str
    centre: str
    form: str
    reference: str
    accepted_at: str


class ReceiptTokens:
    """Makes and reads tokens (Fernet: AES-128-CBC with HMAC-SHA-256 and the time of making)."""

    def __init__(self, secret: str) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=b"opora receipt").derive(secret.encode())
        self._fernet = Fernet(base64.urlsafe_b64encode(derived))

    def token(self, receipt: Receipt) -> str:
        return self._fernet.encrypt(json.dumps(asdict(receipt)).encode()).decode()

    def read(self, token: str) -> Receipt | None:
        """The receipt, or None for a token that is forged, broken or too old."""
        try:
            return Receipt(**json.loads(self._fernet.decrypt(token, ttl=LIFETIME_SECONDS)))
        except (InvalidToken, ValueError):  # ValueError: signs that no token has
            return None
