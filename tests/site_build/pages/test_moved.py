"""Addresses that moved: the old ones lead on, whatever changed in the facts and on what host."""

from __future__ import annotations

import io
import re
from pathlib import Path, PurePosixPath

import pytest

from site_build.__main__ import main
from site_build.output.server_files import moves_in
from site_build.pipeline import Project, build_site
from site_model.facts.moved_addresses import Move, leads, moves_between
from tests.support.content.project_changes import HARMANLI, SOPOT, copy_built, replace_once
from tests.support.content.timely_content import with_times
from tests.support.pages.built_pages import page
from tests.support.project import add_form, copy_project

TWO = """languages:
  - {code: bg, scope: full, read_by_native: true}
  - {code: en, scope: full, read_by_native: false}
"""
MAIN = TWO.replace("en, scope: full", "en, scope: main")
EXIT = "https://www.meteo.bg/"
BULGARIAN = "languages:\n  - {code: bg, scope: full, read_by_native: true}\n"


def leads_to(site: Path, place: str) -> str | None:
    """Where the small page at an old address sends a browser, and its link as well."""
    tree = page(site, place)
    (target,) = tree.xpath("//meta[@http-equiv='refresh']/@content")
    link, leaving = tree.xpath("//a/@href")
    assert target == f"0; url={link}"
    assert leaving == EXIT
    assert (site / link.strip("/") / "index.html").exists(), link
    return str(link)


def held(site: Path) -> set[str]:
    """Pages, and the files that people print, save or subscribe to."""
    kinds = ("index.html", "*.pdf", "*.vcf", "*.ics")
    files = [file for kind in kinds for file in site.rglob(kind)]
    return {file.relative_to(site).as_posix() for file in files}


def all_lead_on(project: Project, before: set[str]) -> list[str]:
    """What is no longer there; each server's file leads from it to something that is there."""
    gone = [name for name in sorted(before) if not (project.site / name).exists()]
    redirects = (project.headers / "_redirects").read_text().splitlines()
    found = dict(line.split(" ")[:2] for line in redirects)
    assert all((project.site / found[f"/{name}"].strip("/")).is_file() for name in gone)
    for name in ("site.caddy", "site.nginx.conf"):
        text = (project.headers / name).read_text()
        assert moves_in(name, text) == found
    return gone


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = copy_project(tmp_path_factory.mktemp("alone"), languages=TWO)
    (project.root / SOPOT).rename(project.root / "sopot.yml")
    with_times(project)
    form = add_form(project, "volunteers")
    form.write_text(form.read_text(encoding="utf-8").replace("[sopot]", "[harmanli]"))
    build_site(project)
    return project.site


@pytest.fixture
def alone(published: Path, tmp_path: Path) -> Project:
    """The site of Harmanli alone in two languages, as it was built and published."""
    return copy_built(published, tmp_path)


def test_a_second_centre_leaves_no_address_behind(alone: Project) -> None:
    """All that people hold of the first one is found at its old address, in both languages."""
    before = held(alone.site)
    (alone.root / "sopot.yml").rename(alone.root / SOPOT)
    built = build_site(alone)
    assert [(move.before, move.now) for move in built.moved] == [
        ("", "harmanli/"),
        ("en/", "en/harmanli/"),
    ]
    assert leads_to(alone.site, "kontakti") == "/harmanli/kontakti/"
    assert leads_to(alone.site, "en/pishete-ni") == "/en/harmanli/pishete-ni/"
    gone = all_lead_on(alone, before)
    assert {PurePosixPath(name).suffix for name in gone} == {".pdf", ".vcf", ".ics"}
    sitemap = (alone.site / "sitemap.xml").read_text()
    assert "opora.example/kontakti/" not in sitemap


def test_what_moved_is_kept(alone: Project) -> None:
    """Builds after it, also on another machine, know it; nothing is said or written twice."""
    (alone.root / "sopot.yml").rename(alone.root / SOPOT)
    build_site(alone)
    text = (alone.content / "moved.yml").read_text()
    alone.addresses.unlink()
    assert build_site(alone).moved == ()
    assert (alone.content / "moved.yml").read_text() == text
    assert leads_to(alone.site, "kontakti") == "/harmanli/kontakti/"


