"""The questions of a new centre as pages: kept as one goes, looked at, made a centre."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement
from werkzeug.test import TestResponse

from site_build.authoring.answers import UNFINISHED
from site_build.pipeline import Project
from site_editor.web import progress
from site_editor.web.app import create_app
from site_editor.web.deployment import Deployment
from site_model.loading.loader import load_content
from tests.support.content.told import ANSWERS, command, options
from tests.support.editor import DAY, HOST, OURS, Desk, Waiting, desk, words
from tests.support.project import copy_project
from tests.support.terminal import AtTerminal

BEGIN = "/_nov-tsentar/"
LOOK = f"{BEGIN}pregled/"
CHOICES = {
    "target_groups": ["violence", "school"],
    "services.kind": "psychological_counselling",
    "services.groups": "school",
    "letters": "password",
}
"""Answers that are pressed, not typed."""


def unbuilt(project: Project) -> Desk:
    """A desk at which facts are written and no site is made of them."""
    deployment = Deployment(lambda: "знак", build=lambda _: None, begins=True)
    app = create_app(lambda: Project(project.root, today=DAY), {HOST}, deployment)
    app.test_client_class = Waiting
    return Desk(project, app.test_client())


@pytest.fixture
def at_desk(tmp_path: Path) -> Desk:
    """Facts of which no site was made yet, so that none of its addresses moves."""
    return desk(copy_project(tmp_path / "site"))


@pytest.fixture
def quick(at_desk: Desk) -> Desk:
    return unbuilt(at_desk.project)


def say(desk: Desk, path: str, answer: str | list[str], do: str = "next") -> TestResponse:
    """Answer the question at an address."""
    return desk.press(path, desk.fields(desk.get(path)) | {"answer": answer}, do)


def go_on(desk: Desk, path: str, told: dict[str, str | list[str]]) -> str:
    """Answer from an address to the end: each of `told` once, all others as they are proposed."""
    left = dict(told)
    while path != LOOK:
        page = desk.get(path)
        assert ".yml" not in words(page)
        fields = desk.fields(page)
        answer = left.pop(fields["key"], fields.get("answer", ""))
        done = desk.press(path, fields | {"answer": answer}, "next")
        assert done.status_code == 303, (fields["key"], words(done))
        path = done.headers["Location"]
    assert not left
    return path


def kept(desk: Desk) -> list[list[str]]:
    return list(json.loads((desk.project.root / UNFINISHED).read_text(encoding="utf-8")))


def field(page: HtmlElement) -> str:
    """What stands in the field of a question."""
    (one,) = page.xpath("//*[@id='answer']")
    return one.value or ""


def make(desk: Desk) -> TestResponse:
    return desk.press(LOOK, desk.fields(desk.get(LOOK)), "make")


def test_all_questions_lead_to_the_centre_that_the_command_writes(
    at_desk: Desk, tmp_path: Path
) -> None:
    """The file, the text under it and the moved addresses are the same, the pages are there, and
    it is one commit; nothing is kept then.
    """
    at_desk.file("sopot").unlink()
    other = copy_project(tmp_path / "other")
    (other.content / "centres" / "sopot.yml").unlink()
    for words_of_git in (["init", "-q"], ["add", "."], ["commit", "-qm", "facts"]):
        who = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
        subprocess.run(["git", *who, *words_of_git], cwd=at_desk.project.root, check=True)
    assert "Нов център" in words(at_desk.get("/harmanli/"))
    assert "адресите на първия се сменят" in words(at_desk.get(BEGIN))
    (path,) = at_desk.get(BEGIN).xpath("//main//a[@class='button']/@href")
    go_on(at_desk, path, ANSWERS | CHOICES)
    shown = words(at_desk.get(LOOK))
    assert "Телефони 0817 1 23 45; 0888 12 34 56" in shown
    assert "Вид услуга (Разговори с психолог)" in shown
    assert "(в закона: " in shown
    assert "harmanli/" in shown
    done = make(at_desk)
    assert done.headers["Location"] == "/byala/?novo=1", words(done)
    assert "Центърът е създаден" in words(at_desk.get("/byala/?novo=1"))
    assert command(other.root, "new-centre", *options(ANSWERS)).returncode == 0
    for name in ("centres/byala.yml", "sources/byala.txt", "moved.yml", "remembered.yml"):
        mine, theirs = ((one.content / name).read_text() for one in (at_desk.project, other))
        assert mine == theirs, name
    assert (at_desk.project.site / "byala" / "index.html").exists()
    assert not (at_desk.project.root / UNFINISHED).exists()
    log = subprocess.run(
        ["git", "log", "--format=%s", "-1", "--name-only", "--", "content"],
        cwd=at_desk.project.root, capture_output=True, text=True, check=True,
    ).stdout.split("\n")  # fmt: skip
    assert log[0] == "Нов център: ЦОП Бяла"
    assert "content/centres/byala.yml" in log
    assert make_again(at_desk).headers["Location"] == "/"


def make_again(desk: Desk) -> TestResponse:
    (token,) = set(desk.get("/byala/").xpath("//input[@name='token']/@value"))
    return desk.press(LOOK, {"token": token, "base": ""}, "make")


@pytest.mark.parametrize(
    ("key", "answer", "said"),
    [
        ("place", "", "Нужен е отговор"),
        ("id", "Бяла", "само малки латински букви"),
        ("id", "harmanli", "вече е заето"),
        ("id", "b" * 61, "твърде дълъг"),
        ("phones", "0817 1 23 45; няма", "се пише телефон"),
        ("opening_hours", "Mo-Fr 09:00", "часове"),
    ],
)
def test_what_is_wrong_stands_beside_the_field(
    quick: Desk, key: str, answer: str, said: str
) -> None:
    """With what was typed, and it is not kept."""
    path = f"{BEGIN}1/"
    told = {"place": "Бяла", "summary": "Помагаме."}
    while (fields := quick.fields(quick.get(path)))["key"] != key:
        answered = told.get(fields["key"], fields.get("answer", ""))
        path = say(quick, path, answered).headers["Location"]
    done = say(quick, path, answer)
    assert done.status_code == 422
    page = html.fromstring(done.text)
    assert field(page) == answer
    (error,) = page.xpath("//*[@id='answer-error']")
    assert said in error.text_content()
    (box,) = page.xpath("//*[@id='answer']")
    assert "answer-error" in box.get("aria-describedby")
    assert not [one for one in (kept(quick) if key != "place" else []) if one[0] == key]


def test_one_goes_back_and_changes_what_was_told(quick: Desk) -> None:
    """The earlier answer stands in its field; what is proposed from it follows; what was typed when
    going back is kept too.
    """
    say(quick, f"{BEGIN}1/", "Бела")
    assert say(quick, f"{BEGIN}2/", "", "back").headers["Location"] == f"{BEGIN}1/"
    assert field(quick.get(f"{BEGIN}1/")) == "Бела"
    say(quick, f"{BEGIN}1/", "Бяла")
    assert field(quick.get(f"{BEGIN}2/")) == "Център за обществена подкрепа, Бяла"
    path = f"{BEGIN}2/"
    for _ in range(3):  # as proposed
        path = quick.press(path, quick.fields(quick.get(path)), "next").headers["Location"]
    assert say(quick, path, "12345", "back").headers["Location"] == f"{BEGIN}4/"
    page = quick.get(path)  # no region is called so
    assert field(page) == "12345"
    assert "няма букви" in words(page)
    say(quick, f"{BEGIN}1/", "Ценово", "on")
    assert [one for one in kept(quick) if one[0] != "region"] == [
        ["place", "Ценово"],
        ["name", ""],
        ["short_name", ""],
        ["id", ""],
    ]


def test_things_of_a_list_are_added_and_taken_away(quick: Desk) -> None:
    """One by one until there are no more; the empty name of one takes it away with its parts, and
    what follows stays.
    """
    go_on(quick, f"{BEGIN}1/", {"place": "Бяла", "summary": "Помагаме."})
    rows = quick.get(LOOK).xpath("//dl/dd/a")
    (path,) = [one.get("href") for one in rows if one.text_content() == "Промени: Длъжност"]
    for title, count in (("психолог", "2"), ("педагог", "1")):
        path = say(quick, path, title).headers["Location"]
        assert title in words(quick.get(path))  # of whom it is asked how many
        path = say(quick, path, count).headers["Location"]
    assert "Още нещо?" in words(quick.get(path))
    assert say(quick, path, "", "on").headers["Location"] == LOOK
    first = quick.get(LOOK).xpath("//dl/dd/a[contains(., 'Промени: Длъжност')]/@href")[0]
    assert "се маха с всичко" in words(quick.get(first))
    assert say(quick, first, "").headers["Location"] == first
    assert field(quick.get(first)) == "педагог"
    assert [one for one in kept(quick) if one[0].startswith("team")] == [
        ["team.title", "педагог"],
        ["team.count", ""],
        ["team.title", ""],
    ]
    assert say(quick, first, "педагог", "on").headers["Location"] == LOOK


def test_numbers_of_the_terminal_stay_what_they_meant(quick: Desk) -> None:
    """Groups that a service names stay those when the centre's own list becomes another."""
    go_on(quick, f"{BEGIN}1/", {"place": "Бяла", "summary": "Помагаме."})
    answers = kept(quick)
    at = [key for key, _ in answers].index("target_groups")
    service = [["services.name", "Разговори"], ["services.description", "Говорим."]]
    service += [["services.kind", "7"], ["services.access", ""], ["services.groups", "2"]]
    answers[at : at + 1] = [["target_groups", "1; 4"], *service]
    (quick.project.root / UNFINISHED).write_text(json.dumps(answers), encoding="utf-8")
    path = f"{BEGIN}{at + 1}/"
    assert quick.fields(quick.get(path))["answer"] == ["violence", "school"]
    assert say(quick, path, "school", "on").headers["Location"] == LOOK
    assert say(quick, path, "violence", "on").headers["Location"] == f"{BEGIN}{at + 6}/"
    assert "Изберете от изброените" in words(quick.get(f"{BEGIN}{at + 6}/"))


