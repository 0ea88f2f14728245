"""A second language is data: translated facts, a catalogue and a folder of pages."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from built_pages import Pages, change_yaml, every_page, files_of, main_words, words
from english import english, latin, translate_yaml, write_catalogue
from project_changes import replace_once, said
from support import copy_project

from site_build.errors import BuildError
from site_build.stages import Project, build_site
from site_model.base import Text
from site_model.facts import Content
from site_model.problems import ContentError

ATTRIBUTES = "//@aria-label | //@title | //@alt | //@placeholder | //meta/@content"


def bilingual(target: Path) -> Project:
    """The real project with an English of every fact, page and interface word."""
    project = copy_project(target)
    replace_once(project, "content/site.yml", "languages: [bg]", "languages: [bg, en]")
    for path in project.content.rglob("*.yml"):
        translate_yaml(path)
    for path in project.hand_written("bg").rglob("*.md"):
        translated = project.hand_written("en") / path.relative_to(project.hand_written("bg"))
        translated.parent.mkdir(parents=True, exist_ok=True)
        translated.write_text(latin(path.read_text(encoding="utf-8")), encoding="utf-8")
    write_catalogue(project.root / "locale")
    return Project(project.root, project.root / "locale")


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The finished site in Bulgarian and English."""
    project = bilingual(tmp_path_factory.mktemp("bilingual"))
    build_site(project)
    return project.site


@pytest.fixture(scope="module")
def english_pages(both: Path) -> Pages:
    return every_page(both / "en")


def test_every_page_has_its_english_twin(pages: Pages, english_pages: Pages) -> None:
    """All pages, forms and the 404 stand below /en/ at the same places."""
    assert set(english_pages) == set(pages)


def test_english_pages_say_that_they_are_english(english_pages: Pages) -> None:
    """The language of the page is set for screen readers."""
    assert {tree.get("lang") for tree in english_pages.values()} == {"en"}


def test_bulgarian_pages_do_not_change_by_a_byte(site: Path, both: Path) -> None:
    """Adding a language leaves what was there as it was."""
    alone = {name: data for name, data in files_of(site).items() if name.endswith(".html")}
    together = files_of(both)
    assert {name: together.get(name) for name in alone} == alone


def test_links_and_menus_stay_in_the_language(english_pages: Pages) -> None:
    """Every link of an English page leads to an English page or out, and so does its form."""
    for name, tree in english_pages.items():
        assert tree.xpath("//footer//a"), name
        for link in tree.xpath("//a/@href | //form/@action"):
            if link.startswith("/"):
                assert link.startswith(("/en/", "/send/en/")), (name, link)


def test_the_menu_of_a_centre_is_translated(english_pages: Pages) -> None:
    """The nine names of the menu are the English ones and lead below /en/."""
    menu = english_pages["harmanli/uslugi/index.html"].xpath("//nav//ul")[0].xpath(".//a")
    assert [a.get("href") for a in menu][:2] == ["/en/harmanli/", "/en/harmanli/uslugi/"]
    assert words(menu[1]) == english("Услуги и програми")
    assert words(menu[8]) == english("Пишете ни")
    assert all(words(item).startswith("EN ") for item in menu)


@pytest.mark.parametrize(
    ("place", "find"),
    [
        ("", lambda c: c.centres["sopot"].summary.text),
        ("harmanli", lambda c: c.centres["harmanli"].confidentiality.text),
        ("harmanli/uslugi", lambda c: c.centres["harmanli"].services[0].description),
        ("sopot/programi", lambda c: c.centres["sopot"].programmes[4].description),
        ("sopot/na-kogo-pomagame", lambda c: c.groups["reunification"].legal),
        ("sopot/ekip-i-istoriya", lambda c: c.centres["sopot"].history[0].text),
        ("harmanli/kak-da-poluchite-podkrepa", lambda c: c.law["child_alone"].text),
        ("pomosht", lambda c: c.help_lines["animus"].about),
        ("harmanli/pishete-ni", lambda c: c.forms["contact"].fields[0].options[1].label),
        ("sopot/nasochvane", lambda c: c.forms["referral"].fields[0].why),
    ],
)
def test_english_facts_stand_on_english_pages(
    both: Path, content: Content, place: str, find: Callable[[Content], Text]
) -> None:
    """Facts, groups, law, help lines and questions are the translated ones."""
    assert english(find(content).to("bg")) in main_words(both, f"en/{place}".rstrip("/"))


def test_no_bulgarian_letter_is_left_on_an_english_page(english_pages: Pages) -> None:
    """Nothing between the first tag and the last was forgotten outside the translations."""
    left = {}
    for name, tree in english_pages.items():
        texts = [words(tree.find("body")), str(tree.findtext(".//title")), *tree.xpath(ATTRIBUTES)]
        if found := re.findall(r"[А-Яа-я][^.]{0,30}", " ".join(texts)):
            left[name] = found
    assert left == {}


def test_dates_are_written_as_english_writes_them(both: Path) -> None:
    """The day of the opening of Harmanli is in English words."""
    assert "June 4, 2014" in main_words(both, "en/harmanli/ekip-i-istoriya")


def test_the_second_language_brings_no_files_that_nothing_uses(both: Path) -> None:
    """Below /en/ stand pages, sheets of paper, their list, compressed copies; no scripts."""
    kinds = {Path(name).suffix for name in files_of(both / "en")}
    assert kinds <= {".html", ".pdf", ".xml", ".br", ".gz"}


def test_bulgarian_stands_first_among_the_languages(tmp_path: Path) -> None:
    """Another order, in which the root of the site would be ambiguous, is refused."""
    project = bilingual(tmp_path)

    def turn(site: Any) -> Any:
        return site | {"languages": ["en", "bg"]}

    change_yaml(project.content / "site.yml", turn)
    with pytest.raises(ContentError, match="първият език е bg"):
        build_site(project)


def test_a_fact_without_english_stops_the_build_with_its_bulgarian_words(tmp_path: Path) -> None:
    """The message names the file, the language and the text that waits for translation."""
    project = bilingual(tmp_path)

    def forget(centre: Any) -> Any:
        del centre["summary"]["text"]["en"]
        return centre

    change_yaml(project.content / "centres" / "sopot.yml", forget)
    summary = "Подкрепа за деца и семейства: разговори и консултации"
    with pytest.raises(
        BuildError, match=rf"^sopot/listovka-sopot\.pdf: липсва превод \[en\] {summary}"
    ):
        build_site(project)


def test_a_language_without_a_catalogue_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asking for a language that has no interface words is a sentence, not a traceback."""
    project = copy_project(tmp_path)
    replace_once(project, "content/site.yml", "languages: [bg]", "languages: [bg, xx]")
    assert "xx" in said(project, capsys)
