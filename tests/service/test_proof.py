"""The extra step: work or a wait, each good for one letter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import altcha
import pytest
from lxml import html
from service_parts import Instance, SmtpServer

from contact_service.outbox import SAME_LETTER, Outbox
from contact_service.proof import WAIT, Proof, Step

CONTACT = "/send/bg/harmanli/contact"


@pytest.fixture
def proof(tmp_path: Path) -> Iterator[Proof]:
    outbox = Outbox(f"sqlite:///{tmp_path / 'outbox.sqlite3'}")
    yield Proof("a" * 32, outbox)
    outbox.close()


def solved(step: Step) -> str:
    """The payload that a browser sends after the work."""
    challenge = altcha.Challenge.from_dict(json.loads(step.challenge))
    solution = altcha.solve_challenge(challenge)
    assert solution is not None
    return altcha.Payload(challenge, solution).to_base64()


def test_work_counts_once(proof: Proof) -> None:
    """A solved challenge passes, and does not pass again."""
    now = datetime.now(UTC)
    sent = {"proof": solved(proof.step(now))}
    assert proof.passed(sent, now)
    assert not proof.passed(sent, now)


def test_wait_counts_once_and_only_in_time(proof: Proof) -> None:
    """The ticket passes after ten seconds and within half an hour, one time."""
    now = datetime.now(UTC).replace(microsecond=0)
    sent = {"ticket": proof.step(now).ticket}
    assert not proof.passed(sent, now + WAIT - timedelta(seconds=1))
    assert not proof.passed(sent, now + SAME_LETTER + timedelta(seconds=1))
    assert proof.passed(sent, now + WAIT)
    assert not proof.passed(sent, now + WAIT)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"proof": "", "ticket": ""},
        {"proof": "bm90aGluZw=="},
        {"proof": "я"},
        {"proof": "!!!"},
        {"ticket": "gAAAA"},
        {"ticket": "кирилица"},
    ],
)
def test_nonsense_does_not_pass(proof: Proof, sent: dict[str, str]) -> None:
    """Anything else is no proof, and no error either."""
    assert not proof.passed(sent, datetime.now(UTC))


def test_work_of_another_key_does_not_pass(proof: Proof, tmp_path: Path) -> None:
    """A challenge that we did not make is worth nothing."""
    other = Proof("b" * 32, Outbox(f"sqlite:///{tmp_path / 'other.sqlite3'}"))
    now = datetime.now(UTC)
    assert not proof.passed({"proof": solved(other.step(now))}, now)


def test_letter_passes_after_the_step(
    instance: Instance, letter: dict[str, Any], smtp_server: SmtpServer
) -> None:
    """The page asks for the step with all answers kept; the same form with the work is taken."""
    instance.toml = f"proof_of_work = true\n{instance.toml}"
    client = instance.client()
    asked = client.post(CONTACT, data=letter)
    page = html.document_fromstring(asked.get_data(as_text=True))
    field = page.xpath("//input[@name='proof']")[0]
    assert asked.status_code == 422
    assert "script-src 'self'" in asked.headers["Content-Security-Policy"]
    assert page.get_element_by_id("message").text_content().strip() == letter["message"]
    done = {**letter, "proof": solved(Step(field.get("data-challenge"), ""))}
    assert client.post(CONTACT, data=done).status_code == 303
    assert client.get("/send/proof.js").mimetype == "text/javascript"
