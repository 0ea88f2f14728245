"""„Сега е отворено“, said by the reader's browser at a set hour, and what has run out is gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from site_build.pipeline import Project, build_site
from site_build.wording.hours import open_table
from site_model.facts.contacts import OpeningHours
from site_model.loading.loader import load_content
from tests.support.browser.engines import axe, ibm
from tests.support.content.timely_content import with_times
from tests.support.pages.static_server import header_lines, serve
from tests.support.project import ROOT, copy_project

CONTACTS = "/harmanli/kontakti/"
BUILT = date(2027, 3, 15)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A site of a Monday in March 2027, with made-up hours, behind its own strict headers."""
    project = copy_project(tmp_path_factory.mktemp("timely"))
    with_times(project)
    build_site(Project(project.root, today=BUILT))
    with serve(project.site, header_lines(project.headers)) as url:
        yield url


def opened(context: BrowserContext, url: str, moment: str) -> Page:
    """A page as it is when the clock shows `moment`, with its offset from UTC.

    The clock stands still there: else a busy machine's time would be counted as well.
    """
    page = context.new_page()
    page.clock.install(time=datetime.fromisoformat(moment) - timedelta(days=1))
    page.clock.pause_at(datetime.fromisoformat(moment))
    page.goto(url)
    return page


# Summer time begins on 28 March 2027. Good Friday is 30 April; 4 May is off instead of 1 May.
MOMENTS = {
    "Monday morning": ("2027-03-15T08:59:00+02:00", "Отваря: понеделник, 15 март, 09:00."),
    "the first minute": ("2027-03-15T09:00:00+02:00", "Сега е отворено, до 12:00."),
    "noon": ("2027-03-15T12:00:00+02:00", "Отваря: понеделник, 15 март, 13:00."),
    "the last minute": ("2027-03-15T16:59:59+02:00", "Сега е отворено, до 17:00."),
    "evening": ("2027-03-15T17:00:00+02:00", "Отваря: вторник, 16 март, 09:00."),
    "Saturday": ("2027-03-20T10:30:00+02:00", "Сега приемат по уговорка."),
    "closed for two days": ("2027-03-25T10:00:00+02:00", "По уговорка приемат: събота, 27 март."),
    "the Sunday of the change": ("2027-03-28T12:00:00+03:00", "понеделник, 29 март, 09:00."),
    "nine after the change": ("2027-03-29T09:00:00+03:00", "Сега е отворено, до 12:00."),
    "eight after the change": ("2027-03-29T08:59:00+03:00", "понеделник, 29 март, 09:00."),
    "Good Friday": ("2027-04-30T10:00:00+03:00", "Отваря: сряда, 5 май, 09:00."),
}


@pytest.mark.parametrize("zone", ["Europe/Sofia", "America/New_York"])
@pytest.mark.parametrize(("moment", "said"), MOMENTS.values(), ids=MOMENTS)
def test_the_page_says_whether_it_is_open(
    browser: Browser, address: str, moment: str, said: str, zone: str
) -> None:
    """At each moment, wherever the reader's own clock stands."""
    context = browser.new_context(locale="bg-BG", timezone_id=zone)
    page = opened(context, address + CONTACTS, moment)
    expect(page.locator(".open-now")).to_contain_text(said)
    context.close()


# Hours, a moment on the clock of Sofia, and what the page says of it. 3 March 2027 is a holiday.
SAID = [
    ("24/7", "2027-03-15T03:00", "Сега е отворено."),
    ("Mo-Su 00:00-24:00; Sa off", "2027-03-15T03:00", "до петък, 19 март, 24:00."),
    ("Mo-Fr 09:00-24:00", "2027-03-15T23:59", "Сега е отворено, до 24:00."),
    ("Mo-Fr 18:00-24:00; Tu-Sa 00:00-02:00", "2027-03-15T23:00", "до вторник, 16 март, 02:00."),
    ("Mo-Fr 22:00-06:00", "2027-03-19T23:30", "Сега е отворено, до събота, 20 март, 06:00."),
    ("Mo-Fr 22:00-06:00", "2027-03-20T05:59", "Сега е отворено, до 06:00."),
    ("Mo-Fr 22:00-06:00", "2027-03-20T06:00", "Отваря: понеделник, 22 март, 22:00."),
    ('Mo "by appointment"', "2027-03-15T03:00", "Днес приемат само по уговорка."),
    ('Mo "by appointment"', "2027-03-14T20:00", "По уговорка приемат: понеделник, 15 март."),
    ('Mo 10:00-12:00 "by appointment"', "2027-03-15T03:00", "По уговорка приемат: понеделник"),
    ('Mo 10:00-12:00 "by appointment"', "2027-03-15T11:00", "Сега приемат по уговорка."),
    ("Mo-Fr 09:00-17:00; PH off", "2027-03-03T10:00", "Отваря: четвъртък, 4 март, 09:00."),
]


def test_nights_days_and_appointments_are_said_as_they_are(browser: Browser, address: str) -> None:
    """An end on a later day names its day, midnight is 24:00, and no hour is claimed for a day
    on which people come by appointment.
    """
    context = browser.new_context(locale="bg-BG", timezone_id="America/New_York")
    page = opened(context, address + CONTACTS, "2027-03-15T10:00:00+02:00")
    centre = load_content(ROOT / "content").centres["sopot"]
    for osm, local, said in SAID:
        hours = OpeningHours.model_validate({"osm": osm, "source": "a.txt:1"})
        table = open_table(centre.model_copy(update={"opening_hours": hours}), date(2027, 3, 1))
        page.clock.set_fixed_time(datetime.fromisoformat(f"{local}+02:00"))
        page.evaluate(SHOW, table)
        expect(page.locator(".open-now")).to_contain_text(said)
    context.close()


