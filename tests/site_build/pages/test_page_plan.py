"""The plan of an edition holds every page of it, and knows whose each one is."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_build.pages.page_plan import Plan, PlannedPage
from site_model.content import Content
from tests.support.content.editions import edition_in
from tests.support.project import ROOT

LANGUAGES = ["bg", "en", "tr", "uk", "ar"]


def planned(content: Content, language: str) -> dict[str, PlannedPage]:
    """The pages of a language of the real site, by their path."""
    written = ROOT / "docs" / language
    names = [path.relative_to(written).as_posix() for path in written.glob("**/*.md")]
    pages = list(Plan(edition_in(content, language), tuple(names)).pages)
    assert len({page.path for page in pages}) == len(pages)
    return {page.path: page for page in pages}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_planned_is_what_is_built(site: Path, content: Content, language: str) -> None:
    """No page is built that the plan does not name, and each one that it names is built."""
    edition = edition_in(content, language)
    built = {
        f"{path.parent.relative_to(site / edition.folder).as_posix()}/".removeprefix("./")
        for path in (site / edition.folder).rglob("index.html")
    }
    if language == "bg":
        others = tuple(f"{code}/" for code in LANGUAGES if code != "bg")
        built = {path for path in built if not path.startswith(others)}
    assert built == set(planned(content, language))


@pytest.mark.parametrize("language", ["bg", "ar"])
def test_a_page_knows_whose_it_is(content: Content, language: str) -> None:
    """Each page below a centre is the centre's, and no other is; a service's page is in full
    languages alone.
    """
    pages = planned(content, language)
    for path, page in pages.items():
        owner = path.partition("/")[0]
        assert (page.centre.id if page.centre else None) == (
            owner if owner in content.centres else None
        )
    services = {page.service.id for page in pages.values() if page.service}
    every = {one.id for centre in content.centres.values() for one in centre.services}
    assert services == (every if language == "bg" else set())


def test_the_pages_of_a_centre_alone_are_its_own(content: Content) -> None:
    """They stand where else the common ones do, and there is no front page and no directory."""
    sopot = content.centres["sopot"]
    alone = Content(**{**vars(content), "centres": {"sopot": sopot}})
    pages = planned(alone, "bg")
    common = {path for path, page in pages.items() if page.centre is None}
    assert common == {"pomosht/", "bezopasnost/", "danni/", "za-saita/", "tarsene/"}
    assert pages[""].id == "home" and pages[""].checked_on == sopot.checked_on
