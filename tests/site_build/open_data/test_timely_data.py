"""Hours, states and dates as data: true to the standards, and to the clock of Sofia."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from icalendar import Calendar

from site_build.open_data.calendars import with_uids
from site_build.open_data.hsds import organization, taxonomy_terms
from site_build.open_data.schedules import weekly_hours
from site_build.pages.directory import directory
from site_build.pipeline import Project, build_site
from site_model.content import Content
from site_model.facts.contacts import OpeningHours
from site_model.facts.opening_hours.syntax import WEEKDAYS
from site_model.loading.loader import load_content
from tests.support.content.editions import edition_in
from tests.support.content.timely_content import OWN_GROUP, with_times
from tests.support.pages.built_pages import main_words, page
from tests.support.pages.hsds_schemas import faults
from tests.support.project import copy_project

BUILT = date(2027, 3, 15)
FEED = "harmanli/programi-harmanli.ics"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    made = Project(copy_project(tmp_path_factory.mktemp("timely")).root, today=BUILT)
    with_times(made)
    build_site(made)
    yield made


@pytest.fixture(scope="module")
def told(project: Project) -> Content:
    return load_content(project.content)


def test_hours_and_states_pass_the_official_schemas(told: Content) -> None:
    """With all that a centre may say, organization and services are valid HSDS 3.0."""
    record = organization(edition_in(told, today=BUILT), told.centres["harmanli"])
    assert faults("organization", record) == []
    assert [faults("service", service) for service in record["services"]] == [[], []]


def test_a_group_of_its_own_is_on_the_pages_and_in_the_data(
    project: Project, told: Content
) -> None:
    """In the centre's words, with no name of the law; its term is the centre's alone."""
    who = main_words(project.site, "harmanli/na-kogo-pomagame")
    assert OWN_GROUP in who
    assert "Законът и институциите" not in who[who.index(OWN_GROUP) :]
    for place in (
        "uslugi/razgovori-sas-sotsialen-rabotnik",
        "za-uchilishta-i-institutsii",
        "nasochvane",
    ):
        assert OWN_GROUP in main_words(project.site, f"harmanli/{place}")
    record = organization(edition_in(told, today=BUILT), told.centres["harmanli"])
    terms = [one["taxonomy_term"] for one in record["services"][1]["attributes"]]
    listed = {one["id"]: one for one in taxonomy_terms(told)}
    assert {"name": OWN_GROUP, "code": "harmanli.grandparents"}.items() <= next(
        term for term in terms if term["name"] == OWN_GROUP
    ).items()
    assert all(listed[term["id"]] == term for term in terms)
    choices = directory(edition_in(told))
    assert OWN_GROUP not in {choice.label("bg") for choice in choices.choices["group"]}
    alone = told.centres["harmanli"].model_copy(
        update={"target_groups": told.centres["harmanli"].target_groups[-1:]}
    )
    unsaid = directory(edition_in(replace(told, centres={"harmanli": alone})))
    assert unsaid.choices["group"] == ()


def test_hsds_has_hours_states_and_alerts(told: Content) -> None:
    """A paused service is „temporarily closed“ while that holds; notices are its alert."""
    record = organization(edition_in(told, today=BUILT), told.centres["harmanli"])
    (location,) = record["locations"]
    in_words, *weekly = location["schedules"]
    assert in_words["description"].startswith("Понеделник – петък: 09:00–12:00, 13:00–17:00; ")
    mornings = [one for one in weekly if one["opens_at"] == "09:00"]
    assert {one["closes_at"] for one in mornings} == {"12:00"}
    assert [
        (one.get("valid_from"), one.get("valid_to"))
        for one in mornings
        if "TH" in one["byday"]  # the notice closes 25 March, and 6 May is a holiday
    ] == [(None, "2027-03-18"), ("2027-04-01", "2027-04-29")]
    paused, open_one = record["services"]
    assert paused["status"] == "temporarily closed"
    assert paused["alert"].startswith("Търси се психолог. Телефонът не работи")
    assert open_one["status"] == "active"
    in_may = edition_in(told, today=date(2027, 5, 1))
    later = organization(in_may, told.centres["harmanli"])["services"][0]
    assert later["status"] == "active"
    assert "alert" not in later


WEEKS = {
    "the last rule wins": ("Mo-Fr 09:00-17:00; We 12:00-18:00", "MoTuThFr 09-17, We 12-18"),
    "a day off": ("Mo-Fr 09:00-17:00; Fr off", "MoTuWeTh 09-17"),
    "no day named": ("09:00-17:00; Su off", "MoTuWeThFrSa 09-17"),
    "by appointment": ('Mo-We 09:00-17:00; Tu 09:00-17:00 "by appointment"', "MoWe 09-17"),
    "over Sunday": ("Sa-Mo 09:00-17:00", "MoSaSu 09-17"),
    "over midnight": ("Mo 22:00-06:00; We 20:00-24:00", "Mo 22-06, We 20-00"),
    "day and night": ("24/7", "MoTuWeThFrSaSu 00-23"),
    "a holiday": ("Mo,We 09:00-17:00; PH off", "Mo 09-17, We 09-17 …-02-24, We 09-17 03-10-…"),
    "a season": ("Mo 09:00-17:00; Mar Mo off", "Mo 09-17 …-02-22, Mo 09-17 04-05-…"),
}


@pytest.mark.parametrize(("osm", "expected"), WEEKS.values(), ids=WEEKS)
def test_a_week_and_what_interrupts_it(told: Content, osm: str, expected: str) -> None:
    """Which days have which hours, and between which days; 3 March is a holiday."""
    hours = OpeningHours.model_validate({"osm": osm, "source": "a.txt:1"})
    centre = told.centres["harmanli"].model_copy(update={"opening_hours": hours, "notices": ()})
    said = [
        f"{''.join(WEEKDAYS[day] for day in one.days)} {one.opens[:2]}-{one.closes[:2]}"
        + (f" …-{one.last:%m-%d}" if one.last else "")
        + (f" {one.first:%m-%d}-…" if one.first else "")
        for one in weekly_hours(centre, date(2027, 2, 15))
    ]
    assert ", ".join(said) == expected


def test_search_engines_are_told_the_hours(project: Project) -> None:
    """The home of a centre has them as schema.org wants them; Sopot, which gave none, has none."""
    hours = linked(project, "harmanli")["location"]["openingHoursSpecification"]
    assert hours[0]["opens"] == "09:00"
    assert hours[0]["dayOfWeek"][0] == "https://schema.org/Monday"
    assert "location" not in linked(project, "sopot")


def linked(project: Project, place: str) -> Any:
    (block,) = page(project.site, place).xpath("//script[@type='application/ld+json']/text()")
    return json.loads(block)


def test_the_calendar_keeps_to_the_clock_of_sofia(project: Project) -> None:
    """Half past five is 15:30 UTC before summer time and 14:30 after it; a day alone is a day."""
    text = (project.site / FEED).read_bytes().decode()
    assert text.replace("\r\n", "").count("\n") == 0
    assert max(len(line.encode()) for line in text.split("\r\n")) <= 75
    events = Calendar.from_ical(text).events
    assert [event.start for event in events] == [
        datetime(2027, 3, 3, 15, 30, tzinfo=UTC),
        datetime(2027, 3, 24, 15, 30, tzinfo=UTC),
        datetime(2027, 3, 31, 14, 30, tzinfo=UTC),
        date(2027, 4, 7),
    ]
    assert events[1].end == datetime(2027, 3, 24, 17, 0, tzinfo=UTC)
    assert events[0]["summary"] == "Училище за родители – ЦОП Харманли"
    assert events[0]["description"] == "Разговори; за родители, в група."
    assert len({event["uid"] for event in events}) == 4
    assert "VTIMEZONE" not in text


def test_groups_at_one_hour_are_two_in_a_calendar(told: Content) -> None:
    """Each date has a UID of its own, which depends neither on the build nor on the order."""
    centre = told.centres["harmanli"]
    first, *_ = centre.programmes[0].dates
    twins = [
        first.model_copy(update={"ends": end}) for end in ("18:30", "18:30", "19:00", None, None)
    ]
    ways = [
        {
            (one.day, one.ends, uid)
            for one, uid in with_uids(
                centre, centre.programmes[0].model_copy(update={"dates": tuple(dates)})
            )
        }
        for dates in (twins, twins[::-1])
    ]
    assert ways[0] == ways[1]
    assert len({uid for _, _, uid in ways[0]}) == len(twins)
    ((_, _, alone),) = [
        (one.day, one.ends, uid)
        for one, uid in with_uids(
            centre, centre.programmes[0].model_copy(update={"dates": (first,)})
        )
    ]
    assert alone in {uid for _, _, uid in ways[0]}


def test_only_dates_that_are_to_come_stand_on_the_page(project: Project) -> None:
    """In order, with the feed beside them; a centre without dates has its gap and no feed."""
    text = main_words(project.site, "harmanli/programi")
    first, second = "24 март 2027 г., 17:30–19:00", "31 март 2027 г., 17:30–19:00"
    assert text.index(first) < text.index(second) < text.index("7 април 2027 г.")
    assert "3 март 2027" not in text
    assert page(project.site, "harmanli/programi").xpath(f"//main//a[@href='/{FEED}']")
    assert "Дати още не са посочени" in main_words(project.site, "sopot/programi")
    assert not list(project.site.glob("sopot/*.ics"))
    assert not page(project.site, "sopot/programi").xpath("//main//a[contains(@href, '.ics')]")


def test_a_feed_is_the_same_on_another_day(project: Project, told: Content) -> None:
    """Its stamp is the day of checking, so subscribers see a change only where there is one."""
    assert b"DTSTAMP:20270301T000000Z" in (project.site / FEED).read_bytes()
