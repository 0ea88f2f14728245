"""One try to hand a mail over: whatever the server, the network or DNS does, it ends in a word."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from contact_service.delivery.smtp import Mailer, try_seconds
from contact_service.retries import Outcome
from contact_service.settings.service import Smtp
from tests.support.project import free_port
from tests.support.service.service_parts import SmtpServer, tls_context
from tests.support.waiting import PATIENCE

LETTER = "centre@example.org", b"Subject: x\r\n\r\nsealed\r\n"
DEADLINE = 0.5  # of a whole try, in seconds
AS_LONG = 120  # deadlines that a nasty server goes on for
STEP = DEADLINE / 5

Talk = Callable[[socket.socket], None]


def smtp(port: int, **changes: Any) -> Smtp:
    values = {"host": "localhost", "security": "none", "sender": "opora@example.org"}
    return Smtp.model_validate({**values, "port": port, "timeout_seconds": 60, **changes})


@contextmanager
def server(talk: Talk) -> Iterator[int]:
    """A server that does `talk` with anyone who connects; gives its port."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with connection, suppress(OSError):
                        talk(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)
    thread.join(timeout=PATIENCE)


def slowly(connection: socket.socket, piece: bytes) -> None:
    """Say it again and again, each time long before an answer counts as late."""
    for _ in range(int(AS_LONG * DEADLINE / STEP)):
        connection.sendall(piece)
        time.sleep(STEP)


def greeting_without_end(connection: socket.socket) -> None:
    slowly(connection, b"220-wait\r\n")


def line_without_end(connection: socket.socket) -> None:
    slowly(connection, b"2")


def slow_ehlo(connection: socket.socket) -> None:
    connection.sendall(b"220 here\r\n")
    connection.recv(1000)
    slowly(connection, b"250-X\r\n")


def slow_after_the_mail(connection: socket.socket) -> None:
    connection.sendall(b"220 here\r\n")
    for answer in (b"250 here", b"250 OK", b"250 OK", b"354 go on"):
        connection.recv(1000)
        connection.sendall(answer + b"\r\n")
    connection.recv(1000)
    slowly(connection, b"250-taking\r\n")


def deaf(connection: socket.socket) -> None:
    """Takes the connection and says nothing."""
    while connection.recv(1000):
        pass


@pytest.mark.parametrize(
    "talk", [greeting_without_end, line_without_end, slow_ehlo, slow_after_the_mail, deaf]
)
@pytest.mark.parametrize("security", ["none", "tls"])
def test_one_deadline_for_a_whole_try(talk: Talk, security: str) -> None:
    """A server that always says a little holds a try no longer than one that says nothing."""
    with server(talk) as port:
        begun = time.monotonic()
        outcome, word = Mailer(smtp(port, security=security), DEADLINE).send(*LETTER)
        took = time.monotonic() - begun
    assert outcome is Outcome.NOT_NOW
    assert word in ("TimeoutError", "SSLError")  # TLS: what came in clear was no TLS
    assert took < DEADLINE * AS_LONG / 2


def test_slow_handshake_of_tls_counts_too(tmp_path: Path) -> None:
    """A handshake of which one byte comes at a time is cut like everything else."""

    def record_without_end(connection: socket.socket) -> None:
        connection.sendall(b"\x16\x03\x03\x40\x00")
        slowly(connection, b"\x02")

    with server(record_without_end) as port:
        begun = time.monotonic()
        outcome, word = Mailer(smtp(port, security="tls"), DEADLINE).send(*LETTER)
        took = time.monotonic() - begun
    assert outcome is Outcome.NOT_NOW
    assert word in ("TimeoutError", "SSLError")
    assert took < DEADLINE * AS_LONG / 2


