"""Pure: by what a centre can be found among several: municipality, target group, kind of service.

Only what a centre has said counts. A centre that has not said it is found under `UNSAID`.

For people without filters, because no script runs or a search engine or a shared link leads there,
few centres stand on one page under all that they can be found by; of more, each choice has a page.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from textwrap import shorten

from site_build.edition import Edition
from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.facts.shared import groups_of
from site_model.i18n.languages import START, strip_flags
from site_model.text.transliteration import latin_words
from site_model.types import SOURCE_LANGUAGE, Text

UNSAID = "-"

MOST_OF_TITLE = 70
"""So many letters of a title are shown (html-validate, `long-title`)."""


@dataclass(frozen=True)
class Choice:
    """What centres can be found by: the filter, its value in addresses, which is the same in every
    language, its words, and the ids of the centres that have said it. For UNSAID `text` is None,
    and `unsaid` says what is not told.
    """

    filter: str
    value: str
    text: Text | None
    centres: tuple[str, ...]
    unsaid: str = ""

    def label(self, language: str) -> str:
        """The words without the marks of a missing translation; "" for UNSAID."""
        return " ".join(strip_flags(self.text.to(language)).split()) if self.text else ""

    def label_language(self, language: str) -> str:
        """The language that the words are in."""
        return SOURCE_LANGUAGE if self.text and START in self.text.to(language) else language


@dataclass(frozen=True)
class Directory:
    """The choices of each filter, and the values of each centre, by the name of the filter."""

    choices: Mapping[str, tuple[Choice, ...]]
    values: Mapping[str, Mapping[str, tuple[str, ...]]]

    @property
    def every_choice(self) -> tuple[Choice, ...]:
        return tuple(choice for choices in self.choices.values() for choice in choices)


def directory(edition: Edition) -> Directory:
    """By what the centres can be found, in the order in which a reader of the edition looks."""
    content, _ = edition.content, edition.gettext
    named = {centre.id: _named(centre, content) for centre in content.centres.values()}
    orders = {"municipality": [], "group": list(content.groups), "kind": list(content.kinds)}
    unsaid = {
        "municipality": _("Без посочена община"),
        "group": _("Без посочено на кого помагат"),
        "kind": _("Без посочен вид услуга"),
    }
    choices = {}
    for name, order in orders.items():
        said = {id: told[name] for id, told in named.items()}
        choices[name] = tuple(_choices(name, said, order, edition.language, unsaid[name]))
    return Directory(
        choices,
        {id: {name: _values(texts) for name, texts in said.items()} for id, said in named.items()},
    )


def _named(centre: Centre, content: Content) -> dict[str, dict[str, Text] | None]:
    """What a centre has said for each filter, by its value in addresses; None for nothing.

    A group of its own is on its pages alone: choices are what centres share.
    """
    groups = groups_of(centre, content.groups).values()
    kinds = [content.kinds[service.kind] for service in centre.services if service.kind]
    names = [one.name for one in centre.municipalities]
    return {
        "municipality": {latin_words(name.to(SOURCE_LANGUAGE)): name for name in names} or None,
        "group": {group.id: group.plain for group in groups if group.id in content.groups}
        if groups
        else None,
        "kind": {kind.id: kind.plain for kind in kinds} or None,
    }


def _values(named: Mapping[str, Text] | None) -> tuple[str, ...]:
    return (UNSAID,) if named is None else tuple(named)


def _choices(
    name: str,
    said: Mapping[str, Mapping[str, Text] | None],
    order: list[str],
    language: str,
    unsaid: str,
) -> Iterator[Choice]:
    """The choices of one filter: in the `order` of their catalogue, or else by their words."""
    texts: dict[str, Text] = {}
    centres = defaultdict(list)
    for id, named in said.items():
        texts |= named or {}
        for value in _values(named):
            centres[value].append(id)
    silent = centres.pop(UNSAID, ())
    found = [Choice(name, value, texts[value], tuple(ids)) for value, ids in centres.items()]
    places = {value: place for place, value in enumerate(order)}
    yield from sorted(
        found, key=lambda one: (places.get(one.value, 0), one.label(language).casefold())
    )
    if silent:
        yield Choice(name, UNSAID, None, tuple(silent), unsaid)


def choice_title(choice: Choice, edition: Edition, title: str) -> str:
    """The title of its page: „Карлово – Намерете център“, with long words cut."""
    words = edition.translate(choice.text) if choice.text else choice.unsaid
    if START not in words:
        words = shorten(words, MOST_OF_TITLE - len(f" – {title}"), placeholder=" …")
    return f"{words} – {title}"


def choice_slug(filter: str, value: str) -> str:
    """The step to the page of a choice.

    That of a group does not tell which one: an address is seen by anyone who keeps the log of the
    server or of a network, and „violence“ is nobody else's business.
    """
    if filter == "group":
        return f"za-kogo-{hashlib.sha256(value.encode()).hexdigest()[:6]}"
    step = {"municipality": "obshtina", "kind": "usluga"}[filter]
    return f"{step}-{'bez' if value == UNSAID else value.replace('_', '-')}"
