"""One language's tools, and what they make: from a centre's facts to finished pages."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from jinja2 import BytecodeCache, Environment

from site_build.centre_pages import Words
from site_build.chrome import theme_values
from site_build.crossings import Crossings, Place
from site_build.errors import BuildError
from site_build.finish import FinishedPage, finished
from site_build.frame import EngineSettings, Frame
from site_build.gaps import hand_written
from site_build.markdown_pages import PageMarkdown
from site_build.page import Page, path_of, with_site_links
from site_build.pages import PageMaker
from site_build.papers import papers
from site_build.photographs import FOLDER as PHOTOGRAPHS
from site_build.photographs import Picture
from site_build.pictograms import pictograms
from site_build.project import PACKAGE, Project
from site_build.typesetting import PrintedPaper, Typesetter
from site_model.addresses import site_root, site_url
from site_model.base import SOURCE_LANGUAGE
from site_model.facts import Content
from site_model.interface import form_words_missing, template_environment, translations
from site_model.languages import START, with_language


@dataclass(frozen=True)
class Workshop:
    """What the pages of one language are made with."""

    project: Project
    content: Content
    language: str
    pictures: Mapping[str, Picture]
    assets_mark: str
    compiled: BytecodeCache | None = None

    @cached_property
    def spoken(self) -> Content:
        """The content with the language everywhere."""
        return with_language(self.content, self.language)

    @cached_property
    def words(self) -> Words:
        try:
            return translations(self.language, self.project.catalogues, mark=True).gettext
        except FileNotFoundError as error:
            sentence = f"content/site.yml: за езика „{self.language}“ няма каталог."
            raise BuildError(sentence) from error

    @cached_property
    def environment(self) -> Environment:
        """The templates of pages."""
        environment = template_environment(
            self.language,
            PACKAGE / "templates",
            catalogues=self.project.catalogues,
            mark=True,
            compiled=self.compiled,
        )
        environment.globals |= {
            "pictograms": pictograms(),
            "pictures": self.pictures,
            "pictures_root": f"{site_root(self.content.site, SOURCE_LANGUAGE)}{PHOTOGRAPHS}/",
        }
        return environment

    @cached_property
    def maker(self) -> PageMaker:
        forms = not form_words_missing(self.language, self.project.catalogues)
        return PageMaker(
            self.content,
            self.language,
            self.environment,
            self.words,
            today=self.project.today,
            forms=forms,
        )

    @cached_property
    def hand_written(self) -> dict[str, str]:
        return hand_written(self.project.hand_written(self.language))

    @cached_property
    def root(self) -> str:
        return site_root(self.content.site, self.language)

    @property
    def folder(self) -> str:
        """Where the pages lie below the site, as "en/"; "" for Bulgarian."""
        return "" if self.language == SOURCE_LANGUAGE else f"{self.language}/"

    def common_paths(self) -> frozenset[str]:
        """Where pages stand that belong to no centre."""
        return frozenset(map(path_of, self.maker.common_files(self.hand_written)))

    def place(self, paths: Iterable[str]) -> Place:
        site = self.content.site
        return Place(self.root, site_url(site, self.language), frozenset(paths))

    def printed(self, id: str, typesetter: Typesetter) -> dict[str, PrintedPaper]:
        """Every sheet of paper of a centre, by the place of the page that it belongs to.

        Only those whose page this language has, and of which every word is translated.
        """
        content = self.spoken
        pages = frozenset(self.maker.paths_of(id))
        return {
            place: typesetter.printed(paper)
            for place, paper in papers(content, self.language, self.words, [content.centres[id]])
            if place in pages and START not in json.dumps(paper.data, ensure_ascii=False)
        }

    def crossings(self, places: Mapping[str, Place]) -> Crossings:
        """What sets the links of this language's pages right; `places` are all languages'."""
        _ = self.words
        return Crossings(self.language, places, _("на български"))

    def finished(self, path: str, text: str, crossings: Crossings) -> FinishedPage:
        """A page of the engine as it is served; `path` is below the language's root."""
        return finished(
            text, self.root + path, crossings, self.content.site.language(self.language)
        )

    def theme_values(self) -> dict[str, object]:
        """The values that the theme reads as `config.extra.opora`."""
        return theme_values(self.content, self.language, self.assets_mark, self.words)


class Press:
    """Makes HTML of a workshop's pages, as the engine does."""

    def __init__(self, shop: Workshop, settings: EngineSettings) -> None:
        self.shop = shop
        site, language = shop.content.site, shop.language
        self._markdown = PageMarkdown(settings.extensions, settings.configs)
        self.frame = Frame(
            settings,
            shop.theme_values(),
            site_name=with_language(site.name, language).to(language),
            site_url=site_url(site, language),
            compiled=shop.compiled,
        )

    def of_centre(self, id: str, papers: Mapping[str, PrintedPaper]) -> Iterator[tuple[Page, str]]:
        """The pages of one centre with their HTML, which is not finished yet."""
        home = self.shop.root + self.shop.content.centre_path(id)
        for page in self.shop.maker.of_centre(id, papers):
            content = self._markdown.html(with_site_links(page, self.shop.root).body, home)
            yield page, self.frame.page(page.meta, content, page.path)

    def common(self, pages: Container[str]) -> Iterator[tuple[Page, str]]:
        """The pages that belong to no centre, with their HTML, which is not finished yet.

        `pages` are those to which they may link.
        """
        for page in self.shop.maker.common(self.shop.hand_written):
            folder = f"{page.file.parent}/".removeprefix("./")
            content = self._markdown.whole(page.body, folder, self.shop.root, pages)
            yield page, self.frame.page(page.meta, content, page.path)
