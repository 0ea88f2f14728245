"""What a mail server's refusal means, as a table of what real servers say."""

from __future__ import annotations

import pytest

from contact_service.delivery.replies import refusal
from contact_service.retries import Outcome

NOT_NOW, REFUSED, NEVER = Outcome.NOT_NOW, Outcome.REFUSED, Outcome.NEVER


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        # No such mailbox: Postfix, Gmail, Exchange; null MX (RFC 7505); without enhanced codes.
        ("550 5.1.1 <a@b.c>: Recipient address rejected: User unknown", NEVER),
        ("550 5.1.1 The email account that you tried to reach does not exist.", NEVER),
        ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", NEVER),
        ("556 5.1.10 Recipient address has null MX", NEVER),
        ("553 5.1.3 The recipient address is not a valid RFC-5321 address", NEVER),
        ("551 5.1.6 Mailbox moved", NEVER),
        ("550 No such user here", NEVER),
        ("550 sorry, no such mailbox", NEVER),
        ("550 Unknown user", NEVER),
        ("550 user not found", NEVER),
        ("551 User not local; please try <a@b.c>", NEVER),
        # Full, ours to fix, policy, block lists, and what is not clear.
        ("552 5.2.2 mailbox full", REFUSED),
        ("552 over quota", REFUSED),
        ("550 5.2.1 mailbox disabled", REFUSED),
        ("554 blocked using zen.spamhaus.org", REFUSED),
        ("554 5.7.1 Service unavailable; Client host blocked using zen.spamhaus.org", REFUSED),
        ("550 5.7.1 Message rejected as spam", REFUSED),
        ("550 5.7.26 This mail is unauthenticated", REFUSED),
        ("553 5.7.1 Sender address rejected: not owned by user", REFUSED),
        ("550 5.1.8 Sender address rejected: Domain not found", REFUSED),
        ("550 5.1.2 Bad destination system address", REFUSED),
        ("550 5.4.1 Recipient address rejected: Access denied", REFUSED),
        (
            "550 Verification failed for <opora@b.c>\nNo Such User Here\nSender verify failed",
            REFUSED,
        ),
        ("550 user unknown, mailbox full", REFUSED),
        ("550 no", REFUSED),
        ("553 sorry, that domain isn't in my list of allowed rcpthosts", REFUSED),
        ("554 no", REFUSED),
        ("500 no", REFUSED),
        ("501 Syntax error", REFUSED),
        ("599 no", REFUSED),
        ("550 see 5.1.1 in our manual", REFUSED),
        ("552 5.3.4 Message too big", REFUSED),
        # Passing, whatever the text says.
        ("450 4.1.1 User unknown in local table", NOT_NOW),
        ("452 4.2.2 mailbox full", NOT_NOW),
        ("421 5.1.1 no such user", NOT_NOW),
        ("250 5.1.1 OK", NOT_NOW),
        ("-1 5.1.1", NOT_NOW),
    ],
)
def test_refusal(answer: str, outcome: Outcome) -> None:
    """Given up at once only where there is no such mailbox; in doubt the letter waits."""
    code, _, said = answer.partition(" ")
    assert refusal(int(code), said.encode(), of_recipient=True)[0] is outcome


def test_no_answer_to_ourselves_gives_a_letter_up() -> None:
    """A greeting, a log-in or our sender's name that is refused says nothing of the recipient."""
    said = b"5.1.1 no such user"
    assert refusal(550, said, of_recipient=False) == (Outcome.REFUSED, "550 5.1.1")


@pytest.mark.parametrize(
    ("code", "said", "word"),
    [
        (550, b"5.1.1 <harmanli@example.org> is no more", "550 5.1.1"),
        (554, "harmanli@example.org е блокиран".encode(), "554"),
        (550, b"5.1.1.harmanli@example.org", "550"),
        (550, b"5.1.1234567890123456789 x", "550"),
        (550, b"4.2.2 of another class", "550"),
        (535, "5.7.8 no", "535 5.7.8"),
    ],
)
def test_word_holds_codes_alone(code: int, said: bytes | str, word: str) -> None:
    """The text of a refusal, which may repeat addresses, is never in the word for the log."""
    assert refusal(code, said, of_recipient=True)[1] == word
