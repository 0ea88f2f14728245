"""Pages as they would be with other facts: which change, and each when it is asked for.

Nothing is written but sheets of paper, into a folder that is given for them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from site_build.cache.keys import code_key
from site_build.cache.store import CompiledTemplates, Store
from site_build.edition import Edition
from site_build.edition_pages import Renderer
from site_build.html import engine
from site_build.html.untranslated import plain
from site_build.output.publish import NewFiles
from site_build.page_files import SEARCH_PATH, PageFiles
from site_build.pages.navigation import assets_mark
from site_build.pages.page import Page, PrintedPaper
from site_build.pages.page_plan import PlannedPage
from site_build.pages.photographs import FOLDER as PHOTOGRAPHS
from site_build.pages.photographs import read_photographs
from site_build.paper.sheets import FORM, papers
from site_build.paper.typesetting import Paper, Typesetter
from site_build.project import Project
from site_model.content import Content
from site_model.i18n.languages import strip_flags
from site_model.memory import OldTranslation, old_translations
from site_model.types import SOURCE_LANGUAGE
from site_model.urls import site_root


@dataclass(frozen=True)
class ChangedPage:
    """A page, or a sheet of paper, that will not be what it is; `url` is its path on the site."""

    url: str
    title: str
    language: str
    gone: bool = False


@dataclass(frozen=True)
class Differences:
    """The pages, leaflets and forms on paper that change; of each language the centre's first."""

    pages: tuple[ChangedPage, ...]
    leaflets: tuple[ChangedPage, ...] = ()
    forms: tuple[ChangedPage, ...] = ()


class _InMemory(Store):
    """What builds have kept, and what was made since; that ends with the process."""

    def __init__(self, folder: Path, made_by: str, new: dict[str, Any] | None = None) -> None:
        super().__init__(folder, made_by)
        self._new = {} if new is None else new

    def get(self, key: str) -> Any:
        if key not in self._new:
            self._new[key] = super().get(key)
        return self._new[key]

    def put(self, key: str, value: Any) -> None:
        self._new[key] = value


_COMPILED: dict[str, Any] = {}
"""Templates of the package, which Jinja holds each against its source."""


class PreviewTools:
    """What all previews of a project share; `folder` takes what is made, and ends with it."""

    def __init__(self, project: Project, folder: Path) -> None:
        self.folder = folder
        self._facts = _InMemory(project.kept / "facts", code_key())
        self._compiled = CompiledTemplates(_InMemory(project.kept / "templates", "", _COMPILED))
        self._typesetters: dict[str, Typesetter] = {}

    def pages(self, project: Project, content: Content, centre: str) -> PreviewPages:
        """The pages of a centre, and those of no centre, of these facts of the project."""
        trial = replace(project, trial=self.folder)
        renderer = partial(Renderer, settings=engine.settings(trial, self._facts))
        sets = PageFiles(
            trial,
            content,
            renderer,
            read_photographs(project.content / "photographs", content),
            assets_mark(content.site),
            self._compiled,
            NewFiles(trial.built, trial.site, {}),
            Store(trial.made, ""),
        )
        return PreviewPages(sets, centre, self._typesetter)

    def _typesetter(self, language: str) -> Typesetter:
        if language not in self._typesetters:  # its compiler takes longer to start than a sheet
            self._typesetters[language] = Typesetter(self.folder / "paper" / language)
        return self._typesetters[language]


_Sources = dict[str, Page]
"""Pages before they are HTML, by their path below the language's root."""


