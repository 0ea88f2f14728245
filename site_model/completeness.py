"""Pure: what a centre has not said yet and what to ask it, what is overdue, what disagrees.

The facts asked of every centre are those of the content model (★ in the reference); questions
are worded for a telephone call.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from site_model.base import SOURCE_LANGUAGE, Text
from site_model.centre import Centre, Programme, Service
from site_model.facts import Content
from site_model.freshness import Checked, next_check, overdue

OF_CENTRE: Final = {
    "phones": "На кой телефон да ви търсят хората? Има ли и втори?",
    "email": "На кой имейл да ви пишат хората?",
    "address": "На коя улица и номер сте и как се стига дотам?",
    "opening_hours": "В кои дни и от колко до колко часа приемате? А на празници?",
    "accessibility": "Може ли да се влезе с количка? Има ли рампа, асансьор, тоалетна?",
    "fee": "Плаща ли се за някоя от услугите?",
    "documents": "Нужни ли са документи за първата среща и кои?",
    "region": "В коя област сте?",
    "area": "За кои общини работите?",
    "target_groups": "На кого помагате?",
    "routes": "Може ли човек да дойде сам? Кой друг насочва към вас и по какви стъпки?",
    "team": "Кой работи при вас и по колко души?",
    "reply_time": "До колко дни отговаряте на писмо?",
    "controller": "Кой отговаря за личните данни: вие или общината?",
}
OF_STATEMENTS: Final = {
    "data_protection_officer": "Кой отговаря за защитата на данните и как се стига до него?",
    "mailbox_retention": "Колко време пазите писмата в пощата си?",
    "complaints": "Кой при вас приема похвали и оплаквания?",
}
OF_SERVICE: Final = {
    "status": "Работи ли сега „{name}“: изцяло, частично или е спряна? До кога?",
    "access": "Нужна ли е предварителна оценка за „{name}“, или човек може да дойде направо?",
    "groups": "За кого е „{name}“?",
    "where": "Къде се провежда „{name}“?",
    "legal_name": "Как се нарича „{name}“ в документите?",
    "kind": "Към кой вид от списъка (service_kinds.yml) спада „{name}“?",
}
OF_PROGRAMME: Final = {
    "description": "Какво се прави в „{name}“?",
    "audience": "За кого е „{name}“?",
    "dates": "Кога започва следващата група на „{name}“?",
}


ASKED_OF_ALL: Final = frozenset(
    (
        *("phones", "email", "address", "region", "accessibility", "fee", "documents"),
        *("target_groups", "routes", "team", "status", "access", "groups", "description"),
    )
)
"""The ★ facts; the others are worth asking in the same call."""


@dataclass(frozen=True)
class Question:
    """A fact that is missing: its field, as `services.social.status`, and what to ask."""

    field: str
    words: str

    @property
    def asked_of_all(self) -> bool:
        return self.field.rpartition(".")[2] in ASKED_OF_ALL


@dataclass(frozen=True)
class Due:
    """What is to be checked again, and by which day."""

    field: str
    by: date
    overdue: bool


def questions(centre: Centre) -> Iterator[Question]:
    """What to ask a centre, from the whole to its parts."""
    for name, words in OF_CENTRE.items():
        if not getattr(centre, name):
            yield Question(name, words)
    for name, words in OF_STATEMENTS.items():
        if not getattr(centre.statements, name):
            yield Question(f"statements.{name}", words)
    for service in centre.services:
        yield from _of_part("services", service, OF_SERVICE)
    for programme in centre.programmes:
        yield from _of_part("programmes", programme, OF_PROGRAMME)


def _of_part(kind: str, item: Service | Programme, asked: dict[str, str]) -> Iterator[Question]:
    for name, words in asked.items():
        said = getattr(item, name) or (name == "audience" and item.groups)
        if not said:
            yield Question(f"{kind}.{item.id}.{name}", words.format(name=_said(item.name)))


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
    yield from _checked_when(centre, today)
    yield from _run_out(centre, today)
    yield from _served(centre)
    named: dict[str, int] = {}
    for figure in centre.figures:
        unit = _said(figure.unit)
        if named.setdefault(unit, figure.value) != figure.value:
            yield f"figures: за „{unit}“ пише и {named[unit]}, и {figure.value}. Кое е вярно?"


def _checked_when(centre: Centre, today: date) -> Iterator[str]:
    parts = [("checked_on", centre.checked_on)]
    parts += [(f"services.{item.id}.checked_on", item.checked_on) for item in centre.services]
    parts += [(f"programmes.{item.id}.checked_on", item.checked_on) for item in centre.programmes]
    for field, moment in parts:
        if moment > today.isoformat()[: len(moment)]:
            yield f"{field}: проверката е в бъдещето ({moment}). Коя е вярната дата?"


def _run_out(centre: Centre, today: date) -> Iterator[str]:
    for number, notice in enumerate(centre.notices, 1):
        if notice.until < today:
            yield f"notices № {number}: изтече на {notice.until}. Може да се изтрие."
    for service in centre.services:
        status = service.status
        if status and status.until and status.until < today:
            name = _said(service.name)
            yield f"services.{service.id}.status: изтече на {status.until}. Как е сега „{name}“?"
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


def _said(text: Text) -> str:
    return " ".join(text.to(SOURCE_LANGUAGE).split())
