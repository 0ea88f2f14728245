"""The plain way: readable when it leaves over verified TLS, closed with age while it waits."""

from __future__ import annotations

import email
import logging
import threading
from collections.abc import Iterator
from email.policy import default
from pathlib import Path
from typing import Any

import pyrage  # type: ignore[import-untyped]
import pytest
from aiosmtpd.controller import Controller
from service_parts import Instance, SmtpServer, tls_context
from support import free_port
from test_sealing import CANARY, submission

from contact_service.delivery import deliver_due
from contact_service.sealing.mail import SIZE_CLASS, KeyUnusableError
from contact_service.sealing.plain import PlainSealer, load_plain, opened_at_rest
from contact_service.settings import PlainRecipient, SettingsError

ADDRESS = "centre@example.org"
PLAIN = 'seal = "plain"\ni_know_that_anyone_on_the_way_can_read_it = true\n'
CONTACT = "/send/bg/harmanli/contact"


def identity_file(folder: Path, name: str = "at-rest.txt") -> Path:
    """What `age-keygen -o` writes."""
    identity = pyrage.x25519.Identity.generate()
    file = folder / name
    file.write_text(f"# created: today\n# public key: {identity.to_public()}\n{identity}\n")
    file.chmod(0o600)
    return file


def sealer(identity: Path | None) -> PlainSealer:
    recipient = PlainRecipient(
        address=ADDRESS, seal="plain", i_know_that_anyone_on_the_way_can_read_it=True
    )
    return load_plain(recipient, identity)


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    return identity_file(tmp_path)


def test_opened_mail_is_plain_text(identity: Path) -> None:
    """What leaves is a mail of one text part that every program shows."""
    sealed = sealer(identity).seal(submission(), "opora@example.org")
    content = opened_at_rest(sealed.content, identity)
    mail = email.message_from_bytes(content, policy=default)
    assert mail.get_content_type() == "text/plain"
    assert CANARY in mail.get_content()
    assert mail["Message-ID"] == sealed.message_id
    assert mail.defects == []
    assert content.count(b"\n") == content.count(b"\r\n")


def test_closed_mail_holds_nothing_readable(identity: Path) -> None:
    """At rest even address and subject are closed."""
    content = sealer(identity).seal(submission(), "opora@example.org").content
    assert content.startswith(b"age-encryption.org/v1\n-> X25519 ")
    assert ADDRESS.encode() not in content
    assert b"Subject" not in content


@pytest.mark.parametrize("length", [2, 3, 4, 100, 2000])
def test_length_at_rest_says_little(identity: Path, length: int) -> None:
    """The closed part is as long for a short cry for help as for a long letter.

    Before it stands age's header, whose length is random.
    """
    short, long = (
        sealer(identity).seal(submission("я" * n), "opora@example.org").content for n in (1, length)
    )
    assert len(short.partition(b"\n--- ")[2]) == len(long.partition(b"\n--- ")[2]) > SIZE_CLASS


def test_mail_sealed_in_another_way_is_left_alone() -> None:
    """What age did not close goes out as it is, and needs no key."""
    assert opened_at_rest(b"From: x\r\n\r\nsealed\r\n", None) == b"From: x\r\n\r\nsealed\r\n"


def test_another_identity_does_not_open_it(identity: Path, tmp_path: Path) -> None:
    """Neither another key nor none opens what waits."""
    content = sealer(identity).seal(submission(), "opora@example.org").content
    with pytest.raises(KeyUnusableError, match="друг ключ"):
        opened_at_rest(content, identity_file(tmp_path, "other.txt"))
    with pytest.raises(KeyUnusableError, match="at_rest_identity"):
        opened_at_rest(content, None)


KEY = str(pyrage.x25519.Identity.generate())


@pytest.mark.parametrize(
    ("content", "mode", "words"),
    [
        (None, 0o600, "няма файл"),
        ("# only a comment\n", 0o600, "age-keygen"),
        ("AGE-SECRET-KEY-1BROKEN\n", 0o600, "age-keygen"),
        (f"{KEY}\n{KEY}\n", 0o600, "точно един"),
        (f"{KEY}\n", 0o644, "chmod 600"),
    ],
    ids=["missing", "empty", "broken", "two", "open"],
)
def test_unusable_identity_is_named(
    tmp_path: Path, content: str | None, mode: int, words: str
) -> None:
    """An age key that is missing, broken or open to others is refused, and never repeated."""
    file = tmp_path / "at-rest.txt"
    if content is not None:
        file.write_text(content)
        file.chmod(mode)
    with pytest.raises(KeyUnusableError, match=words) as caught:
        sealer(file)
    assert KEY not in str(caught.value)


