"""Pure: which sheets of paper a language has. Each belongs to a page, and lies beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath

from site_build.centre_pages import (
    CentrePage,
    Words,
    centre_pages,
    own_form_pages,
    service_pages,
)
from site_build.errors import BuildError
from site_build.leaflets import centre_leaflet, service_leaflet, wall_card
from site_build.paper_forms import paper_form
from site_build.paper_parts import PaperParts
from site_build.typesetting import Paper
from site_model.addresses import centre_url
from site_model.base import MissingTranslationError
from site_model.bound_form import centre_form
from site_model.centre import Centre
from site_model.facts import Content


def papers(
    content: Content, language: str, words: Words, centres: Iterable[Centre] | None = None
) -> Iterator[tuple[str, Paper]]:
    """Each sheet after the page that it belongs to, as `harmanli/pishete-ni/`, of all centres or
    of some.

    Raises BuildError for a text that has no translation.
    """
    parts = PaperParts(content, language, words)
    for centre in content.centres.values() if centres is None else centres:
        pages = (
            *centre_pages(content, language, words),
            *service_pages(centre, language),
            *own_form_pages(centre, content, language),
        )
        for page in pages:
            place = f"{content.centre_path(centre.id)}{page.path}"
            file = f"{place}{PurePosixPath(page.slug).name or 'listovka'}-{centre.id}.pdf"
            try:
                paper = _paper(parts, centre, page, file)
            except MissingTranslationError as error:
                raise BuildError(f"{file}: липсва превод {error}") from error
            if paper:
                yield place, paper


def _paper(parts: PaperParts, centre: Centre, page: CentrePage, file: str) -> Paper | None:
    address = f"{centre_url(parts.content, parts.language, centre.id)}{page.path}"
    if page.form:
        form = centre_form(page.form, centre, parts.content.groups, parts.language)
        return Paper(file, "form.typ", paper_form(parts, form, address))
    if page.service:
        data = service_leaflet(parts, centre, page.service, address)
    elif page.id == "institutions":
        home = centre_url(parts.content, parts.language, centre.id)
        data = wall_card(parts, centre, home)
        folder = PurePosixPath(file).parent
        return Paper(f"{folder}/karta-{centre.id}.pdf", "wall.typ", data, most_pages=1)
    elif page.id == "home":
        data = centre_leaflet(parts, centre, address)
    else:
        return None
    return Paper(file, "leaflet.typ", data, most_pages=1)