def test_silent_name_server_counts_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing ends a look-up, so the try ends without it, and what comes later is not sent."""
    asked, answered = threading.Event(), threading.Event()
    real = socket.getaddrinfo
    talks: list[bytes] = []

    def silent(*question: Any, **more: Any) -> Any:
        asked.set()
        answered.wait(PATIENCE)
        return real(*question, **more)

    def hear(connection: socket.socket) -> None:
        connection.sendall(b"220 here\r\n")
        talks.append(connection.recv(1000))

    with server(hear) as port:
        monkeypatch.setattr("socket.getaddrinfo", silent)
        begun = time.monotonic()
        assert Mailer(smtp(port), DEADLINE).send(*LETTER) == (Outcome.NOT_NOW, "TimeoutError")
        assert time.monotonic() - begun < DEADLINE * AS_LONG / 2
        assert asked.wait(PATIENCE)
        answered.set()
        for thread in threading.enumerate():
            if thread.daemon and thread.name.endswith("(run)"):
                thread.join(timeout=PATIENCE)
    assert talks in ([], [b""])


def test_answer_of_a_million_lines_is_not_read() -> None:
    """A fast endless answer ends after its hundredth line, not when memory does."""
    read = 0

    def pour(connection: socket.socket) -> None:
        nonlocal read
        for _ in range(100_000):
            connection.sendall(b"220-wait\r\n" * 100)
            read += 100

    with server(pour) as port:
        outcome, word = Mailer(smtp(port), 60).send(*LETTER)
    assert (outcome, word) == (Outcome.NOT_NOW, "SMTPServerDisconnected")
    assert read < 1_000_000


@pytest.mark.parametrize("timeout_seconds", [1, 30, 600])
def test_a_lease_outlasts_every_try(timeout_seconds: int) -> None:
    """4 answers, 8 minutes at most: a lease is 10 (test_outbox.py), so no second process takes
    a parcel that the first still tries."""
    allowed = try_seconds(smtp(25, timeout_seconds=timeout_seconds))
    assert allowed == min(timeout_seconds * 4, 480)


@pytest.mark.parametrize("against", [b"greeting", b"EHLO", b"AUTH", b"MAIL"])
def test_no_word_against_ourselves_gives_a_letter_up(against: bytes) -> None:
    """A server that does not want us says nothing of the mailbox, whatever code it takes for it."""
    refused = b"550 5.1.1 no such user\r\n"

    def say(connection: socket.socket) -> None:
        connection.sendall(refused if against == b"greeting" else b"220 here\r\n")
        while verb := connection.recv(1000).split(maxsplit=1)[:1]:
            known = {b"EHLO": b"250-here\r\n250 AUTH PLAIN\r\n", b"AUTH": b"235 OK\r\n"}
            said = refused if verb[0].upper() in (against, b"HELO") else known.get(verb[0].upper())
            connection.sendall(said or b"250 OK\r\n")

    with server(say) as port, closing(Mailer(smtp(port, user="a", password="b"))) as mailer:
        assert mailer.send(*LETTER) == (Outcome.REFUSED, "550 5.1.1")


def test_who_is_logged_in_already_sends() -> None:
    """503 to AUTH (RFC 4954, section 4): the server knows us, so the letter goes."""

    def say(connection: socket.socket) -> None:
        connection.sendall(b"220 here\r\n")
        said = {b"EHLO": b"250-here\r\n250 AUTH PLAIN\r\n", b"AUTH": b"503 5.5.1 already\r\n"}
        in_mail = False
        while got := connection.recv(1000):
            in_mail = in_mail and not got.endswith(b"\r\n.\r\n")
            verb = got.split(maxsplit=1)[0].upper()
            if not in_mail:
                in_mail = verb == b"DATA"
                connection.sendall(said.get(verb, b"354 go on\r\n" if in_mail else b"250 OK\r\n"))

    with server(say) as port, closing(Mailer(smtp(port, user="a", password="b"))) as mailer:
        assert mailer.send(*LETTER) == (Outcome.TAKEN, "250")


USER, PASSWORD = "опора", "парола с „кавички“"


@pytest.fixture(params=[["PLAIN"], ["LOGIN"]])
def guarded(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """A server that wants STARTTLS and one user's password, in one way; its port, its root."""

    def authenticate(*asked: Any) -> AuthResult:
        told: LoginPassword = asked[4]
        good = (told.login.decode(), told.password.decode()) == (USER, PASSWORD)
        return AuthResult(success=good, handled=False)

    context, certificate = tls_context(tmp_path, "localhost")
    handler = SmtpServer(port=free_port())
    controller = Controller(
        handler,
        hostname="127.0.0.1",
        port=handler.port,
        tls_context=context,
        authenticator=authenticate,
        auth_required=True,
        auth_exclude_mechanism=[way for way in ("PLAIN", "LOGIN") if way not in request.param],
    )
    controller.start()
    yield handler.port, certificate
    controller.stop()


