"""The editor of a server, and people who come to it with links."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from werkzeug.test import TestResponse

from site_build.pipeline import Project
from site_editor.server.access import Access
from site_editor.server.app import COOKIE, create_app

HOST = "opora.example"
OURS = {"Host": HOST, "Origin": f"https://{HOST}", "Sec-Fetch-Site": "same-origin"}


class Clock:
    """Seconds that a test moves on."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Server:
    """The application over a project of its own; `sent` are the centres that links went to."""

    project: Project
    app: Flask
    access: Access
    clock: Clock
    folder: Path
    sent: list[str] = field(default_factory=list)

    def person(self, centre: str | None = None) -> Person:
        """Somebody with a browser; who says a centre enters with a link of it."""
        person = Person(self.app.test_client())
        if centre:
            entered = person.post(f"/vhod/{self.access.new_link(centre)}")
            assert entered.status_code == 303, entered.text
        return person


@dataclass
class Person:
    """Asks as a browser does over HTTPS, with the cookie that it was given."""

    client: FlaskClient

    def get(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, base_url=f"https://{HOST}", headers=OURS | headers)

    def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> TestResponse:
        """The answer, after what was published is there."""
        answer = self.client.post(
            path, base_url=f"https://{HOST}", data=data or {}, headers=OURS | headers
        )
        place = answer.headers.get("Location", "")
        while place.endswith("/publikuvane/") or "Refresh" in answer.headers:
            answer = self.get(place)
            place = answer.headers.get("Location", place if "Refresh" in answer.headers else "")
        return answer

    @property
    def cookie(self) -> str | None:
        found = self.client.get_cookie(COOKIE, HOST)
        return found.value if found else None

    def token(self, path: str) -> str:
        """What the forms of a page carry."""
        found = html.fromstring(self.get(path).text).xpath("//input[@name='token']/@value")
        return str(found[0])


def server(project: Project, folder: Path) -> Server:
    clock, sent = Clock(), list[str]()
    access = Access(clock)
    folder.mkdir(exist_ok=True)
    app = create_app(project.root, folder, access, sent.append)
    return Server(project, app, access, clock, folder, sent)
