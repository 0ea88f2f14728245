"""The sitemap, with the day on which what a page says was last held against its source.

`lastmod` comes from the facts (W3C date and time formats allow a month), never from the day of
the build; a page whose facts have no such day, as a form, has no `lastmod`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from xml.sax.saxutils import escape

from site_build.centre_pages import own_steps
from site_build.directory import directory
from site_build.directory_pages import STEP, choice_slug
from site_model.addresses import site_url
from site_model.base import SOURCE_LANGUAGE, Moment
from site_model.facts import Content

MOST = 50_000
"""Addresses in one file, by the protocol of sitemaps.org."""

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def sitemap_files(content: Content, files: Iterable[str]) -> Mapping[str, str]:
    """sitemap.xml for the built pages among `files`, and robots.txt, which names it, by name."""
    paths = sorted(
        file.removesuffix("/index.html").replace("index.html", ".")
        for file in files
        if PurePosixPath(file).name == "index.html"
    )
    root = site_url(content.site, SOURCE_LANGUAGE)
    robots = f"User-agent: *\nDisallow:\n\nSitemap: {root}sitemap.xml\n"
    return {**sitemaps(content, paths, root), "robots.txt": robots}


def sitemaps(
    content: Content, paths: Sequence[str], root: str, most: int = MOST
) -> Mapping[str, str]:
    """Pure: the files for pages at `paths` ("." is the front page), by name."""
    choices = _days_of_choices(content)
    pages = [
        (
            f"{root}{path}/".replace("./", ""),
            choices.get(tuple(_steps(content, path))) or checked_on(content, path),
        )
        for path in paths
    ]
    parts = [pages[start : start + most] for start in range(0, len(pages), most)]
    if len(parts) == 1:
        return {"sitemap.xml": _file("urlset", "url", parts[0])}
    named = {f"sitemap-{number}.xml": part for number, part in enumerate(parts, 1)}
    index = [(root + name, None) for name in named]
    return {
        "sitemap.xml": _file("sitemapindex", "sitemap", index),
        **{name: _file("urlset", "url", part) for name, part in named.items()},
    }


def _file(outer: str, inner: str, entries: Sequence[tuple[str, Moment | None]]) -> str:
    lines = (
        f"<{inner}><loc>{escape(address)}</loc>"
        f"{f'<lastmod>{day}</lastmod>' if day else ''}</{inner}>\n"
        for address, day in entries
    )
    return f"{_HEAD}<{outer} {_SPACE}>\n{''.join(lines)}</{outer}>\n"


def checked_on(content: Content, path: str) -> Moment | None:
    """When what stands at `path` (`en/harmanli/uslugi`) was last checked, if its facts say."""
    return max(_days(content, _steps(content, path)), default=None)


def _steps(content: Content, path: str) -> list[str]:
    """The steps to a page below the root of its language."""
    steps = [step for step in path.split("/") if step != "."]
    codes = {language.code for language in content.site.languages}
    return steps[1:] if steps and steps[0] in codes else steps


def _days_of_choices(content: Content) -> dict[tuple[str, ...], Moment]:
    """When the centres of each choice of the directory were checked, by the steps to its page."""
    return {
        (STEP, choice_slug(name, choice.value)): max(
            content.centres[id].checked_on for id in choice.centres
        )
        for name, choices in directory(content, SOURCE_LANGUAGE).choices.items()
        for choice in choices
    }


def _days(content: Content, steps: Sequence[str]) -> Iterator[Moment]:
    """The days on which the facts of a page were checked."""
    if content.alone and (not steps or steps[0] in own_steps(content)):
        steps = [content.alone.id, *steps]
    if not steps or steps == [STEP]:
        yield from (centre.checked_on for centre in content.centres.values())
    elif steps == ["pomosht"]:
        yield from (line.checked_on for line in content.help_lines.values())
    elif steps[0] in content.centres:
        centre = content.centres[steps[0]]
        forms = {form.slug for form in content.forms.values()}
        match steps[1:]:
            case [slug] if slug in forms:
                return
            case ["uslugi", slug]:
                yield from (item.checked_on for item in centre.services if item.slug == slug)
            case ["programi"] if centre.programmes:
                yield from (programme.checked_on for programme in centre.programmes)
            case _:
                yield centre.checked_on
