"""A local mailbox: takes mail by SMTP, shows each letter opened and as it travelled.

`python -m tools.demo.mailbox SMTP_PORT PAGE_PORT KEY SITE_FOLDER SITE`: KEY is the demo's secret
key, SITE_FOLDER has the style sheet of the pages, SITE is where they answer.
"""

from __future__ import annotations

import email
import logging
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from flask import Flask, abort, render_template, send_from_directory
from pysequoia import Tsk, decrypt
from werkzeug.exceptions import NotFound
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from contact_service.outbox.outbox import SAME_LETTER
from contact_service.submission import sofia_time

POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True)
class Letter:
    """A message as it travelled and as its key opens it, None if it does not; `again` says that
    it came before, under the same Message-ID.
    """

    number: int
    message_id: str
    sender: str
    recipient: str
    subject: str
    arrived: str
    sealed: str
    opened: str | None
    again: bool


class Mailbox:
    """aiosmtpd's handler; keeps letters in memory, in the order of their coming."""

    def __init__(self, key: Path) -> None:
        self._key = Tsk.from_file(str(key))
        self.letters: list[Letter] = []

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        content: bytes = envelope.content
        mail = email.message_from_bytes(content, policy=default)
        message_id = str(mail["Message-ID"])
        self.letters.append(
            Letter(
                number=len(self.letters) + 1,
                message_id=message_id,
                sender=str(mail["From"]),
                recipient=", ".join(envelope.rcpt_tos),
                subject=str(mail["Subject"]),
                arrived=sofia_time(datetime.now(UTC)),
                sealed=content.decode("utf-8", "replace"),
                opened=decrypt_message(mail, self._key),
                again=any(before.message_id == message_id for before in self.letters),
            )
        )
        return "250 OK"


def decrypt_message(mail: EmailMessage, key: Tsk) -> str | None:
    """The text inside a PGP/MIME message (RFC 3156); None for what the key does not open."""
    parts = list(mail.iter_parts())
    ciphertext = parts[1].get_payload(decode=True) if len(parts) > 1 else None
    if not isinstance(ciphertext, bytes):
        return None
    clear = b""
    with suppress(Exception):  # pysequoia raises its errors as plain Exception
        clear = decrypt(ciphertext, decryptor=key.decryptor()).bytes or b""
    body = email.message_from_bytes(clear, policy=default).get_body() if clear else None
    return str(body.get_content()).replace("\r\n", "\n") if body else None


def pages(mailbox: Mailbox, site_folder: Path, site: str) -> Flask:
    """The mailbox as pages that look like those of the site."""
    app = Flask(__name__, static_folder=None)
    app.jinja_env.globals |= {"site": site}

    @app.get("/")
    def index() -> str:
        minutes = SAME_LETTER.seconds // 60
        return render_template("mailbox.html", letters=mailbox.letters[::-1], minutes=minutes)

    @app.get("/<int:number>")
    def message(number: int) -> str:
        if not 0 < number <= len(mailbox.letters):
            abort(404)
        return render_template("message.html", letter=mailbox.letters[number - 1])

    @app.get("/opora.<any(css, svg):kind>")
    def asset(kind: str) -> Response:
        return send_from_directory(site_folder / "assets", f"opora.{kind}")

    @app.errorhandler(NotFound)
    def missing(_: NotFound) -> tuple[str, int]:
        return render_template("missing.html"), 404

    @app.after_request
    def closed(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["Cache-Control"] = "no-store"
        return response

    return app


def main(smtp_port: str, page_port: str, key: str, site_folder: str, site: str) -> None:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    mailbox = Mailbox(Path(key))
    smtp = Controller(mailbox, hostname="127.0.0.1", port=int(smtp_port))
    smtp.start()
    app = pages(mailbox, Path(site_folder), site)
    make_server("127.0.0.1", int(page_port), app).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
