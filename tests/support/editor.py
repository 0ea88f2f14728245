"""The editor's pages as a person without scripts uses them: fields are filled, buttons pressed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from lxml import html
from lxml.html import HtmlElement
from werkzeug.test import TestResponse

from site_build.pipeline import Project
from site_editor.web.app import create_app
from tests.support.shared import made_once

HOST = "127.0.0.1:8010"
OURS = {"Host": HOST, "Origin": f"http://{HOST}", "Sec-Fetch-Site": "same-origin"}
DAY = date(2026, 11, 22)
Fields = dict[str, Any]

COMPILED = FileSystemBytecodeCache(made_once("templates", lambda _: None))
"""The editor's templates, which each application would compile anew."""


@dataclass
class Desk:
    """A person at the editor of a project."""

    project: Project
    client: FlaskClient

    def get(self, path: str) -> HtmlElement:
        answer = self.client.get(path, headers=OURS)
        assert answer.status_code == 200, answer.text
        return html.fromstring(answer.text)

    def fields(self, page: HtmlElement) -> Fields:
        """What the form of a section, or of its change, would send."""
        (form,) = page.xpath("//form[.//input[@name='base']]")
        sent: Fields = {}
        for name, value in form.form_values():
            sent.setdefault(name, []).append(value)
        return {name: values[0] if len(values) == 1 else values for name, values in sent.items()}

    def press(self, path: str, fields: Fields, do: str, **more: Any) -> TestResponse:
        return self.client.post(path, data=fields | {"do": do}, headers=OURS | more)

    def changed(self, path: str, do: str = "look", **typed: str) -> TestResponse:
        """Open a page, type into fields (phones__0__number is phones-0-number) and press."""
        fields = self.fields(self.get(path))
        fields |= {name.replace("__", "-"): value for name, value in typed.items()}
        return self.press(path, fields, do)

    def published(self, path: str, **typed: str) -> TestResponse:
        """The same up to the published change; a social worker said so."""
        looked = self.changed(path, **typed)
        assert looked.status_code == 200, words(looked)
        fields = self.fields(html.fromstring(looked.text))
        fields |= {"origin-post": "социален работник"} if "origin-kind" in fields else {}
        return self.press(path, fields, "publish")

    def file(self, centre: str = "harmanli") -> Path:
        return self.project.content / "centres" / f"{centre}.yml"


class Waiting(FlaskClient):
    """Waits, as a person does, till what was published is there."""

    def open(self, *args: Any, **more: Any) -> TestResponse:
        answer = super().open(*args, **more)
        while (place := answer.headers.get("Location", "")).endswith("/publikuvane/"):
            answer = super().open(place, headers=OURS)
            while "Refresh" in answer.headers:
                answer = super().open(place, headers=OURS)
        return answer


def desk(project: Project) -> Desk:
    app = create_app(lambda: Project(project.root, today=DAY), {HOST})
    app.test_client_class = Waiting
    app.jinja_env.bytecode_cache = COMPILED
    return Desk(project, app.test_client())


def words(answer: TestResponse | HtmlElement) -> str:
    """The text of a page's main part, on one line."""
    page = answer if isinstance(answer, HtmlElement) else html.fromstring(answer.text)
    (main,) = page.xpath("//main")
    return " ".join(main.text_content().split())
