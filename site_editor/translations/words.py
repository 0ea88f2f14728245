"""Pure: words that were typed as a translation: cleaned, and what is wrong with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from site_build.native_review.markup import scripts_of
from site_build.native_review.typed_answers import clean_typed, on_site
from site_model.i18n.catalogues import markup_in
from site_model.i18n.languages import SiteLanguage, in_bulgarian
from site_model.i18n.word_patterns import numbers_differ, slips, values_differ

_TIMES: Final = 4
_FEW: Final = 200
"""A translation has at most _TIMES as many signs as its text, and _FEW more."""
_GETTEXT: Final = re.compile(r"%\(\w*\)\w?")
_READ_BY_ALL: Final = "LATIN"
"""Names may keep these letters in any language."""


def as_translation(typed: str, before: str, language: SiteLanguage) -> str:
    """Words as they go into the facts: in one line, without what nobody sees, with the quotation
    marks of the language; `before` is what stood there.
    """
    return on_site(clean_typed(typed, language), before, language)


def why_no_translation(words: str, bulgarian: str, language: SiteLanguage) -> str:
    """Why words may not stand as the translation of a text, as a sentence; or ""."""
    if new := markup_in(words) - markup_in(bulgarian):
        return f"махнете знаците {' '.join(sorted(new))}: в българския текст ги няма."
    if _GETTEXT.findall(words) != _GETTEXT.findall(bulgarian) or any(
        values_differ(bulgarian, words)
    ):
        return "каквото е в скоби { } или след %, трябва да е като в българския текст."
    if len(words) > _TIMES * len(bulgarian) + _FEW:
        return "преводът е много по-дълъг от българския текст. Проверете дали е за това място."
    own, there = scripts_of(language.own_name), scripts_of(words)
    if there - own - {_READ_BY_ALL} and not there & own:
        return f"тук няма нито една буква на този език ({in_bulgarian(language.code)})."
    return ""


def to_look_at(words: str, bulgarian: str, language: SiteLanguage) -> Iterator[str]:
    """What a program sees that a person should look at; nothing of it is refused."""
    found = (
        *slips(words, language.code, bulgarian),
        *numbers_differ(bulgarian, words, language.code),
    )
    yield from dict.fromkeys(map(str, found))
