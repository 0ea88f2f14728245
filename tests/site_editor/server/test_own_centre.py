"""Who edits one centre touches no other, no form of all and no setting, whatever is asked for."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import Any

import pytest
from flask import Flask
from lxml import html
from lxml.html import HtmlElement

from site_editor.files.versions import OutsideError
from site_editor.sections import SECTIONS
from site_editor.server.access import Session
from site_editor.server.app import OPEN
from site_editor.server.own_facts import OwnHistory
from tests.support.content.translated import TWO
from tests.support.editor import words
from tests.support.project import copy_project
from tests.support.remote_editor import HOST, OURS, Server, server

CONTACTS = "/harmanli/kontakti/"
ALONE = {"entry.leave", "pages.centres"}
"""Pages of a person that belong to no centre."""


def addresses(app: Flask, centre: str) -> dict[tuple[str, str], str]:
    """An address of each route and method, for this centre; other parts are made up."""
    found = {}
    with app.test_request_context(base_url=f"https://{HOST}"):
        for rule in app.url_map.iter_rules():
            parts = {name: "kontakti" for name in rule.arguments} | (
                {"centre": centre} if "centre" in rule.arguments else {}
            )
            path = app.url_map.bind(HOST).build(rule.endpoint, parts)
            for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
                found[rule.endpoint, method] = path
    return found


def test_no_route_shows_or_takes_anything_of_another_centre(standing: Server) -> None:
    """Every route that there is, read from the application itself: those of tomorrow too."""
    files = written(standing)
    person = standing.person("harmanli")
    token = person.token(CONTACTS)
    asked = addresses(standing.app, "sopot")
    assert len(asked) > 10
    for (endpoint, method), path in asked.items():
        if endpoint in OPEN | ALONE:
            continue
        data = {"token": token, "what": "checked_on", "version": "000001", "do": "publish"}
        answer = person.client.open(
            path, method=method, base_url=f"https://{HOST}", headers=OURS,
            data=data if method == "POST" else None,
        )  # fmt: skip
        assert answer.status_code == 404, (endpoint, method, path)
        assert "Такава страница тук няма" in words(answer)
    assert written(standing) == files


def test_no_route_is_open_that_is_not_listed(standing: Server) -> None:
    """Without a session every page but those of the entry is the entry."""
    for (endpoint, method), path in addresses(standing.app, "harmanli").items():
        answer = standing.person().client.open(
            path, method=method, base_url=f"https://{HOST}", headers=OURS
        )
        if endpoint in OPEN:
            assert answer.status_code in (200, 410), (endpoint, method)
        else:
            assert answer.status_code == (200 if endpoint == "pages.centres" else 403), endpoint
            assert "Парола няма" in words(answer)


@pytest.mark.parametrize(
    "path",
    [
        "/harmanli/../sopot/",
        "/harmanli/..%2fsopot/",
        "/harmanli%2f..%2fsopot/",
        "/%68armanli/../sopot/kontakti/",
        "//sopot/",
        "/sopot%00/",
        "/SOPOT/",
        "/sopot.yml/",
        "/site/",
        "/forms/",
        "/nov-tsentar/",
        "/_nov-tsentar/",
        "/_nov-tsentar/1/",
    ],
)
def test_names_that_lead_elsewhere_lead_nowhere(standing: Server, path: str) -> None:
    """Wherever it is sent on to, it ends at nothing, or at one's own centre."""
    client = standing.person("harmanli").client
    answer = client.get(path, base_url=f"https://{HOST}", headers=OURS, follow_redirects=True)
    assert answer.status_code == 404 or answer.request.path == "/harmanli/"


def test_the_front_page_is_ones_own_centre(standing: Server) -> None:
    answer = standing.person("sopot").get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sopot/")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": f"http://{HOST}", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "https://sub.opora.example", "Sec-Fetch-Site": "same-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1:8012"},
    ],
    ids=str,
)
def test_other_origins_are_turned_away(standing: Server, headers: dict[str, str]) -> None:
    """Whether somebody is let in or wants to be."""
    person = standing.person("harmanli")
    token = person.token(CONTACTS)
    link = f"/vhod/{standing.access.new_link('harmanli')}"
    standing.sent.clear()
    for path, data in (
        ("/harmanli/oshte-e-vyarno/", {"token": token, "what": "checked_on"}),
        ("/vhod/", {"centre": "harmanli"}),
        (link, {}),
        ("/izhod/", {"token": token}),
    ):
        assert person.post(path, data, **headers).status_code == 403
    assert standing.sent == []
    assert standing.person().post(link).status_code == 303  # nobody has used it up


