"""The front page lists every centre, and what each has said of itself by which it can be found."""

from __future__ import annotations

from pathlib import Path

from site_build.pages.directory import UNSAID, directory
from site_build.pipeline import build_site
from site_model.loading.loader import load_content
from tests.support.content.editions import edition_in
from tests.support.content.project_changes import HARMANLI, SOPOT, append, replace_once
from tests.support.pages.built_pages import page, words
from tests.support.project import copy_project

STATED = '\nmunicipalities: [{name: {bg: Карлово}, source: "000_cee4bc3b0dd5abd9.txt:7"}]\n'


def cards(site: Path, place: str = "") -> dict[str, str]:
    """The words of each centre's card, by where it leads."""
    found = page(site, place).xpath("//main//li[@class='card']")
    return {card.xpath(".//h2/a/@href")[0]: words(card) for card in found}


def test_cards_name_only_what_a_centre_has_said(site: Path) -> None:
    """Sopot has named its municipalities; Harmanli has not, and nothing is said of them."""
    found = cards(site)
    assert "Общини: Сопот, Карлово" in found["/sopot/"]
    assert "Място: Харманли" in found["/harmanli/"]
    assert "Общини" not in found["/harmanli/"]
    assert "Municipalities: Sopot, Karlovo" in cards(site, "en")["/en/sopot/"]


def test_filters_wait_for_the_script(site: Path) -> None:
    """They are hidden in the page, which has all cards; values are the same in each language."""
    values = []
    for place in ("", "en", "ar"):
        box = page(site, place).xpath("//fieldset[@id='directory']")[0]
        assert "hidden" in box.attrib
        options = box.xpath(".//select[@name='municipality']/option")
        values.append(sorted(option.get("value") for option in options))
        assert not page(site, place).xpath("//main//li[@class='card'][@hidden]")
    assert values[0] == values[1] == values[2] == ["", "-", "karlovo", "sopot"]


def test_choices_count_centres(tmp_path: Path) -> None:
    """A municipality or a kind of service that two centres name is one choice with both."""
    project = copy_project(tmp_path)
    append(project, HARMANLI, STATED)
    replace_once(project, SOPOT, "kind: individual", "kind: psychological_counselling")
    made = directory(edition_in(load_content(project.content)))
    counted = {one.label("bg"): len(one.centres) for one in made.choices["municipality"]}
    assert counted == {"Карлово": 2, "Сопот": 1}
    (shared,) = (one for one in made.choices["kind"] if len(one.centres) == 2)
    assert (shared.value, shared.label("bg")) == (
        "psychological_counselling",
        "Разговори с психолог",
    )
    assert made.values["harmanli"]["municipality"] == ("karlovo",)
    assert UNSAID not in made.values["sopot"]["kind"]


def test_a_fact_of_a_centre_changes_the_front_page(tmp_path: Path) -> None:
    """Also in a second build, which makes only what changed; a text not translated is marked."""
    project = copy_project(tmp_path)
    build_site(project)
    append(project, HARMANLI, STATED)
    build_site(project)
    assert "Общини: Карлово" in cards(project.site)["/harmanli/"]
    options = page(project.site, "").xpath("//select[@name='municipality']/option")
    assert [words(option) for option in options] == ["Всички (2)", "Карлово (2)", "Сопот (1)"]


def test_a_centre_alone_has_no_directory(tmp_path: Path) -> None:
    """Its own home is the front page, without filters and without their script."""
    project = copy_project(tmp_path)
    (project.root / SOPOT).unlink()
    build_site(project)
    assert not page(project.site, "").xpath("//*[@id='directory']")
    assert not (project.site / "assets" / "directory.js").exists()


def test_an_untranslated_choice_is_said_to_be_bulgarian(tmp_path: Path) -> None:
    """An option cannot hold an element, so it carries the language itself."""
    project = copy_project(tmp_path)
    append(project, HARMANLI, STATED.replace("Карлово", "Казанлък"))
    edition = edition_in(load_content(project.content), "en")
    made = directory(edition).choices["municipality"]
    assert [(one.label("en"), one.label_language("en")) for one in made] == [
        ("Karlovo", "en"),
        ("Sopot", "en"),
        ("Казанлък", "bg"),
    ]
