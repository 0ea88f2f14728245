"""The interface words of a language, from its gettext catalogue (`locale/<language>.po`)."""

from __future__ import annotations

import gettext
from collections.abc import Iterable

from babel.messages.catalog import Catalog, Message

from site_model.languages import marked


def missing(template: Catalog, translated: Catalog, folders: tuple[str, ...]) -> tuple[str, ...]:
    """The words of these folders of the project that still wait for a translation.

    `template` holds every word there is, `translated` what the translators made of them.
    """
    return tuple(
        first_form(word)
        for word in words_of(template)
        if any(place.startswith(folders) for place, _ in word.locations)
        and not is_done(translated.get(word.id, word.context))
    )


class MarkingTranslations(gettext.NullTranslations):
    """What a catalogue falls back to: the Bulgarian words, marked."""

    def gettext(self, message: str) -> str:
        return marked(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return marked(msgid1 if n == 1 else msgid2)


def words_of(catalog: Catalog) -> Iterable[Message]:
    """Every entry but the header."""
    return (message for message in catalog if message.id)


def first_form(word: Message) -> str:
    """The Bulgarian words; of two forms the singular."""
    return word.id if isinstance(word.id, str) else word.id[0]


def is_done(word: Message | None) -> bool:
    """Whether every form of an entry is there and no guess of the tools (`fuzzy`)."""
    if word is None or word.fuzzy:
        return False
    return all(forms_of(word))


def forms_of(word: Message) -> tuple[str, ...]:
    """What a translator wrote: one text, or one for each form that numbers have."""
    if word.string is None or isinstance(word.string, str):
        return (word.string or "",)
    return tuple(word.string)
