"""What the pages say depends on the day of the build where it must, and nowhere else."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from site_build.pipeline import Project, build_site
from site_build.project import build_day
from tests.support.content.project_changes import HARMANLI, replace_once, run
from tests.support.content.timely_content import with_times
from tests.support.html_validate import faults
from tests.support.pages.built_pages import files_of, main_words, page
from tests.support.pages.pdf_tools import squeezed, text_of
from tests.support.project import copy_project

HOURS = "Понеделник – петък: 09:00–12:00, 13:00–17:00"
BUILT = date(2027, 3, 15)
SERVICE = "harmanli/uslugi/razgovori-s-psiholog"


def built_on(folder: Path, day: date) -> Path:
    project = copy_project(folder)
    with_times(project)
    build_site(Project(project.root, today=day))
    return project.site


@pytest.fixture(scope="module")
def march(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_on(tmp_path_factory.mktemp("march"), BUILT)


@pytest.fixture(scope="module")
def years_later(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built_on(tmp_path_factory.mktemp("later"), date(2029, 3, 15))


def test_hours_are_said_in_words(march: Path) -> None:
    """On contacts and among the questions, with the centre's own words beside them."""
    for place in ("harmanli/kontakti", "harmanli/vaprosi-i-otgovori"):
        text = main_words(march, place)
        assert HOURS in text
        assert "Събота: 10:00–12:00, по уговорка" in text
        assert "Официални празници: затворено" in text
        assert "Първата среща се уговаря по телефона." in text


def test_hours_stand_on_paper(march: Path) -> None:
    """The leaflet of the centre has them too."""
    assert squeezed(HOURS) in text_of(march / "harmanli" / "listovka-harmanli.pdf")


def test_a_centre_without_hours_has_its_gap(march: Path) -> None:
    """Sopot said nothing: no hours, no script, the gap as before."""
    assert "Още не е посочено. Попитайте, преди да дойдете." in main_words(march, "sopot/kontakti")
    assert not page(march, "sopot/kontakti").xpath("//script[contains(@src, 'times')]")


def test_notices_and_states_are_shown_while_they_hold(march: Path, years_later: Path) -> None:
    """A build after their last day leaves them out."""
    notice, closed = "Телефонът не работи заради ремонт.", "Екипът е на обучение."
    state = "Временно спряна (до 10 април 2027 г.). Търси се психолог."
    assert notice in main_words(march, "harmanli")
    assert closed in main_words(march, "harmanli/kontakti")
    assert state in main_words(march, SERVICE)
    assert state in main_words(march, "harmanli/uslugi")
    for place in ("harmanli", "harmanli/kontakti", SERVICE, "harmanli/uslugi"):
        for gone in (notice, closed, "Временно спряна"):
            assert gone not in main_words(years_later, place)


CHECKED = (
    *("", "/za-detsa", "/kontakti", "/ekip-i-istoriya", "/na-kogo-pomagame", "/uslugi"),
    *("/kak-da-poluchite-podkrepa", "/vaprosi-i-otgovori", "/za-uchilishta-i-institutsii"),
    *("/lichni-danni", "/pohvali-i-oplakvaniya", "/lesno-za-chetene"),
)
"""The pages of a centre that hold its facts; a form holds questions instead."""


@pytest.mark.parametrize(
    "place", [*(f"harmanli{place}" for place in CHECKED), SERVICE, "sopot/programi", "pomosht"]
)
def test_what_is_overdue_says_so(march: Path, years_later: Path, place: str) -> None:
    """Every page with facts names the day of the next check. After it the page says that a new one
    is due, in kind words.
    """
    assert ", предстои нова проверка" not in main_words(march, place)
    assert re.search(
        "; следваща проверка до (30 ноември 2027|31 март 2028) г.", main_words(march, place)
    )
    assert ", предстои нова проверка" in main_words(years_later, place)


def test_an_authority_is_checked_again_too(march: Path, years_later: Path) -> None:
    """Public bodies are facts with a day of checking as well."""
    overdue = "(проверено: ноември 2026 г.), предстои нова проверка"
    assert overdue not in main_words(march, "harmanli/lichni-danni")
    assert overdue in main_words(years_later, "harmanli/lichni-danni")


def test_a_fact_may_name_its_own_day(tmp_path: Path) -> None:
    """`next_check` wins over the rule of the site, to the day."""
    project = copy_project(tmp_path)
    replace_once(project, HARMANLI, "id: harmanli\n", "id: harmanli\nnext_check: 2026-12-05\n")
    said = []
    for day in (5, 6):
        build_site(Project(project.root, today=date(2026, 12, day)))
        homes = [project.site / centre / "index.html" for centre in ("harmanli", "sopot")]
        own, other = (", предстои нова проверка" in home.read_text() for home in homes)
        said.append(own)
        assert not other
    assert said == [False, True]


def test_the_day_of_a_build_is_an_input(tmp_path: Path) -> None:
    """`--today` and SOURCE_DATE_EPOCH give the same bytes for the same day."""
    project = copy_project(tmp_path)
    with_times(project)
    assert run(project, "--today", "2027-03-15").returncode == 0
    first = files_of(project.site)
    assert run(project, SOURCE_DATE_EPOCH="1805104800").returncode == 0  # 15 March 2027, 10:00 UTC
    assert files_of(project.site) == first
    wrong = run(project, "--today", "днес")
    assert wrong.returncode == 2


def test_the_day_is_that_of_bulgaria(monkeypatch: pytest.MonkeyPatch) -> None:
    """At half past ten in the evening by UTC it is already tomorrow in Sofia."""
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1805149800")  # 15 March 2027, 22:30 UTC
    assert build_day() == date(2027, 3, 16)


def test_pages_with_times_are_valid(march: Path, years_later: Path) -> None:
    """html-validate has nothing to say of hours, notices, states, dates and marks."""
    places = ("harmanli", "harmanli/kontakti", "harmanli/programi", SERVICE, "harmanli/uslugi")
    pages = [site / place / "index.html" for site in (march, years_later) for place in places]
    assert faults(*pages) == []
