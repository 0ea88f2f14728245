"""What waits for the people who keep the facts: what to ask each centre, what to check again and
what disagrees.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date

from site_build.reports.completeness import Due, contradictions, due, due_for_all, questions
from site_build.wording.facts import day_words
from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.facts.services import Programme, Service
from site_model.field_metadata import words_of
from site_model.problems import models_within
from site_model.text.plurals import count_phrase
from site_model.text.telephones import dial_string, is_bulgarian
from site_model.types import SOURCE_LANGUAGE


def facts_summary(content: Content, today: date) -> str:
    """One line for the person who built the site."""
    centres = content.centres.values()
    months = content.site.check_every_months
    asked = sum(1 for centre in centres for _ in questions(centre))
    late = sum(one.overdue for centre in centres for one in due(centre, months, today))
    late += sum(one.overdue for one in due_for_all(content, today))
    against = sum(1 for centre in centres for _ in contradictions(centre, today))
    return (
        f"Факти: {count_phrase(asked, 'въпрос', 'въпроса')} към центровете, "
        f"{count_phrase(late, 'просрочен', 'просрочени')}, "
        f"{count_phrase(against, 'противоречие', 'противоречия')}."
    )


def facts_listing(content: Content, today: date) -> Iterator[str]:
    """The lines of the report on facts: each centre with its questions, then what all share.

    A star stands before what is asked of every centre.
    """
    yield f"Към {_day(today)}. {facts_summary(content, today)}"
    for centre in content.centres.values():
        yield ""
        yield f"{centre.short_name.to(SOURCE_LANGUAGE)} (content/centres/{centre.id}.yml)"
        yield from _telephones(phone.number for phone in centre.phones)
        yield from _of_centre(centre, content, today)
    yield ""
    yield "За всички центрове"
    yield from _telephones(
        number
        for line in content.help_lines.values()
        for number in (line.number, *line.more_numbers)
    )
    yield from _checks(due_for_all(content, today), _shared_place)


def telephones_listing(content: Content) -> Iterator[str]:
    """For each centre the telephones that were read in its facts."""
    for centre in content.centres.values():
        for line in _telephones(phone.number for phone in centre.phones):
            yield f"{centre.id}:{line.removeprefix(' ')}"


def _telephones(numbers: Iterable[str]) -> Iterator[str]:
    """What pages show and what is dialled for it, so that a person can hold it against paper."""
    read = [
        f"{number} (набира се {dial_string(number)}{'' if is_bulgarian(number) else ', в чужбина'})"
        for number in numbers
    ]
    if read:
        yield f"  Телефони: {', '.join(read)}"


def _of_centre(centre: Centre, content: Content, today: date) -> Iterator[str]:
    def named(field: str) -> str:
        return place_words(field, centre)

    asked = list(questions(centre))
    yield f"  Да се попита ({len(asked)}):" if asked else "  Всичко е казано."
    for question in asked:
        star = "★" if question.asked_of_all else "·"
        yield f"    {star} {question.title}: {question.words}"
    against = list(contradictions(centre, today))
    yield from ["  Противоречия:"] if against else []
    for field, _, sentence in (one.partition(": ") for one in against):
        yield f"    {named(field)}: {with_names(sentence, content)}"
    yield from _checks(due(centre, content.site.check_every_months, today), named)


def _title(field: str) -> str:
    """What the last step of a field as `services.social.status` is called where facts are told."""
    first, *rest = field.split(".")
    if not rest:
        return words_of(Centre, first).title
    return words_of(models_within(Centre.model_fields[first].annotation)[0], rest[-1]).title


def place_words(field: str, centre: Centre) -> str:
    """What a field is called, with the thing that it is of; it may end as `notices № 1` does."""
    if field == "checked_on":
        return "всичко за центъра"
    field, _, number = field.partition(" ")
    kind, *rest = field.split(".")
    if not rest:
        return f"{_title(kind)} {number}".strip()
    items: tuple[Service | Programme, ...] = getattr(centre, kind)
    name = next(one.name for one in items if one.id == rest[0]).to(SOURCE_LANGUAGE)
    place = f"{_title(kind)}, „{' '.join(name.split())}“"
    return f"{place}: {_title(field)}" if rest[1:] else place


def _shared_place(field: str) -> str:
    file, _, code = field.partition(".")
    return f"content/{file}.yml, „{code}“"


def with_names(sentence: str, content: Content) -> str:
    """A sentence with the names of groups in the place of their codes."""
    for code in re.findall("„([a-z0-9_]+)“", sentence):
        if code in content.groups:
            sentence = sentence.replace(code, content.groups[code].plain.to(SOURCE_LANGUAGE))
    return sentence


def _day(day: date) -> str:
    return day_words(day.isoformat())


def _checks(parts: Iterator[Due], named: Callable[[str], str]) -> Iterator[str]:
    """What is overdue, each by itself, and when the next check is due."""
    listed = list(parts)
    late = [one for one in listed if one.overdue]
    yield from ["  Просрочено:"] if late else []
    yield from (f"    {named(one.field)}: трябваше до {_day(one.by)}" for one in late)
    coming = [one for one in listed if not one.overdue]
    if coming:
        yield f"  Следваща проверка: до {_day(coming[0].by)} ({named(coming[0].field)})"
