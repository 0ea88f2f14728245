"""Pure: by what a centre can be found among several: municipality, target group and service.

Only what a centre has said counts. A centre that has not said it is found under `UNSAID`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from site_model.base import SOURCE_LANGUAGE, Text
from site_model.centre import Centre
from site_model.facts import Content
from site_model.languages import START, unmarked
from site_model.latin import latin_words

UNSAID = "-"


@dataclass(frozen=True)
class Choice:
    """An option of a filter: its value in addresses, which is the same in every language, its
    words (None for UNSAID), the language that they are in, and how many centres it leaves.
    """

    value: str
    label: str | None
    language: str
    centres: int


@dataclass(frozen=True)
class Directory:
    """The choices of each filter, and the values of each centre, by the name of the filter."""

    choices: Mapping[str, tuple[Choice, ...]]
    values: Mapping[str, Mapping[str, tuple[str, ...]]]


def directory(content: Content, language: str) -> Directory:
    """The filters of the front page; the services of two centres are one if named the same."""
    named = {centre.id: _named(centre, content) for centre in content.centres.values()}
    filters: dict[str, list[dict[str, Text]]] = {}
    for said in named.values():
        for name, texts in said.items():
            filters.setdefault(name, []).append(texts)
    return Directory(
        {name: tuple(_choices(name, all, content, language)) for name, all in filters.items()},
        {
            id: {name: tuple(texts) or (UNSAID,) for name, texts in said.items()}
            for id, said in named.items()
        },
    )


def _named(centre: Centre, content: Content) -> dict[str, dict[str, Text]]:
    """What a centre has said for each filter, by its value in addresses."""
    served = [content.groups[one.group] for one in centre.target_groups]
    return {
        "municipality": _by_name(one.name for one in centre.municipalities),
        "group": {group.id: group.plain for group in served},
        "service": _by_name(service.name for service in centre.services),
    }


def _by_name(names: Iterable[Text]) -> dict[str, Text]:
    return {latin_words(name.to(SOURCE_LANGUAGE)): name for name in names}


def _choices(
    name: str, of_centres: list[dict[str, Text]], content: Content, language: str
) -> list[Choice]:
    count = Counter(value for texts in of_centres for value in texts or (UNSAID,))
    texts = {value: text for each in of_centres for value, text in each.items()}
    found = [_choice(value, text.to(language), language, count) for value, text in texts.items()]
    if name == "group":
        order = list(content.groups)
        found.sort(key=lambda choice: order.index(choice.value))
    else:
        found.sort(key=lambda choice: (choice.label or "").casefold())
    if count[UNSAID]:
        found.append(Choice(UNSAID, None, language, count[UNSAID]))
    return found


def _choice(value: str, text: str, language: str, count: Mapping[str, int]) -> Choice:
    spoken = SOURCE_LANGUAGE if START in text else language
    return Choice(value, " ".join(unmarked(text).split()), spoken, count[value])
