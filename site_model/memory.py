"""Pure: of which text each translation is, and on which source each fact rests, as remembered.

`content/remembered.yml` keeps what was so when a person last said `remember`. A Bulgarian text
that has changed since leaves its translations old; a value that has changed while its source
stayed is not what that source says. A translation or a source that is new is taken at its word.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel

from site_model.content import Content
from site_model.facts.remembered import Facts, Remembered
from site_model.i18n.languages import texts_in
from site_model.types import SOURCE_LANGUAGE, Text

LONGEST: Final = 80
"""Signs of a text that are kept as they are; of a longer one the beginning and a mark."""

Place = tuple[str | int, ...]
Pages = Sequence[tuple[str, Text]]
"""The parts of the pages that are written by hand, each with the file of its Bulgarian text."""

_LISTS: Final = {
    "service_kinds.yml": "kinds",
    "help_lines.yml": "lines",
    "law.yml": "notes",
    "authorities.yml": "authorities",
}
"""The field that a file of sourced things is a list of."""


@dataclass(frozen=True)
class OldTranslation:
    """A translation that is of the text `was`, while the Bulgarian one is `bulgarian` now."""

    file: str
    language: str
    bulgarian: str
    words: str
    was: str


@dataclass(frozen=True)
class ChangedFact:
    """A value that is not what was told under its source before; both begin with the field.

    `place` leads to it in its file.
    """

    file: str
    source: str
    now: str
    was: str
    place: Place


def old_translations(content: Content, pages: Pages = ()) -> Iterator[OldTranslation]:
    """The translations whose Bulgarian text has changed while they stayed."""
    known = _Known(content)
    for file, text in _texts(content, pages):
        bulgarian = text.to(SOURCE_LANGUAGE)
        for language, words in _translations(text):
            of = known.texts(file, language, words)
            if of and gist(bulgarian) not in of:
                yield OldTranslation(file, language, bulgarian, words, of[0])


def changed_facts(content: Content) -> Iterator[ChangedFact]:
    """The values that have changed while their source, and its date if it has one, stayed."""
    for file, sources in _places_of_facts(content).items():
        known = content.remembered.facts.get(file, {})
        for source, told in sources.items():
            gone = [one for one in known.get(source, ()) if one not in dict(told)]
            for now, place in told:
                if now in known.get(source, ()):
                    continue
                field = now.partition(":")[0]
                if was := next((one for one in gone if one.partition(":")[0] == field), None):
                    gone.remove(was)
                    yield ChangedFact(file, source, now, was, place)


def not_remembered(content: Content, pages: Pages = ()) -> int:
    """How many translations and facts are new since the last time."""
    known = _Known(content)
    new = sum(
        not known.texts(file, language, words)
        for file, text in _texts(content, pages)
        for language, words in _translations(text)
    )
    for file, sources in _facts(content).items():
        before = content.remembered.facts.get(file, {})
        new += sum(one not in before.get(at, ()) for at, told in sources.items() for one in told)
    return new - sum(1 for _ in changed_facts(content))


def remembering(
    content: Content,
    right: Callable[[str], bool],
    pages: Pages = (),
    written: Collection[str] = (),
) -> Remembered:
    """What is to be remembered now: all that is new, and what is old only in the files in which
    it is `right` as it stands, or whose words were `written` for the text beside them. The rest
    stays as it was, and goes on being named.
    """
    old = {
        (one.file, one.bulgarian, one.language): one.was for one in old_translations(content, pages)
    }
    translations: dict[str, dict[str, str]] = defaultdict(dict)
    for file, text in _texts(content, pages):
        for language, words in _translations(text):
            bulgarian = text.to(SOURCE_LANGUAGE)
            of = gist(bulgarian)
            if not right(file) and words not in written:
                of = old.get((file, bulgarian, language), of)
            marks = translations[of].get(language, "").split()
            translations[of][language] = " ".join(dict.fromkeys([*marks, _mark(words)]))
    facts = _facts(content)
    for one in changed_facts(content):
        if not right(one.file):
            told = facts[one.file][one.source]
            facts[one.file][one.source] = tuple(one.was if t == one.now else t for t in told)
    return Remembered(translations=dict(translations), facts=facts)


def with_told(remembered: Remembered, told: Iterable[tuple[str, str, str]]) -> Remembered:
    """The same, and of these translations (language, Bulgarian text, words) that each is of its
    text as that stands now. The text that they had earlier stays known, in case it comes back.
    """
    translations = {of: dict(languages) for of, languages in remembered.translations.items()}
    for language, bulgarian, words in told:
        known = translations.setdefault(gist(bulgarian), {})
        marks = known.get(language, "").split()
        known[language] = " ".join(dict.fromkeys([*marks, _mark(words)]))
    return remembered.model_copy(update={"translations": translations})


def gist(text: str) -> str:
    """A text in one line; of a long one the beginning and a mark, which change with it."""
    line = " ".join(text.split())
    if len(line) <= LONGEST:
        return line
    return f"{line[: LONGEST - 20].rstrip()}… ({_mark(line)})"


def _mark(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:8]


class _Known:
    """The gists of the texts that a translation is of: those of its centre, then of the site."""

    def __init__(self, content: Content) -> None:
        self._of_all = _originals(content.remembered)
        self._of_file = {
            f"centres/{name}.yml": _originals(one) for name, one in content.remembered_of.items()
        }

    def texts(self, file: str, language: str, words: str) -> tuple[str, ...]:
        key = language, _mark(words)
        return *self._of_file.get(file, {}).get(key, ()), *self._of_all.get(key, ())


def _originals(remembered: Remembered) -> Mapping[tuple[str, str], list[str]]:
    """Language and mark of a translation → the gists of the texts that it is of."""
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for bulgarian, languages in remembered.translations.items():
        for language, marks in languages.items():
            for mark in marks.split():
                found[language, mark].append(bulgarian)
    return found


def _translations(text: Text) -> Iterator[tuple[str, str]]:
    return ((code, words) for code, words in text.root.items() if code != SOURCE_LANGUAGE)


def _parts(content: Content) -> Iterator[tuple[str, Any]]:
    """Each file of the content folder, below it, with what it holds that people read."""
    yield "site.yml", content.site
    yield "target_groups.yml", content.groups
    yield "service_kinds.yml", content.kinds
    yield "help_lines.yml", content.help_lines
    yield "law.yml", content.law
    yield "authorities.yml", content.authorities
    pointers = (*content.search.answers, content.search.nothing)
    # Only these: words to search with are no translations of each other.
    yield "search.yml", tuple(text for one in pointers for text in (one.title, one.text))
    for id, centre in content.centres.items():
        yield f"centres/{id}.yml", centre
    for id, form in content.forms.items():
        yield f"forms/{id}.yml", form


def _texts(content: Content, pages: Pages) -> Iterator[tuple[str, Text]]:
    yield from ((file, text) for file, part in _parts(content) for text in texts_in(part))
    yield from pages


def _facts(content: Content) -> Facts:
    """What each file tells under each source; a source that has a date of its own goes by both."""
    return {
        file: {source: tuple(one for one, _ in told) for source, told in sources.items()}
        for file, sources in _places_of_facts(content).items()
    }


def _places_of_facts(content: Content) -> dict[str, dict[str, list[tuple[str, Place]]]]:
    found: dict[str, dict[str, list[tuple[str, Place]]]] = {}
    for file, part in _parts(content):
        field = _LISTS.get(file, "")
        listed = tuple(part.values()) if isinstance(part, Mapping) else part
        for source, told, place in _told(listed, field, (field,) if field else ()):
            found.setdefault(file, {}).setdefault(source, []).append((told, place))
    return found


def _told(value: Any, field: str, place: Place) -> Iterator[tuple[str, str, Place]]:
    if isinstance(value, BaseModel) and not isinstance(value, Text):
        inner = {name: getattr(value, name) for name in type(value).model_fields}
        if source := inner.pop("source", None):
            checked = inner.pop("checked_on", None)
            where = str(getattr(source, "root", source))
            said = ", ".join(one for name in inner if (one := _said(name, inner[name])))
            told = gist(f"{field}: {said}")
            yield (f"{where} ({checked})" if checked else where), told, place
        for name, one in inner.items():
            yield from _told(one, name, (*place, name))
    elif isinstance(value, Mapping | tuple):
        for key, one in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _told(one, field, (*place, key))


def _said(name: str, value: Any) -> str:
    """One answer of a fact in words; "" for what is no answer of its own."""
    if isinstance(value, Text):
        return value.to(SOURCE_LANGUAGE)
    if name in ("id", "slug", "as_of", "next_check") or not value or isinstance(value, BaseModel):
        return ""
    if isinstance(value, tuple):
        return "; ".join(one for item in value if (one := _said("", item)))
    return str(value)
