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

from tools.torture.parts import MAILBOXES, SECOND
from tools.torture.senders import CANARY, Seen

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

    receipts: int  # letters that have one
    lost: list[str]  # promised to a sender; in no mailbox and not kept as given up
    stuck: list[str]  # refused for ever by the mail server, but no longer kept
    taken_twice: list[str]  # one letter under two references
    merged: list[str]  # letters of two networks under one reference
    differing_ids: list[str]  # copies of one mail with two Message-IDs
    duplicates: int
    given_up: int
    traces: list[str]
    pressed_again: int  # after the receipt, from the same network
    equal: int  # letters with the same words from two networks
    doubted: int  # taken twice, when what came lately may have been forgotten between two tries
    to_one_alone: int  # without the second recipient, whose key was bad when the service started
    answers_lost: Sequence[str] = ()  # stored, and not opened by the code of their receipt
    opened_by_another: int = 0

    @property
    def good(self) -> bool:
        return not (
            self.lost
            or self.stuck
            or self.taken_twice
            or self.merged
            or self.differing_ids
            or self.traces
            or self.answers_lost
            or self.opened_by_another
        )


def parse_sheet(recipient: str, message_id: str, sheet: str) -> Copy:
    """The reference and the token that a sheet shows."""
    reference, token = REFERENCE.search(sheet), NUMBER.search(sheet)
    return Copy(recipient, message_id, reference[1] if reference else "", token[0] if token else "")


def compare(
    receipts: Sequence[Seen],
    mailboxes: Sequence[Copy],
    given_up: Sequence[Copy],
    refused: Iterable[str],
    traces: list[str],
    *,
    forgot: Sequence[float] = (),
    without_second: Sequence[tuple[float, float]] = (),
) -> Verdict:
    """Hold every receipt against the mails. `refused` are Message-IDs that had a 550.

    `forgot` are moments at which the service may forget which letters came lately,
    `without_second` spans in which it has no key for the second recipient.
    """
    copies = (*mailboxes, *given_up)
    found = {(copy.recipient, copy.reference, copy.token) for copy in copies}
    missing = {
        (seen.reference, address): address == SECOND and _overlap(seen, without_second)
        for seen in receipts
        for address in MAILBOXES[seen.centre]
        if (address, seen.reference, seen.token) not in found
    }
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    references: dict[str, set[str]] = defaultdict(set)
    for copy in copies:
        ids[copy.recipient, copy.reference].add(copy.message_id)
        references[copy.token].add(copy.reference)
    letters: dict[str, list[Seen]] = defaultdict(list)
    for seen in receipts:
        letters[seen.token].append(seen)
        references[seen.token].add(seen.reference)
    networks = {token: len({seen.network for seen in of}) for token, of in letters.items()}
    twice = {
        token: " ".join(sorted(two))
        for token, two in references.items()
        if len(two) > networks.get(token, 1)
    }
    doubted = {token for token in twice if _forgotten_between(letters[token], forgot)}
    kept = {copy.message_id for copy in given_up}
    return Verdict(
        receipts=len(letters),
        lost=[f"{one} to {address}" for (one, address), known in missing.items() if not known],
        stuck=sorted(set(refused) - kept),
        taken_twice=[two for token, two in twice.items() if token not in doubted],
        merged=[token for token, of in letters.items() if _merged(of)],
        differing_ids=[reference for (_, reference), two in ids.items() if len(two) > 1],
        duplicates=len(mailboxes) - len({copy.message_id for copy in mailboxes}),
        given_up=len(given_up),
        traces=traces,
        pressed_again=sum(len(of) for of in letters.values()) - sum(networks.values()),
        equal=sum(number > 1 for number in networks.values()),
        doubted=len(doubted),
        to_one_alone=sum(missing.values()),
    )


def _overlap(seen: Seen, spans: Iterable[tuple[float, float]]) -> bool:
    return any(seen.began <= end and begin <= seen.ended for begin, end in spans)


def _forgotten_between(tries: Sequence[Seen], forgot: Iterable[float]) -> bool:
    first = min((seen.began for seen in tries), default=0.0)
    last = max((seen.ended for seen in tries), default=0.0)
    return any(first <= moment <= last for moment in forgot)


def _merged(tries: Iterable[Seen]) -> bool:
    """Whether two networks have the same reference."""
    networks: dict[str, set[str]] = defaultdict(set)
    for seen in tries:
        networks[seen.reference].add(seen.network)
    return any(len(those) > 1 for those in networks.values())


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
        "two networks under one reference": len(verdict.merged),
        "mails with two Message-IDs": len(verdict.differing_ids),
        "files with readable text": len(verdict.traces),
        "answers LOST": len(verdict.answers_lost),
        "answers opened by another code": verdict.opened_by_another,
        "duplicates (same Message-ID)": verdict.duplicates,
        "given up (550), kept sealed": verdict.given_up,
        "equal letters from two networks": verdict.equal,
        "pressed again after the receipt": verdict.pressed_again,
        "taken twice, the clock or the tables changed between": verdict.doubted,
        "to one of two, started with the other's bad key": verdict.to_one_alone,
        **events,
    }
    wide = max(map(len, rows))
    return "\n".join(f"{name:<{wide}}  {value!s:>8}" for name, value in rows.items())
