"""The row of stages, from the content folder to the finished site."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory

from site_build.cache.keys import COMMON, Place, code_key, keys_of, sources_of
from site_build.cache.store import CompiledTemplates, Store
from site_build.edition_pages import BuiltPages, EditionTools, Renderer
from site_build.errors import BuildError
from site_build.html import engine
from site_build.html.finish import faults_of
from site_build.html.policy import uses_of_scripts
from site_build.locking import only_writer
from site_build.output.icons import icon_files
from site_build.output.publish import NewFiles, Stamp, publish, stamps
from site_build.output.security_txt import put_security_txt
from site_build.output.serving import write_for_servers
from site_build.output.sitemap import sitemap_files
from site_build.page_files import PageFiles, Record, for_search
from site_build.pages.moved import Memory, old_addresses, small_pages, with_moves, write_moves
from site_build.pages.navigation import assets_mark
from site_build.pages.page import path_of, path_of_file, refuse_shared_places
from site_build.pages.photographs import FOLDER as PHOTOGRAPHS
from site_build.pages.photographs import read_photographs
from site_build.paper.report import paper_report
from site_build.paper.typesetting import kept_sheets
from site_build.progress import Steps, Tell, tell_nobody
from site_build.project import Project
from site_build.reports.builds import write_papers, write_reports
from site_build.reports.facts import facts_summary
from site_build.translation.gaps import Gaps
from site_build.workers import in_pool
from site_model.content import Content
from site_model.facts.moved_addresses import Move
from site_model.loading.loader import load_content
from site_model.types import SOURCE_LANGUAGE, Moment
from site_model.urls import site_root

__all__ = ["Built", "Project", "build_site", "build_tried", "try_site"]


@dataclass(frozen=True)
class Built:
    """What the site was made of, how many pages it has and how many of them were made anew, what
    each language but Bulgarian still lacks, and what the facts do. `papers` says what is to be
    fixed of sheets of paper. `moved` are addresses that moved since the build before, `not_ours`
    files in the site that should be of the build and are not.
    """

    content: Content = field(repr=False)
    pages: int
    gaps: tuple[Gaps, ...]
    facts: str
    made: int
    papers: tuple[str, ...]
    moved: tuple[Move, ...]
    not_ours: tuple[str, ...]


class NotInPlaceError(Exception):
    """Facts are written, and the finished pages could not be put in place; `why` says what hindered
    it.
    """

    def __init__(self, why: Exception) -> None:
        super().__init__(str(why))
        self.why = why


def build_site(project: Project, tell: Tell = tell_nobody) -> Built:
    """All stages for all languages; what did not change is not made again. `tell` hears how far.

    Raises ContentError or BuildError; then the previous site stays as it was.
    """
    with only_writer(project.lock):
        build, facts = _made(project, tell)
        build.publish()
        build.remember()
        facts.forget_unused()
        return build.result()


def build_tried(
    project: Project,
    tried: AbstractContextManager[Path],
    write: Callable[[], object],
    tell: Tell = tell_nobody,
) -> Built:
    """The same with facts that stand in a folder `tried`: `write` puts them in their place once
    every page of them is made and checked, and then the site follows.

    It waits for another build to end. What `write` raises goes through; then neither facts nor
    site are changed.
    """
    with only_writer(project.lock, wait=True), tried as folder:
        build, facts = _made(replace(project, facts=folder), tell)
        write()
        build.project = project  # what moved is written beside the facts themselves
        try:
            build.publish()
            build.remember()
            facts.forget_unused()
            return build.result()
        except Exception as error:
            raise NotInPlaceError(error) from error


def _link_or_copy(source: str, target: str) -> None:
    """Windows makes links only for who may."""
    try:
        Path(target).symlink_to(source)
    except OSError:
        shutil.copy2(source, target)


def try_site(project: Project) -> tuple[Content, tuple[str, ...]]:
    """All that can go wrong in a build, without one: every page is made that the last build did not
    make just so, and none is kept.

    Only sheets of paper are not set. Raises as `build_site` does; returns what was read, and what
    is to be fixed of sheets of paper.
    """
    with TemporaryDirectory(prefix="opora-") as folder:
        trial = replace(project, trial=Path(folder), target=project.site)
        for of_build, own in ((project.kept, trial.kept), (project.made, trial.made)):
            if of_build.exists():  # what is written there takes the place of a link
                shutil.copytree(of_build, own, copy_function=_link_or_copy)
        build, _facts = _made(trial, tell_nobody)
        return build.content, build.papers()


def _made(project: Project, tell: Tell) -> tuple[_Build, Store]:
    """A build whose files are put aside and checked, and the facts that it has kept."""
    code = code_key()
    sources = sources_of(project)
    facts = Store(project.kept / "facts", code)
    content = load_content(project.content, facts)
    moved = Memory(project.addresses).moves(content)
    keys = keys_of(project, content, code, sources)
    own = partial(Renderer, settings=engine.settings(project, facts))
    build = _Build(project, with_moves(content, moved), own, keys, moved)
    build.make(tell)
    return build, facts


def finish_site(project: Project, content: Content) -> None:
    """The same stages over what an engine built in the project's site; no address is remembered.

    Raises BuildError; then the site stays as the engine left it.
    """
    code = code_key()
    settings = engine.settings(project, Store(project.kept / "facts", code))
    of_engine = partial(BuiltPages, settings=settings, site=project.site)
    keys = keys_of(project, content, code, sources_of(project))
    build = _Build(project, content, of_engine, keys)
    build.make(tell_nobody)
    build.publish()


class _Build:
    """One build: the records of its pages, those kept from earlier and those made now."""

    def __init__(
        self,
        project: Project,
        content: Content,
        renderer: Callable[[EditionTools], Renderer],
        keys: Mapping[Place, str],
        moved: tuple[Move, ...] = (),
    ) -> None:
        """`renderer` is the source of HTML; `moved` are the moves among those of the content that
        nobody has written down yet.
        """
        self.project = project
        self.content = content
        self.codes = [language.code for language in content.site.languages]
        self.before = stamps(project.site)
        self.keys = keys
        self.made = Store(project.made, "")  # the keys name the code
        self.records: dict[Place, Record] = {
            place: record
            for place, key in self.keys.items()
            if (record := self.made.get(key))
            if all(self.before.get(name) == stamp for name, stamp in record.files.items())
        }
        self.new: dict[Place, Record] = {}
        self.other_files: dict[str, Stamp] = {}
        self.moved = moved
        self.old: dict[str, str] = {}
        self.not_ours: list[str] = []
        pictures = read_photographs(project.content / "photographs", content)
        mark = assets_mark(content.site)
        compiled = CompiledTemplates(Store(project.kept / "templates", ""))
        self.new_files = NewFiles(
            project.built, project.site, self.before, with_copies=not project.trial
        )
        self.page_files = PageFiles(
            project, content, renderer, pictures, mark, compiled, self.new_files, self.made
        )

    @property
    def files(self) -> dict[str, Stamp]:
        """All files of the site."""
        files = dict(self.other_files)
        for record in self.records.values():
            files |= record.files
        return files

    def make(self, tell: Tell) -> None:
        """Put all files aside, and check them."""
        shutil.rmtree(self.project.built, ignore_errors=True)
        self.make_pages(tell)
        self.make_files()
        self.check()
        self.lead_on()

    def make_pages(self, tell: Tell) -> None:
        """Make the pages of centres that changed, then those that know every centre."""
        for tools in self.page_files.tools.values():
            tools.maker  # noqa: B018 - ready before processes branch off
        missing = [place for place in self.keys if place not in self.records]
        # A centre in every language, then the next one: the first leave what all others share.
        centres = sorted(
            (place for place in missing if place[1] != COMMON), key=lambda place: place[1]
        )
        common = [place for place in missing if place[1] == COMMON]
        counted = Steps(tell, 2 * len(centres) + len(common)).count
        for _ in counted(in_pool(self.page_files.set_papers, centres)):
            pass  # all sheets are in the cache then: none is set before processes branch off
        self._take(centres, counted(in_pool(self._make_centre, centres, first=len(self.codes))))
        self._refuse_shared_places()
        self._take(common, counted(in_pool(self._make_common, common)))

    def _refuse_shared_places(self) -> None:
        for code, tools in self.page_files.tools.items():
            files = [page.file for page in tools.plan.common]
            for (language, centre), record in self.records.items():
                if language == code and centre != COMMON:
                    files += record.pages
            refuse_shared_places(map(PurePosixPath, files))

    def _checked(self) -> dict[str, Moment | None]:
        """When each page of the sitemap was checked, by its path below the site."""
        editions = self.page_files.editions
        return {
            editions[language].folder + path_of(file): day
            for (language, _), record in self.records.items()
            for file, day in record.pages.items()
            if file not in record.unlisted
        }

    def _take(self, places: Iterable[Place], records: Iterable[Record]) -> None:
        for place, record in zip(places, records, strict=True):
            self.records[place] = self.new[place] = record

    def _make_centre(self, place: Place) -> Record:
        return self.page_files.of_centre(place, self.keys[place])

    def _make_common(self, place: Place) -> Record:
        language = place[0]
        centres = (each for each in self.keys if each[0] == language and each[1] != COMMON)
        found = (
            page for each in centres for page in self.page_files.search_pages(each, self.keys[each])
        )
        return self.page_files.common(language, found)

    def make_files(self) -> None:
        """What is no page: the files that pages load, and the lists of addresses."""
        made_pages, site = self.page_files, self.content.site
        root = site_root(site, SOURCE_LANGUAGE)
        links = {path for record in self.records.values() for path, _ in record.findings.links}
        pictures = {
            f"{PHOTOGRAPHS}/{each.name}": each.data for each in made_pages.pictures.values()
        }
        made = self.files
        for path in sorted(links):
            name = path.removeprefix(root)
            if not name.startswith("assets/") or name in made:
                continue
            data = pictures.get(name) or made_pages.renderers[SOURCE_LANGUAGE].theme.file(name)
            if data is not None:
                self.other_files |= self.new_files.put_text(name, data)
        for name, text in sitemap_files(site, self._checked()).items():
            self.other_files |= self.new_files.put_text(name, text.encode())
        for name, data in icon_files().items():
            self.other_files |= self.new_files.put(name, data)

    def check(self) -> None:
        """Raise BuildError with everything that is wrong on any page."""
        root = site_root(self.content.site, SOURCE_LANGUAGE)
        paths = frozenset(root + path_of_file(name) for name in self.files)
        if faults := faults_of((record.findings for record in self.records.values()), paths):
            raise BuildError("\n".join(faults))

    def lead_on(self) -> None:
        """Where old addresses lead; after the check, because no link of our own may be old."""
        self.old = old_addresses(self.content, self.files)
        for name, html in small_pages(self.page_files.editions, self.old):
            self.other_files |= self.new_files.put_text(name, html)

    def publish(self) -> None:
        """Put all files in their places, and write the headers that they need."""
        project = self.project
        publish(project.built, project.site, self.before.keys() - self.files.keys())
        put_security_txt(project.site, self.content.site, project.today)
        uses = set[str]().union(*(record.findings.uses for record in self.records.values()))
        scripts = (path.read_text(encoding="utf-8") for path in project.site.glob("assets/*.js"))
        uses |= set(uses_of_scripts(scripts))
        self.not_ours = write_for_servers(
            project.headers, project.site, self.content.site, uses, self.old
        )

    def remember(self) -> None:
        """Write what moved and the records; forget what is no longer there."""
        project = self.project
        write_papers(project, self.records)
        for place, record in self.new.items():
            self.made.put(self.keys[place], record)
        self.made.forget_unused(map(for_search, self.keys.values()))
        for code in self.codes:
            used = [r.papers for (language, _), r in self.records.items() if language == code]
            kept_sheets(project.paper_cache(code)).forget_unused(frozenset[str]().union(*used))
        if self.moved:  # where that fails, the next build still knows what moved
            write_moves(project.content, self.content.moved)
        Memory(project.addresses).keep(self.content)

    def result(self) -> Built:
        return Built(
            self.content,
            sum(len(record.pages) for record in self.records.values()) + len(self.codes),
            write_reports(self.project, self.content, self._of_languages()),
            facts_summary(self.content, self.project.today),
            sum(len(record.pages) for record in self.new.values()),
            self.papers(),
            self.moved,
            tuple(self.not_ours),
        )

    def papers(self) -> tuple[str, ...]:
        """What is to be fixed of sheets of paper."""
        notices = (notice for record in self.records.values() for notice in record.notices)
        return tuple(paper_report(self.project.content, notices))

    def _of_languages(self) -> dict[str, list[Record]]:
        """The records of each language."""
        found: dict[str, list[Record]] = {code: [] for code in self.codes}
        for (language, _), record in self.records.items():
            found[language].append(record)
        return found
