"""Pure: one word a thing in every language, as `locale/glossary.yml` has it for translators."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Final

from pydantic import model_validator

from site_model.i18n.word_patterns import Slip
from site_model.types import SOURCE_LANGUAGE, Frozen, Language

GLOSSARY: Final = "glossary.yml"

_VOWEL_MARKS: Final = re.compile("[\u0640\u064b-\u0652\u0670]")
"""Of Arabic: marks that a writer may leave out, and the line that only makes a word longer."""
_JOINED: Final = frozenset(("ar",))
"""Languages that write articles and prepositions in one with the word."""


class Word(Frozen):
    """How a thing is said in a language; by which words it is known, and how it is never said."""

    say: str
    holds: tuple[str, ...] = ()
    never: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _says_what_it_holds(self) -> Word:
        wrong = next((one for one in self.never if one in self.said_as), None)
        if wrong:
            raise ValueError(f"„{wrong}“ стои и в holds, и в never")
        return self

    @property
    def said_as(self) -> tuple[str, ...]:
        return self.holds or (self.say,)


class Glossary(Frozen):
    """The terms; each is a word in Bulgarian and in any other languages."""

    terms: tuple[dict[Language, Word], ...]

    @model_validator(mode="after")
    def _are_bulgarian(self) -> Glossary:
        for term in self.terms:
            if SOURCE_LANGUAGE not in term:
                raise ValueError(f"липсва български ред (bg) при {', '.join(term)}")
        return self


def outside(glossary: Glossary, bulgarian: str, text: str, language: str) -> Iterator[Slip]:
    """Where `text`, which says `bulgarian` in a language, leaves the glossary."""
    of_source = _plain(bulgarian, SOURCE_LANGUAGE)
    plain = _plain(text, language)
    for term in glossary.terms:
        source, word = term[SOURCE_LANGUAGE], term.get(language)
        if not word or not (told := _found(source.said_as, of_source, SOURCE_LANGUAGE)):
            continue
        if never := _found(word.never, plain, language):
            at = _place(text, never)
            typed = text[slice(*at)] if at else never
            yield Slip(typed, f"тук се казва „{word.say}“ ({GLOSSARY})", at, exact=True)
        elif not _found(word.said_as, plain, language):
            fix = f"в превода се казва „{word.say}“ ({GLOSSARY})"
            at = _place(bulgarian, told)
            typed = bulgarian[slice(*at)] if at else source.say
            yield Slip(typed, fix, at, in_bulgarian=True, exact=True)


def _place(text: str, plain: str) -> tuple[int, int] | None:
    """Where words that were found in the plain text stand, if letters and signs still agree."""
    found = re.search(r"\W+".join(map(re.escape, plain.split())), text, re.IGNORECASE)
    return found.span() if found else None


def _found(said_as: Iterable[str], plain: str, language: str) -> str | None:
    """The first of these words in a text."""
    found = (_pattern(one, language).search(plain) for one in said_as)
    return next((one[0] for one in found if one), None)


@cache
def _pattern(words: str, language: str) -> re.Pattern[str]:
    """„общин-“ is any word that begins so, „община“ this word alone; between words, any signs."""
    parts = [re.escape(part.removesuffix("-")) for part in _plain(words, language, "-").split()]
    if language in _JOINED:
        return re.compile(r"\w*\W+".join(parts))
    open_ended = [r"\w*" if part.endswith("-") else "" for part in words.split()]
    whole = r"\W+".join(part + end for part, end in zip(parts, open_ended, strict=True))
    return re.compile(rf"(?<!\w){whole}(?!\w)")


def _plain(text: str, language: str, keep: str = "") -> str:
    """In small letters of the language, without marks that may be left out, only words."""
    small = text.translate({ord("İ"): "i", ord("I"): "ı"}) if language == "tr" else text
    without = _VOWEL_MARKS.sub("", unicodedata.normalize("NFC", small.casefold()))
    return re.sub(rf"[^\w{re.escape(keep)}]+", " ", without)
