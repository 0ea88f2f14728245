"""Facts told again: what changed does not keep its old source and date."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from site_build.authoring.renewal import renew

OLD, TODAY = "2025-03", "2026-11-28"
BEFORE: dict[str, Any] = {
    "id": "byala",
    "checked_on": OLD,
    "phones": [
        {"number": "032 111", "source": "a.txt:1"},
        {"number": "032 222", "source": "a.txt:1"},
    ],
    "fee": {"text": {"bg": "Безплатно.", "en": "Free."}, "source": "a.txt:2"},
    "capacity": {"value": 30, "unit": {"bg": "деца"}, "source": "a.txt:3", "as_of": "undated"},
    "services": [
        {
            "id": "talks",
            "checked_on": OLD,
            "name": {"bg": "Разговори"},
            "description": {"bg": "Разговор."},
            "status": {"state": "open", "source": "a.txt:5"},
            "source": "a.txt:4",
        },
        {"id": "groups", "checked_on": OLD, "name": {"bg": "Групи"}, "source": "a.txt:6"},
    ],
}


def told(change: Any) -> dict[str, Any]:
    after = copy.deepcopy(BEFORE)
    change(after)
    return renew(BEFORE, after, TODAY)


def test_what_did_not_change_stays() -> None:
    """Also where only a translation, the order or an empty list is other."""
    assert renew(BEFORE, BEFORE, TODAY) == BEFORE
    assert told(lambda facts: facts["fee"]["text"].update(en="No charge."))["fee"]["source"]
    turned = told(lambda facts: facts["phones"].reverse())
    assert [phone["source"] for phone in turned["phones"]] == ["a.txt:1", "a.txt:1"]
    assert turned["checked_on"] == OLD


CHANGES: dict[str, tuple[Any, Any]] = {
    "phone": (lambda f: f["phones"][1].update(number="032 333"), lambda f: f["phones"][1]),
    "text": (lambda f: f["fee"]["text"].update(bg="10 евро."), lambda f: f["fee"]),
    "number": (lambda f: f["capacity"].update(value=40), lambda f: f["capacity"]),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_value_loses_its_source_and_takes_today(name: str) -> None:
    """The date is that of the centre; facts beside it keep their sources."""
    change, fact = CHANGES[name]
    made = told(change)
    assert "source" not in fact(made)
    assert made["checked_on"] == TODAY
    assert str(made).count("a.txt:") == str(BEFORE).count("a.txt:") - 1
    assert made["services"] == BEFORE["services"]


def test_a_service_takes_the_day_itself() -> None:
    """Its other parts, other services and the centre do not; a state of it has a source itself."""
    made = told(lambda facts: facts["services"][0]["description"].update(bg="Разговор и чай."))
    talks, groups = made["services"]
    assert ("source" in talks, talks["checked_on"]) == (False, TODAY)
    assert talks["status"]["source"] == "a.txt:5"
    assert groups == BEFORE["services"][1]
    assert made["checked_on"] == OLD
    paused = told(lambda facts: facts["services"][0]["status"].update(state="paused"))["services"][
        0
    ]
    assert paused["source"] == "a.txt:4"
    assert ("source" in paused["status"], paused["checked_on"]) == (False, TODAY)


def test_who_names_a_new_source_and_day_is_believed() -> None:
    """Nothing is taken out, and no day is changed."""
    made = told(
        lambda facts: (
            facts["fee"].update(text={"bg": "10 евро."}, source="b.txt:1")
            or facts.update(checked_on="2026-10-01")
        )
    )
    assert made["fee"]["source"] == "b.txt:1"
    assert made["checked_on"] == "2026-10-01"


def test_a_new_item_that_names_a_known_source_keeps_it() -> None:
    """Two facts may stand in one line of a text; a centre that is new keeps all it has."""
    more = {"number": "032 444", "source": "a.txt:1"}
    assert told(lambda facts: facts["phones"].append(more))["phones"][-1] == more
    assert renew({}, BEFORE, TODAY) == BEFORE


@pytest.mark.parametrize("name", CHANGES)
def test_without_a_day_no_check_is_claimed(name: str) -> None:
    """Who changed one value has not looked at the others: its source goes, all days stay."""
    change, fact = CHANGES[name]
    after = copy.deepcopy(BEFORE)
    change(after)
    made = renew(BEFORE, after, None)
    assert "source" not in fact(made)
    assert made["checked_on"] == OLD
    assert [one["checked_on"] for one in made["services"]] == [OLD, OLD]
