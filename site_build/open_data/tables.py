"""The facts as two tables for people with a spreadsheet program, with Bulgarian headings.

HSDS has tables too, two dozen that name each other by UUID: they are for programs, and programs
have the JSON. A person opens one file and reads a line: hence one table of centres and one of
services and programmes, in Bulgarian. Semicolons and a byte order mark, because that is what
Excel opens with a Bulgarian Windows; other programs ask, or notice.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator
from io import StringIO

from site_build.hours_words import hours_sentence
from site_build.open_data.hsds import said
from site_build.open_data.ids import stable_id
from site_model.addresses import centre_url
from site_model.base import SOURCE_LANGUAGE
from site_model.centre import Centre
from site_model.facts import Content

_MARK = "\ufeff"
# A cell that begins so is a formula to a spreadsheet program (OWASP, „CSV Injection“).
_FORMULA = re.compile(r"^\s*[=+\-@\t\r]")

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
Row = tuple[str | None, ...]


def centres_table(content: Content) -> bytes:
    """A line for each centre; a cell is empty where the centre has not said it."""
    return table(CENTRE_HEADINGS, (_centre(content, one) for one in content.centres.values()))


def offers_table(content: Content) -> bytes:
    """A line for each service and each programme."""
    return table(
        OFFER_HEADINGS,
        (row for centre in content.centres.values() for row in _offers(content, centre)),
    )


def table(headings: Row, rows: Iterable[Row]) -> bytes:
    """A table as RFC 4180 writes it, but with semicolons; no cell is read as a formula."""
    text = StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerows([harmless(cell) for cell in row] for row in (headings, *rows))
    return (_MARK + text.getvalue()).encode()


def harmless(cell: str | None) -> str:
    """A cell that no spreadsheet program takes for a formula."""
    text = cell or ""
    return f"'{text}" if _FORMULA.match(text) else text


def _centre(content: Content, centre: Centre) -> Row:
    return (
        stable_id("organization", centre.id),
        said(centre.name),
        said(centre.place),
        said(centre.region),
        said(centre.summary),
        _groups(content, (served.group for served in centre.target_groups)),
        ", ".join(phone.number for phone in centre.phones),
        centre.email.address if centre.email else None,
        said(centre.address),
        hours_sentence(centre, SOURCE_LANGUAGE, str),
        said(centre.accessibility),
        said(centre.fee),
        said(centre.documents),
        said(centre.area),
        ", ".join(said(one.name) or "" for one in centre.municipalities),
        centre.checked_on,
        _address(content, centre),
    )


def _offers(content: Content, centre: Centre) -> Iterator[Row]:
    whose = (stable_id("organization", centre.id), said(centre.name))
    for service in centre.services:
        yield (
            stable_id("service", centre.id, service.id),
            *whose,
            "услуга",
            said(service.name),
            said(service.legal_name),
            said(content.kinds[service.kind].plain) if service.kind else None,
            said(service.description),
            _groups(content, service.groups),
            said(service.where),
            service.checked_on,
            f"{_address(content, centre)}uslugi/{service.slug}/",
        )
    for programme in centre.programmes:
        yield (
            stable_id("program", centre.id, programme.id),
            *whose,
            "програма",
            said(programme.name),
            None,
            None,
            said(programme.description),
            said(programme.audience) or _groups(content, programme.groups),
            said(programme.format),
            programme.checked_on,
            f"{_address(content, centre)}programi/#{programme.id}",
        )


def _groups(content: Content, ids: Iterable[str]) -> str:
    return "; ".join(said(content.groups[id].plain) or "" for id in ids)


def _address(content: Content, centre: Centre) -> str:
    return centre_url(content, SOURCE_LANGUAGE, centre.id)
