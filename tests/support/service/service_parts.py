"""Real parts for the service's tests: an instance on disk, an SMTP server, TLS."""

from __future__ import annotations

import email
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask.testing import FlaskClient
from pysequoia import Tsk, decrypt

from contact_service.outbox.outbox import Outbox
from contact_service.settings.service import Settings, load_settings
from site_model.loading.placeholders import with_address
from tests.support.project import ROOT, application, skip_or_fail
from tests.support.shared import made_once

SECRET = "a secret for tests only, 32 signs or more"
FORM_TYPE = "application/x-www-form-urlencoded"


@dataclass
class SmtpServer:
    """A real SMTP server whose answers a test can choose; keeps what it took."""

    answer: Callable[[Any], str] = lambda _envelope: "250 OK"
    taken: list[tuple[list[str], EmailMessage]] = field(default_factory=list)
    port: int = 0

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        said = self.answer(envelope)
        if said.startswith("250"):
            mail = email.message_from_bytes(envelope.content, policy=default)
            self.taken.append((envelope.rcpt_tos, mail))
        return said


@dataclass
class Instance:
    """A folder with settings, key and outbox, as an operator has one."""

    folder: Path
    toml: str
    key: Tsk
    opened: ExitStack
    """Closes what was opened here, when the test ends."""

    def settings(self, **changes: str) -> Settings:
        return load_settings(self.toml, {"OPORA_SECRET": SECRET, **changes}, self.folder)

    def promise(self, letters: str) -> None:
        """Let the site say another way that letters travel to Harmanli."""
        content = self.folder / "content"
        shutil.copytree(ROOT / "content", content)
        shutil.copytree(ROOT / "locale", self.folder / "locale")
        facts = content / "centres" / "harmanli.yml"
        facts.write_text(
            facts.read_text().replace("id: harmanli\n", f"id: harmanli\nletters: {letters}\n", 1)
        )
        self.toml = self.toml.replace(str(ROOT / "content"), str(content))

    def in_earnest(self, toml: str | None = None) -> str:
        """The settings with addresses of a real site and real mailboxes in place of examples."""
        content = self.folder / "content"
        if content.exists():
            _give_address(content)
        else:  # one for all, so that its translations are read once
            content = made_once("in_earnest", _in_earnest) / "content"
        toml = (toml or self.toml).replace(str(ROOT / "content"), str(content))
        return toml.replace("@example.org", "@tsop-proba.bg")

    def outbox(self) -> Outbox:
        return self.opened.enter_context(closing(Outbox(self.settings().database)))

    def client(self) -> FlaskClient:
        app = self.opened.enter_context(application(self.settings()))
        app.testing = True
        return app.test_client()

    def open(self, mail: EmailMessage) -> str:
        """The text that the centre reads, opened with its secret key."""
        armoured = list(mail.iter_parts())[1].get_content()
        clear = decrypt(armoured, decryptor=self.key.decryptor()).bytes
        assert clear is not None
        return text_of(clear)


def _in_earnest(folder: Path) -> None:
    for name in ("content", "locale"):
        shutil.copytree(ROOT / name, folder / name)
    _give_address(folder / "content")


def _give_address(content: Path) -> None:
    site = content / "site.yml"
    site.write_text(with_address(site.read_text(), "https://tsop-proba.bg/"))


def text_of(entity: bytes) -> str:
    """The sheet inside the MIME entity that was sealed."""
    body = email.message_from_bytes(entity, policy=default).get_body()
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def readable(mail: EmailMessage) -> str:
    """What somebody reads who has a mail and no key: all headers and parts, decoded."""
    heads = [str(value) for part in mail.walk() for value in part.values()]
    leaves = [part.get_payload(decode=True) for part in mail.walk() if not part.is_multipart()]
    return "\n".join([*heads, *(bytes(leaf).decode(errors="replace") for leaf in leaves)])


def tls_context(folder: Path, name: str) -> tuple[ssl.SSLContext, Path]:
    """A server context with a fresh self-signed certificate for `name`, and that certificate."""
    from datetime import UTC, datetime, timedelta

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    file = folder / f"{name}.pem"
    file.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context, file


Gpg = Callable[..., bytes]
"""Runs `gpg` with options, and `input` if there is one, and gives what it wrote."""


@contextmanager
def gpg_with_a_key(*options_of_the_key: str) -> Iterator[Gpg]:
    """GnuPG, which shares no code with us, with a key that it made for a centre."""
    if shutil.which("gpg") is None:
        skip_or_fail("no gpg here (make test installs it where it may)")
    # A short path: gpg-agent's socket lies in it and may not be longer than 107 bytes.
    with TemporaryDirectory(prefix="gpg") as home:
        command = ["gpg", "--homedir", home, "--batch", "--quiet", "--passphrase", ""]

        def gpg(*options: str, input: bytes | None = None) -> bytes:
            done = subprocess.run(
                [*command, *options], input=input, check=True, capture_output=True
            )
            return done.stdout

        try:
            gpg(*options_of_the_key, "--quick-gen-key", "Centre <centre@example.org>")
            yield gpg
        finally:
            subprocess.run(["gpgconf", "--homedir", home, "--kill", "all"], check=False)


GOOD = """
site_folder = "site"
content_folder = "content"
database = "sqlite:///outbox.sqlite3"
secret = "0123456789abcdef0123456789abcdef"
[smtp]
host = "mail.example.org"
port = 587
security = "starttls"
sender = "opora@example.org"
[[centres.harmanli.recipients]]
address = "centre@example.org"
seal = "openpgp"
key = "centre.asc"
"""
