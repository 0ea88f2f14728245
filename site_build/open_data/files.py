"""Which files of data a site has, and where they lie below it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from site_build.edition import Edition
from site_build.open_data import hsds
from site_build.open_data.calendars import calendar, has_dates
from site_build.open_data.cards import contact_card
from site_build.open_data.ids import stable_id
from site_build.open_data.tables import centres_table, offers_table
from site_model.facts.centre import Centre
from site_model.urls import calendar_file, card_file


def data_files(edition: Edition) -> Iterator[tuple[str, bytes]]:
    """Every file with its place. All of them are of the Bulgarian edition.

    Lists hold one line for each; all that belongs to a centre stands in a file of its own, so
    that one changed fact changes one large file and no more.
    """
    yield from lists(edition)
    for centre in edition.content.centres.values():
        yield from files_of(edition, centre)


def lists(edition: Edition) -> Iterator[tuple[str, bytes]]:
    """The files that tell of all centres."""
    centres = edition.content.centres.values()
    yield (
        f"{hsds.DATA}/organizations.json",
        _json(hsds.page(hsds.basic_organization(edition, centre) for centre in centres)),
    )
    yield (
        f"{hsds.DATA}/services.json",
        _json(
            hsds.page(
                hsds.basic_service(edition, centre, service)
                for centre in centres
                for service in centre.services
            )
        ),
    )
    yield f"{hsds.DATA}/taxonomies.json", _json(hsds.page(hsds.taxonomies(edition)))
    yield (
        f"{hsds.DATA}/taxonomy_terms.json",
        _json(hsds.page(hsds.taxonomy_terms(edition.content))),
    )
    yield f"{hsds.DATA}/tsentrove.csv", centres_table(edition)
    yield f"{hsds.DATA}/uslugi-i-programi.csv", offers_table(edition)


def files_of(edition: Edition, centre: Centre) -> Iterator[tuple[str, bytes]]:
    """The files that tell of one centre."""
    id = stable_id("organization", centre.id)
    yield f"{hsds.DATA}/organizations/{id}.json", _json(hsds.organization(edition, centre))
    yield card_file(edition.content, centre.id), contact_card(edition, centre)
    if has_dates(centre):
        yield calendar_file(edition.content, centre.id), calendar(edition, centre)


def _json(value: Any) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
