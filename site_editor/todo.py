"""What is to be done for a centre: the first page of the editor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from site_build.reports.builds import papers_of
from site_build.reports.completeness import contradictions, due, questions
from site_build.reports.facts import place_words, with_names
from site_build.wording.facts import day_words
from site_editor.draft import CentreFile
from site_editor.facts_to_form import without_files
from site_editor.sections import Section, section_of
from site_editor.translations.texts import old_texts, translated_texts
from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.facts.freshness import current_notices
from site_model.i18n.languages import in_bulgarian
from site_model.types import SOURCE_LANGUAGE


@dataclass(frozen=True)
class Missing:
    """A fact that is not said, what to ask, and where the answer goes."""

    title: str
    question: str
    asked_of_all: bool
    section: Section | None


@dataclass(frozen=True)
class Check:
    """What is to be checked again, by which day; `what` is the name that „Още е вярно“ takes."""

    what: str
    title: str
    by: str
    overdue: bool


@dataclass(frozen=True)
class Sentence:
    """Something to look at, on a page of the editor."""

    words: str
    section: Section | None


@dataclass(frozen=True)
class Older:
    """A text that changed while its translations stayed; the names of their languages, by code."""

    place: str
    where: str
    bulgarian: str
    languages: Mapping[str, str]


@dataclass(frozen=True)
class Todo:
    """All that waits for a centre, and when the next check is due."""

    missing: tuple[Missing, ...]
    checks: tuple[Check, ...]
    against: tuple[Sentence, ...]
    ending: tuple[Sentence, ...]
    older: tuple[Older, ...]
    papers: tuple[str, ...]


def todo(file: CentreFile) -> Todo:
    """What is missing (★ first), overdue, in disagreement, which notices end when, what is
    translated of an older text, and what of the sheets of paper has to be fixed.
    """
    content, centre, today = file.content, file.centre, file.project.today
    missing = [
        Missing(one.title, without_files(one.words), one.asked_of_all, section_of(one.field))
        for one in questions(centre)
    ]
    return Todo(
        tuple(sorted(missing, key=lambda one: not one.asked_of_all)),
        tuple(checks(content, centre, today)),
        tuple(_against(content, centre, today)),
        tuple(
            Sentence(f"{_day(one.until)}: {one.text.to(SOURCE_LANGUAGE)}", section_of("notices"))
            for one in current_notices(centre, today)
        ),
        tuple(_older(file)),
        papers_of(file.project, file.name),
    )


def _older(file: CentreFile) -> Iterator[Older]:
    """Each text once, with the languages whose translation is of an older one."""
    found: dict[str, Older] = {}
    for language, old in old_texts(file.content, file.name).items():
        for one in translated_texts(file.data, language, old):
            if one.old:
                known = found.get(one.place) or Older(one.place, one.where, one.bulgarian, {})
                names = {**known.languages, language: in_bulgarian(language)}
                found[one.place] = replace(known, languages=names)
    yield from found.values()


def checks(content: Content, centre: Centre, today: date) -> Iterator[Check]:
    """All parts of a centre's facts by the day on which they are to be checked."""
    for one in due(centre, content.site.check_every_months, today):
        yield Check(one.field, place_words(one.field, centre), _day(one.by), one.overdue)


def _against(content: Content, centre: Centre, today: date) -> Iterator[Sentence]:
    for line in contradictions(centre, today):
        field, _, sentence = line.partition(": ")
        words = f"{_named(field, centre)}: {with_names(sentence, content)}"
        yield Sentence(words, section_of(field))


def _named(field: str, centre: Centre) -> str:
    """Where a contradiction is; a check in the future is one of the thing that was checked."""
    return place_words(
        field if field == "checked_on" else field.removesuffix(".checked_on"), centre
    )


def _day(day: date) -> str:
    return day_words(day.isoformat())
