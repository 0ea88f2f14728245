"""What an engine reads that makes the HTML itself: plain MkDocs, and others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from site_build.edition import Edition
from site_build.edition_pages import EditionTools, edition_of
from site_build.html import engine
from site_build.open_data.files import data_files
from site_build.pages.navigation import assets_mark
from site_build.pages.page import Page, refuse_shared_places, with_site_links
from site_build.pages.photographs import FOLDER as PHOTOGRAPHS
from site_build.pages.photographs import read_photographs
from site_build.paper.typesetting import Typesetter
from site_build.project import PACKAGE, Project
from site_model.content import Content
from site_model.types import SOURCE_LANGUAGE


def tools_of(project: Project, content: Content, language: str) -> EditionTools:
    """The tools of one language."""
    pictures = read_photographs(project.content / "photographs", content)
    return EditionTools(
        project, edition_of(project, content, language), pictures, assets_mark(content.site)
    )


def write_pages(project: Project, content: Content, language: str) -> None:
    """Write what an engine reads for a language. Unchanged files keep their time, old ones go."""
    _write_changed(project.markdown(language), files_to_read(project, content, language))


def files_to_read(project: Project, content: Content, language: str) -> dict[str, bytes]:
    """The Markdown, the PDFs and the photographs of a language, by their path."""
    tools = tools_of(project, content, language)
    typesetter = Typesetter(project.paper_cache(language))
    made = list(tools.maker.common(tools.hand_written))
    files: dict[str, bytes] = {}
    for centre in content.centres:
        printed = tools.typeset(centre, typesetter)
        made += tools.maker.of_centre(centre, printed)
        files |= {paper.file: paper.pdf for paper in printed.values()}
    refuse_shared_places(page.file for page in made)
    names = frozenset(page.file.as_posix() for page in made)
    for page in made:
        files[page.file.as_posix()] = _for_engines(page, tools.edition, names).text.encode()
    if language == SOURCE_LANGUAGE:  # the other languages show the same files
        files |= data_files(tools.edition)
        pictures = tools.pictures.values()
        files |= {f"{PHOTOGRAPHS}/{picture.name}": picture.data for picture in pictures}
    return files


def write_for_engines(project: Project, content: Content, site: Path) -> list[Path]:
    """Write what other engines read, and a configuration for each language, which are returned.

    Each language is built by itself; all go below the folder `site`.
    """
    files = []
    for language in content.site.languages:
        write_pages(project, content, language.code)
        file = project.root / "build" / f"{language.code}.yml"
        engine.write_config(
            project.config, file, engine_values(project, content, language.code, site)
        )
        files.append(file)
    return files


def _for_engines(page: Page, edition: Edition, files: frozenset[str]) -> Page:
    """A page as an engine wants it, which knows one language at a time."""
    if edition.language == SOURCE_LANGUAGE:
        return page
    return with_site_links(page, edition.root, files)


def _write_changed(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        path = folder / name
        if not path.exists() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    for path in folder.rglob("[!.]*"):
        if path.is_file() and path.relative_to(folder).as_posix() not in files:
            path.unlink()


def engine_values(project: Project, content: Content, language: str, site: Path) -> dict[str, Any]:
    """What the configuration of a language adds to mkdocs.yml; all go below the folder `site`."""
    tools = tools_of(project, content, language)
    edition = tools.edition
    return {
        "site_name": edition.translate(edition.site.name),
        "site_url": edition.address,
        "docs_dir": str(project.markdown(language).resolve()),
        "site_dir": str((site / edition.folder).resolve()),
        "theme": {"language": language, "custom_dir": str(PACKAGE / "theme")},
        "hooks": [],
        # A link to a page that this language lacks is led to Bulgarian ones after the engine.
        **({} if language == SOURCE_LANGUAGE else {"validation": {"absolute_links": "ignore"}}),
        "extra": {"opora": tools.theme_values},
    }
