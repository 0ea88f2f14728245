"""After the engine: the search index beside the assets, and the site index on the search page."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Set
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jinja2 import Environment
from lxml import html

from site_build.centre_pages import SEARCH_SLUG, Words, own_steps
from site_build.search_index import SearchPage, make_index, read_page
from site_model.addresses import site_root
from site_model.base import SOURCE_LANGUAGE
from site_model.facts import Content
from site_model.languages import unmarked

INDEX_MARK = "search-index.json"
_LIST_MARK = '<div id="site-index">'


@dataclass(frozen=True)
class Group:
    """Pages that stand together in the site index; `id` is the centre's or ""."""

    id: str
    title: str
    pages: tuple[SearchPage, ...]


def search_page_file(built: Path, language: str) -> Path:
    """The built search page of a language."""
    return _folder(built, language) / SEARCH_SLUG / "index.html"


def _folder(built: Path, language: str) -> Path:
    return built if language == SOURCE_LANGUAGE else built / language


def write_search(
    built: Path, content: Content, language: str, environment: Environment, _: Words, kept: Path
) -> None:
    """Index the built pages of a language and finish its search page.

    `environment` is that of the page templates. The index is named by its content, so a browser
    may keep it for ever.
    """
    folder = _folder(built, language)
    root = site_root(content.site, language)
    pages = tuple(_read_pages(folder, content, language, root))
    index = make_index(content, language, root, pages, script_words(_), kept=kept)
    data = unmarked(json.dumps(index, ensure_ascii=False, separators=(",", ":"))).encode()
    name = f"search-{language}.{hashlib.sha256(data).hexdigest()[:8]}.json"
    (built / "assets").mkdir(exist_ok=True)
    (built / "assets" / name).write_bytes(data)
    place = f"{site_root(content.site, SOURCE_LANGUAGE)}assets/{name}"
    listing = environment.get_template("site_index.html").render(
        lines=content.help_lines.values(),
        answers=index["answers"],
        groups=_groups(pages, content, language, _),
    )
    file = search_page_file(built, language)
    text = file.read_text(encoding="utf-8")
    text = text.replace(INDEX_MARK, place, 1).replace(_LIST_MARK, f"{_LIST_MARK}\n{listing}", 1)
    file.write_text(text, encoding="utf-8")


def _read_pages(folder: Path, content: Content, language: str, root: str) -> list[SearchPage]:
    site_name = content.site.name.to(language)
    codes = [other.code for other in content.site.languages]
    others = {folder / other for other in codes if other != language}
    own = own_steps(content)
    found = []
    for path in sorted(folder.rglob("index.html")):
        place = path.relative_to(folder)
        if place.parts[0] == SEARCH_SLUG or others & set(path.parents):
            continue
        tree = html.parse(str(path), html.HTMLParser(encoding="utf-8")).getroot()
        centre = _centre_of(place, content, own)
        url = root + place.as_posix().removesuffix("index.html")
        home = content.centre_path(centre) if centre else None
        page = read_page(tree, url, centre, site_name, home)
        if centre and url == f"{root}{home}":
            short_name = content.centres[centre].short_name.to(language)
            page = replace(page, title=f"{page.title} ({short_name})")
        found.append(page)
    return found


def _centre_of(place: Path, content: Content, own: Set[str]) -> str | None:
    """The centre whose page stands at `place`; `own` are the first steps to a centre's pages."""
    if content.alone:
        first = place.parts[0] if len(place.parts) > 1 else ""
        return content.alone.id if first in own else None
    return place.parts[0] if place.parts[0] in content.centres else None


def _groups(
    pages: tuple[SearchPage, ...], content: Content, language: str, _: Words
) -> list[Group]:
    """The centres' pages, each centre with its own, then the common ones."""
    groups = [
        Group(centre.id, centre.name.text.to(language), _of(pages, centre.id))
        for centre in content.centres.values()
    ]
    common = _("За този сайт") if content.alone else _("За всички центрове")
    return [*groups, Group("", common, _of(pages, None))]


def _of(pages: tuple[SearchPage, ...], centre: str | None) -> tuple[SearchPage, ...]:
    return tuple(page for page in pages if page.centre == centre)


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
