"""The comparison: what senders were promised against what mailboxes, outbox and disk hold."""

from __future__ import annotations

import base64
import contextlib
import re
import urllib.parse
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from torture.parts import MAILBOXES
from torture.senders import CANARY, Seen

NUMBER = re.compile(re.escape(CANARY) + r"-\d{6}")
REFERENCE = re.compile(r"Номер: (\S+)")


@dataclass(frozen=True)
class Copy:
    """A sealed mail that was found somewhere, opened."""

    recipient: str
    message_id: str
    reference: str
    token: str


@dataclass(frozen=True)
class Verdict:
    """What went wrong with the letters; empty lists are what is wanted."""

    receipts: int
    lost: list[str]  # promised to a sender; in no mailbox and not kept as given up
    stuck: list[str]  # refused for ever by the mail server, but no longer kept
    taken_twice: list[str]  # one letter under two references
    differing_ids: list[str]  # copies of one mail with two Message-IDs
    duplicates: int
    given_up: int
    traces: list[str]

    @property
    def good(self) -> bool:
        return not (
            self.lost or self.stuck or self.taken_twice or self.differing_ids or self.traces
        )


def opened(recipient: str, message_id: str, sheet: str) -> Copy:
    """The reference and the token that a sheet shows."""
    reference, token = REFERENCE.search(sheet), NUMBER.search(sheet)
    return Copy(recipient, message_id, reference[1] if reference else "", token[0] if token else "")


def compare(
    receipts: Sequence[Seen],
    mailboxes: Sequence[Copy],
    given_up: Sequence[Copy],
    refused: Iterable[str],
    traces: list[str],
) -> Verdict:
    """Hold every receipt against the mails. `refused` are Message-IDs that had a 550."""
    found = {(copy.recipient, copy.reference, copy.token) for copy in (*mailboxes, *given_up)}
    lost = [
        f"{seen.reference} to {address}"
        for seen in receipts
        for address in MAILBOXES[seen.centre]
        if (address, seen.reference, seen.token) not in found
    ]
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    references: dict[str, set[str]] = defaultdict(set)
    for copy in (*mailboxes, *given_up):
        ids[copy.recipient, copy.reference].add(copy.message_id)
        references[copy.token].add(copy.reference)
    kept = {copy.message_id for copy in given_up}
    return Verdict(
        receipts=len(receipts),
        lost=lost,
        stuck=sorted(set(refused) - kept),
        taken_twice=[" ".join(sorted(two)) for two in references.values() if len(two) > 1],
        differing_ids=[reference for (_, reference), two in ids.items() if len(two) > 1],
        duplicates=len(mailboxes) - len({copy.message_id for copy in mailboxes}),
        given_up=len(given_up),
        traces=traces,
    )


def traces(folders: Iterable[Path]) -> list[str]:
    """Every file that holds the canary, in any form in which it could have been written."""
    needles = forms_of(CANARY)
    found = []
    for folder in folders:
        for path in folder.rglob("*"):
            with contextlib.suppress(OSError):  # gone since it was listed, or a socket
                content = path.read_bytes()
                found += [f"{path} ({how})" for how, what in needles.items() if what in content]
    return found


def forms_of(word: str) -> Mapping[str, bytes]:
    """A word as UTF-8, UTF-16, in a form body, in JSON, and inside Base64 at each offset."""
    plain = word.encode()
    forms = {
        "utf-8": plain,
        "utf-16": word.encode("utf-16-le"),
        "form": urllib.parse.quote(word).encode(),
        "json": word.encode("unicode_escape"),
    }
    for offset in range(3):
        inside = base64.b64encode(bytes(offset) + plain)
        forms[f"base64+{offset}"] = inside[4:-4]
    return forms


def table(verdict: Verdict, events: Mapping[str, int | str]) -> str:
    """The one table of a run."""
    rows: dict[str, object] = {
        "letters with a receipt": verdict.receipts,
        "LOST": len(verdict.lost),
        "refused for ever and not kept": len(verdict.stuck),
        "accepted under two references": len(verdict.taken_twice),
        "mails with two Message-IDs": len(verdict.differing_ids),
        "files with readable text": len(verdict.traces),
        "duplicates (same Message-ID)": verdict.duplicates,
        "given up (550), kept sealed": verdict.given_up,
        **events,
    }
    wide = max(map(len, rows))
    return "\n".join(f"{name:<{wide}}  {value!s:>8}" for name, value in rows.items())