def test_begun_at_the_terminal_gone_on_with_here_and_the_other_way(
    quick: Desk, at_terminal: AtTerminal
) -> None:
    """One file, and each goes on where the other left off; begun anew the old answers stay."""
    root = quick.project.root
    person = at_terminal("site_build", "new-centre", "--project", str(root))
    person.waits_for("Населено място")
    person.types("Бяла\n\n")
    person.waits_for("Кратко име")
    person.interrupts()
    person.waits_for("Отговорите дотук са запазени")
    person.ends()
    page = quick.get(BEGIN)
    assert "Има започнат център: Бяла. Отговорите дотук (2) са запазени." in words(page)
    (path,) = page.xpath("//main//a[@class='button']/@href")
    assert field(quick.get(path)) == "ЦОП Бяла"
    say(quick, path, "Центърът в Бяла")
    person = at_terminal("site_build", "new-centre", "--project", str(root))
    person.waits_for("Има недовършени отговори (3)")
    person.types("да\n")
    person.waits_for("4 от 23")
    person.interrupts()
    person.ends()
    token = page.xpath("//main//input[@name='token']/@value")[0]
    quick.client.post(BEGIN, data={"token": token}, headers=OURS)
    assert "Има започнат" not in words(quick.get(BEGIN))
    assert "Центърът в Бяла" in (root / UNFINISHED).with_suffix(".old.json").read_text()