def test_headers_are_those_of_a_closed_page(standing: Server) -> None:
    """On every kind of page; and no page is for search engines."""
    person = standing.person("harmanli")
    for answer in (
        person.get("/harmanli/"),
        person.get("/sopot/"),
        standing.person().get("/"),
        standing.person().get("/vhod/AAAAAAAAAAAAAAAAAAAAAA"),
        person.post("/vhod/", {"centre": "harmanli"}),
    ):
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; ") and "frame-ancestors 'none'" in policy
        assert "script-src" not in policy
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "<script" not in answer.text and " style=" not in answer.text


def test_every_address_is_below_the_place_of_the_editor(tmp_path: Path) -> None:
    """On a server it stands below /edit: an address that forgets this leads out of it."""
    at = server(copy_project(tmp_path / "site", languages=TWO), tmp_path / "state")
    person = at.person("harmanli")

    def asked(path: str, **how: Any) -> HtmlElement:
        place = f"https://{HOST}/edit/"
        answer = person.client.open(path, base_url=place, headers=OURS, **how)
        assert answer.status_code == 200, (path, answer.text)
        page = html.fromstring(answer.text)
        found = page.xpath("//@href | //@src | //@action | //@formaction")
        assert found
        assert [one for one in found if not one.startswith(("/edit/", "#"))] == [], path
        return page

    for path in ("", "promeni/", "prevodi/", "prevodi/tr/", *(f"{one.slug}/" for one in SECTIONS)):
        page = asked(f"/harmanli/{path}")
        for form in page.xpath("//form[.//input[@name='base']]")[:1]:
            asked(f"/harmanli/{path}", method="POST", data=dict(form.form_values()))
    (form,) = asked(CONTACTS).xpath("//form[.//input[@name='base']]")
    told = {"phones-0-number": "0373 9 10 77", "do": "look"}
    asked(CONTACTS, method="POST", data=dict(form.form_values()) | told)


def written(server: Server) -> dict[str, bytes]:
    """All files of the content, and what they hold."""
    root = server.project.content
    return {
        str(file.relative_to(root)): file.read_bytes()
        for file in sorted(root.rglob("*"))
        if file.is_file()
    }


OWN = PurePosixPath("centres/harmanli.yml")


@pytest.mark.parametrize(
    "name",
    [
        "centres/sopot.yml",
        "centres/new.yml",
        "centres/harmanli.yml.yml",
        "centres/../centres/harmanli.yml",
        "centres/./../site.yml",
        "site.yml",
        "forms/contact.yml",
        "remembered.yml",
        "moved.yml",
        "catalogues/services.yml",
        "sources/sopot-2026-11-22.txt",
        "sources/harmanli-other-2026-11-22.txt",
        "sources/harmanli/../sopot.txt",
        "sources/harmanli.txt/x",
        "sources/harmanli.txt\n",
        "sources/000_cee4bc3b0dd5abd9.txt",
        "../docs/bg/index.md",
        "/etc/passwd",
        "",
    ],
    ids=repr,
)
def test_the_writer_writes_nothing_beside_the_centre(standing: Server, name: str) -> None:
    """Whatever a page would have it write: the one way to the files refuses it all, and with it
    the change of the own file that comes along.
    """
    before = written(standing)
    history = OwnHistory(standing.project, standing.folder, Session("harmanli", "x", 0, 0))
    text = (standing.project.content / OWN).read_text()
    new = {OWN: text.replace("0373", "0374"), PurePosixPath(name): "x: 1\n"}
    for known in ({OWN: text}, {OWN: text, PurePosixPath(name): "x: 0\n"}):
        with pytest.raises(OutsideError):
            history.publish(new, known, "опит", "тест")
    assert written(standing) == before


