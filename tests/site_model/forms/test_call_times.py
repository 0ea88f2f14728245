"""When a person may be called: times in which the centre is open, and no others."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest

from site_build.paper.forms import paper_form
from site_build.paper.parts import PaperParts
from site_model.availability import lacking
from site_model.content import Content
from site_model.facts.contacts import OpeningHours
from site_model.forms.binding import CentreForm, centre_form
from site_model.forms.filled import FilledForm
from site_model.forms.kinds import Choices
from tests.support.content.editions import edition_in
from tests.support.content.sent_forms import sent, wording

FIRST = "Едва след като аз ви потърся"
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")
MORNINGS = [f"{day}_morning" for day in WORKDAYS]
BOTH = [f"{day}_{part}" for day, part in product(WORKDAYS, ("morning", "afternoon"))]
WEEKEND = [f"{day}_{part}" for day, part in product(("sat", "sun"), ("morning", "afternoon"))]

HOURS: dict[str, tuple[str, list[str]]] = {
    "a week of work": ("Mo-Fr 09:00-17:00; PH off", BOTH),
    "a pause at noon": ("Mo-Fr 09:00-12:00,13:00-17:00", BOTH),
    "a pause over the bound": ("Mo 09:00-11:30,14:00-17:00", ["mon_morning", "mon_afternoon"]),
    "closed at noon": ("Mo-Fr 08:30-12:00", MORNINGS),
    "a day that is closed": (
        "Mo-Fr 09:00-17:00; We off",
        [one for one in BOTH if not one.startswith("wed")],
    ),
    "one late day": (
        "Mo-Fr 09:00-12:00; We 13:00-19:00",
        [*MORNINGS[:2], "wed_afternoon", *MORNINGS[3:], "weekday_evening"],
    ),
    "a Saturday": ("Sa 10:00-14:00", WEEKEND[:2]),
    "day and night": ("24/7", [*BOTH, "weekday_evening", *WEEKEND]),
    "nights": ("Mo-Fr 22:00-06:00", []),
    "a night into the morning": ("Fr 22:00-09:00", ["sat_morning"]),
    "a night into the next week": ("Su 22:00-09:00", ["mon_morning"]),
    "an hour before all of them": ("Mo-Fr 06:00-08:00", []),
    "closed": ("Mo-Su off", []),
    "by appointment, at hours": ('Mo-Fr 09:00-17:00 "by appointment"', []),
    "by appointment, a day": ('Tu 10:00-12:00; Mo "by appointment"', ["tue_morning"]),
    "a season alone": ("Jun-Aug Mo-Fr 09:00-17:00", []),
    "a season beside the week": ("Mo-Fr 09:00-17:00; Jul-Aug Mo-Fr 08:00-12:00", BOTH),
    "holidays alone": ("Tu 09:00-12:00; PH 10:00-14:00", ["tue_morning"]),
}


def at_hours(content: Content, hours: dict[str, Any] | None, language: str = "bg") -> CentreForm:
    """The contact form of Harmanli with made-up hours."""
    said = OpeningHours.model_validate({**hours, "source": "a.txt:1"}) if hours else None
    centre = content.centres["harmanli"].model_copy(update={"opening_hours": said})
    return centre_form(content.forms["contact"], centre, content.groups, language)


def times(form: CentreForm) -> list[str]:
    question = form.fields["call_times"]
    assert isinstance(question, Choices)
    return [option.id for option in question.options]


@pytest.mark.parametrize(("osm", "expected"), HOURS.values(), ids=HOURS)
def test_only_times_in_which_the_centre_is_open(
    content: Content, osm: str, expected: list[str]
) -> None:
    """Whatever a week looks like; that the person calls first can always be said."""
    assert times(at_hours(content, {"osm": osm})) == ["first", *expected]


@pytest.mark.parametrize("hours", [None, {"text": {"bg": "В делник от 9 до 17 часа."}}])
def test_without_hours_by_days_no_time_is_offered(
    content: Content, hours: dict[str, Any] | None
) -> None:
    """Where a centre said nothing, or only words, nothing is guessed."""
    assert times(at_hours(content, hours)) == ["first"]


def test_asked_only_for_a_call_or_a_message(content: Content) -> None:
    """Not of a person who wants an e-mail, or not to be contacted."""
    form = at_hours(content, None)
    asked = {
        way: "call_times" in FilledForm(form, sent("contact", contact_way=way)).asked
        for way in ("call", "message", "email", "none")
    }
    assert asked == {"call": True, "message": True, "email": False, "none": False}


@pytest.mark.parametrize("language", ["en", "tr", "uk", "ar"])
def test_staff_read_bulgarian(content: Content, language: str) -> None:
    """Each time has words in every language, and the answer is for safe contact, in Bulgarian."""
    form = at_hours(content, {"osm": "24/7"}, language)
    chosen = times(form)
    data = sent("contact", contact_way="call", phone="0888 123 456", call_times=chosen)
    filled = FilledForm(form, data)
    assert filled.errors == {}
    (said,) = [answer for answer in filled.answers if answer.field_id == "call_times"]
    assert said.safe_contact
    assert said.label == "Кога е безопасно да ви потърсим по телефона?"
    assert said.values[:2] == (FIRST, "Понеделник от 08:00 до 12:00")
    (shown,) = [one for one in filled.answers_in(language) if one.field_id == "call_times"]
    assert len({*shown.values, *said.values}) == 2 * len(chosen)
    assert not lacking(form.definition, form.centre, content, language)


def test_a_time_that_has_gone_is_told_and_the_others_stay(content: Content) -> None:
    """The hours changed while somebody wrote: the sentence says what to do instead."""
    data = sent(
        "contact", contact_way="call", phone="0888 123 456", call_times=["first", "sat_morning"]
    )
    assert FilledForm(at_hours(content, {"osm": "Sa 09:00-12:00"}), data).errors == {}
    filled = FilledForm(at_hours(content, {"osm": "Mo-Fr 09:00-12:00"}), data)
    assert filled.errors == {"call_times": wording("contact", "call_times", "not_offered")}
    assert "опишете го със свои думи" in filled.errors["call_times"]
    assert filled.data["call_times"] == ["first", "sat_morning"]
    assert filled.data["phone"] == "0888 123 456"


def test_no_time_is_promised(content: Content) -> None:
    """Under the question stands that the centre promises no call at that time."""
    hint = content.forms["contact"].field("call_times").hint
    assert hint
    assert "Не обещаваме" in hint.to("bg")
    assert "do not promise" in hint.to("en")


def test_on_paper_too(content: Content) -> None:
    """Boxes to tick, and after which answers they are asked."""
    form = at_hours(content, {"osm": "Mo 09:00-12:00"})
    data = paper_form(PaperParts(edition_in(content)), form, "https://opora.example/")
    (asked,) = [one for one in data["questions"] if "по телефона?" in one["label"]]
    assert [box["label"] for box in asked["options"]] == [FIRST, "Понеделник от 08:00 до 12:00"]
    assert "Обадете ми се по телефона" in asked["condition"]


def test_a_choice_of_which_nothing_is_left_is_not_asked(content: Content) -> None:
    """As one that has no facts to choose from."""
    question = content.forms["contact"].field("call_times")
    assert isinstance(question, Choices)
    timed = question.model_copy(update={"options": question.options[1:]})
    centre = content.centres["harmanli"]
    assert centre.opening_hours is None
    assert timed.at(centre, content.groups, False) is None
