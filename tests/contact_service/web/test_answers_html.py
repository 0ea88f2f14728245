"""html-validate on what the service answers: errors, receipts and refusals, in two languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import html

from tests.support.html_validate import faults
from tests.support.service.service_parts import FORM_TYPE, Instance

pytestmark = pytest.mark.accessibility("html")

CONTACT = "/send/bg/harmanli/contact"


def test_every_answer(instance: Instance, letter: dict[str, Any], tmp_path: Path) -> None:
    """No fault in any of them, each is the answer that it is meant to be, and lets one leave."""
    instance.toml = "messages_per_hour = 1\n" + instance.toml
    client = instance.client()
    accepted = client.post(CONTACT, data=letter)
    assert accepted.status_code == 303
    answers = {
        200: client.get(accepted.location),
        422: client.post(CONTACT, data={}, content_type=FORM_TYPE),
        429: client.post(CONTACT, data=letter | {"message": "Друго писмо."}),
        403: client.post(CONTACT, data=letter, headers={"Origin": "https://evil.example"}),
        413: client.post(CONTACT, data=letter | {"message": "дълго " * 60_000}),
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
        tree = html.document_fromstring(answer.data)
        assert len(tree.xpath("//header//a[@class='exit']")) == 1, status
        assert tree.xpath("//script[contains(@src, '/exit.js?')]"), status
    assert faults(*(tmp_path / "answers").iterdir()) == []
