"""The row of stages, from the content folder to the finished site."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from site_build import engine
from site_build.build_reports import write_reports
from site_build.chrome import assets_mark
from site_build.errors import BuildError
from site_build.factory import Factory
from site_build.finish import faults_of
from site_build.headers import uses_of_scripts, write_header_files
from site_build.kept_templates import KeptTemplates
from site_build.kept_values import KeptValues
from site_build.keys import COMMON, Place, code_key, keys_of
from site_build.page import path_of_file, refuse_shared_places
from site_build.photographs import FOLDER as PHOTOGRAPHS
from site_build.photographs import read_photographs
from site_build.pool import in_pool
from site_build.project import Project
from site_build.publishing import NewFiles, publish
from site_build.records import (
    Record,
    Stamp,
    read_record,
    stamps,
    write_record,
)
from site_build.report import Gaps, facts_summary
from site_build.security_txt import put_security_txt
from site_build.sitemap import sitemap_files
from site_build.typesetting import forget_unused
from site_model.addresses import service_origin, site_root
from site_model.base import SOURCE_LANGUAGE
from site_model.facts import Content
from site_model.loader import load_content

__all__ = ["Built", "Project", "build_site"]


@dataclass(frozen=True)
class Built:
    """What the site was made of, how many pages it has and how many of them were made anew, what
    each language but Bulgarian still lacks, and what the facts do.
    """

    content: Content = field(repr=False)
    pages: int
    gaps: tuple[Gaps, ...]
    facts: str
    made: int


def build_site(project: Project) -> Built:
    """All stages for all languages; what did not change is not made again.

    Raises ContentError or BuildError; then the site of before stays as it was.
    """
    code = code_key()
    facts = KeptValues(project.kept / "facts", code)
    content = load_content(project.content, facts)
    build = _Build(project, content, code)
    shutil.rmtree(project.built, ignore_errors=True)
    build.make_pages()
    build.make_files()
    build.check()
    publish(project.built, project.site, build.before.keys() - build.files.keys())
    put_security_txt(project.site, content.site, project.today)
    build.remember()
    facts.tidy()
    return build.result()


class _Build:
    """One build: the records of its pages, those of before and those made now."""

    def __init__(self, project: Project, content: Content, code: str) -> None:
        self.project = project
        self.content = content
        self.codes = [language.code for language in content.site.languages]
        self.before = stamps(project.site)
        self.keys = keys_of(project, content, code)
        self.records = {
            place: record
            for place, key in self.keys.items()
            if (record := read_record(self._file(place), key, self.before))
        }
        self.new: dict[Place, Record] = {}
        self.other_files: dict[str, Stamp] = {}
        pictures = read_photographs(project.content / "photographs", content)
        settings = engine.settings(project)
        mark = assets_mark(content.site)
        compiled = KeptTemplates(project.kept / "templates")
        self.new_files = NewFiles(project.built, project.site, self.before)
        self.factory = Factory(project, content, settings, pictures, mark, compiled, self.new_files)

    def _file(self, place: Place) -> Path:
        return self.project.made / place[0] / f"{place[1]}.record"

    @property
    def files(self) -> dict[str, Stamp]:
        """All files of the site."""
        files = dict(self.other_files)
        for record in self.records.values():
            files |= record.files
        return files

    def make_pages(self) -> None:
        """Make the pages of centres that changed, then those that know every centre."""
        for press in self.factory.presses.values():
            press.shop.maker  # noqa: B018 - ready before processes branch off
        missing = [place for place in self.keys if place not in self.records]
        # A centre in every language, then the next one: the first leave what all others share.
        centres = sorted(
            (place for place in missing if place[1] != COMMON), key=lambda place: place[1]
        )
        for _ in in_pool(self.factory.set_papers, centres):
            pass  # all sheets are in the cache then: none is set before processes branch off
        self._take(centres, in_pool(self._make_centre, centres, first=len(self.codes)))
        self._refuse_shared_places()
        common = [place for place in missing if place[1] == COMMON]
        self._take(common, in_pool(self._make_common, common))

    def _refuse_shared_places(self) -> None:
        for code, press in self.factory.presses.items():
            files = list(press.shop.maker.common_files(press.shop.hand_written))
            for (language, centre), record in self.records.items():
                if language == code and centre != COMMON:
                    files += record.pages
            refuse_shared_places(map(PurePosixPath, files))

    def _take(self, places: Iterable[Place], records: Iterable[Record]) -> None:
        for place, record in zip(places, records, strict=True):
            self.records[place] = self.new[place] = record

    def _make_centre(self, place: Place) -> Record:
        language, centre = place
        return self.factory.of_centre(centre, language, self.keys[place])

    def _make_common(self, place: Place) -> Record:
        language = place[0]
        searched = [
            self.project.made / language / record.search
            for (code, _), record in self.records.items()
            if code == language and record.search
        ]
        return self.factory.common(language, self.keys[place], searched)

    def make_files(self) -> None:
        """What is no page: the files that pages load, and the lists of addresses."""
        factory, site = self.factory, self.content.site
        root = site_root(site, SOURCE_LANGUAGE)
        links = {path for record in self.records.values() for path, _ in record.findings.links}
        pictures = {f"{PHOTOGRAPHS}/{each.name}": each.data for each in factory.pictures.values()}
        made = self.files
        for path in sorted(links):
            name = path.removeprefix(root)
            if not name.startswith("assets/") or name in made:
                continue
            data = pictures.get(name) or factory.presses[SOURCE_LANGUAGE].frame.file(name)
            if data is not None:
                self.other_files |= self.new_files.put_text(name, data)
        for name, text in sitemap_files(self.content, made).items():
            self.other_files |= self.new_files.put_text(name, text.encode())

    def check(self) -> None:
        """Raise BuildError with everything that is wrong on any page."""
        root = site_root(self.content.site, SOURCE_LANGUAGE)
        paths = frozenset(root + path_of_file(name) for name in self.files)
        if faults := faults_of((record.findings for record in self.records.values()), paths):
            raise BuildError("\n".join(faults))

    def remember(self) -> None:
        """Write headers, the report's material and the records; forget what is no longer there."""
        project = self.project
        uses = set[str]().union(*(record.findings.uses for record in self.records.values()))
        scripts = (path.read_text(encoding="utf-8") for path in project.site.glob("assets/*.js"))
        uses |= set(uses_of_scripts(scripts))
        write_header_files(project.headers, uses, service_origin(self.content.site))
        for place, record in self.new.items():
            write_record(self._file(place), record)
        current = {self._file(place) for place in self.records}
        current |= {
            self.project.made / place[0] / record.search
            for place, record in self.records.items()
            if record.search
        }
        for path in project.made.glob("*/*"):
            if path not in current:
                path.unlink()
        for code in self.codes:
            used = [r.papers for (language, _), r in self.records.items() if language == code]
            forget_unused(project.paper_cache(code), frozenset[str]().union(*used))

    def result(self) -> Built:
        return Built(
            self.content,
            sum(len(record.pages) for record in self.records.values()) + len(self.codes),
            write_reports(self.project, self.content, self._of_languages()),
            facts_summary(self.content, self.project.today),
            sum(len(record.pages) for record in self.new.values()),
        )

    def _of_languages(self) -> dict[str, list[Record]]:
        """The records of each language."""
        found: dict[str, list[Record]] = {code: [] for code in self.codes}
        for (language, _), record in self.records.items():
            found[language].append(record)
        return found
