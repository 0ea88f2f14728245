"""Pure: from content to the text of every Markdown page of a language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import PurePosixPath
from typing import Any

import yaml
from babel.dates import format_date, format_skeleton
from jinja2 import Environment
from markupsafe import Markup

from site_build.centre_pages import CentrePage, Words, centre_pages
from site_model.addresses import form_action, site_root
from site_model.base import Text
from site_model.bound_form import centre_form
from site_model.facts import Centre, Content
from site_model.form_page import form_page

_MARKDOWN_SIGNS = re.compile(r"[\\`*_\[\]#|~^]")


@dataclass(frozen=True)
class Page:
    """A Markdown file: where it lies under the language's folder, and its whole text."""

    file: PurePosixPath
    text: str


def pages(
    content: Content,
    language: str,
    environment: Environment,
    _: Words,
    hand_written: Mapping[str, str],
) -> Iterator[Page]:
    """Every page of a language.

    `hand_written` maps file names of `docs/<language>` to their text; they are templates
    as well, so that they can show facts.
    """
    prepare_environment(environment, content, language)
    yield _page("index.md", {"id": "front"}, environment.get_template("front.md").render())
    for name, text in hand_written.items():
        yield Page(PurePosixPath(name), environment.from_string(text).render())
    all_pages = centre_pages(content, language, _)
    for centre in content.centres.values():
        for page in all_pages:
            text = _centre_page(environment, content, centre, page, all_pages, language)
            title = centre.name.to(language) if page.id == "home" else f"{page.title} – {centre.short_name.to(language)}"
            meta = {"id": page.id, "centre": centre.id, "title": title}
            yield _page(f"{centre.id}/{page.file}", meta, text)


def prepare_environment(environment: Environment, content: Content, language: str) -> None:
    """Give the templates the content and the filters that Markdown pages need."""

    def in_markdown(text: Text) -> Markup:
        return _markdown_safe(text.to(language))

    def as_date(value: str | date) -> str:
        return format_as_of(value, language)

    environment.filters |= {"t": in_markdown, "date": as_date}
    environment.globals |= {
        "content": content,
        "centres": content.centres,
        "help_lines": content.help_lines,
        "law": content.law,
        "root": site_root(content.site, language),
    }


def format_as_of(value: str | date, language: str) -> str:
    """A day, a month or a year in words: `2014-06-04` is „4 юни 2014 г.“ in Bulgarian."""
    written = str(value)
    parts = [int(part) for part in written.split("-")]
    if len(parts) == 1:
        return format_skeleton("y", date(parts[0], 1, 1), locale=language)
    if len(parts) == 2:
        return format_skeleton("yMMMM", date(parts[0], parts[1], 1), locale=language)
    return format_date(date(*parts), "long", locale=language)


def _centre_page(
    environment: Environment,
    content: Content,
    centre: Centre,
    page: CentrePage,
    all_pages: tuple[CentrePage, ...],
    language: str,
) -> str:
    """The body of one page of a centre; `links` in the templates are files beside it."""
    extra: dict[str, Any] = {}
    if page.form:
        bound = centre_form(page.form, centre, content.groups, language)
        extra["form_html"] = Markup(
            form_page(
                environment,
                bound,
                bound.bind(),
                action=form_action(content.site, language, centre.id, page.form.id),
                root=site_root(content.site, language),
                help_lines=content.help_lines,
            )
        )
    return environment.get_template(f"centre/{page.template}").render(
        centre=centre,
        page=page,
        links={page.id: page.file for page in all_pages},
        titles={page.id: page.title for page in all_pages},
        groups=content.groups,
        **extra,
    )


def _page(file: str, meta: Mapping[str, str], body: str) -> Page:
    front = yaml.safe_dump(dict(meta), allow_unicode=True, sort_keys=True)
    return Page(PurePosixPath(file), f"---\n{front}---\n\n{body}\n")


def _markdown_safe(text: str) -> Markup:
    """Text of a fact as HTML in which no sign can be taken for Markdown."""
    escaped = escape(" ".join(text.split()), quote=False)
    return Markup(_MARKDOWN_SIGNS.sub(lambda sign: f"&#{ord(sign[0])};", escaped))
