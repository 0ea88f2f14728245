"""An operator's folder for torture and bench: settings, key, outbox, letters."""

from __future__ import annotations

import email
import http.client
import os
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from pysequoia import Profile, Tsk, decrypt

from site_build.pipeline import build_site
from tests.support.project import ROOT, copy_project

SECRET = "a secret for tests only, 32 signs or more"
FORM_TYPE = "application/x-www-form-urlencoded"
PATH = "/send/bg/{centre}/contact"

# Two mailboxes for one centre: one must never hold up the other, and neither may its key.
MAILBOXES = {
    "harmanli": ("harmanli@example.org",),
    "sopot": ("sopot@example.org", "sopot-second@example.org"),
}
ONLY, SECOND = "harmanli@example.org", "sopot-second@example.org"
ALARMS = "alarms@example.org"
LETTER: Mapping[str, Any] = {
    "danger": "no",
    "writer": "parent",
    "name": "Мария",
    "contact_way": "call",
    "phone": "0888 123 456",
    "safe_time": "в делник до обяд",
    "settlement": "Харманли",
    "message": "Синът ми не иска да ходи на училище.\nНе знам какво да правя.",
    "understood": "y",
}


def encode_letter(letter: Mapping[str, Any]) -> bytes:
    """A letter as a browser sends it."""
    return urllib.parse.urlencode(letter, doseq=True).encode()


def build_site_in(folder: Path) -> Path:
    """The finished site of the real content, below `folder`."""
    project = copy_project(folder)
    build_site(project)
    return project.site


@dataclass
class OperatorFolder:
    """A folder with everything that the two processes need and all that they write."""

    folder: Path
    site: Path
    smtp_port: int
    database: str
    per_hour: int = 1_000_000
    key: Tsk = field(
        default_factory=lambda: Tsk.generate(
            user_id="Centre <centre@example.org>", profile=Profile.RFC4880
        )
    )

    @property
    def settings_file(self) -> Path:
        return self.folder / "service.toml"

    @property
    def temp(self) -> Path:
        return self.folder / "tmp"

    @property
    def certificate(self) -> bytes:
        return str(self.key.extract_certificate()).encode()

    def put_key(self, address: str, key: bytes) -> None:
        """Put the file of a recipient's key in place as `mv` does."""
        (self.folder / "next.asc").write_bytes(key)
        (self.folder / "next.asc").rename(self.folder / f"{address}.asc")

    def write(self) -> None:
        """Put settings, certificates and a folder for temporary files in place."""
        self.temp.mkdir(exist_ok=True)
        for addresses in MAILBOXES.values():
            for address in addresses:
                self.put_key(address, self.certificate)
        recipients = "".join(
            f'[[centres.{centre}.recipients]]\naddress = "{address}"\n'
            f'seal = "openpgp"\nkey = "{address}.asc"\n'
            for centre, addresses in MAILBOXES.items()
            for address in addresses
        )
        self.settings_file.write_text(
            f'site_folder = "{self.site}"\ncontent_folder = "{ROOT / "content"}"\n'
            f'database = "{self.database}"\nmessages_per_hour = {self.per_hour}\nwatch_port = 0\n'
            f'trusted_proxies = 1\nalarm_address = "{ALARMS}"\n'
            f'[smtp]\nhost = "127.0.0.1"\nport = {self.smtp_port}\nsecurity = "none"\n'
            f'sender = "opora@example.org"\ntimeout_seconds = 1\n{recipients}'
        )

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "OPORA_SECRET": SECRET,
            "OPORA_SETTINGS": str(self.settings_file),
            "TMPDIR": str(self.temp),
            "PYTHONPATH": str(ROOT),
        }

    def text_of(self, content: bytes) -> tuple[EmailMessage, str]:
        """A sealed mail, and the sheet in it as the centre reads it."""
        mail = email.message_from_bytes(content, policy=default)
        armoured = list(mail.iter_parts())[1].get_content()
        clear = decrypt(armoured, decryptor=self.key.decryptor()).bytes
        body = email.message_from_bytes(clear or b"", policy=default).get_body()
        return mail, str(body.get_content()) if body else ""


def post(
    port: int, path: str, body: bytes, timeout: float = 10, caller: str = "127.0.0.1"
) -> tuple[int, str]:
    """Send a form as the web server in front does; the status and where it leads.

    The status is 0 if the line broke. `caller` is the address of who wrote.
    """
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        headers = {"Content-Type": FORM_TYPE, "X-Forwarded-For": caller}
        connection.request("POST", path, body, headers)
        response = connection.getresponse()
        response.read()
        return response.status, response.getheader("Location", "")
    except (OSError, http.client.HTTPException):
        return 0, ""
    finally:
        connection.close()
