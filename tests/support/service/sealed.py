"""A submission to seal, and what may be read of it afterwards."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from contact_service.submission import Submission
from site_model.forms.filled import Answer

CANARY = "Синът ми се крие. 0888 123 456"


def submission(text: str = CANARY) -> Submission:
    answer = Answer("message", "Какво се случва?", (text,), False)
    now = datetime.now(UTC)
    return Submission("DF4GJ-2UV79", "Център", "Пишете ни", 1, now, (answer,))


def assert_readable_as_it_is(entity: bytes) -> None:
    """What `gpg` and `openssl` print: a few headers, the sheet word for word, then the padding."""
    head, _, text = entity.decode("utf-8").partition("\r\n\r\nПишете ни – Център\r\n")
    assert head.count("\r\n") < 8
    assert max(map(len, head.split("\r\n"))) < 100
    said, _, padding = text.partition(f"| {CANARY}")
    assert padding.strip()
    assert set(re.findall(r"\w{31,}", said)) == set()
    assert "8bit" in head
    assert max(map(len, entity.split(b"\r\n"))) < 998
