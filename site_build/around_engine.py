"""The same stages around an engine that makes the HTML itself: plain MkDocs, and others.

It makes each file anew and keeps nothing. `stages` is faster and gives the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Container, Iterable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from site_build import engine
from site_build.chrome import assets_mark
from site_build.compress import compress
from site_build.crossings import Crossings
from site_build.errors import BuildError
from site_build.factory import NOT_FOUND, SEARCH_PATH
from site_build.finish import FinishedPage, faults_of, look_at
from site_build.headers import uses_of_scripts, write_header_files
from site_build.open_data.files import data_files
from site_build.page import Page, file_of, path_of_file, refuse_shared_places, with_site_links
from site_build.photographs import FOLDER as PHOTOGRAPHS
from site_build.photographs import read_photographs
from site_build.project import PACKAGE, Project
from site_build.publishing import remove_files
from site_build.records import stamps
from site_build.search_files import centre_of, make_search, search_page
from site_build.security_txt import put_security_txt
from site_build.sitemap import sitemap_files
from site_build.typesetting import Typesetter
from site_build.workshop import Workshop
from site_model.addresses import service_address, service_origin, site_root, site_url
from site_model.base import SOURCE_LANGUAGE
from site_model.facts import Content
from site_model.languages import with_language


def workshop(project: Project, content: Content, language: str) -> Workshop:
    """The tools of one language."""
    pictures = read_photographs(project.content / "photographs", content)
    return Workshop(project, content, language, pictures, assets_mark(content.site))


def write_pages(project: Project, content: Content, language: str) -> None:
    """Write the Markdown, the PDFs and the photographs of a language for an engine.

    Unchanged files keep their time, old ones go.
    """
    shop = workshop(project, content, language)
    typesetter = Typesetter(project.paper_cache(language))
    made = list(shop.maker.common(shop.hand_written))
    files: dict[str, bytes] = {}
    for centre in content.centres:
        printed = shop.printed(centre, typesetter)
        made += shop.maker.of_centre(centre, printed)
        files |= {paper.file: paper.pdf for paper in printed.values()}
    refuse_shared_places(page.file for page in made)
    names = frozenset(page.file.as_posix() for page in made)
    for page in made:
        files[page.file.as_posix()] = _for_engines(page, shop, names).text.encode()
    if language == SOURCE_LANGUAGE:  # the other languages show the same files
        files |= data_files(content, project.today)
        pictures = shop.pictures.values()
        files |= {f"{PHOTOGRAPHS}/{picture.name}": picture.data for picture in pictures}
    _write_changed(project.markdown(language), files)


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


def _for_engines(page: Page, shop: Workshop, files: frozenset[str]) -> Page:
    """A page as an engine wants it, which knows one language at a time."""
    if shop.language == SOURCE_LANGUAGE:
        return page
    return with_site_links(page, shop.root, files)


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
    shop = workshop(project, content, language)
    return {
        "site_name": with_language(content.site.name, language).to(language),
        "site_url": site_url(content.site, language),
        # Seen from the configuration: Zensical takes no other paths.
        "docs_dir": os.path.relpath(project.markdown(language), project.root / "build"),
        "site_dir": os.path.relpath(site / shop.folder, project.root / "build"),
        "theme": {"language": language, "custom_dir": str(PACKAGE / "theme")},
        "hooks": [],
        # A link to a page that this language lacks is led to Bulgarian ones after the engine.
        **({} if language == SOURCE_LANGUAGE else {"validation": {"absolute_links": "ignore"}}),
        "extra": {"opora": shop.theme_values()},
    }


def finish_site(project: Project, content: Content, folder: Path) -> None:
    """Make what an engine built in `folder` searchable, join its languages, check it, and write
    headers and copies.
    """
    shops = {each.code: workshop(project, content, each.code) for each in content.site.languages}
    files = {code: _pages(folder, shop, shops) for code, shop in shops.items()}
    places = {code: shops[code].place(pages) for code, pages in files.items()}
    findings = []
    for code, shop in shops.items():
        crossings = shop.crossings(places)
        pages = _finish(folder, shop, files[code], crossings)
        findings.append(look_at(pages, service_address(content.site)))
    root = site_root(content.site, SOURCE_LANGUAGE)
    _remove_unused(folder, root, {path for each in findings for path, _ in each.links})
    for name, text in sitemap_files(content, stamps(folder)).items():
        (folder / name).write_text(text, encoding="utf-8")
    paths = frozenset(root + path_of_file(name) for name in stamps(folder))
    if faults := faults_of(findings, paths):
        raise BuildError("\n".join(faults))
    scripts = (path.read_text(encoding="utf-8") for path in folder.glob("assets/*.js"))
    uses = set(uses_of_scripts(scripts)).union(*(each.uses for each in findings))
    write_header_files(project.headers, uses, service_origin(content.site))
    compress(folder)
    put_security_txt(folder, content.site, project.today)


def _finish(
    folder: Path, shop: Workshop, files: Mapping[str, Path], crossings: Crossings
) -> list[FinishedPage]:
    """Finish the pages of a language; the search page last, because it lists the others."""
    content = shop.spoken
    search_file, not_found = files[SEARCH_PATH], folder / shop.folder / NOT_FOUND
    pages = [
        shop.finished(path, file.read_text(encoding="utf-8"), crossings)
        for path, file in files.items()
        if path != SEARCH_PATH
    ]
    found = (
        search_page(page, content, shop.language, centre_of(path, content))
        for page, path in zip(pages, (path for path in files if path != SEARCH_PATH), strict=True)
    )
    search = make_search(
        tuple(found), content, shop.language, shop.environment, shop.words, shop.project.lemmas
    )
    (folder / "assets").mkdir(exist_ok=True)
    (folder / "assets" / search.name).write_bytes(search.data)
    assets = f"{site_root(content.site, SOURCE_LANGUAGE)}assets/"
    text = search.on_page(search_file.read_text(encoding="utf-8"), assets)
    pages.append(shop.finished(SEARCH_PATH, text, crossings))
    text = not_found.read_text(encoding="utf-8")
    pages.append(shop.finished(NOT_FOUND, text, crossings))
    for page in pages:
        file = folder / shop.folder / file_of(page.url.removeprefix(shop.root))
        file.write_text(page.html, encoding="utf-8")
    return pages


def _pages(folder: Path, shop: Workshop, languages: Iterable[str]) -> dict[str, Path]:
    """The pages of a language by their path below it: "harmanli/uslugi/"."""
    own = folder / shop.folder
    others = {language for language in languages if language != shop.language}
    return {
        path_of_file(path.relative_to(own).as_posix()): path
        for path in sorted(own.rglob("index.html"))
        if shop.folder or path.relative_to(own).parts[0] not in others
    }


def _remove_unused(folder: Path, root: str, wanted: Container[str]) -> None:
    """Drop the theme's files that no page asks for, the engine's sitemaps and empty folders."""
    remove_files(
        folder,
        [
            name
            for name in stamps(folder)
            if ("assets/" in name and root + name not in wanted)
            or PurePosixPath(name).name in ("sitemap.xml", "sitemap.xml.gz")
        ],
    )
