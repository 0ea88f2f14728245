"""An operator adds one YAML file: everything that a form needs follows from it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from site_build.pipeline import Built, Project, build_site
from site_build.translation.gaps import Gaps
from tests.support.content.project_changes import replace_once
from tests.support.pages.built_pages import main_words, page, words
from tests.support.pages.pdf_tools import squeezed, text_of
from tests.support.project import add_form, copy_project

LANGUAGES = """languages:
  - {code: bg, scope: full, read_by_native: true}
  - {code: en, scope: full, read_by_native: false}
  - {code: tr, scope: main, read_by_native: false}
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, Built]:
    """The real project with one file more, in three languages."""
    project = copy_project(tmp_path_factory.mktemp("own"), languages=LANGUAGES)
    add_form(project, "volunteers")
    return project, build_site(project)


@pytest.fixture(scope="module")
def own_site(built: tuple[Project, Built]) -> Path:
    return built[0].site


def test_the_form_has_a_page_at_its_centre_alone(own_site: Path) -> None:
    """The page stands at the centre that offers it, sends to its own address and lets one leave."""
    tree = page(own_site, "sopot/dobrovoltsi")
    (form,) = tree.xpath("//form[@method='post']")
    assert form.get("action") == "/send/bg/sopot/volunteers"
    assert [words(label) for label in form.xpath("./div[@class='question']/label")] == [
        "Как да се обръщаме към вас?",
        "Телефон",
    ]
    assert tree.xpath("//header//a[@class='exit']")
    assert not (own_site / "harmanli/dobrovoltsi").exists()


def test_the_file_says_where_it_is_linked(own_site: Path) -> None:
    """From the contacts page in its own words, and in the footer of that centre alone."""
    assert main_words(own_site, "sopot/kontakti").endswith(
        "Още формуляри Станете доброволец. За хора над 18 години"
    )
    link = "//footer//a[@href='/sopot/dobrovoltsi/']"
    for place in ("sopot", "sopot/uslugi", "sopot/dobrovoltsi"):
        assert page(own_site, place).xpath(link), place
    assert page(own_site, "sopot/dobrovoltsi").xpath(f"{link}[@aria-current='page']")
    for place in ("", "harmanli", "harmanli/kontakti"):
        assert "dobrovoltsi" not in (own_site / place / "index.html").read_text(), place


def test_paper_search_and_privacy_follow(own_site: Path) -> None:
    """A sheet beside the page, an entry in the site index and the search, its data explained."""
    assert (own_site / "sopot/dobrovoltsi/dobrovoltsi-sopot.pdf").read_bytes()[:5] == b"%PDF-"
    assert "dobrovoltsi-sopot.pdf" in (own_site / "sopot/dobrovoltsi/index.html").read_text()
    assert page(own_site, "tarsene").xpath("//main//a[@href='/sopot/dobrovoltsi/']")
    (index,) = own_site.glob("assets/search-bg.*.json")
    assert "/sopot/dobrovoltsi/" in json.dumps(json.loads(index.read_text()))
    said = "Какво пита формулярът „Станете доброволец“"
    assert said in main_words(own_site, "sopot/lichni-danni")
    assert said not in main_words(own_site, "harmanli/lichni-danni")


@pytest.mark.parametrize("place", ["en/sopot/kontakti", "tr/sopot"])
def test_a_bulgarian_form_is_honest_in_other_languages(own_site: Path, place: str) -> None:
    """The link keeps its Bulgarian name, says so and leads to the Bulgarian page."""
    (link,) = page(own_site, place).xpath("//main//a[@href='/sopot/dobrovoltsi/']")
    assert link.get("hreflang") == "bg"
    assert link.xpath("./bdi[@lang='bg']/text()") == ["Станете доброволец"]
    assert words(link.xpath("./span[@class='in-language']")[0]) in {"(in Bulgarian)", "(Bulgarca)"}
    assert not (own_site / place.partition("/")[0] / "sopot/dobrovoltsi").exists()


def test_nobody_waits_for_a_translation_that_is_not_meant(built: tuple[Project, Built]) -> None:
    """`languages: [bg]` is a decision: nothing is reported, no page is „partly“ Bulgarian."""
    english: Gaps = built[1].gaps[0]
    assert (english.language, english.texts, english.pages) == ("en", 0, ())
    for place in ("en/sopot", "en/sopot/lichni-danni", "en/sopot/kontakti"):
        assert "dobrovol" not in words(page(built[0].site, place).xpath("//footer")[0])
        assert not page(built[0].site, place).xpath("//main/div[@class='about-translation']/p[2]")


def test_a_form_that_waits_for_translation_is_reported(tmp_path: Path) -> None:
    """Without `languages` the form is wanted everywhere: its texts are listed, it is kept back."""
    project = copy_project(tmp_path, languages=LANGUAGES.rpartition("  - ")[0])
    add_form(project, "volunteers")
    replace_once(project, "content/forms/volunteers.yml", "languages: [bg]\n", "")
    (english,) = build_site(project).gaps
    assert "Станете доброволец" in english.forms
    assert "content/forms/volunteers.yml:9 title" in project.report.read_text(encoding="utf-8")
    assert not (project.site / "en/sopot/dobrovoltsi").exists()
    assert page(project.site, "en/sopot/kontakti").xpath("//a[@href='/sopot/dobrovoltsi/']")


def test_paper_says_before_a_question_after_which_answer_it_is_asked(own_project: Project) -> None:
    """„Ако …“ stands before the number of a conditional question, and names its condition."""
    text = text_of(own_project.site / "sopot/zapisvane-za-kurs/zapisvane-za-kurs-sopot.pdf")
    for said in (
        "Ако на въпрос 3 отбелязахте „Да“ или „Още не знам“: 4. На колко години са децата?",
        "Ако на въпрос 3 отбелязахте „Да“: 5. Трябва ли някой",
        "Ако на въпрос 5 отбелязахте „Да, трябва“: 6. Какво да знае човекът",
    ):
        assert squeezed(said) in text, said


def test_a_programme_leads_to_its_form(own_project: Project) -> None:
    """From the two programmes that the file names, and from no other."""
    tree = page(own_project.site, "sopot/programi")
    linking = tree.xpath("//main//dl[.//a[@href='/sopot/zapisvane-za-kurs/']]")
    assert [dl.xpath("string(./preceding-sibling::h2[1]/@id)") for dl in linking] == [
        "family_planning",
        "parenting",
    ]