def test_a_text_that_others_rest_on_is_not_written_over(at_server: Server) -> None:
    """A new text of the centre's own may come, an old one may not change."""
    history = OwnHistory(at_server.project, at_server.folder, Session("harmanli", "x", 0, 0))
    text = (at_server.project.content / OWN).read_text()
    source = PurePosixPath("sources/harmanli-2026-11-22-2.txt")
    after = text.replace("0373 9 10 76", "0373 9 10 77")
    history.publish({source: "Казано.\n", OWN: after}, {OWN: text}, "телефон", "тест")
    assert (at_server.project.content / source).read_text() == "Казано.\n"
    with pytest.raises(OutsideError):
        history.publish({source: "Друго.\n", OWN: text}, {source: "Казано.\n", OWN: after}, "", "")


@pytest.mark.parametrize(
    ("old", "new"),
    [("id: harmanli\n", "id: sopot\n"), ("id: harmanli\n", "id: harmanli\nletters: password\n")],
)
def test_who_edits_changes_neither_code_nor_the_way_of_letters(
    standing: Server, old: str, new: str
) -> None:
    history = OwnHistory(standing.project, standing.folder, Session("harmanli", "x", 0, 0))
    text = (standing.project.content / OWN).read_text()
    assert old in text
    with pytest.raises(OutsideError):
        history.publish({OWN: text.replace(old, new, 1)}, {OWN: text}, "", "")


PHOTOGRAPH = "photographs:\n- {file: %s, name: {bg: Двор}, alt: {bg: Двор}}\n"
IN_THE_YARD = PurePosixPath("photographs/harmanli-dvor-01234567.jpg")


@pytest.mark.parametrize(
    ("name", "named", "known", "data"),
    [
        ("photographs/harmanli-dvor-01234567.jpg", "", None, b"new"),
        ("photographs/harmanli-dvor-01234567.jpg", "harmanli-drug.jpg", None, b"new"),
        ("photographs/sopot.jpg", "sopot.jpg", b"old", b"new"),
        ("photographs/sopot.jpg", "", b"old", None),
        ("photographs/../site.yml", "../site.yml", None, b"new"),
        ("photographs/x/y.jpg", "x/y.jpg", None, b"new"),
        ("remembered/sopot.yml", "", None, "x: 1\n"),
        ("remembered/harmanli.yml", "", "x: 1\n", None),
        ("centres/harmanli.yml", "", "", None),
    ],
)
def test_photographs_and_memories_are_ones_own(
    standing: Server, name: str, named: str, known: bytes | str | None, data: bytes | str | None
) -> None:
    """A photograph comes only with the fact that names it and goes only with that; nobody's is
    replaced, and what is remembered of another centre stays.
    """
    history = OwnHistory(standing.project, standing.folder, Session("harmanli", "x", 0, 0))
    text = (standing.project.content / OWN).read_text()
    after = text + PHOTOGRAPH % named if named else text.replace("0373", "0374")
    before = written(standing)
    with pytest.raises(OutsideError):
        history.publish(
            {OWN: after, PurePosixPath(name): data}, {OWN: text, PurePosixPath(name): known}, "", ""
        )
    assert written(standing) == before


def test_a_photograph_comes_and_goes_with_its_fact(at_server: Server) -> None:
    """Not while another centre names the same one."""
    history = OwnHistory(at_server.project, at_server.folder, Session("harmanli", "x", 0, 0))
    text = (at_server.project.content / OWN).read_text()
    shown = text + PHOTOGRAPH % IN_THE_YARD.name
    history.publish({OWN: shown, IN_THE_YARD: b"jpg"}, {OWN: text}, "снимка", "тест")
    assert (at_server.project.content / IN_THE_YARD).read_bytes() == b"jpg"
    other = at_server.project.content / "centres/sopot.yml"
    untouched = other.read_text()
    other.write_text(untouched + PHOTOGRAPH % IN_THE_YARD.name)
    gone = {OWN: text, IN_THE_YARD: None}, {OWN: shown, IN_THE_YARD: b"jpg"}
    with pytest.raises(OutsideError):
        history.publish(*gone, "махната", "тест")
    other.write_text(untouched)
    history.publish(*gone, "махната", "тест")
    assert not (at_server.project.content / IN_THE_YARD).exists()


