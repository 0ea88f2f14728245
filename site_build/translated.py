"""The pages of all languages, once the engine has built them: joined, marked, put right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path

from site_build.centre_pages import Words
from site_build.crossings import Place, joined
from site_build.untranslated import plain, resolved
from site_model.addresses import site_root, site_url
from site_model.base import SOURCE_LANGUAGE
from site_model.facts import Site
from site_model.reading import as_read

Marked = dict[str, set[str]]
"""Bulgarian texts that were shown for want of a translation, each with the pages it is on."""


def finish_languages(built: Path, site: Site, words: Mapping[str, Words]) -> dict[str, Marked]:
    """Join the built pages of all languages; returns what was not translated, by language.

    `words` are the interface words of each language.
    """
    files = {language.code: _files(built, site, language.code) for language in site.languages}
    places = {
        code: Place(site_root(site, code), site_url(site, code), frozenset(pages))
        for code, pages in files.items()
    }
    missing: dict[str, Marked] = {code: defaultdict(set) for code in files}
    for code, pages in files.items():
        _ = words[code]
        said = _("на български")
        folder = _folder(built, code)
        for path, file in {**pages, "404.html": folder / "404.html"}.items():
            html = file.read_text(encoding="utf-8")
            page = resolved(joined(html, code, places, said))
            file.write_text(as_read(page.html, site.language(code)), encoding="utf-8")
            for text in page.texts:
                missing[code][plain(text)].add(path or "index")
    return missing


def _folder(built: Path, code: str) -> Path:
    return built if code == SOURCE_LANGUAGE else built / code


def _files(built: Path, site: Site, code: str) -> dict[str, Path]:
    """The pages of a language by their path below it: "harmanli/uslugi/"."""
    folder = _folder(built, code)
    others = {language.code for language in site.languages} - {code}
    return {
        path.parent.relative_to(folder).as_posix().removeprefix(".")
        + "/" * (path.parent != folder): path
        for path in sorted(folder.rglob("index.html"))
        if code != SOURCE_LANGUAGE or path.relative_to(folder).parts[0] not in others
    }