def test_restarted_editor_loses_no_answer(at_desk: Desk) -> None:
    """What was typed comes back in its field, and everything before it is kept."""
    say(at_desk, f"{BEGIN}1/", "Бяла")
    fields = at_desk.fields(at_desk.get(f"{BEGIN}2/")) | {"answer": "Центърът"}
    again = desk(at_desk.project)
    done = again.press(f"{BEGIN}2/", fields, "next")
    assert "пускан наново" in words(done)
    sent = again.fields(html.fromstring(done.text))
    assert sent["answer"] == "Центърът"
    assert again.press(f"{BEGIN}2/", sent, "next").status_code == 303
    assert kept(again) == [["place", "Бяла"], ["name", "Центърът"]]


def test_two_windows_do_not_answer_each_other(quick: Desk) -> None:
    """An answer to a question that is no longer there is shown, and not kept."""
    say(quick, f"{BEGIN}1/", "Бяла")
    fields = quick.fields(quick.get(f"{BEGIN}2/")) | {"answer": "Ценово", "key": "place"}
    done = quick.press(f"{BEGIN}2/", fields, "next")
    assert done.status_code == 409
    assert "не е записан: „Ценово“" in words(done)
    assert kept(quick) == [["place", "Бяла"]]
    assert quick.client.get(f"{BEGIN}9/", headers=OURS).headers["Location"] == f"{BEGIN}2/"
    assert quick.client.get(LOOK, headers=OURS).headers["Location"] == f"{BEGIN}2/"


