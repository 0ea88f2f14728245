"""From the entry to a published change: real processes, a real letter, opened with its real key."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from threading import Event
from urllib.parse import urlencode, urlsplit

import pytest
from lxml import html

from contact_service.delivery.worker import deliver_due
from site_editor.server.own_facts import WRITTEN
from site_model.urls import origin
from tests.support.processes import started
from tests.support.project import ROOT, copy_project, free_port, real_content
from tests.support.service.running_service import post
from tests.support.service.service_parts import SECRET, Instance, SmtpServer
from tests.support.waiting import PATIENCE, wait_for

HOST = "opora.example"
KNOWN = "a secret of two processes, 32 signs or more"


@dataclass
class Running:
    """The editor's process, at its port."""

    port: int
    content: Path
    state: Path
    said: Path

    def ask(
        self, path: str, form: dict[str, str] | None = None, cookie: str = "", host: str = HOST
    ) -> tuple[HTTPResponse, str]:
        headers = {"Host": host, "Cookie": cookie}
        if form is not None:
            headers |= {
                "Origin": f"https://{HOST}",
                "Content-Type": "application/x-www-form-urlencoded",
            }
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            body = None if form is None else urlencode(form)
            connection.request("GET" if form is None else "POST", path, body, headers)
            answer = connection.getresponse()
            return answer, answer.read().decode()
        finally:
            connection.close()

    def healthy(self) -> str:
        try:
            return self.ask("/health", host="127.0.0.1")[1]
        except OSError:
            return ""


@pytest.fixture
def editor(instance: Instance, tmp_path: Path) -> Iterator[Running]:
    """The service's web process and the editor's, with a secret that both know."""
    secret = tmp_path / "editor"
    secret.write_text(KNOWN)
    secret.chmod(0o600)
    (tmp_path / "service.toml").write_text(f'editor_secret_file = "editor"\n{instance.toml}')
    instance.toml = f'editor_secret_file = "editor"\n{instance.toml}'
    project = copy_project(tmp_path / "project")
    for name in WRITTEN:  # as `opora editor on` does
        (project.content / name).mkdir(exist_ok=True)
    state, said = tmp_path / "state", tmp_path / "said"
    state.mkdir()
    web, port = free_port(), free_port()
    service = [sys.executable, "-m", "contact_service", "--settings", tmp_path / "service.toml"]
    command = [
        *(sys.executable, "-m", "site_editor.server", "--project", project.root),
        *("--folder", state, "--secret-file", secret),
        *("--bind", f"127.0.0.1:{port}", "--service", f"127.0.0.1:{web}"),
    ]
    with ExitStack() as processes:
        log = processes.enter_context(said.open("wb"))
        for each in ([*service, "web", "--bind", f"127.0.0.1:{web}"], command):
            processes.enter_context(
                started(
                    [str(word) for word in each],
                    cwd=ROOT,
                    env={"OPORA_SECRET": SECRET, "PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path)},
                    stdout=log,
                    stderr=log,
                )
            )
        running = Running(port, project.content, state, said)
        wait_for(lambda: post(f"http://127.0.0.1:{web}/send/bg/harmanli/contact", {}) == 422)
        wait_for(lambda: running.healthy() == "ok")
        yield running


def test_who_opens_the_letter_publishes_a_change(
    editor: Running, instance: Instance, smtp_server: SmtpServer
) -> None:
    """A link is asked for, comes sealed, is opened with the centre's key, lets one in, and a
    telephone is changed; nothing secret is in the log or on the disk.
    """
    answer, page = editor.ask("/edit/")
    assert answer.status == 200
    (form,) = html.fromstring(page).xpath("//main//form")
    answer, page = editor.ask(form.get("action"), {"centre": "harmanli"})
    assert "Вижте пощата" in page

    outbox = instance.outbox()
    wait_for(lambda: outbox.counts()["waiting"] == 1)
    deliver_due(outbox, instance.settings().smtp, Event())
    ((recipients, mail),) = smtp_server.taken
    assert recipients == ["harmanli@example.org"]
    (link,) = re.findall(r"^https://\S+$", instance.open(mail), re.M)
    assert urlsplit(link).netloc == HOST
    path = urlsplit(link).path

    answer, page = editor.ask(path)
    assert (answer.status, answer.getheader("Set-Cookie")) == (200, None)
    answer, _ = editor.ask(path, {})
    assert (answer.status, answer.getheader("Location")) == (303, "/edit/harmanli/")
    cookie = str(answer.getheader("Set-Cookie")).partition(";")[0]
    assert editor.ask(path, {})[0].status == 410

    contacts = "/edit/harmanli/kontakti/"
    answer, page = editor.ask(contacts, cookie=cookie)
    (form,) = html.fromstring(page).xpath("//form[.//input[@name='base']]")
    fields = dict(form.form_values()) | {"phones-0-number": "0373 9 10 77", "do": "publish"}
    fields |= {"origin-kind": "person", "origin-post": "психолог", "origin-day": "22.11.2026"}
    answer, page = editor.ask(contacts, fields, cookie)
    while str(answer.getheader("Location")).endswith("/publikuvane/") or answer.getheader(
        "Refresh"
    ):
        answer, page = editor.ask("/edit/harmanli/publikuvane/", cookie=cookie)
    assert answer.status == 303, page
    assert "0373 9 10 77" in (editor.content / "centres" / "harmanli.yml").read_text()
    assert (editor.state / "wanted").exists()
    _, page = editor.ask(str(answer.getheader("Location")), cookie=cookie)
    assert f'<a href="{origin(real_content().site)}/harmanli/">' in page.partition("Публикувано")[2]

    said = editor.said.read_text()
    events = [json.loads(line) for line in said.splitlines() if '"opora.edit"' in line]
    assert [one["event"] for one in events] == ["listening", "link", "entered", "changed"]
    (key,) = cookie.split("=")[1:]
    for secret in (path.rpartition("/")[2], key, KNOWN, "0373 9 10 7", "психолог"):
        assert secret not in said
    for file in editor.state.rglob("*"):
        data = file.read_bytes() if file.is_file() else b""
        assert key.encode() not in data and path.rpartition("/")[2].encode() not in data


def test_it_answers_to_its_own_name_alone(editor: Running) -> None:
    """On loopback, below its place, for the site's host; what `doctor` asks is beside it."""
    assert editor.ask("/edit/", host="evil.example")[0].status == 403
    for path in ("/", "/editor-link", "/harmanli/", "/send/health", "/edit/health"):
        assert editor.ask(path)[0].status in (403, 404), path
    sockets = Path("/proc/net/tcp").read_text()
    assert f"0100007F:{editor.port:04X} 00000000:0000 0A" in sockets
