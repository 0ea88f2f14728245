"""The row of stages, from the content folder to the finished site."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from site_build import engine
from site_build.centre_pages import Words
from site_build.chrome import theme_values
from site_build.compress import compress
from site_build.errors import BuildError
from site_build.finish import finish, publish
from site_build.gaps import gaps_of, hand_written
from site_build.headers import write_header_files
from site_build.open_data.files import data_files
from site_build.pages import PageMaker
from site_build.papers import papers
from site_build.photographs import FOLDER as PHOTOGRAPHS
from site_build.photographs import read_photographs
from site_build.pictograms import pictograms
from site_build.report import Gaps, facts_listing, facts_summary, listing
from site_build.search_files import write_search
from site_build.sitemap import write_sitemap
from site_build.timely import build_day
from site_build.translated import Marked, finish_languages
from site_build.typesetting import PrintedPaper, Typesetter
from site_model.addresses import site_root, site_url
from site_model.base import SOURCE_LANGUAGE
from site_model.facts import Content
from site_model.interface import CATALOGUES, form_words_missing, template_environment, translations
from site_model.languages import START, with_language
from site_model.loader import load_content, text_places

PACKAGE = Path(__file__).parent


@dataclass(frozen=True)
class Project:
    """Where things lie: all below the folder that holds mkdocs.yml; and for which day it is."""

    root: Path
    catalogues: Path = CATALOGUES
    today: date = field(default_factory=build_day)

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def config(self) -> Path:
        return self.root / "mkdocs.yml"

    @property
    def site(self) -> Path:
        return self.root / "site"

    def hand_written(self, language: str) -> Path:
        return self.root / "docs" / language

    def markdown(self, language: str) -> Path:
        return self.root / "build" / "pages" / language

    def paper_cache(self, language: str) -> Path:
        return self.root / "build" / "paper" / language

    @property
    def lemmas(self) -> Path:
        return self.root / "build" / "lemmas"

    @property
    def headers(self) -> Path:
        return self.root / "build" / "headers"

    @property
    def report(self) -> Path:
        """What waits for translators, written by every build."""
        return self.root / "build" / "translations.txt"

    @property
    def facts_report(self) -> Path:
        """What to ask each centre and what to check again, written by every build."""
        return self.root / "build" / "facts.txt"

    @property
    def built(self) -> Path:
        return self.root / "build" / "site"


@dataclass(frozen=True)
class Built:
    """How many pages a build made, what each language but Bulgarian lacks, and what facts do."""

    pages: int
    gaps: tuple[Gaps, ...]
    facts: str


def build_site(project: Project) -> Built:
    """All stages for all languages.

    Raises ContentError or BuildError; then the site of before stays as it was.
    """
    content = load_content(project.content)
    codes = [language.code for language in content.site.languages]
    for code in codes:
        _words(project, code)  # a language without a catalogue is said at once
    shutil.rmtree(project.built, ignore_errors=True)
    for language in codes:
        write_pages(project, content, language)
        config = project.root / "build" / f"{language}.yml"
        engine.write_config(project.config, config, engine_values(project, content, language))
        engine.build(config)
    missing = finish_site(project, content, project.built)
    count = sum(1 for _ in project.built.rglob("*.html"))
    publish(project.built, project.site)
    gaps = _report(project, content, missing)
    return Built(count, gaps, facts_summary(content, project.today))


def _report(project: Project, content: Content, missing: Mapping[str, Marked]) -> tuple[Gaps, ...]:
    """Write what waits for translators, and return it; and what waits for the centres."""
    gaps = tuple(
        gaps_of(project.root / "docs", project.catalogues, content, code, marked)
        for code, marked in missing.items()
        if code != SOURCE_LANGUAGE
    )
    places = text_places(project.content)
    lines = (line for of_language in gaps for line in listing(of_language, places))
    facts = "\n".join(facts_listing(content, project.today))
    project.facts_report.write_text(f"{facts}\n", encoding="utf-8")
    project.report.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return gaps


def _words(project: Project, language: str) -> Words:
    try:
        return translations(language, project.catalogues, mark=True).gettext
    except FileNotFoundError as error:
        raise BuildError(f"content/site.yml: за езика „{language}“ няма каталог.") from error


def finish_site(project: Project, content: Content, folder: Path) -> dict[str, Marked]:
    """Make what the engine built in `folder` searchable, join its languages, check it, and write
    headers and copies; returns what was not translated, by language.
    """
    codes = [language.code for language in content.site.languages]
    for code in codes:
        add_search(project, with_language(content, code), code, folder)
    words = {code: _words(project, code) for code in codes}
    missing = finish_languages(folder, content.site, words)
    uses = finish(folder, site_root(content.site, SOURCE_LANGUAGE), content.site.service_path)
    write_sitemap(folder, content)
    write_header_files(project.headers, uses)
    compress(folder, project.site)
    return missing


def write_pages(project: Project, content: Content, language: str) -> None:
    """Write the Markdown, the PDFs and the photographs of a language for the engine.

    Unchanged files keep their time, old ones go.
    """
    environment = template_environment(
        language, PACKAGE / "templates", catalogues=project.catalogues, mark=True
    )
    pictures = read_photographs(project.content / "photographs", content)
    environment.globals |= {
        "pictograms": pictograms(),
        "pictures": pictures,
        "pictures_root": f"{site_root(content.site, SOURCE_LANGUAGE)}{PHOTOGRAPHS}/",
    }
    words = _words(project, language)
    printed = _printed(project, content, language, words)
    forms = not form_words_missing(language, project.catalogues)
    maker = PageMaker(
        content, language, environment, words, printed, today=project.today, forms=forms
    )
    made = maker.pages(hand_written(project.hand_written(language)))
    files = {page.file.as_posix(): page.text.encode() for page in made}
    files |= {paper.file: paper.pdf for paper in printed.values()}
    if language == SOURCE_LANGUAGE:  # the other languages show the same files
        files |= data_files(content, project.today)
        files |= {f"{PHOTOGRAPHS}/{picture.name}": picture.data for picture in pictures.values()}
    _write_changed(project.markdown(language), files)


def _printed(
    project: Project, content: Content, language: str, words: Words
) -> dict[str, PrintedPaper]:
    """Every sheet of paper, by the place of the page that it belongs to.

    Only in full languages, and only those of which every word is translated.
    """
    if content.site.language(language).scope != "full":
        return {}
    typesetter = Typesetter(project.paper_cache(language))
    printed = {
        place: typesetter.printed(paper)
        for place, paper in papers(with_language(content, language), language, words)
        if START not in json.dumps(paper.data, ensure_ascii=False)
    }
    typesetter.forget_unused()
    return printed


def _write_changed(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    for path in folder.rglob("[!.]*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in files:
            path.unlink()


def add_search(project: Project, content: Content, language: str, built: Path) -> None:
    """Index the pages of a language that the engine built below `built`."""
    environment = template_environment(
        language, PACKAGE / "templates", catalogues=project.catalogues, mark=True
    )
    words = _words(project, language)
    write_search(built, content, language, environment, words, project.lemmas)


def engine_values(project: Project, content: Content, language: str) -> dict[str, Any]:
    """What the configuration of a language adds to mkdocs.yml."""
    place = project.built if language == SOURCE_LANGUAGE else project.built / language
    return {
        "site_name": with_language(content.site.name, language).to(language),
        "site_url": site_url(content.site, language),
        "docs_dir": str(project.markdown(language)),
        "site_dir": str(place),
        "theme": {"language": language, "custom_dir": str(PACKAGE / "theme")},
        "hooks": [],
        # A link to a page that this language lacks is led to Bulgarian ones after the engine.
        **({} if language == SOURCE_LANGUAGE else {"validation": {"absolute_links": "ignore"}}),
        "extra": extra_values(project, content, language),
    }


def extra_values(project: Project, content: Content, language: str) -> dict[str, Any]:
    """The values that the theme reads as `config.extra.opora`."""
    assets = sorted((PACKAGE / "theme" / "assets").iterdir())
    what = [str(content.site.url).encode(), *(path.read_bytes() for path in assets)]
    mark = hashlib.sha256(b"".join(what)).hexdigest()[:8]
    return {"opora": theme_values(content, language, mark, _words(project, language))}