class PreviewPages:
    """Pages of a site, each made when it is asked for, of facts that are in memory."""

    def __init__(
        self, sets: PageFiles, centre: str, typesetter: Callable[[str], Typesetter]
    ) -> None:
        self._sets = sets
        self._centre = centre
        self._typesetter = typesetter
        self._of_centre: dict[str, _Sources] = {}

    @property
    def content(self) -> Content:
        return self._sets.content

    def differences(self, old: PreviewPages) -> Differences:
        """What changes when these facts, which differ in the centre alone, come after the `old`.

        The page of the search and the one for an address that is not there are left out, and so
        is a page that would differ by nothing but the size of its sheet.
        """
        codes = self.content.site.codes
        sheets = [one for code in codes for one in self._changed_sheets(old, code)]
        return Differences(
            tuple(page for code in codes for page in self._changed_pages(old, code)),
            tuple(sheet for sheet, is_form in sheets if not is_form),
            tuple(sheet for sheet, is_form in sheets if is_form),
        )

    def page(self, url: str) -> str | None:
        """The page at a path of the site, finished; None where there is none."""
        if url not in self._places:
            return None
        code, planned = self._places[url]
        maker, hand_written = self._sets.tools[code].maker, self._sets.tools[code].hand_written
        if not planned.centre:
            (made,) = maker.common(hand_written, [planned])
            return self._html(code, made)
        sheets = papers(self._sets.editions[code], [planned])
        found = {path: self._typesetter(code).typeset(sheet) for path, sheet in sheets}
        set_ = {path: sheet for path, sheet in found.items() if sheet}
        (made,) = maker.of_centre(self._centre, set_, [planned])
        return self._html(code, made)

    def sheet(self, url: str) -> PrintedPaper | None:
        """The sheet at a path of the site; None where there is none, or it cannot be set."""
        if url not in self._sheets:
            return None
        code, paper = self._sheets[url]
        return self._typesetter(code).typeset(paper)

    def why_no_sheet(self, url: str) -> str:
        """Why the sheet at a path of the site cannot be set; "" where there is to be none."""
        if url not in self._sheets:
            return ""
        code, paper = self._sheets[url]
        notices = self._typesetter(code).notices
        return "".join(one.why for one in notices if one.file == paper.file)

    def pictures(self, url: str) -> list[bytes]:
        """The pages of the sheet at a path of the site, as PNG."""
        code, paper = self._sheets[url]
        return self._typesetter(code).pictures(paper)

    def file(self, url: str) -> bytes | None:
        """A file that pages load, by its path on the site."""
        name = url.removeprefix(site_root(self.content.site, SOURCE_LANGUAGE))
        for picture in self._sets.pictures.values():
            if name == f"{PHOTOGRAPHS}/{picture.name}":
                return picture.data
        theme = self._sets.renderers[SOURCE_LANGUAGE].theme
        return theme.file(name) if re.fullmatch(r"assets/\w[\w.-]*", name) else None

    @cached_property
    def _places(self) -> dict[str, tuple[str, PlannedPage]]:
        return {
            tools.edition.root + page.path: (code, page)
            for code, tools in self._sets.tools.items()
            for page in (*tools.plan.common, *tools.plan.of_centre(self._centre))
        }

    @cached_property
    def _sheets(self) -> dict[str, tuple[str, Paper]]:
        return {
            tools.edition.root + paper.file: (code, paper)
            for code, tools in self._sets.tools.items()
            for _, paper in papers(tools.edition, tools.plan.of_centre(self._centre))
        }

    def _changed_sheets(self, old: PreviewPages, code: str) -> Iterator[tuple[ChangedPage, bool]]:
        """Each sheet, and whether it is a form."""
        before, after = (
            {url: paper for url, (language, paper) in side._sheets.items() if language == code}
            for side in (old, self)
        )
        for url, paper in (before | after).items():
            if before.get(url) != after.get(url):
                title = strip_flags(str(paper.data["title"]))
                sheet = ChangedPage(url, title, code, gone=url not in after)
                yield sheet, paper.template == FORM

    def _changed_pages(self, old: PreviewPages, code: str) -> Iterator[ChangedPage]:
        root = self._sets.editions[code].root
        deep = self._places.keys() != old._places.keys() or self._older != old._older
        was, will = old._frame(code), self._frame(code)
        frames = (was.common == will.common, was == will)
        plans = [side._sets.tools[code].plan for side in (old, self)]
        short = not deep and plans[0].directory == plans[1].directory
        sides = [side._sources(code, short) for side in (old, self)]
        for path in sides[0] | sides[1]:
            before, after = (side.get(path) for side in sides)
            if before and after:
                own = before.meta.get("centre") or self.content.alone
                if before == after and frames[bool(own)] and not deep:
                    continue
                if deep and old._html(code, before) == self._html(code, after):
                    continue
            title = _title_of(after or before, self._sets.editions[code])
            yield ChangedPage(root + path, title, code, gone=not after)

    def _sources(self, code: str, short: bool) -> _Sources:
        """The pages in one language. In `short`, of a choice of the directory there is only what
        it shows of the centre: where the choices are the same, nothing else of it can differ.
        """
        tools, id = self._sets.tools[code], self._centre
        if code not in self._of_centre:
            # None is set here: what counts is that the page has one.
            sheets = papers(tools.edition, tools.plan.of_centre(id))
            found = {path: PrintedPaper(sheet.file, 1, b"") for path, sheet in sheets}
            self._of_centre[code] = {page.path: page for page in tools.maker.of_centre(id, found)}
        planned = [page for page in tools.plan.common if page.path != SEARCH_PATH]
        if short:
            planned = [page for page in planned if not page.choice or id in page.choice.centres]
            planned = [_alone(page, id) for page in planned]
        common = tools.maker.common(tools.hand_written, planned)
        return self._of_centre[code] | {page.path: page for page in common}

    def _frame(self, code: str) -> _Frame:
        values = dict(self._sets.tools[code].theme_values)
        return _Frame(values, values.pop("centres")[self._centre])

    @cached_property
    def _older(self) -> frozenset[OldTranslation]:
        """The old translations of the centre, and of what all centres share."""
        centres = {self._centre: self.content.centres[self._centre]}
        return frozenset(old_translations(replace(self.content, centres=centres)))

    def _html(self, code: str, page: Page) -> str:
        renderer = self._sets.renderers[code]
        if page.meta.get("centre"):
            links = self._sets.language_links(code, self._centre)
            text = renderer.page_of_centre(self._centre, page)
        else:
            links = self._sets.language_links(code, None)
            text = renderer.common_page(page, self._sets.linked_pages(code))
        return renderer.tools.finish(page.path, text, links).html


@dataclass(frozen=True)
class _Frame:
    """What the theme puts around pages: around all of them, and around those of the centre."""

    common: Mapping[str, Any]
    own: Mapping[str, Any]


def _alone(page: PlannedPage, centre: str) -> PlannedPage:
    """A choice of the directory as if the centre were the only one."""
    return replace(page, choice=replace(page.choice, centres=(centre,))) if page.choice else page


def _title_of(page: Page | None, edition: Edition) -> str:
    """What a page is called, as a person finds it."""
    if page is None:
        return ""
    heading = re.search(r"^# (.+)$", page.body, re.MULTILINE)
    name = (
        page.meta.get("title") or (heading and heading[1]) or edition.translate(edition.site.name)
    )
    return strip_flags(plain(str(name)))
