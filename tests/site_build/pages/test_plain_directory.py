"""The directory as plain pages: one page for few centres, one for each choice for more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from site_build.pages.directory import choice_slug, directory
from site_build.pages.page_plan import FEW, Plan, PlannedPage
from site_build.pipeline import build_site
from site_model.content import Content
from site_model.facts.contacts import Municipality
from site_model.types import Text
from tests.support.content.editions import edition_in
from tests.support.html_validate import faults
from tests.support.pages.built_pages import Pages, entries, every_page, main_words, page, words
from tests.support.pages.foreign_words import foreign_words
from tests.support.pages.rules import RULES
from tests.support.several import several_centres

MUNICIPALITIES = 265


@pytest.fixture(scope="module")
def several(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built site of six centres."""
    project = several_centres(tmp_path_factory.mktemp("several"))
    build_site(project)
    return project.site


@pytest.fixture(scope="module")
def listed(several: Path) -> Pages:
    """The pages of the directory, with the front page, in both languages."""
    found = every_page(several)
    names = [name for name in found if "tsentrove/" in name or name.count("/") == 0]
    assert len(names) > 40
    return {name: found[name] for name in names if name != "404.html"}


def listed_in(content: Content) -> list[PlannedPage]:
    """The pages of the directory."""
    return [page for page in Plan(edition_in(content)).common if page.id == "directory"]


def linked(site: Path, place: str) -> dict[str, str]:
    """Where the links of a page's main part lead, with their words."""
    return {a.get("href"): words(a) for a in page(site, place).xpath("//main//a[@href]")}


@pytest.mark.parametrize("language", ["", "en/", "tr/", "uk/", "ar/"])
def test_few_centres_stand_on_one_page(site: Path, content: Content, language: str) -> None:
    """Each municipality, group and kind with its centres, in every language; no page of one."""
    assert f"/{language}tsentrove/" in linked(site, language)
    assert [path.name for path in (site / language / "tsentrove").glob("*/")] == []
    found = page(site, f"{language}tsentrove").xpath("//main//dl/dt")
    made = directory(edition_in(content)).choices
    assert len(found) == sum(map(len, made.values()))
    assert {f"/{language}{id}/" for id in content.centres} <= linked(
        site, f"{language}tsentrove"
    ).keys()


def test_what_nobody_said_is_said(site: Path) -> None:
    """Harmanli has not named its municipality, so it stands under „Още не е посочено“."""
    text = main_words(site, "tsentrove")
    assert "Още не е посочено Център за обществена подкрепа, Харманли На кого помага" in text
    assert "Карлово Център за обществена подкрепа, Сопот Сопот" in text


def test_each_choice_has_a_page(several: Path) -> None:
    """From the front page to a municipality and to its centres, without a script."""
    assert "/tsentrove/" in linked(several, "")
    municipalities = linked(several, "tsentrove")
    assert municipalities["/tsentrove/obshtina-karlovo/"] == "Карлово"
    assert "Карлово (3)" in main_words(several, "tsentrove")
    centres = linked(several, "tsentrove/obshtina-karlovo")
    assert {"/sopot/", "/banya/", "/rozino/"} <= centres.keys()
    assert "/harmanli/" not in centres
    assert "0373 9 10 76" in main_words(several, "tsentrove/obshtina-karlovo")
    assert "/klisura/" in linked(several, "tsentrove/obshtina-bez")
    services = linked(several, "tsentrove/usluga-psychological-counselling")
    assert services["/rozino/uslugi/razgovori-s-psiholog/"] == "Разговори с психолог, ЦОП Розино"
    assert "Психологическо консултиране" in main_words(
        several, "tsentrove/usluga-psychological-counselling"
    )


def test_the_address_of_a_group_does_not_tell_which(several: Path) -> None:
    """Who reads a server's log does not learn whom somebody looked for."""
    slug = choice_slug("group", "violence")
    assert "зло" in page(several, f"tsentrove/{slug}").findtext(".//h1")
    assert "violence" not in slug
    steps = [path.name for path in (several / "tsentrove").glob("za-kogo-*")]
    assert len(steps) == 12
    assert len(set(steps)) == 12


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_pages_keep_the_rules_of_all_pages(listed: Pages, rule: Callable[[Pages], None]) -> None:
    """What holds for every page of the real site holds for these."""
    rule(listed)


def test_words_of_another_language_say_so(listed: Pages) -> None:
    """A municipality without an English name is marked as Bulgarian on the English page."""
    found = {name: list(foreign_words(one)) for name, one in listed.items()}
    assert {name: some for name, some in found.items() if some} == {}
    (heading,) = listed["en/tsentrove/obshtina-hisarya/index.html"].xpath("//h1//*[@lang='bg']")
    assert words(heading) == "Хисаря"


def test_html_is_valid(several: Path) -> None:
    """html-validate finds nothing on any page of the directory."""
    assert faults(*sorted(several.glob("**/tsentrove/**/index.html"))) == []


def test_they_are_found(several: Path, content: Content) -> None:
    """In the site index, in the search and in the sitemap, with the day of checking."""
    place = "/tsentrove/obshtina-hisarya/"
    assert place in linked(several, "tarsene")
    (index,) = (several / "assets").glob("search-bg.*.json")
    assert place in index.read_text(encoding="utf-8")
    days = entries((several / "sitemap.xml").read_text(encoding="utf-8"))
    assert days[f"https://opora.example{place}"] == content.centres["harmanli"].checked_on
    assert days["https://opora.example/en/tsentrove/"] == content.centres["harmanli"].checked_on


def test_a_thousand_centres_make_no_more_pages_than_there_are_choices(content: Content) -> None:
    """Municipalities, groups and kinds bound the number of pages, not centres."""
    models = list(content.centres.values())
    centres = {}
    for number in range(1000):
        model = models[number % len(models)]
        name = Text({"bg": f"Община {chr(0x430 + number % 26)}{number % MUNICIPALITIES}"})
        stated = Municipality(name=name, source=model.name.source)
        centres[f"centre-{number}"] = model.model_copy(
            update={"id": f"centre-{number}", "municipalities": (stated,)}
        )
    many = replace(content, centres=centres)
    pages = listed_in(many)
    named = len({one.municipalities[0].name.to("bg") for one in centres.values()})
    served = {one.group for centre in models for one in centre.target_groups}
    assert len(pages) == 1 + named + len(served) + 6
    assert len({one.file for one in pages}) == len(pages)
    few = replace(content, centres=dict(list(centres.items())[:FEW]))
    assert len(listed_in(few)) == 1
