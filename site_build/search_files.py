"""After the engine: the search index beside the assets, and the site index on the search page."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jinja2 import Environment

from site_build.centre_pages import Words, own_steps
from site_build.finish import FinishedPage
from site_build.search_index import SearchPage, make_index, read_page
from site_model.addresses import site_root
from site_model.centre import Centre
from site_model.facts import Content
from site_model.languages import unmarked, with_language

INDEX_MARK = "search-index.json"
_LIST_MARK = '<div id="site-index">'


@dataclass(frozen=True)
class Group:
    """Pages that stand together in the site index; `id` is the centre's or ""."""

    id: str
    title: str
    pages: tuple[SearchPage, ...]


def search_page(
    finished: FinishedPage, content: Content, language: str, centre: Centre | None
) -> SearchPage:
    """What the index needs of a finished page; `centre` is whose page it is."""
    site_name = with_language(content.site.name, language).to(language)
    home = content.centre_path(centre.id) if centre else None
    page = read_page(finished.tree, finished.url, centre.id if centre else None, site_name, home)
    if centre and finished.url == f"{site_root(content.site, language)}{home}":
        short_name = with_language(centre.short_name, language).to(language)
        page = replace(page, title=f"{page.title} ({unmarked(short_name)})")
    return page


def centre_of(path: str, content: Content) -> Centre | None:
    """The centre whose page stands at `path` below the language's root."""
    first = path.partition("/")[0]
    if content.alone:
        return content.alone if first in own_steps(content) else None
    return content.centres.get(first)


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
    pages: tuple[SearchPage, ...],
    content: Content,
    language: str,
    environment: Environment,
    _: Words,
    kept: Path,
) -> Search:
    """Index the pages of a language. The index is named by its content, so a browser may keep it
    for ever.

    `environment` is that of the page templates, `content` has the language everywhere.
    """
    pages = tuple(sorted(pages, key=lambda page: f"{page.url}index.html".split("/")))
    root = site_root(content.site, language)
    index = make_index(content, language, root, pages, script_words(_), kept=kept)
    data = unmarked(json.dumps(index, ensure_ascii=False, separators=(",", ":"))).encode()
    listing = environment.get_template("site_index.html").render(
        lines=content.help_lines.values(),
        answers=index["answers"],
        groups=_groups(pages, content, language, _),
    )
    mark = hashlib.sha256(data).hexdigest()[:8]
    return Search(f"search-{language}.{mark}.json", data, listing)


def _groups(
    pages: tuple[SearchPage, ...], content: Content, language: str, _: Words
) -> list[Group]:
    """The centres' pages, each centre with its own, then the common ones."""
    of_centre: dict[str | None, list[SearchPage]] = defaultdict(list)
    for page in pages:
        of_centre[page.centre].append(page)
    groups = [
        Group(centre.id, centre.name.text.to(language), tuple(of_centre[centre.id]))
        for centre in content.centres.values()
    ]
    common = _("За този сайт") if content.alone else _("За всички центрове")
    return [*groups, Group("", common, tuple(of_centre[None]))]


def script_words(_: Words) -> dict[str, Any]:
    """The sentences that the page script says."""
    return {
        "help": _("Помощ сега"),
        "call": _("Обадете се на"),
        "if": _("ако"),
        "results": _("Намерени страници"),
        "found": _("Намерени страници:"),
        "near": _("Няма страница точно с тези думи. Ето най-близкото."),
        "none": _("Няма страница с тези думи. Ето към кого да се обърнете."),
    }
