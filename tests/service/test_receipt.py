"""Receipt tokens: encrypted, ending, unforgeable."""

from __future__ import annotations

import time

import pytest
from cryptography.fernet import Fernet

from contact_service.receipt import LIFETIME_SECONDS, Receipt, ReceiptTokens

RECEIPT = Receipt(
    "bg", "harmanli", "contact", "DF4GJ-2UV79", "21.11.2026 г., 22:00 ч.", "DFGJ-LNRU"
)


def test_token_comes_back() -> None:
    """The same secret reads what it wrote; another secret does not."""
    token = ReceiptTokens("a" * 32).token(RECEIPT)
    assert ReceiptTokens("a" * 32).read(token) == RECEIPT
    assert ReceiptTokens("b" * 32).read(token) is None


def test_token_ends() -> None:
    """After its lifetime a token is as good as none."""
    tokens = ReceiptTokens("a" * 32)
    fernet: Fernet = tokens._fernet
    old = fernet.encrypt_at_time(b"{}", int(time.time()) - LIFETIME_SECONDS - 1)
    assert tokens.read(old.decode()) is None


@pytest.mark.parametrize("token", ["", "x", "кирилица", "gAAAA" + "A" * 100])
def test_nonsense_is_no_token(token: str) -> None:
    """Anything else that a visitor may type is refused without an error."""
    assert ReceiptTokens("a" * 32).read(token) is None