SHOW = """table => {
  const status = document.querySelector(".open-now");
  Object.assign(status.dataset, { hours: table, from: "0" });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


def test_an_open_page_follows_the_clock(browser: Browser, address: str) -> None:
    """Left open over noon it does not go on saying that the centre is open."""
    context = browser.new_context(locale="bg-BG")
    page = opened(context, address + CONTACTS, "2027-03-15T11:58:00+02:00")
    expect(page.locator(".open-now")).to_contain_text("Сега е отворено")
    page.clock.run_for("03:00")
    expect(page.locator(".open-now")).to_contain_text("Сега е затворено")
    context.close()


@pytest.mark.parametrize("moment", ["2027-05-11T10:00:00+03:00", "2027-03-14T10:00:00+02:00"])
def test_nothing_is_said_outside_the_table(browser: Browser, address: str, moment: str) -> None:
    """Eight weeks after the build nobody knows any more; plain hours stay."""
    context = browser.new_context(locale="bg-BG")
    page = opened(context, address + CONTACTS, moment)
    expect(page.locator(".open-now")).to_be_hidden()
    expect(page.get_by_text("09:00–12:00, 13:00–17:00")).to_be_visible()
    context.close()


def test_a_notice_goes_when_its_last_day_is_over(browser: Browser, address: str) -> None:
    """It stands to the last minute of its day in Sofia, and is gone in the next."""
    context = browser.new_context(locale="bg-BG", timezone_id="America/New_York")
    page = opened(context, f"{address}/harmanli/", "2027-03-20T23:59:00+02:00")
    notice = page.get_by_text("Телефонът не работи заради ремонт.")
    expect(notice).to_be_visible()
    page.clock.run_for("02:00")
    expect(notice).to_have_count(0)
    expect(page.get_by_text("Екипът е на обучение.")).to_be_visible()
    context.close()


def test_without_javascript_hours_and_last_days_are_plain(browser: Browser, address: str) -> None:
    """All is said in words; nothing claims that it is open."""
    context = browser.new_context(locale="bg-BG", java_script_enabled=False)
    page = context.new_page()
    page.goto(address + CONTACTS)
    expect(page.locator(".open-now")).to_be_hidden()
    for said in (
        "Понеделник – петък: 09:00–12:00, 13:00–17:00",
        "Събота: 10:00–12:00, по уговорка",
        "Официални празници: затворено",
        "Важи до 20 март 2027 г.",
        "Важи от 22 март 2027 г. до 24 март 2027 г.",
        "Затворено: 25 март 2027 г. – 26 март 2027 г.",
    ):
        expect(page.locator("main")).to_contain_text(said)
    context.close()


def test_the_browser_has_nothing_to_complain_of(browser: Browser, address: str) -> None:
    """The script keeps to the strict headers, and only pages with times load it."""
    context = browser.new_context(locale="bg-BG")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.goto(address + CONTACTS, wait_until="networkidle")
    assert page.locator("script[src*='times.js']").count() == 1
    page.goto(f"{address}/sopot/kontakti/", wait_until="networkidle")
    assert page.locator("script[src*='times.js']").count() == 0
    assert said == []
    context.close()


def test_pages_without_times_need_no_script(site: Path) -> None:
    """The real centres gave no hours: no page of theirs loads the script, and it is not there."""
    assert not list(site.rglob("times.js"))
    assert "times.js" not in (site / "harmanli" / "kontakti" / "index.html").read_text()


@pytest.mark.parametrize("path", [CONTACTS, "/harmanli/", "/harmanli/programi/"])
def test_pages_with_times_are_accessible(browser: Browser, address: str, path: str) -> None:
    """axe-core and IBM's engine find nothing, at 320 px and in the dark."""
    context = browser.new_context(
        viewport={"width": 320, "height": 700},
        color_scheme="dark",
        locale="bg-BG",
        bypass_csp=True,
    )
    page = opened(context, address + path, "2027-03-15T10:00:00+02:00")
    page.clock.resume()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert [*axe(page), *ibm(page)] == []
    context.close()


@pytest.mark.parametrize("scripts", [True, False], ids=["javascript", "no javascript"])
def test_times_to_call_fit_a_narrow_screen(browser: Browser, address: str, scripts: bool) -> None:
    """Each time in which the centre is open has its box, in reach at 320 px, and both engines find
    nothing; without scripts it is said when to answer.
    """
    context = browser.new_context(
        java_script_enabled=scripts,
        viewport={"width": 320, "height": 700},
        locale="bg-BG",
        bypass_csp=True,
    )
    page = context.new_page()
    page.goto(f"{address}/harmanli/pishete-ni/")
    question = page.get_by_role("group", name="Кога е безопасно да ви потърсим по телефона?")
    expect(question).to_be_visible(visible=not scripts)
    page.get_by_label("Обадете ми се по телефона").check()
    expect(question.get_by_role("checkbox")).to_have_count(11)
    expect(question).to_contain_text("Отговорете само ако на")
    question.get_by_label("Петък от 12:00 до 18:00").check()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    if scripts:  # the engines are scripts themselves
        page.evaluate("scrollTo(0, 0)")  # else the strip that stays lies over one of the boxes
        assert [*axe(page), *ibm(page)] == []
    context.close()
