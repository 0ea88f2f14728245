"""The receipt of a letter that can be answered: the code, and what it is for."""

from __future__ import annotations

import json

import pytest

from contact_service.intake import Receipt
from contact_service.outbox.boxes import LIFETIME
from contact_service.web.pages import FormPages
from contact_service.web.receipts import ReceiptTokens
from tests.contact_service.web.answers.way import Way, main_of, page_of
from tests.support.service.service_parts import SECRET

WITHOUT_CODE = ("bg", "harmanli", "contact", "DF4GJ-2UV79", "21.11.2026 г., 22:00 ч.", "DFGJ-LNRU")


def test_the_receipt_says_what_the_code_is_for(way: Way) -> None:
    """Where to type it, how long answers wait, who can read them; it promises no answer."""
    receipt = way.client.get(
        "/send/receipt/" + ReceiptTokens(SECRET).token(Receipt(*WITHOUT_CODE, way.code))
    )
    said = main_of(receipt)
    assert way.code in said
    assert "Показва се само тук" in said
    assert f"чака {LIFETIME.days} дни" in said
    assert "Който има кода, може да прочете отговора." in said
    assert "Не обещаваме, че ще го направи" in said
    [link] = page_of(receipt).xpath("//main//a[contains(@href, '/otgovor/')]")
    assert link.get("href") == "/harmanli/otgovor/"
    assert link.text.endswith("/harmanli/otgovor/"), "a sheet of paper shows the whole address"
    assert link.text.startswith("https://")


def test_a_receipt_without_code_says_nothing_of_answers(way: Way) -> None:
    """A form that is not answered, and a token of a release that had no codes."""
    tokens = ReceiptTokens(SECRET)
    fields = vars(Receipt(*WITHOUT_CODE))
    older = {name: value for name, value in fields.items() if name != "code"}
    old = tokens._fernet.encrypt(json.dumps(older).encode()).decode()
    for token in (tokens.token(Receipt(*WITHOUT_CODE)), old):
        receipt = way.client.get(f"/send/receipt/{token}")
        assert receipt.status_code == 200
        assert "Код за отговора" not in main_of(receipt)
        assert "/otgovor/" not in main_of(receipt)


def test_a_bare_receipt_has_the_code_too(way: Way, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever fails after a letter was accepted, its code is shown."""
    monkeypatch.setattr(FormPages, "receipt_page", lambda *_: 1 / 0)
    tokens = ReceiptTokens(SECRET)
    bare = way.client.get("/send/receipt/" + tokens.token(Receipt(*WITHOUT_CODE, way.code)))
    assert way.code in main_of(bare)
    without = way.client.get("/send/receipt/" + tokens.token(Receipt(*WITHOUT_CODE)))
    assert "отговор" not in main_of(without)
