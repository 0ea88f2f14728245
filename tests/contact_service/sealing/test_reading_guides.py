"""The commands of the reading guides, word by word, on a letter that the real service sealed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import threading
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from contact_service.delivery.worker import deliver_due
from tests.support.project import ROOT, skip_or_fail
from tests.support.service.certificates import certificate_for, private_pem
from tests.support.service.service_parts import Instance, SmtpServer, text_of

PASSWORD = "пролет-река-42-мост"
WRITTEN = "Синът ми не иска да ходи на училище."
REFERENCE = "DF4GJ-2UV79"  # the example of the guides


def commands(guide: str) -> list[list[str]]:
    """The shell commands of a guide that a technician types."""
    text = (ROOT / "docs" / "guide" / guide).read_text(encoding="utf-8")
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```$", text, re.M | re.S)
    return [shlex.split(line) for block in blocks for line in block.splitlines() if line]


def typed(command: list[str], folder: Path) -> subprocess.CompletedProcess[bytes]:
    """What happens when this is typed in `folder`; gpg gets a home of its own there."""
    if shutil.which(command[0]) is None:
        skip_or_fail(f"no {command[0]} here (make test installs it where it may)")
    home = folder / "gnupg"
    home.mkdir(mode=0o700, exist_ok=True)
    environment = os.environ | {"GNUPGHOME": str(home), "LC_ALL": "C.UTF-8"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, check=False)


@pytest.fixture
def folder(
    instance: Instance, smtp_server: SmtpServer, letter: dict[str, Any], tmp_path: Path
) -> Path:
    """What the centre has after one letter to three recipients, under the names of the guides."""
    here = tmp_path / "centre"
    here.mkdir()
    key = rsa.generate_private_key(65537, 2048)
    (here / "centre.key").write_bytes(private_pem(key))
    pem = certificate_for(key, "key_encipherment").public_bytes(Encoding.PEM)
    (here / "centre.pem").write_bytes(pem)
    (here / "centre-pub.asc").write_bytes((tmp_path / "centre.asc").read_bytes())
    (here / "parola.txt").write_text(PASSWORD, encoding="utf-8")
    (here / "parola.txt").chmod(0o600)
    instance.promise("password")
    instance.toml += (
        '[[centres.harmanli.recipients]]\naddress = "outlook@example.org"\n'
        'seal = "smime"\ncertificate = "centre/centre.pem"\n'
        '[[centres.harmanli.recipients]]\naddress = "webmail@example.org"\n'
        'seal = "pdf"\npassword_file = "centre/parola.txt"\n'
    )
    assert instance.client().post("/send/bg/harmanli/contact", data=letter).status_code == 303
    with_letters = instance.outbox()
    deliver_due(with_letters, instance.settings().smtp, threading.Event())
    with_letters.close()
    mails = {to: mail for [to], mail in smtp_server.taken}
    (here / "pismo.eml").write_bytes(mails["outlook@example.org"].as_bytes(policy=default))
    (here / f"{REFERENCE}.pdf").write_bytes(attached(mails["webmail@example.org"]))
    return here


def attached(mail: EmailMessage) -> bytes:
    [part] = mail.iter_attachments()
    return bytes(part.get_content())


def test_fingerprint_of_the_public_key_is_seen(folder: Path, instance: Instance) -> None:
    """The technician reads out the same fingerprint that the centre sees, and no secret key."""
    [show] = [c for c in commands("chetene-thunderbird.md") if c[0] == "gpg"]
    seen = typed(show, folder)
    assert seen.returncode == 0, seen.stderr
    assert instance.key.extract_certificate().fingerprint.upper() in seen.stdout.decode()
    assert b"sec" not in seen.stdout


def test_letter_opens_with_the_certificate(folder: Path) -> None:
    """openssl shows what the certificate is for, and opens the letter with its key."""
    about, opening = commands("chetene-outlook.md")
    seen = typed(about, folder)
    assert seen.returncode == 0, seen.stderr
    assert b"Key Encipherment" in seen.stdout
    assert b"Fingerprint=" in seen.stdout
    before = set(folder.iterdir())
    opened = typed(opening, folder)
    assert opened.returncode == 0, opened.stderr
    assert WRITTEN in text_of(opened.stdout)
    assert set(folder.iterdir()) == before  # nothing was written beside the letter


def test_pdf_is_whole_and_needs_its_password(folder: Path) -> None:
    """qpdf says that it is closed, finds it whole with the password, and closed to another."""
    closed, whole = commands("chetene-pdf.md")
    assert typed(closed, folder).returncode == 0
    checked = typed(whole, folder)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    (folder / "parola.txt").write_text("пролет-река-42-мосТ", encoding="utf-8")
    assert typed(whole, folder).returncode != 0
