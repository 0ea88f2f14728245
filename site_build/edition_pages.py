"""What the pages of an edition are made with: from the facts to finished pages."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment

from site_build.edition import Edition
from site_build.errors import BuildError
from site_build.html.finish import FinishedPage, finish_page
from site_build.html.links import LanguageLinks, Place
from site_build.html.markdown import PageMarkdown
from site_build.html.theme import EngineSettings, Theme
from site_build.pages.environment import page_environment
from site_build.pages.navigation import theme_values
from site_build.pages.page import Page, PrintedPaper, file_of, with_site_links
from site_build.pages.page_plan import Plan
from site_build.pages.photographs import Picture
from site_build.pages.render import PageMaker
from site_build.paper.sheets import papers
from site_build.paper.typesetting import Typesetter
from site_build.project import Project
from site_build.translation.gaps import hand_written
from site_model.content import Content
from site_model.i18n.catalogue_files import form_words_missing, refuse_wrong_words, translations
from site_model.loading.loader import place_of
from site_model.memory import old_translations
from site_model.types import Words

NOT_FOUND = "404.html"


def edition_of(project: Project, content: Content, language: str) -> Edition:
    """The edition of a project in a language of its site; raises BuildError."""
    words = _words(project, content, language)
    has_form_words = not form_words_missing(language, project.catalogues)
    return Edition(content, language, words, project.today, has_form_words)


def _words(project: Project, content: Content, language: str) -> Words:
    try:
        refuse_wrong_words(language, project.catalogues)
        return translations(language, project.catalogues, mark=True).gettext
    except FileNotFoundError as error:
        codes = [each.code for each in content.site.languages]
        place = place_of(project.content, "site.yml", ("languages", codes.index(language), "code"))
        sentence = f"за езика „{language}“ няма каталог в locale/."
        raise BuildError(str(replace(place, sentence=sentence))) from error


@dataclass(frozen=True)
class EditionTools:
    """What the pages of an edition are made with."""

    project: Project
    edition: Edition
    pictures: Mapping[str, Picture]
    assets_mark: str
    compiled: BytecodeCache | None = None

    @cached_property
    def older(self) -> Mapping[str, str]:
        """Translations of a Bulgarian text that has changed since, each with that text."""
        old = old_translations(self.edition.source)
        return {one.words: one.bulgarian for one in old if one.language == self.edition.language}

    @cached_property
    def hand_written(self) -> dict[str, str]:
        return hand_written(self.project.hand_written(self.edition.language))

    @cached_property
    def plan(self) -> Plan:
        return Plan(self.edition, tuple(self.hand_written))

    @cached_property
    def environment(self) -> Environment:
        """The templates of pages."""
        return page_environment(
            self.plan, self.pictures, catalogues=self.project.catalogues, compiled=self.compiled
        )

    @cached_property
    def maker(self) -> PageMaker:
        return PageMaker(self.plan, self.environment)

    def place(self, paths: Iterable[str]) -> Place:
        return Place(self.edition.root, self.edition.address, frozenset(paths))

    def typeset(self, id: str, typesetter: Typesetter) -> dict[str, PrintedPaper]:
        """Every sheet of paper of a centre, by the path of the page that it belongs to.

        Only those that can be set: the typesetter has notices of the others.
        """
        sheets = papers(self.edition, self.plan.of_centre(id))
        found = {path: typesetter.typeset(paper) for path, paper in sheets}
        return {path: paper for path, paper in found.items() if paper}

    def language_links(self, places: Mapping[str, Place]) -> LanguageLinks:
        """What sets the links of this language's pages right; `places` are all languages'."""
        _ = self.edition.gettext
        return LanguageLinks(self.edition.language, places, _("на български"))

    def finish(self, path: str, text: str, language_links: LanguageLinks) -> FinishedPage:
        """A page of the engine as it is served; `path` is below the language's root."""
        edition = self.edition
        return finish_page(text, edition.root + path, language_links, edition.spoken, self.older)

    @cached_property
    def theme_values(self) -> Mapping[str, Any]:
        """The values that the theme reads as `config.extra.opora`."""
        return theme_values(self.plan, self.assets_mark)


class Renderer:
    """Makes HTML of the pages of an edition, as the engine does."""

    def __init__(self, tools: EditionTools, settings: EngineSettings) -> None:
        self.tools = tools
        edition = tools.edition
        self._markdown = PageMarkdown(settings.extensions, settings.configs)
        self.theme = Theme(
            settings,
            tools.theme_values,
            site_name=edition.translate(edition.site.name),
            site_url=edition.address,
            compiled=tools.compiled,
        )

    def of_centre(self, id: str, papers: Mapping[str, PrintedPaper]) -> dict[str, str]:
        """HTML of the pages of one centre, which is not finished yet, by their path."""
        made = self.tools.maker.of_centre(id, papers)
        return {page.path: self.page_of_centre(id, page) for page in made}

    def common(self, pages: Container[str]) -> dict[str, str]:
        """HTML of the pages that belong to no centre, which is not finished yet, by their path.

        `pages` are those to which they may link.
        """
        made = self.tools.maker.common(self.tools.hand_written)
        return {page.path: self.common_page(page, pages) for page in made}

    def not_found(self) -> str:
        """HTML of the page in the place of one that is not there."""
        return self.theme.static(NOT_FOUND)

    def page_of_centre(self, id: str, page: Page) -> str:
        """HTML of one page of a centre, which is not finished yet."""
        edition = self.tools.edition
        body = with_site_links(page, edition.root).body
        content = self._markdown.html(body, edition.centre_root(id))
        return self.theme.page(page.meta, content, page.path)

    def common_page(self, page: Page, pages: Container[str]) -> str:
        """HTML of one page of no centre, which is not finished yet."""
        folder = f"{page.file.parent}/".removeprefix("./")
        content = self._markdown.whole(page.body, folder, self.tools.edition.root, pages)
        return self.theme.page(page.meta, content, page.path)


class BuiltPages(Renderer):
    """The same HTML where an engine has made it, in the folder `site`."""

    def __init__(self, tools: EditionTools, settings: EngineSettings, site: Path) -> None:
        super().__init__(tools, settings)
        self._folder = site / tools.edition.folder

    def of_centre(self, id: str, papers: Mapping[str, PrintedPaper]) -> dict[str, str]:  # noqa: ARG002
        return {page.path: self._read(page.path) for page in self.tools.plan.of_centre(id)}

    def common(self, pages: Container[str]) -> dict[str, str]:  # noqa: ARG002
        return {page.path: self._read(page.path) for page in self.tools.plan.common}

    def not_found(self) -> str:
        return self._read(NOT_FOUND)

    def _read(self, path: str) -> str:
        return (self._folder / file_of(path)).read_text(encoding="utf-8")
