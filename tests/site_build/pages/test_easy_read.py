"""„Лесно за четене“: short sentences from the facts, one idea and one pictogram each."""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import pytest
from lxml import html

from site_build.pages.pictograms import FILES
from site_build.pipeline import build_site
from site_model.content import Content
from site_model.facts.pictures import Pictogram
from site_model.loading.loader import load_content
from site_model.problems import ContentError
from tests.support.content.project_changes import HARMANLI, replace_once
from tests.support.pages.built_pages import Pages, main_words, of_centre, page, words
from tests.support.project import copy_project

EASY = "lesno-za-chetene"
CENTRES = ("harmanli", "sopot")


def lines(site: Path, centre: str) -> list[html.HtmlElement]:
    """The lines of the easy page, each with its pictogram."""
    return list(page(site, f"{centre}/{EASY}").xpath("//main//ul[@class='easy']/li"))


@pytest.mark.parametrize("centre", CENTRES)
def test_each_line_is_short_and_has_its_pictogram(site: Path, centre: str) -> None:
    """At most two sentences of at most eleven words, beside one picture that is not read out."""
    for line in lines(site, centre):
        (icon,) = line.xpath("./span[@aria-hidden='true']/*[local-name()='svg']")
        assert icon.xpath(".//*[local-name()='path']")
        (text,) = line.xpath("./p")
        sentences = re.split(r"(?<=[.?!])\s+", words(text))
        assert len(sentences) <= 2, words(text)
        assert max(len(sentence.split()) for sentence in sentences) <= 11, words(text)


@pytest.mark.parametrize("centre", CENTRES)
def test_every_easy_line_of_the_facts_is_shown(site: Path, content: Content, centre: str) -> None:
    """What the facts hold in easy words stands on the page, in their order."""
    shown = [words(line.xpath("./p")[0]) for line in lines(site, centre)]
    facts = [line.text.to("bg") for line in content.centres[centre].easy_read]
    assert len(facts) > 10
    assert [text for text in shown if text in facts] == facts


@pytest.mark.parametrize("centre", CENTRES)
def test_every_page_of_a_centre_leads_to_its_easy_page(pages: Pages, centre: str) -> None:
    """The footer of each page has the link."""
    for name, tree in of_centre(pages, centre).items():
        assert tree.xpath(f"//footer//a[@href='/{centre}/{EASY}/']"), name


@pytest.mark.parametrize("centre", CENTRES)
def test_the_page_says_that_its_readers_have_not_tried_it(site: Path, centre: str) -> None:
    """Nobody for whom the page is written has tested it, and the page does not hide that."""
    text = main_words(site, f"{centre}/{EASY}")
    assert "Хора, на които им е трудно да четат, още не са проверили тази страница." in text


def test_a_child_is_told_who_will_know(site: Path) -> None:
    """No secrecy is promised: parents, guardian and the service are named, and 116 111."""
    text = main_words(site, f"sopot/{EASY}")
    assert "Казваме и на родителите ти или на настойника ти" in text
    assert "Пишеш, идваш или се обаждаш без възрастен?" in text, "not coming alone"
    assert page(site, f"sopot/{EASY}").xpath("//main//a[@href='tel:116111']")


def test_every_pictogram_has_a_drawing() -> None:
    """Each name that the facts may use is drawn, and no drawing lacks a name."""
    assert set(FILES) == set(get_args(Pictogram))


def test_an_unknown_pictogram_is_refused_with_the_known_ones(tmp_path: Path) -> None:
    """The sentence names the place and what may stand there."""
    project = copy_project(tmp_path)
    replace_once(project, HARMANLI, "pictogram: park", "pictogram: dragon")
    with pytest.raises(ContentError, match="тук може да пише само") as refused:
        load_content(project.content)
    assert "easy_read" in str(refused.value)


def test_a_centre_without_easy_lines_says_so(tmp_path: Path) -> None:
    """The common part stays, and the gap is named."""
    project = copy_project(tmp_path)
    path = project.root / HARMANLI
    text = path.read_text(encoding="utf-8")
    kept = re.sub(r"(?ms)^easy_read:\n(?:  - .*\n)+", "", text)
    assert kept != text
    path.write_text(kept, encoding="utf-8")
    build_site(project)
    assert "Центърът още няма текст за лесно четене." in main_words(
        project.site, f"harmanli/{EASY}"
    )
