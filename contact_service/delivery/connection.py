"""A connection to a mail server that can be ended from outside, whatever it waits for."""

from __future__ import annotations

import base64
import contextlib
import smtplib
import socket
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from threading import Thread
from typing import IO, Any, TypeVar

from contact_service.settings.service import Smtp

MOST_LINES = 100  # of one answer; those of real servers have fewer than 20

T = TypeVar("T")


def within(seconds: float, work: Callable[[], T]) -> T:
    """What `work` gives or raises; TimeoutError after `seconds`, whatever it still does.

    It runs in a thread of its own, since nothing can end the silence of a name server.
    """
    done: Future[T] = Future()

    def run() -> None:
        try:
            done.set_result(work())
        except BaseException as error:
            done.set_exception(error)

    Thread(target=run, daemon=True).start()
    return done.result(timeout=seconds)


class Plug:
    """Ends a connection when it is pulled, also one that is only coming about."""

    def __init__(self) -> None:
        self._pulled = False
        self._socket: socket.socket | None = None

    def hold(self, line: socket.socket) -> None:
        """Keep a second handle, which stays good when TLS takes the first one over."""
        self._socket = line.dup()
        if self._pulled:
            self.pull()

    def pull(self) -> None:
        self._pulled = True
        if self._socket:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
            self._socket.close()


class SmtpLine(smtplib.SMTP):
    """Opened, encrypted and logged in as the settings say; raises what any of these does."""

    def __init__(self, settings: Smtp, tls: ssl.SSLContext | None, plug: Plug) -> None:
        self._plug = plug
        self._tls_at_once = tls if settings.security == "tls" else None
        super().__init__(settings.host, settings.port, timeout=settings.timeout_seconds)
        try:
            if settings.security == "starttls":
                self.starttls(context=tls)
            if settings.user and settings.password:
                self._log_in(settings.user, settings.password.get_secret_value())
        except BaseException:
            self.close()
            raise

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """As SMTP and SMTP_SSL do it, with the plug in between."""
        line = socket.create_connection((host, port), timeout)
        self._plug.hold(line)
        if self._tls_at_once is None:
            return line
        return self._tls_at_once.wrap_socket(line, server_hostname=host)

    def getreply(self) -> tuple[int, bytes]:
        """One answer of the server, unless it has no end."""
        if self.file is None and self.sock is not None:
            self.file = _FewLines(self.sock.makefile("rb"))
        if isinstance(self.file, _FewLines):
            self.file.left = MOST_LINES
        return super().getreply()

    # Any 2xx says that a command is done (RFC 5321, 4.2.1); smtplib knows but 250 and 251.

    def mail(self, sender: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        return _done(*super().mail(sender, options))

    def rcpt(self, recip: str, options: Sequence[str] = ()) -> tuple[int, bytes]:
        return _done(*super().rcpt(recip, options))

    def data(self, msg: Any) -> tuple[int, bytes]:
        return _done(*super().data(msg))

    def _log_in(self, user: str, password: str) -> None:
        """Log in with credentials in UTF-8 (RFC 4616), where smtplib takes ASCII alone."""
        self.ehlo_or_helo_if_needed()
        offered = self.esmtp_features.get("auth", "").upper().split()
        ways = [way for way in ("PLAIN", "LOGIN") if way in offered]
        if not ways:
            raise smtplib.SMTPNotSupportedError("neither AUTH PLAIN nor AUTH LOGIN")
        for way in ways:  # some servers offer more than they do
            code, said = self._authenticate(way, user, password)
            if code in (235, 503):  # 503: logged in already
                return
        raise smtplib.SMTPAuthenticationError(code, said)

    def _authenticate(self, way: str, user: str, password: str) -> tuple[int, bytes]:
        if way == "PLAIN":
            whole = _base64(f"\0{user}\0{password}")
            return self.docmd("AUTH", f"PLAIN {whole}")
        code, said = self.docmd("AUTH", f"LOGIN {_base64(user)}")
        return self.docmd(_base64(password)) if code == 334 else (code, said)


class _FewLines:
    """A file of which `left` lines may be read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.left = 0

    def readline(self, limit: int) -> bytes:
        if not self.left:
            raise OSError("an answer without end")  # smtplib closes the line
        self.left -= 1
        return self._file.readline(limit)

    def close(self) -> None:
        self._file.close()


def _done(code: int, said: bytes) -> tuple[int, bytes]:
    return (250 if 200 <= code <= 299 else code), said


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode("ascii")
