"""Pure: which sheets of paper an edition has. Each belongs to a page, and lies beside it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Final

from site_build.edition import Edition
from site_build.pages.page_plan import PlannedPage
from site_build.paper.forms import paper_form
from site_build.paper.leaflets import centre_leaflet, service_leaflet, wall_card
from site_build.paper.parts import PaperParts
from site_build.paper.typesetting import Paper
from site_model.facts.centre import Centre
from site_model.forms.binding import centre_form
from site_model.i18n.languages import START
from site_model.urls import sheet_file

FORM: Final = "form.typ"
"""The template of forms on paper; all other sheets are leaflets."""


def papers(edition: Edition, pages: Iterable[PlannedPage]) -> Iterator[tuple[str, Paper]]:
    """The sheets of these pages of centres, each after the path of its page.

    Only those of which every word is translated: paper has no mark for Bulgarian words in another
    language, as a page has.
    """
    parts = PaperParts(edition)
    for page in pages:
        paper = _paper(parts, page.centre, page) if page.centre else None
        if paper and START not in json.dumps(paper.data, ensure_ascii=False):
            yield page.path, paper


def _paper(parts: PaperParts, centre: Centre, page: PlannedPage) -> Paper | None:
    edition = parts.edition
    file = sheet_file(edition.content, centre.id, page.slug)
    home = edition.centre_url(centre.id)
    address = f"{edition.address}{page.path}"
    if page.form:
        form = centre_form(page.form, centre, edition.content.groups, edition.language)
        return Paper(file, FORM, paper_form(parts, form, address))
    if page.service:
        data = service_leaflet(parts, centre, page.service, address)
    elif page.id == "institutions":
        return Paper(file, "wall.typ", wall_card(parts, centre, home), most_pages=1)
    elif page.id == "home":
        data = centre_leaflet(parts, centre, address)
    else:
        return None
    return Paper(file, "leaflet.typ", data, most_pages=1)
