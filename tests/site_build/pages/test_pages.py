"""What holds for every built page, whatever it is about."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from pathlib import Path

import pytest

from site_build.pipeline import build_site
from site_model.content import Content
from site_model.urls import origin
from tests.support.pages.built_pages import Pages, every_page, main_words, of_centre, page, words
from tests.support.project import copy_project

LOADING = "//*[@src or @srcset or @poster or @data or @background] | //link | //style | //*[@style]"
ADDRESSES = {"src", "srcset", "href", "poster", "data"}


def test_every_page_has_exactly_one_h1(pages: Pages) -> None:
    """One heading says what the page is, and it is not empty."""
    for name, tree in pages.items():
        headings = [words(heading) for heading in tree.xpath("//h1")]
        assert len(headings) == 1 and headings[0], name


def test_headings_do_not_skip_a_level(pages: Pages) -> None:
    """After an h1 comes an h2, never an h3."""
    for name, tree in pages.items():
        levels = [int(heading.tag[1]) for heading in tree.xpath("//h1|//h2|//h3|//h4|//h5|//h6")]
        assert all(after - before <= 1 for before, after in pairwise(levels)), name


def test_every_page_says_its_language_and_its_name(pages: Pages) -> None:
    """The page is Bulgarian, in UTF-8, with a title that no other page has."""
    titles = Counter(str(tree.findtext(".//title")).strip() for tree in pages.values())
    assert all(title and count == 1 for title, count in titles.items()), titles
    for name, tree in pages.items():
        assert tree.get("lang") == "bg", name
        assert tree.xpath("//meta[@charset='utf-8']"), name
        assert tree.xpath("//meta[@name='viewport']"), name


def test_no_sentence_ends_with_two_points(site: Path) -> None:
    """A date that ends with „г.“ (bg) or „р.“ (uk) gets no second point, in any language."""
    for name, tree in every_page(site).items():
        doubled = re.findall(r".{0,40}(?<!\.)\.\.(?!\.).{0,10}", words(tree))
        assert not doubled, (name, doubled)


def test_the_title_of_a_page_of_a_centre_names_the_centre(pages: Pages) -> None:
    """A reader with ten open tabs sees which centre each is about."""
    for centre, place in (("harmanli", "Харманли"), ("sopot", "Сопот")):
        for name, tree in of_centre(pages, centre).items():
            assert place in tree.findtext(".//title"), name


def test_nothing_is_loaded_from_another_site(pages: Pages) -> None:
    """Pictures, styles and icons come from this site; a plain link may lead elsewhere."""
    for name, tree in pages.items():
        assert not tree.xpath("//iframe|//object|//embed|//img|//video|//audio"), name
        for element in tree.xpath(LOADING):
            if element.get("rel") in ("canonical", "alternate"):
                continue
            loads = [value for key, value in element.items() if key in ADDRESSES]
            assert all(value.startswith("/assets/") for value in loads), (name, loads)
            assert element.tag in ("link", "script"), (name, element.tag)


def test_styles_load_nothing_from_another_site(site: Path, content: Content) -> None:
    """No style sheet and no drawing asks for a font, a style or a picture of another site."""
    styles = [*site.rglob("*.css"), *site.rglob("*.svg")]
    assert styles
    for path in styles:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        text = text.replace(f'" ({origin(content.site)}" attr(href)', "")  # words on paper
        assert not re.search(r"https?:|//[a-z]|@import|@font-face", text), path.name


def test_no_script_keeps_anything(site: Path, pages: Pages) -> None:
    """Scripts set no cookie and store nothing; no inline handler, no http-equiv."""
    scripts = list(site.rglob("*.js"))
    assert scripts
    assert not [path for path in site.rglob("*") if path.suffix in {".mjs", ".map", ".wasm"}]
    for path in scripts:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"cookie|storage|indexeddb|https?:", text, re.I), path.name
    for name, tree in pages.items():
        attributes = {key for element in tree.iter() for key in element.keys()}  # noqa: SIM118
        assert not {key for key in attributes if key.startswith("on") or key == "http-equiv"}, name
        assert not [link for link in tree.xpath("//@href") if link.startswith("javascript:")], name


def test_ids_are_unique_in_a_page(pages: Pages) -> None:
    """No two elements of a page have the same id."""
    for name, tree in pages.items():
        twice = [value for value, count in Counter(tree.xpath("//@id")).items() if count > 1]
        assert not twice, name


def test_every_reference_to_an_id_resolves(pages: Pages) -> None:
    """Labels, descriptions and links to a place of the same page find it."""
    for name, tree in pages.items():
        ids = set(tree.xpath("//@id"))
        named = tree.xpath("//@for | //@aria-describedby | //@aria-labelledby | //@aria-controls")
        places = [link[1:] for link in tree.xpath("//@href") if link.startswith("#")]
        assert {word for value in named for word in value.split()} | set(places) <= ids, name


def unpaired(text: str) -> list[str]:
    """Quotation marks that Bulgarian does not use, or that do not come in pairs „…“."""
    wrong = re.findall(r"[\"”«»‟]|''|’’|“\w", text)
    depth = 0
    for sign in re.findall(r"[„“]", text):
        depth += 1 if sign == "„" else -1
        if depth < 0:
            return [*wrong, "“"]
    return wrong + ["„"] * depth


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("„а“ и „б „в“ г“", []),
        ('"а"', ['"', '"']),
        ("„а”", ["”", "„"]),
        ("“а“", ["“а", "“"]),
        ("а“", ["“"]),
    ],
)
def test_the_check_of_quotation_marks_sees_wrong_ones(text: str, wrong: list[str]) -> None:
    """The next test would notice straight, English and lonely marks."""
    assert unpaired(text) == wrong


def test_quotation_marks_are_bulgarian(pages: Pages) -> None:
    """Visible text and titles use „…“ in pairs and no other marks."""
    for name, tree in pages.items():
        for block in (tree.find(".//title"), tree.find("body")):
            assert not unpaired(words(block)), name


def test_no_trace_of_the_machine_is_visible(pages: Pages) -> None:
    """No template sign, no Python value, no Markdown link reaches a reader."""
    for name, tree in pages.items():
        text = words(tree.find("body")) + str(tree.findtext(".//title"))
        found = re.findall(r"\{\{|\}\}|\{%|%\}|\{:|\bNone\b|undefined|\]\(|\*\*|`|\bTrue\b", text)
        assert not found, name


def test_readers_are_told_where_the_source_is(site: Path, tmp_path: Path) -> None:
    """EUPL-1.2, article 5: who uses the site can get the source, once the operator says where."""
    source = "https://git.example.org/opora"
    project = copy_project(tmp_path)
    facts = project.content / "site.yml"
    facts.write_text(f"{facts.read_text(encoding='utf-8')}source_url: {source}\n", encoding="utf-8")
    build_site(project)
    assert page(project.site, "za-saita").xpath(f"//main//a[@href='{source}']")
    assert "EUPL" not in main_words(site, "za-saita")