def test_a_failure_loses_no_answer(quick: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an answer cannot be kept it comes back in its field, and where the centre cannot be
    written, everything is kept for another time.
    """
    fields = quick.fields(quick.get(f"{BEGIN}1/")) | {"answer": "Бяла"}
    (quick.project.root / UNFINISHED).mkdir()
    done = quick.press(f"{BEGIN}1/", fields, "next")
    assert done.status_code == 500
    assert "Бяла" in done.text
    (quick.project.root / UNFINISHED).rmdir()
    go_on(quick, f"{BEGIN}1/", {"place": "Бяла", "summary": "Помагаме."})
    before = kept(quick)
    sent = quick.fields(quick.get(LOOK))
    (quick.project.root / "instance").write_text("no folder")  # where versions are kept
    monkeypatch.setattr(progress, "AT_ONCE", 0.01)  # so that it fails behind the page between
    done = quick.press(LOOK, sent, "make")
    assert done.status_code >= 400
    assert "Има нещо за поправяне" in words(done)
    (form,) = html.fromstring(done.text).xpath("//main//form")
    assert form.get("action") == LOOK
    assert kept(quick) == before
    assert not quick.file("byala").exists()
    (quick.project.root / "instance").unlink()
    assert make(quick).headers["Location"] == "/byala/?novo=1"
    assert load_content(quick.project.content).centres["byala"]


def test_a_code_that_was_taken_meanwhile_is_asked_for_again(quick: Desk) -> None:
    """Somebody else began the same centre: nothing of theirs is written over."""
    go_on(quick, f"{BEGIN}1/", {"place": "Бяла", "summary": "Помагаме."})
    sent = quick.fields(quick.get(LOOK))
    theirs = quick.file("sopot").read_text().replace("id: sopot", "id: byala")
    quick.file("byala").write_text(theirs)
    done = quick.press(LOOK, sent, "make")
    assert done.headers["Location"] == f"{BEGIN}4/"
    assert "вече е заето" in words(quick.get(f"{BEGIN}4/"))
    assert quick.file("byala").read_text() == theirs
    assert say(quick, f"{BEGIN}4/", "byala-2", "on").headers["Location"] == LOOK


def test_nobody_begins_a_centre_on_a_server(at_desk: Desk) -> None:
    """Where people see their own centre alone, there is neither a page nor a link to it."""
    app = create_app(lambda: at_desk.project, {HOST}, Deployment(lambda: "знак"))
    own = Desk(at_desk.project, app.test_client())
    assert "Нов център" not in words(own.get("/"))
    for path in (BEGIN, f"{BEGIN}1/", LOOK):
        assert own.client.get(path, headers=OURS).status_code == 404
        assert own.client.post(path, data={"token": "знак"}, headers=OURS).status_code in (404, 405)
    assert not (at_desk.project.root / UNFINISHED).exists()


def test_a_centre_that_was_begun_by_hand_is_not_taken_back(quick: Desk) -> None:
    """A commit that only began a centre has nothing to go back to, and the page says so."""
    root = quick.project.root
    git = ["git", "-c", "user.name=A", "-c", "user.email=a@example.org"]
    for line in (["init", "-q"], ["add", "."], ["commit", "-qm", "facts"]):
        subprocess.run([*git, *line], cwd=root, check=True)
    text = quick.file("sopot").read_text().replace("id: sopot", "id: byala")
    quick.file("byala").write_text(text)
    for line in (["add", "."], ["commit", "-qm", "Нов център"]):
        subprocess.run([*git, *line], cwd=root, check=True)
    page = quick.get("/byala/promeni/")
    (version,) = page.xpath("//input[@name='version']/@value")
    sent = {"token": "знак", "version": version}
    done = quick.client.post("/byala/promeni/", data=sent, headers=OURS)
    assert done.status_code == 409
    assert "не се маха оттук" in words(done)
    assert quick.file("byala").read_text() == text
