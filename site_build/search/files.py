"""After the engine: the search index beside the assets, and the site index on the search page."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jinja2 import Environment

from site_build.edition import Edition
from site_build.html.finish import FinishedPage
from site_build.search.index import SearchPage, make_index, read_page
from site_model.facts.centre import Centre
from site_model.i18n.languages import strip_flags
from site_model.i18n.typography import in_one_piece
from site_model.types import Words

INDEX_MARK = "search-index.json"
_LIST_MARK = '<div id="site-index">'


@dataclass(frozen=True)
class Group:
    """Pages that stand together in the site index; `id` is the centre's or ""."""

    id: str
    title: str
    pages: tuple[SearchPage, ...]


def search_page(
    finished: FinishedPage, edition: Edition, centre: Centre | None = None
) -> SearchPage:
    """What the index needs of a finished page; `centre` is whose page it is."""
    site_name = edition.translate(edition.site.name)
    home = edition.content.centre_path(centre.id) if centre else None
    page = read_page(finished.tree, finished.url, centre.id if centre else None, site_name, home)
    if centre and finished.url == edition.centre_root(centre.id):
        short_name = edition.translate(edition.content.centres[centre.id].short_name)
        page = replace(page, title=f"{page.title} ({strip_flags(short_name)})")
    return page


@dataclass(frozen=True)
class Search:
    """The index of a language: its name among the assets, and what it holds; `listing` is what
    the search page shows without it.
    """

    name: str
    data: bytes
    listing: str

    def on_page(self, text: str, assets: str) -> str:
        """The search page with the list, and with the address of the index below `assets`."""
        named = text.replace(INDEX_MARK, f"{assets}{self.name}", 1)
        return named.replace(_LIST_MARK, f"{_LIST_MARK}\n{self.listing}", 1)


def make_search(
    pages: Iterable[SearchPage], edition: Edition, environment: Environment, kept: Path | None
) -> Search:
    """Index the pages of an edition. The index is named by its content, so a browser may keep it
    for ever. The script prints from it, so numbers are in one piece here as on all pages.

    `environment` is that of the page templates.
    """
    pages = tuple(sorted(pages, key=lambda page: f"{page.url}index.html".split("/")))
    index = make_index(edition, pages, script_words(edition.gettext), kept=kept)
    text = json.dumps(index, ensure_ascii=False, separators=(",", ":"))
    data = in_one_piece(strip_flags(text)).encode()
    listing = environment.get_template("site_index.html").render(
        lines=edition.content.help_lines.values(),
        answers=index["answers"],
        groups=_groups(pages, edition),
    )
    mark = hashlib.sha256(data).hexdigest()[:8]
    return Search(f"search-{edition.language}.{mark}.json", data, listing)


def _groups(pages: tuple[SearchPage, ...], edition: Edition) -> list[Group]:
    """The centres' pages, each centre with its own, then the common ones."""
    of_centre: dict[str | None, list[SearchPage]] = defaultdict(list)
    for page in pages:
        of_centre[page.centre].append(page)
    groups = [
        Group(centre.id, edition.translate(centre.name.text), tuple(of_centre[centre.id]))
        for centre in edition.content.centres.values()
    ]
    _ = edition.gettext
    common = _("За този сайт") if edition.content.alone else _("За всички центрове")
    return [*groups, Group("", common, tuple(of_centre[None]))]


def script_words(_: Words) -> dict[str, Any]:
    """The sentences that the page script says."""
    return {
        "help": _("Помощ сега"),
        "call": _("Обадете се на %(number)s, ако %(when)s.")
        % {"number": "{number}", "when": "{when}"},
        "results": _("Намерени страници"),
        "found": _("Намерени страници:"),
        "near": _("Няма страница точно с тези думи. Ето най-близкото."),
        "none": _("Няма страница с тези думи. Ето към кого да се обърнете."),
    }
