"""Old addresses lead on: small pages for every host, and `content/moved.yml`, which keeps them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath

from markupsafe import escape

from site_build.atomic_writing import write_whole
from site_build.edition import Edition
from site_build.errors import BuildError
from site_build.pages.page import path_of_file
from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.facts.moved_addresses import Move, leads, moves_between
from site_model.loading.loader import MOVED
from site_model.types import SOURCE_LANGUAGE
from site_model.urls import addresses, origin, site_root

_HEAD = """\
# Адреси, които се смениха: каквото започваше с from, сега започва с to. Старите адреси водят към
# новите. Пише се от командите; може да допишете и свой ред. Не трийте редове: старите адреси са на
# листовки и в отметките на хората.
moves:
"""
_LISTED = {".html", ".pdf", ".ics", ".vcf"}
"""What people hold an address of."""


def old_addresses(content: Content, files: Iterable[str]) -> dict[str, str]:
    """Where old addresses lead, both below the site's root; `files` are those of the site."""
    current = [path_of_file(file) for file in files if PurePosixPath(file).suffix in _LISTED]
    codes = [language.code for language in content.site.languages]
    return leads(content.moved, current, codes)


def small_pages(
    editions: Mapping[str, Edition], old: Mapping[str, str]
) -> Iterator[tuple[str, bytes]]:
    """A file for each old address of a page: for anyone who asks a host that knows no redirects."""
    root = editions[SOURCE_LANGUAGE].root
    for place, target in old.items():
        if not place or place.endswith("/"):
            first = target.partition("/")[0]
            edition = editions.get(first) or editions[SOURCE_LANGUAGE]
            html = _small_page(edition, root + target)
            yield f"{place}index.html", html.encode()


def _small_page(edition: Edition, path: str) -> str:
    _ = edition.gettext
    said, place = escape(_("Тази страница вече е на друг адрес:")), escape(path)
    whole = escape(origin(edition.site) + path)
    leaving = escape(str(edition.site.exit_url))
    return (
        f'<!DOCTYPE html>\n<html lang="{edition.language}" dir="{edition.spoken.direction}">\n'
        "<head>\n"
        '<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n<meta name="robots" content="noindex">\n'
        f"<title>{said.rstrip(':')}</title>\n"
        f'<link rel="canonical" href="{whole}">\n'
        f'<meta http-equiv="refresh" content="0; url={place}">\n</head>\n<body>\n'
        f'<p>{said} <a href="{place}">{whole}</a></p>\n'
        f'<p><a class="exit" rel="nofollow noreferrer" href="{leaving}">'
        f"{_('Бързо излизане')}</a></p>\n</body>\n</html>\n"
    )


class Memory:
    """Where pages stood after the last build, in a file below build/."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def moves(self, content: Content) -> tuple[Move, ...]:
        """What moved since, as far as content/moved.yml does not say it yet."""
        try:
            before = json.loads(self.file.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return ()
        found = moves_between(before, addresses(content))
        return tuple(move for move in found if move not in content.moved)

    def keep(self, content: Content) -> None:
        text = json.dumps(addresses(content), ensure_ascii=False)
        write_whole(self.file, text)


def with_moves(content: Content, moves: Iterable[Move]) -> Content:
    return replace(content, moved=(*content.moved, *moves))


def moves_text(moves: Iterable[Move]) -> str:
    """The text of content/moved.yml."""
    return _HEAD + "".join(f'  - {{from: "{move.before}", to: "{move.now}"}}\n' for move in moves)


def write_moves(folder: Path, moves: Iterable[Move]) -> None:
    """Write the file content/moved.yml; raises BuildError."""
    try:
        write_whole(folder / MOVED, moves_text(moves))
    except OSError as error:
        raise BuildError(
            f"content/{MOVED} не се записа ({error.strerror}). Без него старите адреси няма да "
            "водят към новите."
        ) from error


def moves_with(content: Content, centre: Centre) -> tuple[Move, ...]:
    """What would move if this centre came, or took the place of the one with its code."""
    after = replace(content, centres={**content.centres, centre.id: centre})
    found = moves_between(addresses(content), addresses(after))
    return tuple(move for move in found if move not in content.moved)


def in_words(content: Content, moves: Iterable[Move]) -> str:
    """What moves, for the person who is about to do it."""
    root = site_root(content.site, SOURCE_LANGUAGE)
    moves = tuple(moves)
    lines = [f"  {root}{one.before}… → {root}{one.now}…" for one in moves if not one.of_file]
    if files := sum(move.of_file for move in moves):
        lines.append(f"  и имената на файлове в тях (листове, календар, визитка): {files}")
    return "\n".join(
        [
            "Сменят се адреси на страници:",
            *lines,
            f"Старите адреси ще водят към новите: записва се в content/{MOVED}.",
        ]
    )
