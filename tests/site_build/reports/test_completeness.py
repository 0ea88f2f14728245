"""What a centre has not said, what is overdue and what disagrees: each is found, and only that."""

from __future__ import annotations

import re
from datetime import date

import pytest

from site_build.reports.completeness import contradictions, due, questions
from site_build.reports.facts import facts_listing, facts_summary
from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.facts.contacts import Municipality, Notice, OpeningHours
from site_model.facts.freshness import next_check
from site_model.facts.people import GroupServed
from site_model.facts.services import Programme, ProgrammeDate, Service, ServiceStatus
from site_model.text.plurals import count_phrase
from site_model.types import Fact, Figure, Source, Text

TODAY = date(2026, 11, 22)
SOURCE = Source("a.txt:1")
WORDS = Text({"bg": "Дума"})


def service(**facts: object) -> Service:
    return Service.model_validate(
        {
            "id": "talks",
            "slug": "talks",
            "checked_on": "2026-11",
            "name": WORDS,
            "description": WORDS,
            "source": SOURCE,
        }
        | facts
    )


def programme(**facts: object) -> Programme:
    return Programme.model_validate(
        {"id": "group", "checked_on": "2026-11", "name": WORDS, "source": SOURCE} | facts
    )


def centre(**facts: object) -> Centre:
    fact = Fact(text=WORDS, source=SOURCE)
    return Centre.model_validate(
        {
            "id": "a",
            "checked_on": "2026-11",
            "name": fact,
            "short_name": WORDS,
            "place": WORDS,
            "summary": fact,
            "services": (),
        }
        | facts
    )


def test_a_fact_that_is_given_is_not_asked_for() -> None:
    """Hours, status and access take their questions away, one by one."""
    bare = {question.field for question in questions(centre(services=(service(),)))}
    assert {"phones", "opening_hours", "services.talks.status", "services.talks.access"} <= bare
    status = ServiceStatus(state="open", source=SOURCE)
    told = centre(
        opening_hours=OpeningHours(osm="Mo-Fr 09:00-17:00", source=SOURCE),
        services=(service(status=status, access=WORDS),),
    )
    left = {question.field for question in questions(told)}
    assert bare - left == {"opening_hours", "services.talks.status", "services.talks.access"}


@pytest.mark.parametrize(
    ("checked_on", "months", "expected"),
    [
        ("2026-11-22", 12, date(2027, 11, 22)),
        ("2026-11", 3, date(2027, 2, 28)),
        ("2026-11", 12, date(2027, 11, 30)),
        ("2026", 6, date(2027, 6, 30)),
        ("2027-08-31", 6, date(2028, 2, 29)),
    ],
)
def test_the_next_check_counts_from_the_end_of_what_is_known(
    checked_on: str, months: int, expected: date
) -> None:
    """A month counts from its last day, a year from December; no month is given a 30th it lacks."""
    assert next_check(centre(checked_on=checked_on), months) == expected


def test_a_part_may_be_due_before_the_whole() -> None:
    """The service with a day of its own comes first, and is overdue the day after."""
    one = centre(services=(service(next_check=date(2026, 12, 5)),))
    on_the_day, day_after = (next(due(one, 12, date(2026, 12, day))) for day in (5, 6))
    assert (on_the_day.field, on_the_day.overdue) == ("services.talks", False)
    assert day_after.overdue


CONTRADICTIONS = {
    "checked tomorrow": ({"checked_on": "2026-11-23"}, "checked_on: проверката е в бъдещето"),
    "a service checked next month": (
        {"services": (service(checked_on="2026-12"),)},
        "services.talks.checked_on: проверката е в бъдещето",
    ),
    "a notice that is over": (
        {"notices": (Notice(text=WORDS, until=date(2026, 11, 21), source=SOURCE),)},
        "notices № 1: изтече на 21.11.2026",
    ),
    "a state that has run out": (
        {
            "services": (
                service(
                    status=ServiceStatus(state="paused", until=date(2026, 11, 1), source=SOURCE)
                ),
            )
        },
        "services.talks.status: изтече на 01.11.2026",
    ),
    "a programme whose dates are over": (
        {"programmes": (programme(dates=(ProgrammeDate(day=date(2026, 11, 3), source=SOURCE),)),)},
        "programmes.group.dates: всички дати минаха",
    ),
    "a group that nothing is for": (
        {
            "target_groups": (
                GroupServed(group="school", source=SOURCE),
                GroupServed(group="foster", source=SOURCE),
            ),
            "services": (service(groups=("school",)),),
        },
        "target_groups: центърът помага на „foster“",
    ),
    "two numbers of one thing": (
        {"figures": tuple(Figure(value=n, unit=WORDS, source=SOURCE) for n in (3, 4))},
        "figures: за „Дума“ пише и 3, и 4",
    ),
}


@pytest.mark.parametrize(("facts", "said"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_what_disagrees_is_said_once(facts: dict[str, object], said: str) -> None:
    """One sentence for each, with the field, and none for a centre that agrees with itself."""
    (sentence,) = contradictions(centre(**facts), TODAY)
    assert sentence.startswith(said)
    assert list(contradictions(centre(), TODAY)) == []


def test_places_that_are_listed_answer_where_the_centre_works() -> None:
    """Who wrote the municipalities is not asked for them once more."""
    where = Municipality(name=WORDS, source=SOURCE)
    assert "area" not in {one.field for one in questions(centre(municipalities=(where,)))}


@pytest.mark.parametrize(
    ("number", "said"), [(0, "0 центъра"), (1, "1 център"), (21, "21 центъра")]
)
def test_a_counted_word_has_its_form(number: int, said: str) -> None:
    assert count_phrase(number, "център", "центъра") == said


def test_the_report_has_every_question_and_every_centre(content: Content) -> None:
    """The real facts: stars before what is asked of all, and the number that the build prints."""
    lines = list(facts_listing(content, TODAY))
    asked = [line for line in lines if line.startswith(("    ★ ", "    · "))]
    assert f"Факти: {len(asked)} въпроса" in facts_summary(content, TODAY)
    assert "    ★ Телефони: На кой телефон да ви търсят хората? Има ли и втори?" in lines
    for one in content.centres.values():
        assert f"{one.short_name.to('bg')} (content/centres/{one.id}.yml)" in lines
    assert not [line for line in lines if "трябваше до" in line]
    assert not [line for line in lines if re.search(r"[a-z_]+[.][a-z_]+[.:]|20\d\d-", line)]
    late = list(facts_listing(content, date(2028, 1, 1)))
    assert "    content/help_lines.yml, „emergency“: трябваше до 30.11.2027" in late
