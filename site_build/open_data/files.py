"""Which files of data a site has, and where they lie below it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from site_build.open_data import hsds
from site_build.open_data.calendars import calendar, has_dates
from site_build.open_data.cards import contact_card
from site_build.open_data.ids import stable_id
from site_build.open_data.tables import centres_table, offers_table
from site_model.centre import Centre
from site_model.facts import Content


def data_files(content: Content, today: date) -> Iterator[tuple[str, bytes]]:
    """Every file with its place, as of the day `today`.

    Lists hold one line for each; all that belongs to a centre stands in a file of its own, so
    that one changed fact changes one large file and no more.
    """
    yield from lists(content, today)
    for centre in content.centres.values():
        yield from files_of(content, centre, today)


def lists(content: Content, today: date) -> Iterator[tuple[str, bytes]]:
    """The files that tell of all centres."""
    centres = content.centres.values()
    yield (
        "danni/organizations.json",
        _json(hsds.page(hsds.basic_organization(content, centre) for centre in centres)),
    )
    yield (
        "danni/services.json",
        _json(
            hsds.page(
                hsds.basic_service(content, centre, service, today)
                for centre in centres
                for service in centre.services
            )
        ),
    )
    yield "danni/taxonomies.json", _json(hsds.page(hsds.taxonomies(content)))
    yield (
        "danni/taxonomy_terms.json",
        _json(hsds.page(hsds.taxonomy_terms(content))),
    )
    yield "danni/tsentrove.csv", centres_table(content)
    yield "danni/uslugi-i-programi.csv", offers_table(content)


def files_of(content: Content, centre: Centre, today: date) -> Iterator[tuple[str, bytes]]:
    """The files that tell of one centre."""
    id = stable_id("organization", centre.id)
    yield f"danni/organizations/{id}.json", _json(hsds.organization(content, centre, today))
    yield card_file(content, centre.id), contact_card(content, centre)
    if has_dates(centre):
        yield calendar_file(content, centre.id), calendar(content, centre)


def card_file(content: Content, centre: str) -> str:
    """Where the card of a centre lies."""
    return f"{content.centre_path(centre)}{centre}.vcf"


def calendar_file(content: Content, centre: str) -> str:
    """Where the calendar of a centre lies, if its programmes have dates."""
    return f"{content.centre_path(centre)}programi-{centre}.ics"


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
