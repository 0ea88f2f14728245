"""html-validate on what the service answers: errors, receipts and refusals, in two languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from html_validate import faults
from service_parts import FORM_TYPE, Instance

pytestmark = pytest.mark.accessibility("html")

CONTACT = "/send/bg/harmanli/contact"


def test_every_answer(instance: Instance, letter: dict[str, Any], tmp_path: Path) -> None:
    """No fault in any of them, and each is the answer that it is meant to be."""
    instance.toml = "messages_per_hour = 1\n" + instance.toml
    client = instance.client()
    accepted = client.post(CONTACT, data=letter)
    assert accepted.status_code == 303
    answers = {
        200: client.get(accepted.location),
        422: client.post(CONTACT, data={}, content_type=FORM_TYPE),
        429: client.post(CONTACT, data=letter | {"message": "Друго писмо."}),
        403: client.post(CONTACT, data=letter, headers={"Origin": "https://evil.example"}),
        413: client.post(CONTACT, data=letter | {"message": "дълго " * 20_000}),
        404: client.get("/send/bg/harmanli/none"),
        410: client.get("/send/receipt/old"),
    }
    answers |= {
        -422: client.post("/send/ar/sopot/referral", data={}, content_type=FORM_TYPE),
        -404: client.get("/send/ar/sopot/none"),
    }
    (tmp_path / "answers").mkdir()
    for status, answer in answers.items():
        assert answer.status_code == abs(status)
        (tmp_path / "answers" / f"{status}.html").write_bytes(answer.data)
    assert faults(*(tmp_path / "answers").iterdir()) == []
