"""A second language is data: translated facts, a catalogue and a folder of pages."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from built_pages import Pages, every_page, files_of, main_words, words
from english import english, latin, translate_yaml, write_catalogue
from project_changes import said
from support import copy_project, set_languages

from site_build.stages import Project, build_site
from site_model.base import Text
from site_model.facts import Content
from site_model.problems import ContentError

ATTRIBUTES = "//@aria-label | //@title | //@alt | //@placeholder | //meta/@content"


LANGUAGES = """languages:
  - {code: bg, scope: full, read_by_native: true}
  - {code: en, scope: full, read_by_native: false}
"""


def bilingual(target: Path) -> Project:
    """The real project with an English of every fact, page and interface word."""
    project = copy_project(target)
    set_languages(project, LANGUAGES)
    for path in project.content.rglob("*.yml"):
        translate_yaml(path)
    shutil.rmtree(project.hand_written("en"), ignore_errors=True)
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


def test_bulgarian_pages_change_only_by_the_switch(both: Path, tmp_path: Path) -> None:
    """Adding a language leaves what was there as it was, but for the links to the language."""
    project = copy_project(tmp_path)
    set_languages(project)
    build_site(project)
    switch = re.compile(rb'(<link rel="alternate".*?>|<nav class="languages".*?</nav>)\s*', re.S)
    alone = {n: d for n, d in files_of(project.site).items() if n.endswith(".html")}
    together = files_of(both)
    without = {name: b"".join(switch.sub(b"", together[name]).split()) for name in alone}
    assert without == {name: b"".join(data.split()) for name, data in alone.items()}


def test_links_and_menus_stay_in_the_language(english_pages: Pages) -> None:
    """But for the switch, every link of an English page leads to an English page or out."""
    for name, tree in english_pages.items():
        assert tree.xpath("//footer//a"), name
        for link in tree.xpath(
            "//a[not(ancestor::nav[@class='languages'])]/@href | //form/@action"
        ):
            if link.startswith("/"):
                assert link.startswith(("/en/", "/send/en/")), (name, link)


def test_the_menu_of_a_centre_is_translated(english_pages: Pages) -> None:
    """The nine names of the menu are the English ones and lead below /en/."""
    menu = (
        english_pages["harmanli/uslugi/index.html"]
        .xpath("//nav[@class='menu']//ul")[0]
        .xpath(".//a")
    )
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
        body = tree.find("body")
        seen = words(body).replace("Български", "", 1)  # its own name in the switch
        texts = [seen, str(tree.findtext(".//title")), *tree.xpath(ATTRIBUTES)]
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
    project = copy_project(tmp_path)
    head, bulgarian, english = LANGUAGES.splitlines(keepends=True)
    set_languages(project, head + english + bulgarian)
    with pytest.raises(ContentError, match="първият език е bg"):
        build_site(project)


def test_a_language_without_a_catalogue_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Asking for a language that has no interface words is a sentence, not a traceback."""
    project = copy_project(tmp_path)
    set_languages(project, LANGUAGES.replace("code: en", "code: el"))
    assert "за езика „el“ няма каталог" in said(project, capsys)


def test_a_language_that_nobody_knows_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A slip in the code of a language is a sentence with its line."""
    project = copy_project(tmp_path)
    set_languages(project, LANGUAGES.replace("code: en", "code: xx"))
    assert "„xx“ не е език" in said(project, capsys)
