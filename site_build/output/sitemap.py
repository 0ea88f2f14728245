"""The sitemap, with the day on which what a page says was last held against its source.

`lastmod` comes from the facts (W3C date and time formats allow a month), never from the day of
the build; a page whose facts have no such day, as a form, has no `lastmod`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

from site_model.facts.shared import Site
from site_model.types import SOURCE_LANGUAGE, Moment
from site_model.urls import site_url

MOST = 50_000
"""Addresses in one file, by the protocol of sitemaps.org."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemap_files(
    site: Site, pages: Mapping[str, Moment | None], most: int = MOST
) -> Mapping[str, str]:
    """sitemap.xml and robots.txt, which names it, by name. `pages` are the days of checking of all
    pages, by their path below the site; of more than `most` there are several files.
    """
    root = site_url(site, SOURCE_LANGUAGE)
    listed = [(root + path, pages[path]) for path in sorted(pages, key=_steps)]
    robots = {"robots.txt": f"User-agent: *\nDisallow:\n\nSitemap: {root}sitemap.xml\n"}
    parts = [listed[start : start + most] for start in range(0, len(listed), most)]
    if len(parts) == 1:
        return {"sitemap.xml": _file("urlset", "url", parts[0]), **robots}
    named = {f"sitemap-{number}.xml": part for number, part in enumerate(parts, 1)}
    index = [(root + name, None) for name in named]
    return {
        "sitemap.xml": _file("sitemapindex", "sitemap", index),
        **{name: _file("urlset", "url", part) for name, part in named.items()},
        **robots,
    }


def _steps(path: str) -> str:
    return path.rstrip("/") or "."


def _file(outer: str, inner: str, entries: Sequence[tuple[str, Moment | None]]) -> str:
    lines = (
        f"<{inner}><loc>{escape(address)}</loc>"
        f"{f'<lastmod>{day}</lastmod>' if day else ''}</{inner}>\n"
        for address, day in entries
    )
    return f"{_HEAD}<{outer} {_SPACE}>\n{''.join(lines)}</{outer}>\n"
