"""A centre alone stands at the root of its site; when a second one comes, both get a folder."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from pysequoia import Profile, Tsk

from contact_service.settings.service import load_settings
from site_build.pipeline import Project, build_site
from tests.support.content.project_changes import HARMANLI, SOPOT, said
from tests.support.pages.built_pages import (
    OF_A_CENTRE,
    every_page,
    files_of,
    main_words,
    page,
    words,
)
from tests.support.project import SHORTEST_LETTER, application, copy_project

LANGUAGES = """languages:
  - {code: bg, scope: full, read_by_native: true}
  - {code: en, scope: full, read_by_native: false}
  - {code: tr, scope: main, read_by_native: false}
"""


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The site of Harmanli without Sopot, in three languages."""
    project = copy_project(tmp_path_factory.mktemp("alone"), languages=LANGUAGES)
    (project.root / SOPOT).unlink()
    build_site(project)
    return project


def test_its_home_is_the_front_page(alone: Project) -> None:
    """/ is the centre, in a full language and in one that has only the main pages."""
    assert words(page(alone.site, "").find(".//h1")) == "Център за обществена подкрепа, Харманли"
    assert words(page(alone.site, "en").find(".//h1")) == "Community Support Centre, Harmanli"
    assert "Toplumsal Destek Merkezi, Harmanlı" in main_words(alone.site, "tr")
    assert (alone.site / "listovka-harmanli.pdf").exists()


def test_all_its_pages_are_there_without_its_folder(alone: Project) -> None:
    """As many pages as with the folder, which no page, index, sheet or sitemap names any more."""
    places = [name for name in every_page(alone.site) if name[:3] not in ("en/", "tr/")]
    common = {"404.html", "tarsene/index.html"}
    common |= {f"{name}/index.html" for name in ("pomosht", "bezopasnost", "za-saita")}
    common &= set(places)
    assert len(set(places) - common) >= OF_A_CENTRE["harmanli"]
    for name, data in files_of(alone.site).items():
        assert "harmanli/" not in name
        assert re.search(rb"(?<!/send/(bg|en|tr)/)harmanli/", data) is None, name


def test_every_page_has_its_menu_and_its_telephone(alone: Project) -> None:
    """Also help, search, the page about the site and 404; „Всички центрове“ is on none."""
    for name, tree in every_page(alone.site).items():
        if name.startswith("tr/"):
            continue
        assert tree.xpath("//nav[@class='menu']"), name
        assert tree.xpath("//header//a[@href='tel:+35937391076']"), name
        assert "Всички центрове" not in words(tree.find(".//footer")), name


def test_languages_lead_to_the_same_page(alone: Project) -> None:
    """From a service in Bulgarian to the same one in English, and back; the sitemap names it."""
    place = "uslugi/razgovori-s-psiholog"
    assert page(alone.site, place).xpath("//a[@hreflang='en']/@href") == [f"/en/{place}/"]
    assert page(alone.site, f"en/{place}").xpath("//a[@hreflang='bg']/@href") == [f"/{place}/"]
    sitemap = (alone.site / "sitemap.xml").read_text(encoding="utf-8")
    assert f"<loc>https://opora.example/{place}/</loc>" in sitemap


def test_the_search_knows_which_pages_are_its_own(alone: Project) -> None:
    """Answers lead to its pages at the root; help and the like stand apart from them."""
    (file,) = (alone.site / "assets").glob("search-bg.*.json")
    index = json.loads(file.read_text(encoding="utf-8"))
    centres = {url: centre for url, _, centre, _ in index["pages"]}
    assert centres["/"] == centres["/za-detsa/"] == "harmanli"
    assert centres["/uslugi/razgovori-s-psiholog/"] == "harmanli"
    assert centres["/pomosht/"] == centres["/za-saita/"] == ""
    beaten = next(answer for answer in index["answers"] if "бият ме" in answer["words"])
    assert "/za-detsa/" in [url for url, _ in beaten["links"]]


@pytest.fixture(scope="module")
def client(alone: Project, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The contact service beside that site."""
    folder = tmp_path_factory.mktemp("instance")
    key = Tsk.generate(user_id="Centre <centre@example.org>", profile=Profile.RFC4880)
    (folder / "centre.asc").write_text(str(key.extract_certificate()), encoding="utf-8")
    toml = (
        f'site_folder = "{alone.site}"\ncontent_folder = "{alone.content}"\n'
        f'database = "sqlite:///{folder / "outbox.sqlite3"}"\n'
        '[smtp]\nhost = "127.0.0.1"\nport = 9\nsecurity = "none"\nsender = "o@example.org"\n'
        '[[centres.harmanli.recipients]]\naddress = "a@example.org"\n'
        'seal = "openpgp"\nkey = "centre.asc"\n'
    )
    secret = {"OPORA_SECRET": "a secret for tests only, 32 signs or more"}
    with application(load_settings(toml, secret, folder)) as app:
        app.testing = True
        yield app.test_client()


def test_its_forms_are_accepted(alone: Project, client: FlaskClient) -> None:
    """The form at the root sends to the service; errors and receipt lead back to the root."""
    (form,) = page(alone.site, "pishete-ni").xpath("//form[@method='post']")
    action = form.get("action")
    assert client.get(action).headers["Location"] == "/pishete-ni/"
    again = client.post(action, data={"danger": ""}, headers={"Origin": "https://opora.example"})
    assert again.status_code == 422
    assert 'href="/kakvo-stava-kogato-pishete/"' in again.text
    sent = client.post(action, data=SHORTEST_LETTER, headers={"Origin": "https://opora.example"})
    assert sent.status_code == 303
    receipt = html.document_fromstring(client.get(sent.headers["Location"]).text)
    assert "/" in receipt.xpath("//main//a/@href")


def test_a_second_centre_gives_both_a_folder(alone: Project, tmp_path: Path) -> None:
    """Then the front page names both, and the old places are gone."""
    project = copy_project(tmp_path)
    build_site(project)
    assert "Харманли" in main_words(project.site, "")
    assert "Сопот" in main_words(project.site, "")
    assert (project.site / "harmanli" / "kontakti" / "index.html").exists()
    assert not (project.site / "kontakti").exists()


def test_two_pages_of_one_address_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A page written by hand may not stand where the centre alone has one of its own."""
    project = copy_project(tmp_path)
    (project.root / SOPOT).unlink()
    (project.root / "docs/bg/kontakti.md").write_text("# Друго\n", encoding="utf-8")
    message = said(project, capsys)
    assert "„kontakti/“ е адрес на две страници" in message


def test_a_centre_may_not_stand_where_a_language_does(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A centre called „en“ would lie among the English pages."""
    project = copy_project(tmp_path, languages=LANGUAGES)
    file = project.root / HARMANLI
    text = file.read_text(encoding="utf-8").replace("\nid: harmanli\n", "\nid: en\n")
    file.with_name("en.yml").write_text(text, encoding="utf-8")
    file.unlink()
    assert "„en/“ е мястото на език" in said(project, capsys)
