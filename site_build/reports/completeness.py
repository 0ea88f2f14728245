"""Pure: what a centre has not said yet and what to ask it, what is overdue, what disagrees.

What is asked, and how on the telephone, stands at each field of the model (`Asked`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel

from site_build.wording.facts import day_words
from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.facts.freshness import Checked, next_check, overdue
from site_model.facts.services import Programme, Service
from site_model.field_metadata import Asked, metadata, words_of
from site_model.types import SOURCE_LANGUAGE, Text


@dataclass(frozen=True)
class Question:
    """A fact that is missing: its field, as `services.social.status`, and what to ask.

    `asked_of_all` are the facts that the content model asks of every centre (★); the others are
    worth asking in the same call.
    """

    field: str
    title: str
    words: str
    asked_of_all: bool


@dataclass(frozen=True)
class Due:
    """What is to be checked again, and by which day."""

    field: str
    by: date
    overdue: bool


def questions(centre: Centre) -> Iterator[Question]:
    """What to ask a centre, from the whole to its parts, in the order of the model."""
    yield from _unsaid(centre, "", "")


def _unsaid(item: BaseModel, above: str, name: str) -> Iterator[Question]:
    """What is not said of a thing with this name, then of those inside it."""
    model = type(item)
    for field, known in model.model_fields.items():
        asked = metadata(known, Asked)
        if asked and not any(_is_said(item, one) for one in (field, asked.unless) if one):
            title = words_of(model, field).title
            words = asked.question.format(name=name)
            yield Question(f"{above}{field}", title, words, asked.of_all)
    for field in model.model_fields:
        value = getattr(item, field)
        if isinstance(value, BaseModel):
            yield from _unsaid(value, f"{above}{field}.", name)
        for number, part in enumerate(value if isinstance(value, tuple) else (), 1):
            if isinstance(part, BaseModel):
                own = getattr(part, "name", None)
                step = f"{above}{field}.{getattr(part, 'id', number)}."
                yield from _unsaid(part, step, _said(own) if isinstance(own, Text) else name)


def _is_said(item: BaseModel, field: str) -> bool:
    return getattr(item, field) not in (None, ())


def due(centre: Centre, months: int, today: date) -> Iterator[Due]:
    """When each part of a centre's facts is to be checked again, the earliest first."""
    parts: list[tuple[str, Checked]] = [("checked_on", centre)]
    parts += [(f"services.{item.id}", item) for item in centre.services]
    parts += [(f"programmes.{item.id}", item) for item in centre.programmes]
    yield from _due(parts, months, today)


def due_for_all(content: Content, today: date) -> Iterator[Due]:
    """The same for what all centres share: help lines, kinds of services, law,
    authorities.
    """
    parts: list[tuple[str, Checked]] = [
        *((f"help_lines.{id}", line) for id, line in content.help_lines.items()),
        *((f"service_kinds.{id}", kind) for id, kind in content.kinds.items()),
        *((f"law.{id}", note) for id, note in content.law.items()),
        *((f"authorities.{id}", body) for id, body in content.authorities.items()),
    ]
    yield from _due(parts, content.site.check_every_months, today)


def _due(parts: list[tuple[str, Checked]], months: int, today: date) -> Iterator[Due]:
    found = [
        Due(field, next_check(item, months), overdue(item, months, today)) for field, item in parts
    ]
    yield from sorted(found, key=lambda one: (one.by, one.field))


def contradictions(centre: Centre, today: date) -> Iterator[str]:
    """Sentences on what cannot all be true, or has run out and still stands in the facts."""
    yield from checked_in_future(centre, today)
    yield from _run_out(centre, today)
    yield from _served(centre)
    named: dict[str, int] = {}
    for figure in centre.figures:
        unit = _said(figure.unit)
        if named.setdefault(unit, figure.value) != figure.value:
            yield f"figures: за „{unit}“ пише и {named[unit]}, и {figure.value}. Кое е вярно?"


def checked_in_future(centre: Centre, today: date) -> Iterator[str]:
    """A sentence for each check that would have been made after today."""
    parts = [("checked_on", centre.checked_on)]
    parts += [(f"services.{item.id}.checked_on", item.checked_on) for item in centre.services]
    parts += [(f"programmes.{item.id}.checked_on", item.checked_on) for item in centre.programmes]
    for field, moment in parts:
        if moment > today.isoformat()[: len(moment)]:
            yield f"{field}: проверката е в бъдещето ({day_words(moment)}). Коя е вярната дата?"


def _run_out(centre: Centre, today: date) -> Iterator[str]:
    for number, notice in enumerate(centre.notices, 1):
        if notice.until < today:
            yield f"notices № {number}: изтече на {_day(notice.until)}. Може да се изтрие."
    for service in centre.services:
        status = service.status
        if status and status.until and status.until < today:
            name = _said(service.name)
            yield (
                f"services.{service.id}.status: изтече на {_day(status.until)}. "
                f"Как е сега „{name}“?"
            )
    for programme in centre.programmes:
        if programme.dates and all(one.day < today for one in programme.dates):
            yield (
                f"programmes.{programme.id}.dates: всички дати минаха. "
                f"Кога е следващата на „{_said(programme.name)}“?"
            )


def _served(centre: Centre) -> Iterator[str]:
    """Groups that the centre serves and no service or programme names."""
    items: tuple[Service | Programme, ...] = (*centre.services, *centre.programmes)
    named = {group for item in items for group in item.groups}
    for served in centre.target_groups:
        if named and served.group not in named:
            yield (
                f"target_groups: центърът помага на „{served.group}“, "
                "но никоя услуга и програма не казва, че е за тях. Коя е?"
            )


def _day(day: date) -> str:
    return day_words(day.isoformat())


def _said(text: Text) -> str:
    return " ".join(text.to(SOURCE_LANGUAGE).split())
