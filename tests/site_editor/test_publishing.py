"""Publishing is a process of its own: it is whole or not at all, and nothing typed is lost."""

from __future__ import annotations

import resource
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager

import pytest
from flask.testing import FlaskClient
from lxml import html

from site_build.locking import only_writer
from site_build.project import Project
from site_editor.web import progress
from tests.support.editor import OURS, Desk, Fields, words

CONTACTS = "/harmanli/kontakti/"
PROGRESS = "/harmanli/publikuvane/"
NEW = "0373 9 10 77"


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages say at once how far it is."""
    monkeypatch.setattr(progress, "AT_ONCE", 0.1)
    monkeypatch.setattr(progress, "HELD", 0.1)


def told(desk: Desk, number: str = NEW) -> Fields:
    """A telephone that a psychologist told."""
    told = {"origin-kind": "person", "origin-post": "психолог", "origin-day": "22.11.2026"}
    return desk.fields(desk.get(CONTACTS)) | {"phones-0-number": number} | told


def press(desk: Desk, fields: Fields) -> tuple[int, str]:
    """The answer to „Публикувай“ itself: its status, and where it leads."""
    client = FlaskClient(desk.client.application, desk.client.application.response_class)
    answer = client.post(CONTACTS, data=fields | {"do": "publish"}, headers=OURS)
    return answer.status_code, answer.headers.get("Location", answer.text)


@pytest.mark.usefixtures("impatient")
def test_it_says_how_far_it_is(at_desk: Desk) -> None:
    """While another build goes on, the page says in words that it waits and is looked for again; a
    second press begins nothing, another change has to wait and keeps what was typed.
    """
    with only_writer(at_desk.project.lock):
        assert press(at_desk, told(at_desk)) == (303, PROGRESS)
        page = at_desk.client.get(PROGRESS, headers=OURS)
        assert page.headers["Refresh"]
        assert "Проверява се" in words(page)
        assert press(at_desk, told(at_desk)) == (303, PROGRESS)
        status, other = press(at_desk, told(at_desk, "0373 9 10 78"))
        assert status == 409
        assert "предишната промяна" in other
        assert at_desk.fields(html.fromstring(other))["phones-0-number"] == "0373 9 10 78"
        assert NEW not in at_desk.file().read_text()
    answer = at_desk.press(CONTACTS, told(at_desk), "publish")
    assert answer.status_code == 303 or "вече е записано" in words(answer)
    published = at_desk.client.get(PROGRESS, headers=OURS)
    assert published.headers["Location"] == "/harmanli/promeni/?novo=1"
    assert NEW in at_desk.file().read_text()
    assert len(at_desk.get("/harmanli/promeni/").xpath("//input[@name='version']")) == 1


def test_two_presses_at_once_are_one_change(at_desk: Desk) -> None:
    """One version, one text that it rests on."""
    fields = told(at_desk)
    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(lambda _: press(at_desk, fields)[0], range(2)))
    assert set(answers) <= {200, 303}
    at_desk.client.application.extensions["publishing"].end()
    assert len(list((at_desk.project.content / "sources").glob("harmanli*"))) == 1
    assert len(at_desk.get("/harmanli/promeni/").xpath("//input[@name='version']")) == 1


@pytest.mark.usefixtures("impatient")
def test_a_process_that_is_killed_gives_the_form_back(at_desk: Desk) -> None:
    """Nothing is written; pressed again, it goes through."""
    publishing = at_desk.client.application.extensions["publishing"]
    fields = told(at_desk)
    with only_writer(at_desk.project.lock):
        press(at_desk, fields)
        (begun,) = publishing._begun.values()
        begun.publication._process.send_signal(signal.SIGKILL)
        begun.publication.wait()
    answer = at_desk.client.get(PROGRESS, headers=OURS)
    assert answer.status_code == 500
    assert "спряно отвън" in words(answer)
    again = at_desk.fields(html.fromstring(answer.text))
    assert again["phones-0-number"] == NEW
    assert NEW not in at_desk.file().read_text()
    assert at_desk.press(CONTACTS, again, "publish").status_code == 303
    assert NEW in at_desk.file().read_text()


Hindrance = Callable[[Project], AbstractContextManager[None]]


def disk_with(size: int) -> Hindrance:
    """No file grows above so many bytes."""

    @contextmanager
    def full(_: Project) -> Iterator[None]:
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
        yield
        resource.setrlimit(resource.RLIMIT_FSIZE, before)

    return full


@contextmanager
def no_room_for_versions(project: Project) -> Iterator[None]:
    """Where the editor keeps what it needs, there is something else."""
    (project.root / "instance").write_text("no folder")
    yield


@contextmanager
def git_refuses(project: Project) -> Iterator[None]:
    """Another Git has left its lock."""
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "facts"]):
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, *command], cwd=project.root, check=True)
    (project.root / ".git" / "index.lock").touch()
    yield


@contextmanager
def no_sources(project: Project) -> Iterator[None]:
    """The texts that facts rest on are away, as on a stick that was pulled out."""
    away = project.root / "away"
    shutil.move(project.content / "sources", away)
    yield
    shutil.move(away, project.content / "sources")


@contextmanager
def facts_that_cannot_be_read(project: Project) -> Iterator[None]:
    """Somebody's own change of another file is half done."""
    file = project.content / "site.yml"
    text = file.read_text()
    file.write_text("languages: [")
    yield
    file.write_text(text)


@contextmanager
def temporary_files_have_no_place(_: Project) -> Iterator[None]:
    """The folder into which what is tried is written is not there."""
    before, tempfile.tempdir = tempfile.tempdir, "/nowhere"
    yield
    tempfile.tempdir = before


@pytest.mark.parametrize(
    ("hindrance", "what", "status"),
    [
        (disk_with(20_000), "look", 507),
        (disk_with(100_000), "publish", 507),  # room for the facts, and none for the pages
        (no_room_for_versions, "publish", 500),
        (git_refuses, "publish", 409),
        (no_sources, "look", 409),
        (facts_that_cannot_be_read, "publish", 409),
        (temporary_files_have_no_place, "look", 500),
    ],
    ids=lambda one: getattr(one, "__name__", None),
)
def test_whatever_fails_gives_the_form_back(
    hindrance: Hindrance, what: str, status: int, at_desk: Desk
) -> None:
    """With all that was typed, the reason in words, and no fact changed."""
    fields = told(at_desk)
    before = {file: file.read_bytes() for file in at_desk.project.content.rglob("*.yml")}
    with hindrance(at_desk.project):
        answer = at_desk.press(CONTACTS, fields, what)
    assert answer.status_code == status
    page = html.fromstring(answer.text)
    sent = at_desk.fields(page)
    assert {name: sent.get(name) for name in fields} == fields
    (said,) = page.xpath("//*[@class='error-summary']")
    assert len(said.text_content().split()) > 3
    assert "Traceback" not in answer.text
    assert {file: file.read_bytes() for file in at_desk.project.content.rglob("*.yml")} == before
