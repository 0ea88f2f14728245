"""A fact is text: no sign in it is taken for Markdown or HTML."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from site_build.pipeline import build_site
from tests.support.pages.built_pages import change_yaml, main_words, page
from tests.support.project import built_project

# In each text № stands for the number of its place on the pages.
NASTY = {
    "inline": "№ <b>*x*</b> [y](z) & _w_ &amp; &nbsp; `a` ~~b~~ ^c^ | d | \\e \\*f ![a](b) <https://a.bg>",
    "template": "№ {{ nyama }} {% if %} {# a #}",
    "attributes at the end": "№ край {: .x #main }",
    "number at the start": "8. март №",
    "dash at the start": "- тире №",
    "plus at the start": "+ плюс №",
    "heading at the start": "# знак №",
    "only a rule": "---",
}
PLACES: dict[str, tuple[str, Callable[[Any], dict[str, str]]]] = {
    "lead of the home": ("", lambda centre: centre["summary"]["text"]),
    "name of a service": ("uslugi", lambda centre: centre["services"][0]["name"]),
    "heading of a service": (
        "uslugi/pomosht-s-institutsii-i-dokumenti",
        lambda centre: centre["services"][1]["name"],
    ),
    "text of a service": ("uslugi", lambda centre: centre["services"][1]["description"]),
    "place of a service": (
        "uslugi/sreshti-i-razgovori",
        lambda centre: centre["services"][0]["where"],
    ),
    "topic": ("uslugi", lambda centre: centre["topics"][0]["text"]),
    "name of a programme": ("programi", lambda centre: centre["programmes"][0]["name"]),
    "text of a programme": ("programi", lambda centre: centre["programmes"][1]["description"]),
    "area": ("na-kogo-pomagame", lambda centre: centre["area"]["text"]),
    "funding": ("ekip-i-istoriya", lambda centre: centre["funding"][0]["text"]),
    "event": ("ekip-i-istoriya", lambda centre: centre["history"][0]["text"]),
}


@pytest.fixture(scope="module", params=NASTY.values(), ids=NASTY)
def nasty(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, Path]:
    """A site of Sopot in which one nasty text stands in many places."""
    project = built_project(tmp_path_factory.mktemp("nasty"))

    def change(centre: Any) -> Any:
        for number, (_, find) in enumerate(PLACES.values()):
            find(centre)["bg"] = request.param.replace("№", str(number))
        return centre

    change_yaml(project.content / "centres" / "sopot.yml", change)
    build_site(project)
    return request.param, project.site


@pytest.mark.parametrize("place", PLACES)
def test_a_fact_is_shown_as_it_was_written(nasty: tuple[str, Path], place: str) -> None:
    """Every sign of the text is read on the page, and none becomes a tag."""
    text, site = nasty
    folder, _ = PLACES[place]
    assert text.replace("№", str(list(PLACES).index(place))) in main_words(
        site, f"sopot/{folder}".rstrip("/")
    )


def test_a_fact_makes_no_tag(nasty: tuple[str, Path]) -> None:
    """No bold, no picture, no code, no table and no foreign link comes out of a fact."""
    _, site = nasty
    for folder in {folder for folder, _ in PLACES.values()}:
        main = page(site, f"sopot/{folder}".rstrip("/")).xpath("//main")[0]
        assert not main.xpath(".//b|.//em|.//img|.//code|.//del|.//table|.//blockquote|.//ol|.//hr")
        assert not main.xpath(".//a[@href='z' or contains(@href, 'a.bg')]")
        assert not main.xpath(".//*[@id='main' or @class='x']")


def test_the_title_of_a_page_is_text_too(nasty: tuple[str, Path]) -> None:
    """The name of a service stands whole in the title of its page."""
    text, site = nasty
    folder, _ = PLACES["heading of a service"]
    title = page(site, f"sopot/{folder}").findtext(".//title")
    assert text.replace("№", str(list(PLACES).index("heading of a service"))) in title
