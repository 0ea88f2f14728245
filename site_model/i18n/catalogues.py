"""The interface words of a language, from its gettext catalogue (`locale/<language>.po`)."""

from __future__ import annotations

import gettext
import re
from collections.abc import Iterable, Iterator

from babel.messages.catalog import Catalog, Message

from site_model.i18n.languages import flag_untranslated

NUMBER = "%(num)s"
"""How many, in words with forms for numbers, as Jinja's `ngettext` names it."""

FORMS_REPEAT_BEFORE = 1000
"""Numbers among which each form that stands for several is met again (the rules go by 100)."""


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
        return flag_untranslated(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return flag_untranslated(msgid1 if n == 1 else msgid2)


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


def wrong_in(word: Message, catalog: Catalog) -> Iterator[str]:
    """What a translation breaks: a value that is put into it, markup, a space at its end.

    A guess of the tools (`fuzzy`) is not used, so it breaks nothing.
    """
    if word.fuzzy:
        return
    forms = forms_of(word)
    for place, said in enumerate(forms):
        if not said:
            continue
        unsaid = _values(first_form(word)) ^ _values(said)
        if unsaid and not (unsaid == {NUMBER} and _is_for_one_number(place, catalog)):
            wanted = ", ".join(sorted(_values(first_form(word)))) or "нито една"
            yield f"стойностите в превода трябва да са: {wanted}"
        if new := markup_in(said) - markup_in(first_form(word)):
            yield f"в превода не се пишат знаците {' '.join(sorted(new))}"
        if said != said.strip():
            yield "преводът започва или свършва с интервал"
    if word.pluralizable and any(forms) and len(forms) != catalog.num_plurals:
        yield f"форми за число в езика: {catalog.num_plurals}, преведени: {len(forms)}"


def _is_for_one_number(form: int, catalog: Catalog) -> bool:
    """Whether a form stands for one number only: صفحة واحدة says without a digit that it is one."""
    try:
        form_of = gettext.c2py(catalog.plural_expr)
        return [form_of(number) for number in range(FORMS_REPEAT_BEFORE)].count(form) == 1
    except (ArithmeticError, ValueError):  # the rule is an expression that a translator wrote
        return False


def without_wrong(catalog: Catalog) -> Catalog:
    """The same catalogue, in which what would break a page counts as not translated."""
    for word in words_of(catalog):
        if any(wrong_in(word, catalog)):
            word.string = ("",) * len(forms_of(word)) if word.pluralizable else ""
    return catalog


def _values(text: str) -> set[str]:
    """The places for values: `%(seconds)s`; a lone `%` is one as well, because it would break."""
    return set(re.findall(r"%(?:\(\w+\))?.?", text))


def markup_in(text: str) -> set[str]:
    """The signs that HTML, Markdown or a template reads as more than a sign."""
    return set(re.findall(r"""[<>&"`*\[\]{}|\\]""", re.sub(r"%\(\w+\)", "", text)))


def forms_of(word: Message) -> tuple[str, ...]:
    """What a translator wrote: one text, or one for each form that numbers have."""
    if word.string is None or isinstance(word.string, str):
        return (word.string or "",)
    return tuple(word.string)