def test_the_command_says_it_before_it_does_it(
    alone: Project, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """`new-centre` for a second centre names the addresses, and keeps them by itself."""
    alone.addresses.unlink()  # as in a folder that was never built here
    answers = ["place=Бяла", "summary=Помагаме на семейства."]
    given = [part for answer in answers for part in ("--answer", answer)]
    with monkeypatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO("\n" * 200))
        assert main(["new-centre", *given, "--project", str(alone.root)]) == 0
    said = capsys.readouterr().out
    assert said.index("/… → /harmanli/…") < said.index("Записано: content/centres/byala.yml")
    build_site(alone)
    assert leads_to(alone.site, "uslugi") == "/harmanli/uslugi/"


CHANGES = {
    "a service's slug": (
        HARMANLI,
        ("slug: razgovori-s-psiholog", "slug: psiholog"),
        ("uslugi/razgovori-s-psiholog", "/uslugi/psiholog/"),
    ),
    "a form's slug": (
        "content/forms/volunteers.yml",
        ("slug: ", "slug: nov-"),
        ("dobrovoltsi", "/nov-dobrovoltsi/"),
    ),
    "fewer pages in a language": (
        "content/site.yml",
        (TWO, MAIN),
        ("en/vaprosi-i-otgovori", "/vaprosi-i-otgovori/"),
    ),
    "a language less": ("content/site.yml", (TWO, BULGARIAN), ("en/za-detsa", "/za-detsa/")),
}


@pytest.mark.parametrize("change", CHANGES)
def test_other_changes(alone: Project, change: str) -> None:
    """Whatever moves a page, its old address leads to it."""
    file, words, (place, target) = CHANGES[change]
    assert (alone.site / place / "index.html").exists()
    before = held(alone.site)
    replace_once(alone, file, *words)
    build_site(alone)
    assert leads_to(alone.site, place) == target
    all_lead_on(alone, before)


def test_files_that_have_the_centres_code_in_their_names(alone: Project) -> None:
    """Another code moves leaflets, the card, and the calendar to which telephones subscribed."""
    before = held(alone.site)
    for file in (HARMANLI, "content/forms/volunteers.yml"):
        text = (alone.root / file).read_text(encoding="utf-8")
        new = re.sub(r"\bharmanli\b", "harmanli-grad", text)
        (alone.root / file).write_text(new, encoding="utf-8")
    (alone.root / HARMANLI).rename(alone.content / "centres" / "harmanli-grad.yml")
    build_site(alone)
    gone = all_lead_on(alone, before)
    assert {"harmanli.vcf", "programi-harmanli.ics", "listovka-harmanli.pdf"} < set(gone)


def test_a_centre_with_another_code() -> None:
    """One centre gone and one come is the same centre: its pages moved with it."""
    before = {"bg a home": "a/", "bg a contacts": "a/kontakti/", "bg z home": "z/"}
    now = {"bg b home": "b/", "bg b contacts": "b/kontakti/", "bg z home": "z/"}
    assert [(m.before, m.now) for m in moves_between(before, now)] == [("a/", "b/")]


def test_what_moved_twice_leads_to_the_last_place() -> None:
    """Also there and back, round in a circle, and where a new page stands at an old address."""
    moves = [
        Move.model_validate({"from": old, "to": new})
        for old, new in (("uslugi/a/", "uslugi/b/"), ("", "h/"), ("h/uslugi/b/", "h/uslugi/c/"))
    ]
    found = leads(moves, ["", "h/", "h/uslugi/c/", "en/", "en/h/"], ["bg", "en"])
    assert found["uslugi/a/"] == found["uslugi/b/"] == found["h/uslugi/b/"] == "h/uslugi/c/"
    assert not {"", "en/", "h/"} & found.keys()
    back = [*moves[1:2], Move.model_validate({"from": "h/", "to": ""})]
    assert leads(back, ["", "kontakti/", "en/kontakti/"], ["en"]) == {
        "h/": "",
        "h/kontakti/": "kontakti/",
    }


def test_what_is_gone_for_good_leads_nowhere() -> None:
    """For a service that is no longer given „Няма такава страница“ is true."""
    assert moves_between({"bg harmanli service x": "uslugi/x/"}, {"bg harmanli home": ""}) == ()
