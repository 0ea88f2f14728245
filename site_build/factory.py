"""Makes the finished files of a centre's pages, or of a language's common ones, and puts them
aside until all are checked.
"""

from __future__ import annotations

import pickle
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from jinja2 import BytecodeCache

from site_build.centre_pages import SEARCH_SLUG
from site_build.crossings import Crossings, Place
from site_build.finish import FinishedPage, look_at
from site_build.frame import EngineSettings
from site_build.gaps import lacking_texts
from site_build.open_data.files import files_of, lists
from site_build.page import file_of
from site_build.photographs import Picture
from site_build.project import Project
from site_build.publishing import NewFiles
from site_build.records import Record, Stamp
from site_build.search_files import centre_of, make_search, search_page
from site_build.typesetting import Typesetter
from site_build.untranslated import plain
from site_build.workshop import Press, Workshop
from site_model.addresses import service_address
from site_model.base import SOURCE_LANGUAGE
from site_model.facts import Content

SEARCH_PATH = f"{SEARCH_SLUG}/"
NOT_FOUND = "404.html"


@dataclass(frozen=True, eq=False)
class Factory:
    """All that pages are made of. It is ready before processes branch off and share it."""

    project: Project
    content: Content
    settings: EngineSettings
    pictures: Mapping[str, Picture]
    assets_mark: str
    compiled: BytecodeCache
    new_files: NewFiles

    @cached_property
    def presses(self) -> dict[str, Press]:
        """The tools of each language."""
        shops = (
            Workshop(
                self.project,
                self.content,
                language.code,
                self.pictures,
                self.assets_mark,
                self.compiled,
            )
            for language in self.content.site.languages
        )
        return {shop.language: Press(shop, self.settings) for shop in shops}

    @lru_cache(maxsize=4)  # noqa: B019 - a factory lives as long as its process
    def _places(self, centre: str | None) -> dict[str, Place]:
        """Which pages a page may link to in each language: the common ones and its centre's own;
        a common page may link to all.
        """
        shown = [centre] if centre else list(self.content.centres)
        places = {}
        for code, press in self.presses.items():
            shop = press.shop
            own = (path for each in shown for path in shop.maker.paths_of(each))
            places[code] = shop.place((*shop.common_paths(), *own))
        return places

    def crossings(self, language: str, centre: str | None) -> Crossings:
        return self.presses[language].shop.crossings(self._places(centre))

    def set_papers(self, place: tuple[str, str]) -> None:
        """Set the papers of a centre in one language; they wait in the cache for its pages."""
        language, centre_id = place
        self.presses[language].shop.printed(
            centre_id, Typesetter(self.project.paper_cache(language))
        )

    def of_centre(self, centre_id: str, language: str, key: str) -> Record:
        """Make the pages and papers of a centre in one language."""
        press, centre = self.presses[language], self.content.centres[centre_id]
        shop = press.shop
        typesetter = Typesetter(self.project.paper_cache(language))
        papers = shop.printed(centre_id, typesetter)
        crossings = self.crossings(language, centre_id)
        made = list(press.of_centre(centre_id, papers))
        pages = [shop.finished(page.path, text, crossings) for page, text in made]
        found = tuple(search_page(page, shop.spoken, language, centre) for page in pages)
        search = self.project.made / language / f"{centre_id}.{key[:16]}.search"
        search.parent.mkdir(parents=True, exist_ok=True)
        search.write_bytes(pickle.dumps(found, protocol=5))
        files = self._put_pages(pages, shop)
        for paper in papers.values():
            files |= self.new_files.put(f"{shop.folder}{paper.file}", paper.pdf)
        if language == SOURCE_LANGUAGE:
            for name, data in files_of(self.content, centre, self.project.today):
                files |= self.new_files.put_text(name, data)
        return Record(
            key,
            tuple(page.file.as_posix() for page, _ in made),
            files,
            look_at(pages, service_address(self.content.site)),
            _untranslated(pages, shop.root),
            typesetter.used,
            search.name,
            lacking_texts(centre, self.content, language),
        )

    def common(self, language: str, key: str, search_files: Iterable[Path]) -> Record:
        """Make the pages of a language that belong to no centre, its index and its 404 page."""
        press = self.presses[language]
        shop = press.shop
        content = shop.spoken
        crossings = self.crossings(language, None)
        places = self._places(None)
        linked = places[language].pages | places[SOURCE_LANGUAGE].pages
        made = list(press.common(linked))
        texts = {page.path: text for page, text in made}
        search_text = texts.pop(SEARCH_PATH)
        pages = [shop.finished(path, text, crossings) for path, text in texts.items()]
        found = [
            search_page(
                page, content, language, centre_of(page.url.removeprefix(shop.root), content)
            )
            for page in pages
        ]
        for file in search_files:
            found += pickle.loads(file.read_bytes())  # noqa: S301 - written by of_centre
        search = make_search(
            tuple(found), content, language, shop.environment, shop.words, self.project.lemmas
        )
        assets = f"{self.presses[SOURCE_LANGUAGE].shop.root}assets/"
        pages.append(shop.finished(SEARCH_PATH, search.on_page(search_text, assets), crossings))
        pages.append(shop.finished(NOT_FOUND, press.frame.static(NOT_FOUND), crossings))
        files = self._put_pages(pages, shop)
        files |= self.new_files.put_text(f"assets/{search.name}", search.data)
        if language == SOURCE_LANGUAGE:
            for name, listed in lists(self.content, self.project.today):
                files |= self.new_files.put_text(name, listed)
        return Record(
            key,
            tuple(page.file.as_posix() for page, _ in made),
            files,
            look_at(pages, service_address(self.content.site)),
            _untranslated(pages, shop.root),
        )

    def _put_pages(self, pages: Iterable[FinishedPage], shop: Workshop) -> dict[str, Stamp]:
        files: dict[str, Stamp] = {}
        for page in pages:
            path = page.url.removeprefix(shop.root)
            files |= self.new_files.put_text(shop.folder + file_of(path), page.html.encode())
        return files


def _untranslated(pages: Iterable[FinishedPage], root: str) -> dict[str, tuple[str, ...]]:
    """Each text that is shown in Bulgarian, with the places of its pages."""
    texts: dict[str, list[str]] = defaultdict(list)
    for page in pages:
        for text in page.untranslated:
            texts[plain(text)].append(page.url.removeprefix(root) or "index")
    return {text: tuple(places) for text, places in texts.items()}
