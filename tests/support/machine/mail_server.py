"""The municipality's mail server: Postfix takes mail with a password, Dovecot gives it by IMAP.

Both are Debian's own, run from a folder of the test, in the closed network of a machine.
"""

from __future__ import annotations

import imaplib
import shutil
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from tests.support.machine.network import inside
from tests.support.processes import started
from tests.support.project import skip_or_fail
from tests.support.service.postfix_server import NOBODY, Postfix
from tests.support.service.service_parts import tls_context
from tests.support.waiting import PATIENCE

HOST = "mail.example.org"
PASSWORD = "only for this test"
SUBMISSION, IMAPS = 587, 993

_POSTFIX = """
myhostname = {host}
smtpd_tls_eccert_file = {folder}/{host}.pem
smtpd_tls_auth_only = yes
smtpd_sasl_auth_enable = yes
smtpd_sasl_type = dovecot
smtpd_sasl_path = private/auth
virtual_mailbox_maps = inline:{{ centre@example.org=centre/ it@example.org=it/ }}
smtpd_client_restrictions = permit_sasl_authenticated, reject
"""
_DOVECOT = """
base_dir = {folder}/dovecot
protocols = imap
listen = 127.0.0.1
log_path = {folder}/dovecot.log
ssl = required
ssl_cert = <{folder}/{host}.pem
ssl_key = <{folder}/{host}.pem
disable_plaintext_auth = yes
auth_mechanisms = plain login
mail_location = maildir:{folder}/mail/%n
passdb {{
  driver = passwd-file
  args = scheme=PLAIN {folder}/passwords
}}
userdb {{
  driver = static
  args = uid={uid} gid={uid} home={folder}/mail/%n
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {port}
    ssl = yes
  }}
}}
service auth {{
  unix_listener {folder}/queue/private/auth {{
    mode = 0666
  }}
}}
"""


class MailServer:
    """Takes mail at HOST:587 from opora@example.org; centre@example.org reads it at HOST:993."""

    def __init__(self, folder: Path, leader: int) -> None:
        self._leader = leader
        self._network = ("nsenter", f"--net=/proc/{leader}/ns/net", "--")
        self._postfix = Postfix(folder, self._network, port=SUBMISSION)
        _, self.certificate = tls_context(folder, HOST)
        values = {"folder": folder, "host": HOST, "uid": NOBODY, "port": IMAPS}
        with (folder / "conf" / "main.cf").open("a") as settings:
            settings.write(_POSTFIX.format(**values))
        people = ("opora", "centre")
        (folder / "passwords").write_text(
            "".join(f"{name}@example.org:{PASSWORD}\n" for name in people)
        )
        self._settings = folder / "dovecot.conf"
        self._settings.write_text(_DOVECOT.format(**values))
        self._folder = folder
        self._running = ExitStack()

    def start(self) -> None:
        self._running.callback(self._postfix.stop)
        self._postfix.start()
        command = [*self._network, "dovecot", "-F", "-c", str(self._settings)]
        self._running.enter_context(started(command))
        end = time.monotonic() + PATIENCE
        while not inside(self._leader, _gives_mail):
            assert time.monotonic() < end, self.log()
            time.sleep(0.1)

    def stop(self) -> None:
        self._running.close()

    def log(self) -> str:
        said = self._folder / "dovecot.log"
        return self._postfix.log() + (said.read_text() if said.exists() else "")

    def fetched(self) -> list[EmailMessage]:
        """All mails of the centre, as its mail program fetches them."""
        return inside(self._leader, self._fetch)

    def _fetch(self) -> list[EmailMessage]:
        # Dovecot's part that knows passwords takes its time to start on a busy machine.
        for _ in range(PATIENCE):
            try:
                return self._fetched()
            except imaplib.IMAP4.error as error:
                if "UNAVAILABLE" not in str(error):
                    raise
                time.sleep(1)
        raise AssertionError("Dovecot does not start")

    def _fetched(self) -> list[EmailMessage]:
        trusted = ssl.create_default_context(cafile=self.certificate)
        with _ByAddress("127.0.0.1", IMAPS, ssl_context=trusted) as mailbox:
            mailbox.login("centre@example.org", PASSWORD)
            mailbox.select("INBOX", readonly=True)
            numbers = mailbox.search(None, "ALL")[1][0].split()
            found = [mailbox.fetch(number, "(RFC822)")[1][0] for number in numbers]
        return [message_from_bytes(mail[1], policy=default) for mail in found if mail]


def _gives_mail() -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", IMAPS)) == 0


class _ByAddress(imaplib.IMAP4_SSL):
    """Connects to this machine's address, and checks the certificate of HOST."""

    def _create_socket(self, timeout: float | None) -> ssl.SSLSocket:
        plain = imaplib.IMAP4._create_socket(self, timeout)  # type: ignore[attr-defined]
        return self.ssl_context.wrap_socket(plain, server_hostname=HOST)  # type: ignore[attr-defined]


@contextmanager
def mail_server(folder: Path, leader: int) -> Iterator[MailServer]:
    """The server, running, until the block ends."""
    if missing := [tool for tool in ("postfix", "dovecot") if shutil.which(tool) is None]:
        skip_or_fail(f"not installed: {', '.join(missing)} (make test installs them)")
    server = MailServer(folder, leader)
    try:
        server.start()
        yield server
    finally:
        server.stop()
