"""The facts as two tables for people with a spreadsheet program, with Bulgarian headings.

HSDS has tables too, two dozen that name each other by UUID: they are for programs, and programs
have the JSON. A person opens one file and reads a line: hence one table of centres and one of
services and programmes, in Bulgarian.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from site_build.edition import Edition
from site_build.open_data.hsds import one_line
from site_build.open_data.ids import stable_id
from site_build.wording.hours import hours_sentence
from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.facts.shared import groups_of
from site_model.text.csv_tables import Row, csv_table
from site_model.urls import CENTRE_SLUGS, service_slug

CENTRE_HEADINGS = (
    "UUID на центъра",
    "Център",
    "Населено място",
    "Област",
    "С какво помага",
    "На кого помага",
    "Телефони",
    "Имейл",
    "Адрес",
    "Работно време",
    "Достъп с количка",
    "Такса",
    "Документи",
    "За кои общини",
    "Общини",
    "Проверено",
    "Страница",
)
OFFER_HEADINGS = (
    "UUID",
    "UUID на центъра",
    "Център",
    "Вид",
    "Име",
    "Име в документите",
    "Вид услуга",
    "Описание",
    "За кого",
    "Къде или как",
    "Проверено",
    "Страница",
)


def centres_table(edition: Edition) -> bytes:
    """A line for each centre; a cell is empty where the centre has not said it."""
    return csv_table(
        CENTRE_HEADINGS, (_centre(edition, one) for one in edition.content.centres.values())
    )


def offers_table(edition: Edition) -> bytes:
    """A line for each service and each programme."""
    return csv_table(
        OFFER_HEADINGS,
        (row for centre in edition.content.centres.values() for row in _offers(edition, centre)),
    )


def _centre(edition: Edition, centre: Centre) -> Row:
    return (
        stable_id("organization", centre.id),
        one_line(centre.name),
        one_line(centre.place),
        one_line(centre.region),
        one_line(centre.summary),
        _groups(edition.content, centre, (served.group for served in centre.target_groups)),
        # A word before the number keeps its nought and its plus in every program and language.
        ", ".join(f"тел. {phone.number}" for phone in centre.phones),
        centre.email.address if centre.email else None,
        one_line(centre.address),
        hours_sentence(centre, edition.language, edition.gettext),
        one_line(centre.accessibility),
        one_line(centre.fee),
        one_line(centre.documents),
        one_line(centre.area),
        ", ".join(one_line(one.name) or "" for one in centre.municipalities),
        edition.date(centre.checked_on),
        edition.centre_url(centre.id),
    )


def _offers(edition: Edition, centre: Centre) -> Iterator[Row]:
    whose = (stable_id("organization", centre.id), one_line(centre.name))
    for service in centre.services:
        yield (
            stable_id("service", centre.id, service.id),
            *whose,
            "услуга",
            one_line(service.name),
            one_line(service.legal_name),
            one_line(edition.content.kinds[service.kind].plain) if service.kind else None,
            one_line(service.description),
            _groups(edition.content, centre, service.groups),
            one_line(service.where),
            edition.date(service.checked_on),
            edition.page_url(centre.id, service_slug(service.slug)),
        )
    programmes = edition.page_url(centre.id, CENTRE_SLUGS["programmes"])
    for programme in centre.programmes:
        yield (
            stable_id("program", centre.id, programme.id),
            *whose,
            "програма",
            one_line(programme.name),
            None,
            None,
            one_line(programme.description),
            one_line(programme.audience) or _groups(edition.content, centre, programme.groups),
            one_line(programme.format),
            edition.date(programme.checked_on),
            f"{programmes}#{programme.id}",
        )


def _groups(content: Content, centre: Centre, ids: Iterable[str]) -> str:
    served = groups_of(centre, content.groups)
    return "; ".join(one_line(served[id].plain) or "" for id in ids)