@pytest.fixture
def tls_server(tmp_path: Path) -> Iterator[SmtpServer]:
    """An SMTP server that takes mail over STARTTLS only; its certificate is localhost.pem."""
    context, _ = tls_context(tmp_path, "localhost")
    handler = SmtpServer(port=free_port())
    controller = Controller(
        handler, hostname="127.0.0.1", port=handler.port, tls_context=context, require_starttls=True
    )
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def plain_instance(instance: Instance, identity: Path, tls_server: SmtpServer) -> Instance:
    """Harmanli reads plain mail; the line is verified TLS and waiting mail is closed with age."""
    instance.promise("open")
    text = instance.toml.replace('seal = "openpgp"\nkey = "centre.asc"\n', PLAIN, 1)
    smtp = f'host = "localhost"\nport = {tls_server.port}\nsecurity = "starttls"\n'
    smtp += 'ca_file = "localhost.pem"\n'
    before, _, rest = text.partition("[smtp]\n")
    rest = rest[rest.index("sender") :]
    instance.toml = f'{before}at_rest_identity = "{identity.name}"\n[smtp]\n{smtp}{rest}'
    return instance


def deliver(instance: Instance, identity: Path | None) -> dict[str, int]:
    outbox = instance.outbox()
    deliver_due(outbox, instance.settings().smtp, threading.Event(), identity)
    counts = outbox.counts()
    outbox.close()
    return counts


def test_nothing_readable_waits_and_the_letter_arrives(
    plain_instance: Instance, tls_server: SmtpServer, letter: dict[str, Any], tmp_path: Path
) -> None:
    """No byte of the letter is in the files of SQLite; over TLS all of it comes."""
    letter["message"] = CANARY
    assert plain_instance.client().post(CONTACT, data=letter).status_code == 303
    files = list(tmp_path.glob("outbox.sqlite3*"))
    stored = b"".join(file.read_bytes() for file in files)
    assert b"age-encryption.org/v1" in stored
    for canary in (CANARY.encode(), b"0888 123 456", b"Content-Transfer-Encoding"):
        assert canary not in stored
    counts = deliver(plain_instance, plain_instance.settings().at_rest_identity)
    assert counts == {"waiting": 0, "given_up": 0}
    [(recipients, mail)] = tls_server.taken
    assert recipients == ["harmanli@example.org"]
    assert CANARY in mail.get_content()


def test_without_the_key_nothing_leaves_and_nothing_is_lost(
    plain_instance: Instance, tls_server: SmtpServer, letter: dict[str, Any]
) -> None:
    """A delivery process that cannot open what waits sends no ciphertext in its place."""
    assert plain_instance.client().post(CONTACT, data=letter).status_code == 303
    assert deliver(plain_instance, None) == {"waiting": 1, "given_up": 0}
    assert tls_server.taken == []


def test_start_warns_of_every_plain_recipient(
    plain_instance: Instance, caplog: pytest.LogCaptureFixture
) -> None:
    """Who starts the service reads whose mail travels open."""
    with caplog.at_level(logging.WARNING):
        plain_instance.client()
    said = [r.getMessage() for r in caplog.records if r.levelno == logging.WARNING]
    assert any("писмата пътуват незаключени" in words and "harmanli" in words for words in said)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("i_know_that_anyone_on_the_way_can_read_it = true\n", "", "липсва"),
        ("can_read_it = true", "can_read_it = false", "само True"),
        ('at_rest_identity = "at-rest.txt"\n', "", "age-keygen"),
        ('security = "starttls"', 'security = "none"', "starttls"),
    ],
)
def test_plain_needs_the_words_the_key_and_tls(
    plain_instance: Instance, old: str, new: str, words: str
) -> None:
    """Without the operator's words, the age key or TLS nothing starts."""
    assert old in plain_instance.toml
    plain_instance.toml = plain_instance.toml.replace(old, new)
    with pytest.raises(SettingsError, match=words):
        plain_instance.settings()
