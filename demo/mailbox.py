"""A local mailbox: takes mail by SMTP, shows each message as it travelled and opened.

`python -m demo.mailbox SMTP_PORT PAGE_PORT KEY`: KEY is the demo's secret key.
"""

from __future__ import annotations

import email
import logging
import sys
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask, abort, render_template
from pysequoia import Tsk, decrypt
from werkzeug.serving import make_server


@dataclass(frozen=True)
class Received:
    """A message as it travelled, and as its key opens it."""

    recipient: str
    subject: str
    sealed: str
    opened: str


class Mailbox:
    """aiosmtpd's handler; keeps messages in memory, the newest first."""

    def __init__(self, key: Path) -> None:
        self._key = Tsk.from_file(str(key))
        self.messages: list[Received] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        content: bytes = envelope.content
        mail = email.message_from_bytes(content, policy=default)
        self.messages.insert(
            0,
            Received(
                recipient=", ".join(envelope.rcpt_tos),
                subject=str(mail["Subject"]),
                sealed=content.decode("utf-8", "replace"),
                opened=opened(mail, self._key),
            ),
        )
        return "250 OK"


def opened(mail: EmailMessage, key: Tsk) -> str:
    """The text inside a PGP/MIME message."""
    parts = list(mail.iter_parts())
    ciphertext = parts[1].get_payload(decode=True)
    if not isinstance(ciphertext, bytes):
        raise TypeError("the second part of a PGP/MIME message holds the ciphertext")
    clear = decrypt(ciphertext, decryptor=key.decryptor()).bytes or b""
    body = email.message_from_bytes(clear, policy=default).get_body()
    return str(body.get_content()) if body else ""


def pages(mailbox: Mailbox) -> Flask:
    app = Flask(__name__)

    @app.get("/")
    def index() -> str:
        return render_template("mailbox.html", messages=mailbox.messages)

    @app.get("/<int:number>")
    def message(number: int) -> str:
        if not 0 < number <= len(mailbox.messages):
            abort(404)
        return render_template("message.html", message=mailbox.messages[-number])

    return app


def main(smtp_port: str, page_port: str, key: str) -> None:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    mailbox = Mailbox(Path(key))
    smtp = Controller(mailbox, hostname="127.0.0.1", port=int(smtp_port))
    smtp.start()
    make_server("127.0.0.1", int(page_port), pages(mailbox)).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
