"""The recipients of a centre, each with its key as it lies on the disk at this moment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from contact_service.logs import get_logger
from contact_service.sealing import KeyEndedError, KeyUnusableError, SealedMail, Sealer, load_sealer
from contact_service.settings.named_files import files_of
from contact_service.settings.service import Recipient, Settings
from contact_service.submission import Submission

log = get_logger("opora.recipients")

Stamp = tuple[tuple[int, int, int] | None, ...]
"""Time of change, size and number of each file; None for one that is not there."""


@dataclass
class _Kept:
    """A recipient with its number in the settings, and the last key that could be used."""

    number: int
    recipient: Recipient
    files: tuple[Path, ...]
    stamp: Stamp | None = None
    sealer: Sealer | None = None
    is_current: bool = False  # the sealer's key is what lies in the files


class Recipients:
    """Seals to every recipient of one centre whose key can be used.

    A file that was changed is read at the next letter, and again at each until it can be used: a
    certificate may lie there before its first day. What is no key (half written, another
    file) leaves the last good one in use, so that no letter is turned away; a key that was
    revoked or has expired takes its place, for nothing may be sealed to the old one any more.
    """

    def __init__(self, centre: str, settings: Settings) -> None:
        self._centre, self._settings = centre, settings
        listed = settings.centres[centre].recipients
        self._kept = [_Kept(n, r, tuple(files_of(r))) for n, r in enumerate(listed, 1)]
        if not list(self._usable()):
            log.error("няма ключ, формулярите не приемат писма", centre=centre)

    def look_again(self) -> None:
        """Read what was changed since the last look, so that it is what a later one finds kept."""
        for _ in self._usable():
            pass

    def seal(self, submission: Submission) -> list[SealedMail]:
        """A mail for each recipient that can be sealed to now; logs why for the others."""
        mails = []
        for kept, sealer in self._usable():
            try:
                mails.append(sealer.seal(submission, self._settings.smtp.sender))
            except KeyUnusableError as error:
                self._log_unusable("cannot seal", kept, error)
        return mails

    def _usable(self) -> Iterator[tuple[_Kept, Sealer]]:
        for kept in self._kept:
            stamp = tuple(map(_stamp, kept.files))
            if not kept.is_current or stamp != kept.stamp:
                self._read(kept, stamp)
            if kept.sealer:
                yield kept, kept.sealer

    def _read(self, kept: _Kept, stamp: Stamp) -> None:
        news, kept.stamp = stamp != kept.stamp, stamp
        try:
            kept.sealer = load_sealer(kept.recipient, datetime.now(UTC))
            kept.is_current = True
        except KeyUnusableError as error:
            kept.is_current = False
            if isinstance(error, KeyEndedError):
                kept.sealer = None
            if news:
                self._log_unusable("key unusable", kept, error)
        else:
            log.info("key read", centre=self._centre, recipient=kept.number)

    def _log_unusable(self, event: str, kept: _Kept, error: KeyUnusableError) -> None:
        """Logs are read by more people than the settings are, so addresses stay out."""
        address = kept.recipient.address
        why = str(error).replace(f"{address}: ", "").replace(address, "…")
        older = kept.sealer is not None
        log.error(event, centre=self._centre, recipient=kept.number, reason=why, older_used=older)


def _stamp(file: Path) -> tuple[int, int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
