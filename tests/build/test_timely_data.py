"""Hours, states and dates as data: true to the standards, and to the clock of Sofia."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
import vobject
from built_pages import main_words, page
from hsds_schemas import faults
from support import copy_project
from timely_content import with_times

from site_build.open_data.hsds import organization
from site_build.open_data.schedules import specifications, weekly_hours
from site_build.stages import Project, build_site
from site_model.facts import Content
from site_model.hours import parsed_hours
from site_model.loader import load_content

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
    record = organization(told, told.centres["harmanli"], BUILT)
    assert faults("organization", record) == []
    assert [faults("service", service) for service in record["services"]] == [[], []]


def test_hsds_has_hours_states_and_alerts(told: Content) -> None:
    """A paused service is „temporarily closed“ while that holds; notices are its alert."""
    record = organization(told, told.centres["harmanli"], BUILT)
    (location,) = record["locations"]
    in_words, *weekly = location["schedules"]
    assert in_words["description"].startswith("Понеделник – петък: 09:00–12:00, 13:00–17:00; ")
    assert [(one["byday"], one["opens_at"], one["closes_at"]) for one in weekly] == [
        ("MO,TU,WE,TH,FR", "09:00", "12:00"),
        ("MO,TU,WE,TH,FR", "13:00", "17:00"),
    ]
    paused, open_one = record["services"]
    assert paused["status"] == "temporarily closed"
    assert paused["alert"].startswith("Търси се психолог. Телефонът не работи")
    assert open_one["status"] == "active"
    later = organization(told, told.centres["harmanli"], date(2027, 5, 1))["services"][0]
    assert later["status"] == "active"
    assert "alert" not in later


WEEKS = {
    "the last rule wins": ("Mo-Fr 09:00-17:00; We 12:00-18:00", "MoTuThFr 09-17, We 12-18"),
    "a day off": ("Mo-Fr 09:00-17:00; Fr off", "MoTuWeTh 09-17"),
    "no day named": ("09:00-17:00; Su off", "MoTuWeThFrSa 09-17"),
    "holidays are no week": ("PH 10:00-12:00; Mo 09:00-17:00", "Mo 09-17"),
    "by appointment": ('Mo-We 09:00-17:00; Tu 09:00-17:00 "by appointment"', "MoWe 09-17"),
    "over Sunday": ("Sa-Mo 09:00-17:00", "MoSaSu 09-17"),
    "a season": ("Mo 09:00-17:00; Jul-Aug Mo off", "Mo 09-17"),
}


@pytest.mark.parametrize(("osm", "expected"), WEEKS.values(), ids=WEEKS)
def test_a_week_like_any_other(osm: str, expected: str) -> None:
    """Which days have which hours, where rules overlap."""
    found = weekly_hours(parsed_hours(osm))
    assert ", ".join(f"{''.join(d)} {start[:2]}-{end[:2]}" for d, start, end in found) == expected
    assert len(specifications(parsed_hours(osm))) == len(found)


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
    events = vobject.readOne(text).vevent_list
    assert [event.dtstart.value for event in events] == [
        datetime(2027, 3, 24, 15, 30, tzinfo=UTC),
        datetime(2027, 3, 31, 14, 30, tzinfo=UTC),
        date(2027, 4, 7),
        datetime(2027, 3, 3, 15, 30, tzinfo=UTC),
    ]
    assert events[0].dtend.value == datetime(2027, 3, 24, 17, 0, tzinfo=UTC)
    assert events[0].summary.value == "Училище за родители – ЦОП Харманли"
    assert events[0].description.value == "Разговори; за родители, в група."
    assert len({event.uid.value for event in events}) == 4
    assert "VTIMEZONE" not in text


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
