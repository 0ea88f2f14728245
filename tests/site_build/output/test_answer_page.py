"""The page on which the code of a receipt is typed: where it stands, where it does not, what it
leaves behind.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from site_build.pipeline import Project, build_site
from tests.support.content.project_changes import append, replace_once
from tests.support.pages.built_pages import every_page, main_words, page, words
from tests.support.project import add_form, copy_project

LANGUAGES = ["bg", "en", "tr", "uk", "ar"]
CENTRES = ["harmanli", "sopot"]


def below(language: str) -> str:
    return "" if language == "bg" else f"{language}/"


@pytest.mark.parametrize("centre", CENTRES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_it_asks_for_the_code_alone(site: Path, language: str, centre: str) -> None:
    """In each language that has the forms a code goes to the service, in a post, without scripts
    but the one to leave by; the browser keeps nothing of it.
    """
    tree = page(site, f"{below(language)}{centre}/otgovor")
    (form,) = tree.xpath("//form")
    assert (form.get("method"), form.get("action")) == (
        "post",
        f"/send/{language}/{centre}/otgovor",
    )
    (field,) = form.xpath(".//input")
    assert (field.get("name"), field.get("type"), field.get("dir")) == ("code", "text", "ltr")
    assert field.get("autocomplete") == "off" and not field.get("value")
    assert [words(label) for label in form.xpath(f".//label[@for='{field.get('id')}']")]
    scripts = [source.partition("?")[0] for source in tree.xpath("//script/@src")]
    assert scripts == ["/assets/exit.js"] and len(tree.xpath("//script")) == 1
    assert tree.xpath("//header//a[@class='exit']")


@pytest.mark.parametrize("language", LANGUAGES)
def test_danger_comes_before_the_code(site: Path, language: str) -> None:
    """112 and the line for children stand above the field, the centre's telephone below it."""
    place = f"{below(language)}harmanli/otgovor"
    above = page(site, place).xpath("//main//form/preceding::a[ancestor::main]/@href")
    assert above == ["tel:112", "tel:116111"]
    under = page(site, place).xpath("//main//form/following::a[ancestor::main]/@href")
    assert [link for link in under if link.startswith("tel:")] == [
        *("tel:112", "tel:+35937391076", "tel:116111")
    ]
    assert any(link.endswith("/bezopasnost/") for link in under)


def test_it_promises_nothing(site: Path) -> None:
    """It says how long an answer waits, and that none may come; of secrecy it says nothing."""
    said = main_words(site, "sopot/otgovor")
    assert "чака 60 дни" in said
    assert "никой не отговаря веднага" in said
    assert "Центърът може и да не отговори тук" in said
    assert "Центърът още не е посочил телефон" in said
    for promise in ("само вие", "тайна", "никой друг няма"):
        assert promise not in said, promise


def test_no_search_names_it(site: Path) -> None:
    """Neither those of the world nor the site's own: who looks for help would wait there."""
    assert "/otgovor/" not in (site / "sitemap.xml").read_text(encoding="utf-8")
    for file in (site / "assets").glob("search-*.json"):
        urls = [entry[0] for entry in json.loads(file.read_text(encoding="utf-8"))["pages"]]
        assert urls and not [url for url in urls if url.endswith("/otgovor/")], file.name
    for name, tree in every_page(site).items():
        told = tree.xpath("//meta[@name='robots']/@content")
        assert told == (["noindex"] if "/otgovor/" in name else []), name


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_has_a_code_finds_it(site: Path, language: str) -> None:
    """From the footer of each page of the centre, from both forms and from what happens to a
    letter; never from the menu.
    """
    here = f"/{below(language)}sopot/otgovor/"
    for name, tree in every_page(site / f"{below(language)}sopot").items():
        assert tree.xpath(f"//footer//a[@href='{here}']"), name
        assert not tree.xpath(f"//nav//a[@href='{here}']"), name
    for place in ("pishete-ni", "nasochvane", "kakvo-stava-kogato-pishete"):
        tree = page(site, f"{below(language)}sopot/{place}")
        assert tree.xpath(f"//main//a[@href='{here}']"), place


@pytest.fixture(scope="module")
def one_form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Answers to one form alone, of Sopot and in Bulgarian."""
    project = copy_project(tmp_path_factory.mktemp("answers"), languages=BULGARIAN_AND_ENGLISH)
    for form in ("contact", "referral"):
        replace_once(project, f"content/forms/{form}.yml", "answers: true\n", "")
    add_form(project, "volunteers")
    append(project, "content/forms/volunteers.yml", "answers: true")
    build_site(project)
    return project.site


BULGARIAN_AND_ENGLISH = """languages:
  - {code: bg, scope: full, read_by_native: true}
  - {code: en, scope: full, read_by_native: false}
"""


def test_it_stands_where_a_form_has_answers_and_nowhere_else(one_form: Path) -> None:
    """Only below the centre and in the language of the form; no other page speaks of it."""
    found = [path.relative_to(one_form).as_posix() for path in one_form.rglob("otgovor/index.html")]
    assert found == ["sopot/otgovor/index.html"]
    linking = {
        name.rpartition("/")[0]
        for name, tree in every_page(one_form).items()
        if tree.xpath("//main//a[contains(@href, '/otgovor/')]")
    }
    assert linking == {"sopot/dobrovoltsi", "sopot/kakvo-stava-kogato-pishete"}
    for place in ("kakvo-stava-kogato-pishete", "lichni-danni"):
        assert "Отговор на сайта" in main_words(one_form, f"sopot/{place}")
        assert "Отговор на сайта" not in main_words(one_form, f"harmanli/{place}")
        assert "answer on the site" not in main_words(one_form, f"en/sopot/{place}")


def test_a_centre_alone_has_it_at_the_root(as_typed: Project) -> None:
    """Beside its other pages; the service still names the centre."""
    (form,) = page(as_typed.site, "otgovor").xpath("//form")
    assert form.get("action") == "/send/bg/harmanli/otgovor"
    assert page(as_typed.site, "pomosht").xpath("//footer//a[@href='/otgovor/']")
