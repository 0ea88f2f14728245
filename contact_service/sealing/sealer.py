"""A recipient whose key was tried out; and the one place where faults of keys become words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path

from contact_service.errors import CommandError
from contact_service.sealing.message import SealedMail, sealed_mail
from contact_service.submission import Submission


class KeyUnusableError(Exception):
    """Nothing can be sealed to this key; the text says why, in words for the operator."""


class KeyEndedError(KeyUnusableError):
    """The key was revoked or has expired: its owner wants nothing more sealed to it."""


@dataclass(frozen=True)
class Sealer:
    """A recipient with all that is needed to seal to it.

    `expires` says when the key ends, None for one that does not; by `fingerprint` people compare
    keys, "" for a password. `closed` makes the sealed mail of a submission, without outer headers.
    """

    address: str
    file: Path
    expires: datetime | None
    fingerprint: str
    closed: Callable[[Submission], EmailMessage]

    def seal(self, submission: Submission, sender: str) -> SealedMail:
        """The submission as a mail to this recipient; raises KeyUnusableError."""
        with faults_of_key(self.address, self.file):
            self.check_time(datetime.now(UTC))
            return sealed_mail(submission, sender, self.address, self.closed(submission))

    def check_time(self, now: datetime) -> None:
        """Raise KeyEndedError for a key that has expired."""
        if self.expires and self.expires <= now:
            raise KeyEndedError(f"{self.file} е изтекъл на {self.expires:%d.%m.%Y}")


@contextmanager
def faults_of_key(address: str, file: Path) -> Iterator[None]:
    """Let nothing out but KeyUnusableError that names the recipient and says what is wrong.

    No list of what libraries raise about a key is ever whole. Only the kind of an unknown fault
    is said: its text may repeat what somebody wrote.
    """
    try:
        yield
    except KeyUnusableError as error:
        raise type(error)(f"{address}: {error}") from None
    except CommandError as error:
        raise KeyUnusableError(f"{address}: {error}") from None
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:  # a panic of a library in Rust is no Exception
        kind = type(error).__name__
        fix = "Сложете на мястото му друг годен файл"
        raise KeyUnusableError(f"{address}: {file} не може да се ползва ({kind}). {fix}") from None
