"""What Opora is measured against: a handler that does nothing, and the form of the tutorials."""

from __future__ import annotations

import os
import smtplib
from email.message import EmailMessage

from flask import Flask, redirect, request
from werkzeug.wrappers import Response

RECEIPT = "/receipt"


def _empty() -> Flask:
    """Answers like Opora does after a letter, without doing anything."""
    app = Flask("empty")

    @app.post("/<path:path>")
    def take(path: str) -> Response:
        return redirect(RECEIPT, 303)

    return app


def _tutorial() -> Flask:
    """Sends the mail inside the request over a connection of its own, as tutorials show it."""
    app = Flask("tutorial")

    @app.post("/<path:path>")
    def take(path: str) -> Response:
        mail = EmailMessage()
        mail["From"] = "form@example.org"
        mail["To"] = "centre@example.org"
        mail["Subject"] = f"Writes {request.form['name']}"
        mail.set_content(request.form["message"])
        with smtplib.SMTP("127.0.0.1", int(os.environ["BENCH_SMTP_PORT"])) as server:
            server.send_message(mail)
        return redirect(RECEIPT, 303)

    return app


def _opora() -> Flask:
    """The real service for other worker settings than its own command line has."""
    from pathlib import Path

    from contact_service.settings.service import read_settings
    from contact_service.web.views import create_app

    return create_app(read_settings(Path(os.environ["OPORA_SETTINGS"]), os.environ))


app = {"empty": _empty, "tutorial": _tutorial, "opora": _opora}[os.environ["BENCH_PEER"]]()
