"""What a preview says and shows is what a build makes, to the byte."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from site_build.pages.page import path_of_file
from site_build.pipeline import Project, build_site
from site_build.preview import PreviewTools
from site_model.loading.loader import load_content
from tests.support.content.project_changes import HARMANLI, copy_built, replace_once

SIZE = re.compile(rb"[\d.,]+ ?(?:KB|kB|\xd0\x9a\xd0\x91|\xd9\x83[^<]*)")
"""How large a sheet is, as the page beside it says."""
NOT_SHOWN = ("/404.html", "/tarsene/")
"""The page in the place of none, and the one of the search."""


def files(site: Path, suffix: str) -> dict[str, bytes]:
    """The finished files of a kind, by the path at which a browser asks for each."""
    return {
        f"/{path_of_file(file.relative_to(site).as_posix())}": file.read_bytes()
        for file in site.rglob(f"*{suffix}")
    }


def telephone(project: Project) -> None:
    replace_once(project, HARMANLI, "0373 9 10 76", "0373 9 10 77")


def more_pages(project: Project) -> None:
    """A service with a page of its own, a text whose translations are older now, a municipality."""
    replace_once(
        project,
        HARMANLI,
        "\nservices:\n",
        "\nmunicipalities:\n  - {name: {bg: Тополовград}, source: 000_cee4bc3b0dd5abd9.txt:1}\n"
        "services:\n  - id: nova\n    slug: nova\n    name: {bg: Нова услуга}\n"
        "    description: {bg: За родители.}\n"
        "    source: 000_cee4bc3b0dd5abd9.txt:1\n    checked_on: 2026-11\n",
    )
    replace_once(project, HARMANLI, "западната част", "източната част")


@pytest.mark.parametrize("change", [telephone, more_pages])
def test_preview_is_what_a_build_makes(
    site: Path, tmp_path: Path, change: Callable[[Project], None]
) -> None:
    """It names the pages and sheets that the build changes, and no other; and each is the same."""
    project = copy_built(site, tmp_path / "site")
    tools = PreviewTools(project, tmp_path / "preview")
    before = {suffix: files(project.site, suffix) for suffix in (".html", ".pdf")}
    old = tools.pages(project, load_content(project.content), "harmanli")
    change(project)
    pages = tools.pages(project, load_content(project.content), "harmanli")
    found = pages.differences(old)
    build_site(project)
    after = {suffix: files(project.site, suffix) for suffix in (".html", ".pdf")}

    def changed(suffix: str) -> set[str]:
        was, will = before[suffix], after[suffix]
        same = {url for url in was if SIZE.sub(b"", was[url]) == SIZE.sub(b"", will.get(url, b""))}
        return {url for url in was | will if url not in same and not url.endswith(NOT_SHOWN)}

    assert {one.url for one in found.pages} == changed(".html")
    sheets = (*found.leaflets, *found.forms)
    assert {one.url for one in sheets} == changed(".pdf")
    for one in found.pages:
        assert one.gone or (pages.page(one.url) or "").encode() == after[".html"][one.url], one
    for one in sheets:
        sheet = pages.sheet(one.url)
        assert one.gone or (sheet and sheet.pdf == after[".pdf"][one.url]), one
    assert all(one.title and one.title[0] != "<" for one in (*found.pages, *sheets))
