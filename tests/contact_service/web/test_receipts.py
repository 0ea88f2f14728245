"""Receipt tokens: encrypted, ending, unforgeable."""

from __future__ import annotations

import json
import time

import pytest
from cryptography.fernet import Fernet

from contact_service.intake import Receipt
from contact_service.web.receipts import ReceiptTokens

RECEIPT = Receipt(
    "bg", "harmanli", "contact", "DF4GJ-2UV79", "21.11.2026 г., 22:00 ч.", "DFGJ-LNRU"
)


def test_token_comes_back() -> None:
    """The same secret reads what it wrote; another secret does not."""
    token = ReceiptTokens("a" * 32).token(RECEIPT)
    assert ReceiptTokens("a" * 32).read(token) == RECEIPT
    assert ReceiptTokens("b" * 32).read(token) is None


@pytest.mark.parametrize(("minutes", "seconds", "read"), [(29, 0, RECEIPT), (30, 1, None)])
def test_token_ends(minutes: int, seconds: int, read: Receipt | None) -> None:
    """After half an hour a true receipt's token is as good as none."""
    tokens = ReceiptTokens("a" * 32)
    fernet: Fernet = tokens._fernet
    whole, made = json.dumps(vars(RECEIPT)).encode(), int(time.time()) - 60 * minutes - seconds
    assert tokens.read(fernet.encrypt_at_time(whole, made).decode()) == read


@pytest.mark.parametrize("token", ["", "x", "кирилица", "gAAAA" + "A" * 100])
def test_nonsense_is_no_token(token: str) -> None:
    """Anything else that a visitor may type is refused without an error."""
    assert ReceiptTokens("a" * 32).read(token) is None
