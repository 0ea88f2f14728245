"""A form is made from the model, says nothing in code, and what was not typed stays as it was."""

from __future__ import annotations

import re

import pytest

from site_editor.facts_to_form import Reader, lists_of
from site_editor.form_part import Part
from site_editor.form_to_facts import Telling, typed_tree
from site_editor.sections import SECTIONS, SETTINGS, Section
from site_editor.web.filled import _fields
from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.loading.yaml_lines import parse_yaml
from tests.support.project import ROOT

CENTRES = ("harmanli", "sopot")


def data_of(centre: str) -> dict[str, object]:
    file = ROOT / "content" / "centres" / f"{centre}.yml"
    read: dict[str, object] = parse_yaml(file.read_text(encoding="utf-8")).data
    return read


def all_parts(parts: tuple[Part, ...]) -> list[Part]:
    return [one for part in parts for one in (part, *all_parts(part.parts))]


def typed(parts: tuple[Part, ...]) -> dict[str, list[str]]:
    sent: dict[str, list[str]] = {}
    for name, value in _fields(parts):
        sent.setdefault(name, []).append(value)
    return sent


def test_every_fact_has_one_place() -> None:
    """Each field of a centre is on one page, or is a setting that is not changed here."""
    placed = [name for one in SECTIONS for name in one.fields] + [*SETTINGS]
    assert sorted(placed) == sorted(Centre.model_fields)


@pytest.mark.parametrize("centre", CENTRES)
@pytest.mark.parametrize("section", SECTIONS, ids=lambda one: one.slug)
def test_what_was_not_typed_stays(centre: str, section: Section, content: Content) -> None:
    """A form sent as it was opened tells the facts that the file has, to the sign."""
    reader = Reader(lists_of(content.catalogues, content.centres[centre]))
    data = {name: one for name, one in data_of(centre).items() if name in section.fields}
    parts = reader.parts(Centre, data, section.fields)
    again = reader.parts(Centre, typed_tree(typed(parts)), section.fields)
    assert again == parts
    telling = Telling()
    assert telling.fields(Centre, again, data) == data
    assert telling.faults == {}


CODE = re.compile(r"\.yml|\d{4}-\d\d-\d\d|[a-z]_[a-z]|\b(?:true|false|null|undated|osm)\b")


@pytest.mark.parametrize("section", SECTIONS, ids=lambda one: one.slug)
def test_no_code_is_shown(section: Section, content: Content) -> None:
    """Titles, explanations and choices are Bulgarian: no name of a file, no code."""
    for name in CENTRES:
        centre = content.centres[name]
        reader = Reader(lists_of(content.catalogues, centre))
        for part in all_parts(reader.parts(Centre, data_of(name), section.fields)):
            said = " ".join((part.title, part.hint, *part.choices.values()))
            assert not CODE.search(said)


@pytest.mark.parametrize("name", CENTRES)
def test_services_are_for_groups_that_the_centre_helps(name: str, content: Content) -> None:
    """What the check would refuse is not offered."""
    centre = content.centres[name]
    reader = Reader(lists_of(content.catalogues, centre))
    parts = all_parts(reader.parts(Centre, data_of(name), ("services", "programmes")))
    offered = [set(part.choices) for part in parts if part.name.endswith("-groups")]
    assert offered
    assert all(some == {one.group for one in centre.target_groups} for some in offered)


def told(fields: tuple[str, ...], before: dict[str, object], form: dict[str, str]) -> object:
    reader = Reader({"groups": {}, "helped": {}, "kinds": {}, "services": {}})
    tree = typed_tree({name: [value] for name, value in form.items()})
    return Telling().fields(Centre, reader.parts(Centre, tree, fields), before)


FEE = {"text": {"bg": "Безплатно.", "en": "Free."}, "source": "a.txt:1", "as_of": "2014"}


def test_other_languages_stay() -> None:
    """A Bulgarian text that is typed anew keeps its translations and loses the day of the old."""
    after = told(("fee",), {"fee": FEE}, {"fee-text": "Плаща се."})
    assert after == {"fee": {"text": {"bg": "Плаща се.", "en": "Free."}, "source": "a.txt:1"}}


def test_emptied_is_gone() -> None:
    """A fact that was emptied is left out whole, and an item of a list too."""
    assert told(("fee",), {"fee": FEE}, {"fee-text": " "}) == {}
    before = {"topics": [FEE, FEE | {"source": "a.txt:2"}]}
    form = {"topics-0-from": "0", "topics-0-text": "", "topics-1-from": "1"}
    after = told(("topics",), before, form | {"topics-1-text": "Безплатно."})
    assert after == {"topics": [FEE | {"source": "a.txt:2"}]}
