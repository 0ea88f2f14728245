"""A real Postfix of the tests' own: an instance in a folder, on loopback, as a provider has it."""

from __future__ import annotations

import email
import os
import shutil
import socketserver
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from contact_service.settings.service import Smtp
from tests.support.processes import answering
from tests.support.project import free_port
from tests.support.service.service_parts import tls_context
from tests.support.waiting import PATIENCE

MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/log
maillog_file_prefixes = {folder}
myhostname = mail.example.org
mydestination =
mynetworks =
alias_maps =
local_recipient_maps =
inet_protocols = ipv4
smtpd_peername_lookup = no
smtpd_tls_security_level = encrypt
smtpd_tls_eccert_file = {folder}/localhost.pem
smtpd_tls_received_header = yes
smtpd_recipient_restrictions = reject_unauth_destination
virtual_mailbox_domains = example.org
virtual_mailbox_base = {folder}/mail
virtual_mailbox_maps = inline:{{ harmanli@example.org=harmanli/ centre@example.org=centre/ }}
virtual_uid_maps = static:{uid}
virtual_gid_maps = static:{uid}
"""
# The same server behind three ports: as it should be, with another's name, with greylisting.
MASTER = """
127.0.0.1:{port} inet n - n - - smtpd
127.0.0.1:{wrong_name_port} inet n - n - - smtpd
  -o smtpd_tls_eccert_file={folder}/mail.example.net.pem
127.0.0.1:{greylist_port} inet n - n - - smtpd
  -o smtpd_recipient_restrictions=reject_unauth_destination,$greylist
  -o {{ greylist = check_policy_service inet:127.0.0.1:{policy_port} }}
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
NOBODY = 65534


@dataclass
class Postfix:
    """An instance that can be started and stopped; `folder` holds all that it has.

    It has mailboxes for harmanli@ and centre@example.org and for nobody else. `entering` begins
    its command line where it belongs to another network.
    """

    folder: Path
    entering: tuple[str, ...] = ()
    running: bool = False
    port: int = field(default_factory=free_port)
    wrong_name_port: int = field(default_factory=free_port)
    greylist_port: int = field(default_factory=free_port)
    policy_port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        self.folder.chmod(0o755)  # its parts run as users of their own
        for name in ("conf", "queue", "data", "mail"):
            (self.folder / name).mkdir()
        shutil.chown(self.folder / "data", "postfix")
        os.chown(self.folder / "mail", NOBODY, NOBODY)
        for name in ("localhost", "mail.example.net"):
            tls_context(self.folder, name)
        values = {**vars(self), "uid": NOBODY}
        (self.folder / "conf" / "main.cf").write_text(MAIN.format(**values))
        (self.folder / "conf" / "master.cf").write_text(MASTER.format(**values))

    def start(self) -> None:
        if not self.running:
            self._command("start")
            self.running = True

    def stop(self) -> None:
        if self.running:
            self._command("stop")
            self.running = False

    def _command(self, word: str) -> None:
        done = subprocess.run(
            [*self.entering, "postfix", "-c", str(self.folder / "conf"), word],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr + self.log()

    def log(self) -> str:
        file = self.folder / "log"
        return file.read_text() if file.exists() else ""

    def empty(self) -> None:
        """Forget the mails that arrived."""
        for maildir in (self.folder / "mail").iterdir():
            shutil.rmtree(maildir)

    def arrived(self, wanted: int) -> list[EmailMessage]:
        """The mails in all mailboxes, as soon as there are `wanted`."""
        end = time.monotonic() + PATIENCE
        while len(files := list((self.folder / "mail").glob("*/new/*"))) < wanted:
            assert time.monotonic() < end, f"{len(files)} arrived:\n{self.log()}"
            time.sleep(0.05)
        assert len(files) == wanted
        return [email.message_from_bytes(file.read_bytes(), policy=default) for file in files]

    def smtp(self, port: int, certificate: str = "localhost") -> Smtp:
        """Settings to send to this server, with the certificate that is trusted."""
        return Smtp(
            host="localhost",
            port=port,
            security="starttls",
            sender="opora@example.org",
            ca_file=self.folder / f"{certificate}.pem",
            timeout_seconds=20,
        )


class _Policy(socketserver.StreamRequestHandler):
    """Postfix's policy protocol: lines of name=value, an empty line, then our answer."""

    def handle(self) -> None:
        asked: dict[str, str] = {}
        for line in self.rfile:
            name, _, value = line.decode().strip().partition("=")
            if name:
                asked[name] = value
                continue
            self.wfile.write(f"action={self.server.answer(asked)}\n\n".encode())  # type: ignore[attr-defined]
            asked = {}


@contextmanager
def policy_server(port: int, answer: Callable[[dict[str, str]], str]) -> Iterator[None]:
    """Answers Postfix's question about each recipient with what `answer` says."""
    socketserver.ThreadingTCPServer.allow_reuse_address = True
    server = socketserver.ThreadingTCPServer(("127.0.0.1", port), _Policy)
    server.daemon_threads = True
    server.answer = answer  # type: ignore[attr-defined]
    with answering(server):
        yield
