"""SMTP: hands a sealed mail to the mail server and says how it went, in one word."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

from contact_service.delivery.connection import Plug, SmtpLine, within
from contact_service.delivery.replies import refusal
from contact_service.retries import Outcome
from contact_service.settings.service import Smtp

# A whole try: four times what one answer may take, and 8 minutes at most. The lease of a parcel
# is 10 minutes, so that no other process takes it while this one still tries.
ANSWERS_A_TRY = 4
LONGEST_TRY_SECONDS = 8 * 60

T = TypeVar("T")


@cache
def _tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """One for the life of the process: building it costs more than sending a mail."""
    return ssl.create_default_context(cafile=ca_file)


def try_seconds(settings: Smtp) -> float:
    """How long one try may take in all."""
    return min(ANSWERS_A_TRY * settings.timeout_seconds, LONGEST_TRY_SECONDS)


class Mailer:
    """A connection that is opened at the first mail, kept for the next, closed at the end."""

    def __init__(self, settings: Smtp, seconds: float | None = None) -> None:
        self._settings = settings
        self._seconds = seconds or try_seconds(settings)
        self._line: SmtpLine | None = None
        self._plug = Plug()

    def send(self, recipient: str, content: bytes) -> tuple[Outcome, str]:
        """Try once, for `try_seconds` at most, and raise nothing.

        The second value is a word for the log: the server's codes or the name of what was
        raised, free of anything from the mail.
        """
        try:
            outcome, word = self._in_time(lambda line: self._hand_over(line, recipient, content))
        except smtplib.SMTPResponseException as error:  # to the greeting, the log-in, our sender
            return refusal(error.smtp_code, error.smtp_error, of_recipient=False)
        except Exception as error:  # DNS, TLS, cut lines, whatever: ours or passing, so later
            return Outcome.NOT_NOW, type(error).__name__
        if outcome is not Outcome.TAKEN:
            self.close()
        return outcome, word

    def certificate_ends(self) -> datetime | None:
        """Connect and log in; returns when the server's certificate ends, None without TLS.

        Raises whatever the connection does, TimeoutError after `try_seconds`.
        """
        return self._in_time(_certificate_ends)

    def close(self) -> None:
        """Say goodbye, and wait for no answer."""
        if self._line:
            with contextlib.suppress(Exception):
                self._line.putcmd("quit")
        self._drop()

    def _hand_over(self, line: SmtpLine, recipient: str, content: bytes) -> tuple[Outcome, str]:
        try:
            line.sendmail(self._settings.sender, [recipient], content)
        except smtplib.SMTPRecipientsRefused as error:
            return refusal(*error.recipients[recipient], of_recipient=True)
        except smtplib.SMTPDataError as error:
            return refusal(error.smtp_code, error.smtp_error, of_recipient=True)
        return Outcome.TAKEN, "250"

    def _in_time(self, work: Callable[[SmtpLine], T]) -> T:
        """Work on an open line; whatever goes wrong or takes too long ends the line with it."""
        line, settings, plug = self._line, self._settings, self._plug

        def whole() -> tuple[SmtpLine, T]:
            opened = line or SmtpLine(settings, _context(settings), plug)
            try:
                return opened, work(opened)
            except BaseException:
                opened.close()
                raise

        try:
            self._line, result = within(self._seconds, whole)
        except BaseException:
            self._drop()
            raise
        return result

    def _drop(self) -> None:
        self._plug.pull()
        if self._line:
            self._line.close()
        self._line, self._plug = None, Plug()


def _context(settings: Smtp) -> ssl.SSLContext | None:
    return None if settings.security == "none" else _tls_context(settings.ca_file)


def _certificate_ends(line: SmtpLine) -> datetime | None:
    if not isinstance(line.sock, ssl.SSLSocket):
        return None
    ends = str((line.sock.getpeercert() or {})["notAfter"])
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC)
