"""Better translations into the files of a project, once the site that they make has been tried."""

from __future__ import annotations

import re
import shutil
from codecs import BOM_UTF8
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from site_build.atomic_writing import write_all
from site_build.authoring.old_facts import remember
from site_build.errors import BuildError
from site_build.locking import only_writer
from site_build.native_review.answers import Kind, Verdict
from site_build.native_review.files import edit_text
from site_build.native_review.sentences import Sentence
from site_build.pipeline import try_site
from site_build.project import Project
from site_model.facts.remembered import REMEMBERED
from site_model.i18n.languages import SiteLanguage
from site_model.loading.loader import Loc, load_content
from site_model.text.saved_files import text_of


def apply(
    project: Project,
    language: SiteLanguage,
    verdicts: Sequence[Verdict],
    found: Sequence[Sentence],
    *,
    native: bool,
) -> None:
    """Write the better translations, if the site that they make passes its check.

    Raises ContentError or BuildError; then every file stays as it was.
    """
    with only_writer(project.lock, wait=True):
        files = _changed_files(project, verdicts)
        if native:
            _refuse_half_read(verdicts, found)
            site = project.content / "site.yml"
            files[site] = _said_as_read(files.get(site) or site.read_bytes(), language.code)
        if not files:
            print("Няма какво да се запише.")
            return
        _try_out(project, files)
        write_all(files)
        written = {one.words for one in verdicts if one.kind is Kind.BETTER}
        remember(project, load_content(project.content), (), written)
    named = {*files, project.content / REMEMBERED}
    print("Записано: " + ", ".join(sorted(_shown(project, file) for file in named)))
    print("За да се върне, както беше при последния запис в Git: git restore content docs locale")


def _changed_files(project: Project, verdicts: Sequence[Verdict]) -> dict[Path, bytes]:
    words: dict[str, dict[Loc, str]] = {}
    for one in verdicts:
        if one.kind is Kind.BETTER and one.sentence:
            for spot in one.sentence.spots:
                words.setdefault(spot.file, {})[spot.at] = one.words
    return {_path(project, name): _edited(_path(project, name), of) for name, of in words.items()}


def _edited(file: Path, words: Mapping[Loc, str]) -> bytes:
    """A file with other translations, and all else in it as it was."""
    data = file.read_bytes()
    mark = BOM_UTF8 if data.startswith(BOM_UTF8) else b""
    try:
        text = data.removeprefix(mark).decode()
    except UnicodeDecodeError:  # UTF-16, which is read as well
        text = text_of(data)
    return mark + edit_text(file.name, text, words).encode()


def _path(project: Project, name: str) -> Path:
    if name.startswith("locale/"):
        return project.catalogues / name.removeprefix("locale/")
    return project.root / name


def _shown(project: Project, file: Path) -> str:
    inside = file.is_relative_to(project.root)
    return str(file.relative_to(project.root)) if inside else str(file)


def _refuse_half_read(verdicts: Sequence[Verdict], found: Sequence[Sentence]) -> None:
    """Pages may say that a native has read them only if all that keeps people safe was read."""
    settled = {one.sentence for one in verdicts if one.kind in (Kind.FINE, Kind.BETTER)}
    refused = {one.sentence for one in verdicts if one.kind is Kind.REFUSED}
    open_ones = [one for one in found if one.is_safety and one not in settled - refused]
    if open_ones:
        raise BuildError(
            f"изречения за безопасността без OK или по-добър превод: {len(open_ones)}. Дотогава "
            f"страниците казват, че преводът не е прочетен. Първото: „{open_ones[0].bulgarian}“"
        )


def _said_as_read(settings: bytes, code: str) -> bytes:
    pattern = rf"(code: {code}\b[^\n]*?read_by_native: )false"
    text, changed = re.subn(pattern.encode(), rb"\1true", settings)
    if not changed and not re.search(pattern.replace("false", "true").encode(), settings):
        raise BuildError(f"content/site.yml: напишете сами read_by_native: true на реда за {code}.")
    return text


def _try_out(project: Project, files: Mapping[Path, bytes]) -> None:
    """Make every page of a copy of the project with these files in it."""
    with TemporaryDirectory(prefix="opora-") as folder:
        copy = replace(project, root=Path(folder), catalogues=Path(folder) / "locale")
        shutil.copytree(project.content, copy.content)
        shutil.copytree(project.root / "docs", copy.root / "docs")
        shutil.copytree(project.catalogues, copy.catalogues)
        shutil.copy(project.config, copy.config)
        for file, data in files.items():
            inside = file.is_relative_to(project.catalogues)
            place = (
                copy.catalogues / file.name
                if inside
                else copy.root / file.relative_to(project.root)
            )
            place.write_bytes(data)
        try_site(copy)
