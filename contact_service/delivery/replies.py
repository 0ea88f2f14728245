"""Pure: what a mail server's refusal means, by its codes (RFC 5321, 4.2; RFC 3463)."""

from __future__ import annotations

import re

from contact_service.retries import Outcome

# The mailbox does not exist (5.1.1), its address is none (5.1.3), it moved and nobody says where
# (5.1.6), its domain takes no mail (5.1.10). All else may pass by itself, so it is tried again.
NO_SUCH_MAILBOX = frozenset({"5.1.1", "5.1.3", "5.1.6", "5.1.10"})
ENHANCED = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})(?!\S)")

# What servers say that send no such code; of whom they say it must be the recipient.
NO_SUCH_WORDS = re.compile(
    r"\b(no such|unknown|invalid|non-?existent) (\w+ )?(user|mailbox|recipient|address|account)\b"
    r"|\b(user|mailbox|recipient|address|account) (\w+ )?"
    r"(unknown|not found|does( not|n't) exist|not exist|invalid)\b",
    re.IGNORECASE,
)
IN_DOUBT = re.compile(
    r"sender|verif|callout|block|spam|polic|full|quota|tempor|later|relay|dns|lookup|reput",
    re.IGNORECASE,
)


def refusal(code: int, said: bytes | str, *, of_recipient: bool) -> tuple[Outcome, str]:
    """What follows, and the codes alone for the log: the text may repeat addresses.

    `of_recipient`: it answered to the recipient's name or to the mail, and not to our own.
    """
    text = said.decode("latin-1") if isinstance(said, bytes) else said
    found = ENHANCED.match(text)
    enhanced = found[1] if found and found[1][0] == str(code)[0] else ""
    word = f"{code} {enhanced}".rstrip()
    if not 500 <= code <= 599:
        return Outcome.NOT_NOW, word
    if of_recipient and _no_such_mailbox(code, enhanced, text):
        return Outcome.NEVER, word
    return Outcome.REFUSED, word


def _no_such_mailbox(code: int, enhanced: str, text: str) -> bool:
    if enhanced:
        return enhanced in NO_SUCH_MAILBOX
    # 551 „user not local“ is a mailbox that moved; 550 and 553 may be anything, so words decide.
    named = code in (550, 551, 553) and NO_SUCH_WORDS.search(text)
    return bool(named or code == 551) and not IN_DOUBT.search(text)
