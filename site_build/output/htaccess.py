"""`.htaccess` for a site that lies at a host: headers, caching, missing pages, old addresses.

It asks only for what hosts usually let customers change (`AllowOverride FileInfo`), and each part
only where its module is there, because an unknown line would stop the whole site.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from site_build.output.own_files import keep_own
from site_build.output.server_files import Moved, as_pattern, safe_moves
from site_model.facts.shared import Site
from site_model.types import SOURCE_LANGUAGE
from site_model.urls import site_root

_OURS: Final = "# Made by every build of Opora: what is changed here is lost.\n"
_COMPRESSED: Final = (
    "text/html text/css text/javascript application/javascript application/json text/plain "
    "text/csv text/xml application/xml image/svg+xml"
)


def put_htaccess(folder: Path, site: Site, headers: Mapping[str, str], moved: Moved) -> list[str]:
    """Put the files where Apache looks for them; take ours away where the site has its own server.

    Returns those that somebody else wrote, which stay as they are.
    """
    hosted = not site.takes_letters or site.service_origin is not None
    wanted: dict[str, str | None] = {
        f"{folder_of}.htaccess": None for folder_of in _folders(folder)
    }
    if hosted:
        root = site_root(site, SOURCE_LANGUAGE)
        wanted[".htaccess"] = _OURS + "\n".join(_lines(root, headers, safe_moves(moved))) + "\n"
        for language in site.languages[1:]:
            own = f"ErrorDocument 404 {root}{language.code}/404.html\n"
            wanted[f"{language.code}/.htaccess"] = _OURS + own
    return [name for name, text in wanted.items() if not keep_own(folder / name, text, _OURS)]


def _folders(folder: Path) -> Iterator[str]:
    """Where a file of ours may lie: the root, and the folders of languages."""
    yield ""
    yield from (f"{path.parent.name}/" for path in folder.glob("*/.htaccess"))


def _lines(root: str, headers: Mapping[str, str], moved: Moved) -> Iterator[str]:
    yield f"ErrorDocument 404 {root}404.html"
    yield "AddCharset utf-8 .html .css .js .json .csv .txt .xml .svg .vcf .ics"
    yield "<IfModule mod_mime.c>"
    yield from ("AddType text/calendar .ics", "AddType text/csv .csv", "AddType text/vcard .vcf")
    yield "</IfModule>"
    yield "<IfModule mod_alias.c>"
    for old, new in moved.items():
        yield f"RedirectMatch 301 ^{as_pattern(old)}$ {new}"
    yield "</IfModule>"
    yield "<IfModule mod_rewrite.c>"
    yield "# Addresses made of the bytes of the file: what is behind them never changes."
    yield "RewriteEngine On"
    yield (
        "RewriteCond %{REQUEST_URI}?%{QUERY_STRING} "
        r"/assets/.*[.?][0-9a-f]{8}([.][a-z0-9]+)?\??$"
    )
    yield "RewriteRule ^ - [E=OPORA_NAMED:1]"
    yield "</IfModule>"
    yield "<IfModule mod_headers.c>"
    for name, value in headers.items():
        yield f'Header always set {name} "{value}"'
    yield 'Header always set Cache-Control "no-cache"'
    yield ('Header always set Cache-Control "public, max-age=31536000, immutable" env=OPORA_NAMED')
    yield "</IfModule>"
    yield "<IfModule mod_deflate.c>"
    yield f"AddOutputFilterByType DEFLATE {_COMPRESSED}"
    yield "</IfModule>"
