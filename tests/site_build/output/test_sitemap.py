"""The sitemap tells the day on which facts were checked, and no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from site_build.output.sitemap import MOST, sitemap_files
from site_build.pages.page_plan import Plan
from site_model.content import Content
from tests.support.content.editions import edition_in
from tests.support.pages.built_pages import entries

ROOT = "https://opora.example/"


def test_lastmod_is_the_day_of_checking(site: Path, content: Content) -> None:
    """Of the centre, the service, the help lines; a form has no such day and says none."""
    found = entries((site / "sitemap.xml").read_text(encoding="utf-8"))
    centre = content.centres["harmanli"]
    assert found[f"{ROOT}harmanli/kontakti/"] == centre.checked_on
    assert found[f"{ROOT}harmanli/uslugi/razgovori-s-psiholog/"] == centre.services[0].checked_on
    assert found[f"{ROOT}en/harmanli/uslugi/"] == centre.checked_on
    assert found[f"{ROOT}pomosht/"] == max(l.checked_on for l in content.help_lines.values())  # noqa: E741
    assert found[f"{ROOT}harmanli/pishete-ni/"] is None
    assert found[f"{ROOT}za-saita/"] is None


def test_lastmod_follows_the_service_that_was_checked(content: Content) -> None:
    """A service checked anew changes its own page and no other."""
    centre = content.centres["harmanli"]
    services = (centre.services[0].model_copy(update={"checked_on": "2027-02-03"}),)
    changed = centre.model_copy(update={"services": services + centre.services[1:]})
    later = replace(content, centres={**content.centres, "harmanli": changed})
    days, later_days = (
        {page.path: page.checked_on for page in Plan(edition_in(each)).pages}
        for each in (content, later)
    )
    moved = [path for path, day in later_days.items() if day != days[path]]
    assert moved == ["harmanli/uslugi/razgovori-s-psiholog/"]


def test_robots_are_told_of_the_one_sitemap(site: Path) -> None:
    """robots.txt names it, and no language has another."""
    assert f"Sitemap: {ROOT}sitemap.xml\n" in (site / "robots.txt").read_text()
    assert [path.relative_to(site).as_posix() for path in site.rglob("sitemap*.xml")] == [
        "sitemap.xml"
    ]


def test_more_than_one_file_may_hold_has_an_index(content: Content) -> None:
    """The protocol allows 50,000 addresses in a file; then an index names several."""
    pages = dict.fromkeys(["sopot/", "", "harmanli/"])
    files = sitemap_files(content.site, pages, most=2)
    assert list(entries(files["sitemap.xml"])) == [
        f"{ROOT}sitemap-1.xml",
        f"{ROOT}sitemap-2.xml",
    ]
    assert list(entries(files["sitemap-1.xml"])) == [ROOT, f"{ROOT}harmanli/"]
    assert list(entries(files["sitemap-2.xml"])) == [f"{ROOT}sopot/"]
    assert MOST == 50_000