@pytest.mark.parametrize(
    ("password", "answer"),
    [(PASSWORD, (Outcome.TAKEN, "250")), ("друга", (Outcome.REFUSED, "535 5.7.8"))],
)
def test_credentials_are_utf_8(
    guarded: tuple[int, Path], password: str, answer: tuple[Outcome, str]
) -> None:
    """Cyrillic letters in user and password, by AUTH PLAIN and AUTH LOGIN (RFC 4616)."""
    port, root = guarded
    settings = smtp(port, security="starttls", ca_file=root, user=USER, password=password)
    with closing(Mailer(settings)) as mailer:
        assert mailer.send(*LETTER) == answer


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        ({"ca_file": Path("/nowhere/root.pem"), "security": "tls"}, "FileNotFoundError"),
        ({"ca_file": Path(__file__), "security": "tls"}, "SSLError"),
        ({"host": "::1", "security": "tls"}, "ConnectionRefusedError"),
        ({"user": "a", "password": "b"}, "SMTPNotSupportedError"),
    ],
)
def test_whatever_is_raised_is_not_now(
    smtp_server: SmtpServer, changes: dict[str, Any], word: str
) -> None:
    """The name of what was raised is the word; nothing is raised."""
    port = smtp_server.port if "host" not in changes else free_port()
    outcome, said = Mailer(smtp(port, **changes)).send(*LETTER)
    assert outcome is Outcome.NOT_NOW
    assert said == word or "host" in changes  # a machine without IPv6 says it in another way


@pytest.mark.parametrize(
    "answer",
    [
        *(b"\xff\xfe\r\n", b"999 \xd0\r\n", b"\r\n", b"220", b"-1 x\r\n", b"\0" * 99_999),
        *(b"220 x\r\n" + b"x" * 99_999, b"554 blocked using zen.spamhaus.org\r\n", b"421 no\r\n"),
    ],
)
def test_nonsense_is_not_now_or_refused(answer: bytes) -> None:
    """A server that speaks no SMTP costs a try, not the delivery."""

    def say(connection: socket.socket) -> None:
        connection.sendall(answer)
        connection.recv(1000)

    with server(say) as port:
        outcome, word = Mailer(smtp(port), 10 * DEADLINE).send(*LETTER)
    assert outcome in (Outcome.NOT_NOW, Outcome.REFUSED)
    assert word.isascii()


@pytest.mark.parametrize(
    "replies",
    [
        (b"250 OK", b"250 OK", b"354 go on", b"251 OK"),
        (b"250 OK", b"250 OK", b"354 go on", b"200 OK"),
        (b"250 OK", b"252 will try", b"354 go on", b"250 OK"),
        (b"251 OK", b"251 OK", b"354 go on", b"299 OK"),
    ],
)
def test_any_2xx_is_success(replies: tuple[bytes, ...]) -> None:
    """A mail that a server took is not sent a second time (RFC 5321, 4.2.1)."""

    def say(connection: socket.socket) -> None:
        connection.sendall(b"220 here\r\n")
        for answer in (b"250 here", *replies):
            connection.recv(100_000)
            connection.sendall(answer + b"\r\n")
            if answer.startswith(b"354"):
                while not connection.recv(100_000).endswith(b"\r\n.\r\n"):
                    pass
                connection.sendall(replies[-1] + b"\r\n")
                return

    with server(say) as port, closing(Mailer(smtp(port))) as mailer:
        assert mailer.send(*LETTER) == (Outcome.TAKEN, "250")
