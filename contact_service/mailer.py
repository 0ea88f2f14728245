"""SMTP: hands a sealed mail to the mail server and says how it went, in one word."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from contact_service.outbox import Parcel
from contact_service.schedule import Outcome
from contact_service.sealing.mail import KeyUnusableError
from contact_service.sealing.plain import opened_at_rest
from contact_service.settings import Smtp


@cache
def _tls_context(ca_file: Path | None) -> ssl.SSLContext:
    """One for the life of the process: building it costs more than sending a mail."""
    return ssl.create_default_context(cafile=ca_file)


class Mailer:
    """A connection that is opened at the first mail, kept for the next, closed at the end."""

    def __init__(self, settings: Smtp, identity: Path | None = None) -> None:
        self._settings = settings
        self._identity = identity  # of the age key that closes plain mails until they leave
        self._connection: smtplib.SMTP | None = None
        self._tls = _tls_context(settings.ca_file)

    def send(self, parcel: Parcel) -> tuple[Outcome, str]:
        """Try once. The second value is a word for the log, free of anything from the mail."""
        try:
            content = opened_at_rest(parcel.content, self._identity)
            connection = self._open()
            connection.sendmail(self._settings.sender, [parcel.recipient], content)
        except KeyUnusableError:
            return Outcome.NOT_NOW, "at_rest_identity"
        except smtplib.SMTPRecipientsRefused as error:
            code = error.recipients[parcel.recipient][0]
            return self._refused(code)
        except smtplib.SMTPDataError as error:
            return self._refused(error.smtp_code)
        except (OSError, smtplib.SMTPException) as error:
            # Refused connections, TLS and log-in failures, cut lines: ours or passing, so later.
            self.close()
            return Outcome.NOT_NOW, type(error).__name__
        return Outcome.TAKEN, "250"

    def certificate_ends(self) -> datetime | None:
        """Connect and log in; returns when the server's certificate ends, None without TLS.

        Raises OSError or SMTPException as the connection does.
        """
        line = self._open().sock
        if not isinstance(line, ssl.SSLSocket):
            return None
        ends = str((line.getpeercert() or {})["notAfter"])
        return datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC)

    def close(self) -> None:
        """Say goodbye if the server still listens."""
        if self._connection:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                self._connection.quit()
            self._connection.close()
            self._connection = None

    def _refused(self, code: int) -> tuple[Outcome, str]:
        self.close()
        return (Outcome.NEVER if 500 <= code < 600 else Outcome.NOT_NOW), str(code)

    def _open(self) -> smtplib.SMTP:
        if self._connection:
            return self._connection
        settings = self._settings
        timeout = settings.timeout_seconds
        if settings.security == "tls":
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=timeout, context=self._tls
            )
        else:
            connection = smtplib.SMTP(settings.host, settings.port, timeout=timeout)
        try:
            if settings.security == "starttls":
                connection.starttls(context=self._tls)
            if settings.user and settings.password:
                connection.login(settings.user, settings.password.get_secret_value())
        except BaseException:
            connection.close()
            raise
        self._connection = connection
        return connection
