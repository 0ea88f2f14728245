"""From a word to the key under which all its forms meet; the page script does the same.

A key is made in two steps: endings are cut by rule (`stem`), then the few stems that rules
cannot bring together are looked up in a table (`merges`), which lemmas fill: „децата“ → „дец“
→ „дет“ ← „детето“. `theme/assets/search.js` has the same steps; a test holds them together.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from site_build.search.rules import Rules

_MARKS = re.compile("[\u0300-\u036f\u0640\u064b-\u0655'’ʼ]")
_LETTERS = str.maketrans("ıىةґ", "iيهг")
_WORD = re.compile(r"[^\W_]+")
SHORTEST_STEM = 3
LONGEST_UNSURE_STEM = 4
"""Shorter stems that differ in their last letter are often two words: „рог“, „роз“."""


def normalise(text: str) -> str:
    """Small letters without accents and marks: „Ѝ“ → „и“, „Çocuğu“ → „cocugu“."""
    bare = _MARKS.sub("", unicodedata.normalize("NFD", text.lower()))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)


def words_of(text: str) -> list[str]:
    """The words of a text, normalised."""
    return _WORD.findall(normalise(text))


def stem(word: str, rules: Rules) -> str:
    """A normalised word without its longest known prefix and ending."""
    for prefix in rules.prefixes:
        if word.startswith(prefix) and len(word) - len(prefix) >= SHORTEST_STEM:
            word = word[len(prefix) :]
            break
    ending = rules.ending.search(word, SHORTEST_STEM)
    return word[: ending.start()] if ending else word


def key(word: str, rules: Rules, table: Mapping[str, str]) -> str:
    """What a normalised word is indexed under; „=“ begins what stays apart, so no stem meets it."""
    if word in rules.apart:
        return f"={word}"
    cut = stem(word, rules)
    return table.get(cut, cut)


def merges(texts: Iterable[str], language: str, rules: Rules) -> dict[str, str]:
    """Stem → key, for stems that the forms of a word of `texts` have beside the lemma's own.

    Knows all forms that the dictionary has for these words, so the reader may type one that
    no page uses. A stem that is another word's own key stays with that word, unless rules say
    that its last letter changes („психолози“ has no lemma in the dictionary).
    """
    if not (dictionary := dictionary_of(language)):
        return {}
    telling = [word for word in distinct(texts) if normalise(word) not in rules.stop_words]
    forms = {word: _lemma(word, language) for word in telling}
    lemmas = sorted(set(forms.values()))
    if rules.forms_from_dictionary:
        forms |= _forms_of(lemmas, dictionary)
    keys = {lemma: stem(normalise(lemma), rules) for lemma in lemmas}
    taken = set(keys.values())
    changed = {
        own[: -len(end)] + other: own
        for end, other in rules.alternations
        for own in taken
        if own.endswith(end) and len(own) > LONGEST_UNSURE_STEM
    }
    table: dict[str, str] = {}
    for form, lemma in forms.items():
        if normalise(form) in rules.apart:
            continue
        if (cut := stem(normalise(form), rules)) not in taken:
            table.setdefault(cut, keys[lemma])
    table |= changed
    return {cut: changed.get(own, own) for cut, own in sorted(table.items())}


def dictionary_of(language: str) -> Mapping[str, str]:
    """simplemma's forms → lemmas; empty for a language that it does not know."""
    # Loaded only where no table is kept: it takes a tenth of a second.
    from simplemma.strategies.dictionaries.dictionary_factory import DEFAULT_DICTIONARY_FACTORY

    try:
        return DEFAULT_DICTIONARY_FACTORY.get_dictionary(language)
    except ValueError:
        return {}


def _lemma(word: str, language: str) -> str:
    """simplemma's lemma; some of its entries carry a note, as in „бия-(се)“ or „уча се“."""
    from simplemma import lemmatize

    return re.split(r"-\(| ", lemmatize(word, lang=language))[0].lower()


def _forms_of(lemmas: list[str], dictionary: Mapping[str, str]) -> dict[str, str]:
    """Every form of these lemmas → its lemma, in the order of the lemmas."""
    forms: dict[str, list[str]] = {lemma: [] for lemma in lemmas}
    for form, lemma in dictionary.items():
        if lemma in forms and len(form) > 2 and "-" not in form:
            forms[lemma].append(form)
    return {form: lemma for lemma in lemmas for form in forms[lemma]}


def distinct(texts: Iterable[str]) -> list[str]:
    """The words of all texts as they are written, but for capitals; each once."""
    return sorted(set(re.findall(r"[^\W\d_]+", " ".join(texts).lower())))
