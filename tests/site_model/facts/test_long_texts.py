"""No text of a fact is so long that its checks keep others waiting."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from site_model.facts.centre import Centre
from site_model.field_types import MailAddress
from site_model.loading.yaml_lines import parse_yaml
from site_model.types import LONGEST_TEXT, Frozen
from tests.support.project import ROOT

Place = tuple[str | int, ...]
FACTS = [
    parse_yaml(file.read_text("utf-8")).data
    for file in sorted((ROOT / "content" / "centres").glob("*.yml"))
]


def texts(data: Any, place: Place = ()) -> Iterator[Place]:
    """The places of all texts; of a list only those of its first item."""
    if isinstance(data, str):
        yield place
    elif isinstance(data, dict):
        for key, item in data.items():
            yield from texts(item, (*place, key))
    elif isinstance(data, list):
        yield from texts(data[0], (*place, 0))


def with_text(data: Any, place: Place, text: str) -> Any:
    made = at = copy.deepcopy(data)
    for key in place[:-1]:
        at = at[key]
    at[place[-1]] = text
    return made


@pytest.mark.parametrize("facts", FACTS, ids=[one["id"] for one in FACTS])
def test_more_than_anybody_reads_is_refused_everywhere(facts: Any) -> None:
    allowed = []
    for place in texts(facts):
        try:
            Centre.model_validate(with_text(facts, place, "а " * (LONGEST_TEXT // 2) + "а"))
            allowed.append(place)
        except ValidationError:
            pass
    assert not allowed


def test_the_longest_text_may_stand() -> None:
    (facts, *_), text = FACTS, "а" * LONGEST_TEXT
    told = with_text(facts, ("history", 0, "text", "bg"), text)
    assert Centre.model_validate(told).history[0].text.root["bg"] == text


def test_many_addresses_are_not_told_apart_one_by_one() -> None:
    class Addressed(Frozen):
        address: MailAddress

    with pytest.raises(ValidationError, match="един имейл, а е написано много повече"):
        Addressed(address="а@б.бг " * 60)
