"""What the page script needs of a dictionary of the language, kept from one build to the next."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TypedDict

from site_build.cache.store import Store
from site_build.search import rules as language_rules
from site_build.search import stems
from site_build.search.rules import Rules
from site_build.search.stems import dictionary_of, distinct, key, merges, normalise, stem, words_of

MOST_KEPT = 50  # each language has its own, and a text that is changed back wants the earlier one
SHORTEST_GUESSED = 4
"""Letters of a word that the script takes for another with a slip of the hand; it has the same."""


class Tables(TypedDict):
    """`merge` is the table of `stems.merges`; `real` the stems of `real_words`, after a space."""

    merge: dict[str, str]
    real: str


def kept_tables(folder: Path, texts: Iterable[str], language: str, rules: Rules) -> Tables:
    """The tables for a language, kept in `folder`.

    To go through a whole dictionary takes longer than the rest of a small build.
    """
    words = distinct(texts)
    code = (Path(file).read_bytes() for file in (__file__, stems.__file__, language_rules.__file__))
    made_by = sha256(b"".join(code)).hexdigest() + version("simplemma")
    store, name = Store(folder, made_by), json.dumps([words, language])
    kept: Tables | None = store.get(name)
    if kept is not None:
        return kept
    table = merges(words, language, rules)
    real = real_words(words, dictionary_of(language), rules, table) if rules.real_words else ()
    tables = Tables(merge=table, real=" ".join(sorted(real)))
    store.put(name, tables)
    store.forget_unused(spare=MOST_KEPT)
    return tables


def real_words(
    words: Iterable[str], dictionary: Iterable[str], rules: Rules, table: Mapping[str, str]
) -> set[str]:
    """The stems of the dictionary's words that the script would take for a slip in one of `words`.

    „цигани“ is a word, though one letter from „цигари“. Other words need no mention: no guess
    leads from them to a page.
    """
    known = {form for word in words for form in words_of(word)}
    keys = {key(form, rules, table) for form in known}
    shortened = defaultdict(list)
    for form in known:
        for short in _shortened(form):
            shortened[short].append(form)
    stems: set[str] = set()
    for word in map(normalise, dictionary):
        if len(word) < SHORTEST_GUESSED:
            continue
        near = [form for short in _shortened(word) for form in shortened.get(short, ())]
        if not near or key(word, rules, table) in keys:
            continue
        if any(one_apart(word, form) for form in near):
            stems.add(stem(word, rules))
    return stems


def _shortened(word: str) -> Iterator[str]:
    """The word, and the word without each of its letters: words one letter apart share one."""
    yield word
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]


def one_apart(a: str, b: str) -> bool:
    """One letter more, less or other, or two neighbours that changed places, as in the script."""
    start = _shared(a, b)
    end = _shared(a[start:][::-1], b[start:][::-1])
    x, y = a[start : len(a) - end], b[start : len(b) - end]
    return max(len(x), len(y)) < 2 or (len(x) == 2 and x == y[::-1])


def _shared(a: str, b: str) -> int:
    """How many letters two words begin with together."""
    differ = (place for place, (x, y) in enumerate(zip(a, b, strict=False)) if x != y)
    return next(differ, min(len(a), len(b)))
