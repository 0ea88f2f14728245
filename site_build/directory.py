"""Pure: by what a centre can be found among several: municipality, target group, kind of service.

Only what a centre has said counts. A centre that has not said it is found under `UNSAID`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from site_model.base import SOURCE_LANGUAGE, Text
from site_model.centre import Centre
from site_model.facts import Content
from site_model.languages import START, unmarked
from site_model.latin import latin_words

UNSAID = "-"


@dataclass(frozen=True)
class Choice:
    """What centres can be found by: its value in addresses, which is the same in every language,
    its words (None for UNSAID), and the ids of the centres that have said it.
    """

    value: str
    text: Text | None
    centres: tuple[str, ...]

    def label(self, language: str) -> str:
        """The words without the marks of a missing translation; "" for UNSAID."""
        return " ".join(unmarked(self.text.to(language)).split()) if self.text else ""

    def spoken(self, language: str) -> str:
        """The language that the words are in."""
        return SOURCE_LANGUAGE if self.text and START in self.text.to(language) else language


@dataclass(frozen=True)
class Directory:
    """The choices of each filter, and the values of each centre, by the name of the filter."""

    choices: Mapping[str, tuple[Choice, ...]]
    values: Mapping[str, Mapping[str, tuple[str, ...]]]


def directory(content: Content, language: str) -> Directory:
    """By what the centres can be found, in the order in which a reader of `language` looks."""
    named = {centre.id: _named(centre, content) for centre in content.centres.values()}
    orders = {"group": list(content.groups), "kind": list(content.kinds)}
    return Directory(
        {
            name: _choices({id: said[name] for id, said in named.items()}, order, language)
            for name, order in {"municipality": [], **orders}.items()
        },
        {
            id: {name: tuple(texts) or (UNSAID,) for name, texts in said.items()}
            for id, said in named.items()
        },
    )


def _named(centre: Centre, content: Content) -> dict[str, dict[str, Text]]:
    """What a centre has said for each filter, by its value in addresses."""
    groups = [content.groups[one.group] for one in centre.target_groups]
    kinds = [content.kinds[service.kind] for service in centre.services if service.kind]
    names = [one.name for one in centre.municipalities]
    return {
        "municipality": {latin_words(name.to(SOURCE_LANGUAGE)): name for name in names},
        "group": {group.id: group.plain for group in groups},
        "kind": {kind.id: kind.plain for kind in kinds},
    }


def _choices(
    said: Mapping[str, Mapping[str, Text]], order: list[str], language: str
) -> tuple[Choice, ...]:
    """The choices of one filter: in the `order` of their catalogue, or else by their words."""
    texts: dict[str, Text] = {}
    centres = defaultdict(list)
    for id, named in said.items():
        texts |= named
        for value in named or (UNSAID,):
            centres[value].append(id)
    unsaid = centres.pop(UNSAID, ())
    found = [Choice(value, texts[value], tuple(ids)) for value, ids in centres.items()]
    places = {value: place for place, value in enumerate(order)}
    found.sort(key=lambda one: (places.get(one.value, 0), one.label(language).casefold()))
    return (*found, Choice(UNSAID, None, tuple(unsaid))) if unsaid else tuple(found)
