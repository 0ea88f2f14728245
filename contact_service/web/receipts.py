"""The receipt: what the sender may keep, behind an address that tells nothing and ends."""

from __future__ import annotations

import base64
import json

from cryptography.fernet import Fernet, InvalidToken

from contact_service.intake import Receipt
from contact_service.keys import derive

LIFETIME_SECONDS = 30 * 60


class ReceiptTokens:
    """Makes and reads tokens (Fernet: AES-128-CBC with HMAC-SHA-256 and the time of making)."""

    def __init__(self, secret: str) -> None:
        self._fernet = Fernet(base64.urlsafe_b64encode(derive(secret, "receipt")))

    def token(self, receipt: Receipt) -> str:
        return self._fernet.encrypt(json.dumps(vars(receipt)).encode()).decode()

    def read(self, token: str) -> Receipt | None:
        """The receipt, or None for a token that is forged, broken or too old."""
        try:
            return Receipt(**json.loads(self._fernet.decrypt(token, ttl=LIFETIME_SECONDS)))
        # ValueError: signs that no token has; TypeError: the fields of an earlier version
        except (InvalidToken, ValueError, TypeError):
            return None
