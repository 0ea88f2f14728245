"""Makes the finished files of a centre's pages, or of a language's common ones, and puts them
aside until all are checked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from jinja2 import BytecodeCache

from site_build.cache.store import Store
from site_build.edition import Edition
from site_build.edition_pages import NOT_FOUND, EditionTools, Renderer, edition_of
from site_build.html.finish import Findings, FinishedPage, look_at
from site_build.html.links import LanguageLinks, Place
from site_build.html.untranslated import plain
from site_build.open_data.files import files_of, lists
from site_build.output.publish import NewFiles, Stamp
from site_build.pages.page import PrintedPaper, file_of
from site_build.pages.photographs import Picture
from site_build.paper.typesetting import PaperNotice, Typesetter
from site_build.project import Project
from site_build.search.files import make_search, search_page
from site_build.search.index import SearchPage
from site_build.translation.gaps import lacking_texts
from site_model.content import Content
from site_model.types import SOURCE_LANGUAGE, Moment
from site_model.urls import COMMON_PAGES, service_address

SEARCH_PATH = f"{COMMON_PAGES['search']}/"


@dataclass(frozen=True)
class Record:
    """The pages of one centre in one language, or of a language those that belong to no centre.

    `pages` are days of checking by Markdown file, `unlisted` those that no sitemap names; `files`
    lie below the site, `papers` are keys in the cache of papers. `untranslated` maps texts to the
    pages that show them in Bulgarian, and `lacking` are those that keep forms back. `notices` are
    of papers.
    """

    pages: Mapping[str, Moment | None]
    files: Mapping[str, Stamp]
    findings: Findings
    untranslated: Mapping[str, tuple[str, ...]]
    papers: frozenset[str] = frozenset()
    notices: tuple[PaperNotice, ...] = ()
    lacking: tuple[str, ...] = ()
    unlisted: frozenset[str] = frozenset()


@dataclass(frozen=True, eq=False)
class PageFiles:
    """All that pages are made of. It is ready before processes branch off and share it."""

    project: Project
    content: Content
    renderer: Callable[[EditionTools], Renderer]
    pictures: Mapping[str, Picture]
    assets_mark: str
    compiled: BytecodeCache
    new_files: NewFiles
    made: Store

    @cached_property
    def renderers(self) -> dict[str, Renderer]:
        """The tools of each language."""
        found = {}
        for code in (language.code for language in self.content.site.languages):
            edition = edition_of(self.project, self.content, code)
            tools = EditionTools(
                self.project, edition, self.pictures, self.assets_mark, self.compiled
            )
            found[code] = self.renderer(tools)
        return found

    @property
    def tools(self) -> dict[str, EditionTools]:
        return {code: renderer.tools for code, renderer in self.renderers.items()}

    @property
    def editions(self) -> dict[str, Edition]:
        return {code: tools.edition for code, tools in self.tools.items()}

    @lru_cache(maxsize=4)  # noqa: B019 - they live as long as its process
    def _places(self, centre: str | None) -> dict[str, Place]:
        """Which pages a page may link to in each language: the common ones and its centre's own;
        a common page may link to all.
        """
        shown = [centre] if centre else list(self.content.centres)
        places = {}
        for code, tools in self.tools.items():
            own = (page for each in shown for page in tools.plan.of_centre(each))
            places[code] = tools.place(page.path for page in (*tools.plan.common, *own))
        return places

    def language_links(self, language: str, centre: str | None) -> LanguageLinks:
        return self.tools[language].language_links(self._places(centre))

    def linked_pages(self, language: str) -> frozenset[str]:
        """The paths of pages to which a common page of this language may link."""
        places = self._places(None)
        return places[language].pages | places[SOURCE_LANGUAGE].pages

    def set_papers(self, place: tuple[str, str]) -> None:
        """Set the papers of a centre in one language; they wait in the cache for its pages."""
        language, centre_id = place
        self.tools[language].typeset(centre_id, self._typesetter(language))

    def _typesetter(self, language: str) -> Typesetter:
        trial = self.project.trial is not None
        return Typesetter(self.project.paper_cache(language), trial=trial)

    def of_centre(self, place: tuple[str, str], key: str) -> Record:
        """Make the pages and papers of a centre in one language; `key` is theirs."""
        language, centre_id = place
        centre, tools = self.content.centres[centre_id], self.tools[language]
        edition, typesetter = tools.edition, self._typesetter(language)
        papers = tools.typeset(centre_id, typesetter)
        pages = self._finished(place, papers)
        self.made.put(for_search(key), self._found(place, pages))
        files = self._put_pages(pages, edition)
        for paper in papers.values():
            files |= self.new_files.put(f"{edition.folder}{paper.file}", paper.pdf)
        if language == SOURCE_LANGUAGE:
            for name, data in files_of(edition, centre):
                files |= self.new_files.put_text(name, data)
        return Record(
            {page.file: page.checked_on for page in tools.plan.of_centre(centre_id)},
            files,
            look_at(pages, service_address(self.content.site)),
            _untranslated(pages, edition.root),
            typesetter.used,
            typesetter.notices,
            lacking_texts(centre, self.content, language),
            frozenset(page.file for page in tools.plan.of_centre(centre_id) if not page.listed),
        )

    def _finished(
        self, place: tuple[str, str], papers: Mapping[str, PrintedPaper]
    ) -> list[FinishedPage]:
        language, centre = place
        renderer, language_links = self.renderers[language], self.language_links(language, centre)
        return [
            renderer.tools.finish(path, text, language_links)
            for path, text in renderer.of_centre(centre, papers).items()
        ]

    def _found(self, place: tuple[str, str], pages: Iterable[FinishedPage]) -> list[SearchPage]:
        edition, centre = self.editions[place[0]], self.content.centres[place[1]]
        plan = self.tools[place[0]].plan.of_centre(centre.id)
        unlisted = {edition.root + page.path for page in plan if not page.listed}
        return [search_page(page, edition, centre) for page in pages if page.url not in unlisted]

    def search_pages(self, place: tuple[str, str], key: str) -> list[SearchPage]:
        """What the index needs of a centre's pages, which were made now or by a build before."""
        kept: list[SearchPage] | None = self.made.get(for_search(key))
        if kept is not None:
            return kept
        papers = self.tools[place[0]].typeset(place[1], self._typesetter(place[0]))
        return self._found(place, self._finished(place, papers))

    def common(self, language: str, of_centres: Iterable[SearchPage]) -> Record:
        """Make the pages of a language that belong to no centre, its index and its 404 page."""
        renderer = self.renderers[language]
        tools, edition = renderer.tools, renderer.tools.edition
        language_links = self.language_links(language, None)
        texts = renderer.common(self.linked_pages(language))
        search_text = texts.pop(SEARCH_PATH)
        pages = [tools.finish(path, text, language_links) for path, text in texts.items()]
        found = [*(search_page(page, edition) for page in pages), *of_centres]
        lemmas = None if self.project.trial else self.project.lemmas
        search = make_search(found, edition, tools.environment, lemmas)
        assets = f"{self.editions[SOURCE_LANGUAGE].root}assets/"
        pages.append(tools.finish(SEARCH_PATH, search.on_page(search_text, assets), language_links))
        pages.append(tools.finish(NOT_FOUND, renderer.not_found(), language_links))
        files = self._put_pages(pages, edition)
        files |= self.new_files.put_text(f"assets/{search.name}", search.data)
        if language == SOURCE_LANGUAGE:
            for name, listed in lists(edition):
                files |= self.new_files.put_text(name, listed)
        return Record(
            {page.file: page.checked_on for page in tools.plan.common},
            files,
            look_at(pages, service_address(self.content.site)),
            _untranslated(pages, edition.root),
        )

    def _put_pages(self, pages: Iterable[FinishedPage], edition: Edition) -> dict[str, Stamp]:
        files: dict[str, Stamp] = {}
        for page in pages:
            path = page.url.removeprefix(edition.root)
            files |= self.new_files.put_text(edition.folder + file_of(path), page.html.encode())
        return files


def for_search(key: str) -> str:
    """The key of what the index needs of pages, beside their own."""
    return f"search {key}"


def _untranslated(pages: Iterable[FinishedPage], root: str) -> dict[str, tuple[str, ...]]:
    """Each text that is shown in Bulgarian, with the places of its pages."""
    texts: dict[str, list[str]] = defaultdict(list)
    for page in pages:
        for text in page.untranslated:
            texts[plain(text)].append(page.url.removeprefix(root) or "index")
    return {text: tuple(places) for text, places in texts.items()}
