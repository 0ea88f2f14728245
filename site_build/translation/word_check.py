"""What a program can see wrong in the words of the site, in every language, with its place.

The rules are `site_model.i18n.word_patterns` and the glossary. In Opora itself what is found fails
`check-words`; the build of a site only tells of it (`old_facts.notices`): no word of a centre keeps
its site from being built.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from site_build.project import Project
from site_build.translation.page_parts import prose_with_places
from site_build.translation.texts import Written, in_catalogues, in_content, in_pages, pages_unlike
from site_model.i18n.glossary import Glossary, outside
from site_model.i18n.sentences import place_beside, sentence_at
from site_model.i18n.word_patterns import (
    SIGNS_AROUND,
    Slip,
    around,
    numbers_differ,
    slips,
    values_differ,
)
from site_model.loading.loader import load_glossary
from site_model.problems import Problem
from site_model.types import SOURCE_LANGUAGE


def slips_of_facts(project: Project, languages: Sequence[str]) -> Iterator[Problem]:
    """Of the texts that a centre or its site's operator writes: content/ and docs/."""
    written = (*in_content(project), *in_pages(project, languages))
    yield from _found(written, languages, load_glossary(project.catalogues))
    yield from pages_unlike(project, languages)


def slips_of_interface(project: Project, languages: Sequence[str]) -> Iterator[Problem]:
    """Of the words of code and templates and their translations: locale/."""
    words = in_catalogues(project, [code for code in languages if code != SOURCE_LANGUAGE])
    yield from _found(words, languages, load_glossary(project.catalogues))


def _found(
    texts: Iterable[Written], languages: Sequence[str], glossary: Glossary
) -> Iterator[Problem]:
    for text in texts:
        bulgarian = text.words[SOURCE_LANGUAGE]
        sentences: dict[str, list[_Found]] = defaultdict(list)
        for code in filter(text.places.get, languages):
            words, place = text.words[code], text.places[code]
            for slip in _slips(bulgarian, words, code, glossary):
                beside, found = _located(slip, bulgarian, words, code, place)
                sentences[beside].append(found)
        yield from (_told(beside, found) for beside, found in sentences.items())


@dataclass(frozen=True)
class _Found:
    """A slip, the sentence of its language that holds it, and where that begins."""

    place: Problem
    code: str
    sentence: str
    slip: Slip


def _located(
    slip: Slip, bulgarian: str, words: str, code: str, place: Problem
) -> tuple[str, _Found]:
    """The Bulgarian sentence, and what was found beside it."""
    at = slip.at or (0, 0)
    if slip.in_bulgarian:
        ours, theirs = at, place_beside(bulgarian, at, words)
    else:
        ours, theirs = place_beside(words, at, bulgarian), at
    down = words.count("\n", 0, theirs[0]) if place.file.endswith(".md") else 0
    here = replace(place, line=place.line + down)
    return sentence_at(bulgarian, ours), _Found(here, code, sentence_at(words, theirs), slip)


def _told(bulgarian: str, found: Sequence[_Found]) -> Problem:
    """One entry: the Bulgarian sentence, then each translation with its slips under it."""
    first = found[0].place
    by_sentence: dict[tuple[str, str], list[str]] = defaultdict(list)
    if any(one.code != SOURCE_LANGUAGE for one in found):
        by_sentence[SOURCE_LANGUAGE, bulgarian] = []
    for one in found:
        file = "" if one.place.file == first.file else f"{one.place.file}, "
        line = "" if one.place == first else f", {file}ред {one.place.line}"
        by_sentence[f"{one.code}{line}", one.sentence].append(str(one.slip))
    lines = ["вижте"]
    for (where, sentence), slips_there in by_sentence.items():
        lines += (f"    {where}: {sentence}", *(f"      {s}" for s in dict.fromkeys(slips_there)))
    return replace(first, sentence="\n".join(lines))


def _slips(bulgarian: str, words: str, code: str, glossary: Glossary) -> Iterator[Slip]:
    (ours, of_ours), (theirs, of_theirs) = prose_with_places(bulgarian), prose_with_places(words)
    in_prose = [*slips(theirs, code, ours)]
    if code != SOURCE_LANGUAGE:
        in_prose += numbers_differ(ours, theirs, code)
        in_prose += outside(glossary, ours, theirs, code)
    for slip in in_prose:
        if slip.in_bulgarian:
            yield _as_typed(slip, bulgarian, of_ours)
        else:
            yield _as_typed(slip, words, of_theirs)
    if code != SOURCE_LANGUAGE:
        yield from values_differ(bulgarian, words)


def _as_typed(slip: Slip, text: str, places: Sequence[int]) -> Slip:
    """A slip of the words of a text, as and where it stands in the whole of it."""
    if slip.at is None:
        return slip
    start, end = places[slip.at[0]], places[slip.at[1] - 1] + 1
    signs = 0 if slip.exact else SIGNS_AROUND
    return replace(slip, found=around(text, start, end, signs), at=(start, end))