def test_a_photograph_of_others_is_not_taken(at_server: Server) -> None:
    """Else who names it too would keep it published, and could take its file away."""
    other = at_server.project.content / "centres/sopot.yml"
    other.write_text(other.read_text() + PHOTOGRAPH % "sopot-dvor.jpg")
    history = OwnHistory(at_server.project, at_server.folder, Session("harmanli", "x", 0, 0))
    text = (at_server.project.content / OWN).read_text()
    with pytest.raises(OutsideError):
        history.publish({OWN: text + PHOTOGRAPH % "sopot-dvor.jpg"}, {OWN: text}, "", "")
    assert (at_server.project.content / OWN).read_text() == text


def test_what_others_told_is_no_document_to_choose(at_server: Server) -> None:
    """What somebody of another centre said stands in their texts alone; documents that are
    nobody's own may be named by all.
    """
    sources = at_server.project.content / "sources"
    for name in ("sopot.txt", "sopot-2026-11-21.txt", "sopot-2026-11-21-2.txt", "harmanli.txt"):
        (sources / name).write_text("Казано от човек на центъра.\n")
    person = at_server.person("harmanli")
    page = html.fromstring(person.get(CONTACTS).text)
    (form,) = page.xpath("//form[.//input[@name='base']]")
    fields = dict(form.form_values()) | {"phones-0-number": "0373 9 10 77", "do": "look"}
    looked = html.fromstring(person.post(CONTACTS, fields).text)
    offered = looked.xpath("//select[@name='origin-file']/option/@value")
    assert "harmanli.txt" in offered and "000_cee4bc3b0dd5abd9.txt" in offered
    assert not [name for name in offered if name.startswith("sopot")]


def test_a_change_is_published_logged_and_asked_to_be_built(
    at_server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """Only the file and its source change; the page says what is known of the finished pages; the
    log has centre, session and names of fields, and no value; „Върни“ brings the file back.
    """
    caplog.set_level("INFO", logger="opora.edit")
    before = written(at_server)
    person = at_server.person("harmanli")
    page = html.fromstring(person.get(CONTACTS).text)
    (form,) = page.xpath("//form[.//input[@name='base']]")
    fields = dict(form.form_values()) | {"phones-0-number": "0373 9 10 77", "do": "publish"}
    told = {"origin-kind": "person", "origin-post": "психолог", "origin-day": "22.11.2026"}
    published = person.post(CONTACTS, fields | told)
    assert published.status_code == 303, words(published)
    changed = {name for name, data in written(at_server).items() if before.get(name) != data}
    assert {re.sub(r"harmanli.*\.txt", "own", name) for name in changed} == {
        "centres/harmanli.yml",
        "sources/own",
    }
    assert not at_server.project.site.exists()  # others build
    assert (at_server.folder / "wanted").exists()
    said = words(person.get(published.headers["Location"]))
    assert "Страниците се правят сега" in said
    assert "вече са с промяната" not in said

    (line,) = [one.getMessage() for one in caplog.records if "changed" in one.getMessage()]
    assert "phones" in line and "harmanli" in line
    assert not re.search("9 10 7|психолог|казано", line)
    assert (person.cookie or "-") not in caplog.text

    page = html.fromstring(person.get("/harmanli/promeni/").text)
    (form,) = page.xpath("//form[.//input[@name='version']]")
    assert person.post("/harmanli/promeni/", dict(form.form_values())).status_code == 303
    now = written(at_server)
    assert now["centres/harmanli.yml"] == before["centres/harmanli.yml"]
    others = at_server.person("sopot")
    assert "нищо не е променяно" in words(others.get("/sopot/promeni/"))


def test_versions_lie_in_the_editors_own_folder(standing: Server) -> None:
    """Not in the folder of the site, where its user may write facts alone."""
    history = OwnHistory(standing.project, standing.folder, Session("sopot", "x", 0, 0))
    assert history.versions() == ()
    assert not (standing.project.root / "instance").exists()
    assert isinstance(standing.folder, Path)
