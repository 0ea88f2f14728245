"""Pure: from content to the text of every Markdown page of a language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property, partial
from pathlib import PurePosixPath
from typing import Any

from jinja2 import Environment, TemplateError
from markupsafe import Markup

from site_build.centre_pages import (
    CentrePage,
    Words,
    centre_pages,
    every_page,
    own_form_pages,
    search_page,
    service_pages,
)
from site_build.directory import Directory, directory
from site_build.directory_pages import DirectoryPage, directory_pages
from site_build.drawing import SupportWay, drawn, support_way
from site_build.errors import BuildError
from site_build.fact_words import bulgarian, format_as_of, in_markdown
from site_build.open_data.calendars import has_dates
from site_build.open_data.files import calendar_file, card_file
from site_build.open_data.linked import LinkedData
from site_build.page import Page, hand_written_page
from site_build.timely import Timely
from site_build.typesetting import PrintedPaper
from site_model.addresses import centre_root, form_action, site_root, site_url
from site_model.base import SOURCE_LANGUAGE, MissingTranslationError, Text
from site_model.bound_form import centre_form
from site_model.centre import Centre
from site_model.facts import Content
from site_model.form import FormDefinition
from site_model.form_page import form_page
from site_model.languages import with_language
from site_model.offered import forms_of, offered

OWN_FORMS = "centre/own_forms.md"

SCRIPTS = {
    "times": ("data-hours=", "data-until="),
    "conditions": ("data-show-if=",),
    "directory": ('id="directory"',),
}
"""The scripts of `theme/assets` that a page needs only if it holds one of these marks."""


class PageMaker:
    """Makes the pages of one language from the content and the page templates."""

    def __init__(
        self,
        source: Content,
        language: str,
        environment: Environment,
        words: Words,
        *,
        today: date,
        forms: bool = True,
    ) -> None:
        """`forms`: whether this language has every interface word of the forms.

        `today` is the day for which the pages are made.
        """
        content = with_language(source, language)
        self._source = source
        self._content = content
        self._forms = forms
        self._language = language
        self._environment = environment
        self._pages = centre_pages(content, language, words)
        self._words = words
        self._search = search_page(words)
        self._linked = every_page(content, language, words)
        self._linked_data = LinkedData(source, language)
        environment.filters |= {
            "t": self._in_markdown,
            "date": self._as_date,
            "bulgarian": bulgarian,
        }
        environment.globals |= {
            "centre_paths": {centre: content.centre_path(centre) for centre in content.centres},
            "alone": content.alone,
            "groups": content.groups,
            "kinds": content.kinds,
            "help_lines": content.help_lines,
            "law": content.law,
            "exit_host": content.site.exit_url.host,
            "authorities": content.authorities,
            "forms": content.forms,
            "accessibility": content.accessibility,
            "address": site_url(content.site, language),
            "root": site_root(content.site, language),
            "bulgarian_root": site_root(content.site, SOURCE_LANGUAGE),
            "linked_data": self._linked_data,
            "licence": content.site.data_licence,
            "source": content.site.source_url,
            "timely": Timely(content.site, language, words, today),
            "paths": {page.id: page.path for page in self._linked},
            "titles": {page.id: page.title for page in self._linked},
        }

    def common(self, hand_written: Mapping[str, str]) -> Iterator[Page]:
        """The pages that belong to no centre; BuildError for a template that lacks a fact.

        `hand_written` maps file names of `docs/<language>` to their text; they are templates
        as well, so that they can show facts. Only these pages know every centre.
        """
        if not self._content.alone:
            front = self._environment.get_template("front.md")
            body = _render("index.md", partial(front.render, self._of_directory))
            meta = {"id": "front"} | _scripts_of(body)
            yield Page(PurePosixPath("index.md"), meta, body)
            yield from map(self._directory_page, self._directory_pages)
        for name, text in hand_written.items():
            yield hand_written_page(name, _render(name, partial(self._inline, text)))
        yield self._search_page()

    def common_files(self, hand_written: Iterable[str]) -> tuple[str, ...]:
        """The Markdown files that belong to no centre."""
        front = () if self._content.alone else ("index.md",)
        listed = (page.file for page in self._directory_pages)
        return (*front, *listed, *hand_written, self._search.file)

    def of_centre(self, id: str, papers: Mapping[str, PrintedPaper]) -> Iterator[Page]:
        """The pages of one centre; `papers` are its sheets by the place of their page."""
        centre = self._content.centres[id]
        for page in self._shown(centre):
            yield self._centre_page(centre, page, papers)

    def paths_of(self, id: str) -> Iterator[str]:
        """Where the pages of a centre stand below the language's root."""
        home = self._content.centre_path(id)
        return (home + page.path for page in self._shown(self._content.centres[id]))

    def _shown(self, centre: Centre) -> Iterator[CentrePage]:
        """Which pages a centre has in this language."""
        own = own_form_pages(centre, self._content, self._language)
        for page in (*self._pages, *self._service_pages(centre), *own):
            if not page.form or self._is_offered(page.form, centre):
                yield page

    @property
    def _of_all(self) -> dict[str, Any]:
        """What only pages know that belong to no centre."""
        return {"centres": self._content.centres}

    @cached_property
    def _directory(self) -> Directory | None:
        several = len(self._content.centres) > 1
        return directory(self._content, self._language) if several else None

    @cached_property
    def _directory_pages(self) -> tuple[DirectoryPage, ...]:
        found = self._directory
        return tuple(directory_pages(found, self._language, self._words)) if found else ()

    @property
    def _of_directory(self) -> dict[str, Any]:
        return {**self._of_all, "directory": self._directory, "language": self._language}

    def _directory_page(self, page: DirectoryPage) -> Page:
        template = self._environment.get_template("directory.md")
        values = {**self._of_directory, "page": page, "pages": self._directory_pages}
        body = _render(page.file, partial(template.render, values))
        return Page(PurePosixPath(page.file), {"id": "directory", "title": page.title}, body)

    def _is_offered(self, form: FormDefinition, centre: Centre) -> bool:
        """Whether a centre offers a form in this language, in which nothing of it is missing."""
        source = self._source
        return self._forms and offered(
            source.forms[form.id], source.centres[centre.id], source, self._language
        )

    def _service_pages(self, centre: Centre) -> tuple[CentrePage, ...]:
        full = self._content.site.language(self._language).scope == "full"
        return service_pages(centre, self._language) if full else ()

    def _search_page(self) -> Page:
        file, title = self._search.file, self._search.title
        template = self._environment.get_template(self._search.template)
        body = _render(file, partial(template.render, title=title))
        return Page(PurePosixPath(file), {"id": self._search.id, "title": title}, body)

    def _inline(self, text: str) -> str:
        return self._environment.from_string(text).render(self._of_all)

    def _centre_page(
        self, centre: Centre, page: CentrePage, papers: Mapping[str, PrintedPaper]
    ) -> Page:
        home = self._content.centre_path(centre.id)
        body = _render(home + page.file, partial(self._body, centre, page, papers))
        title = centre.name.text.to(self._language)
        if page.id != "home":
            title = f"{page.title} – {centre.short_name.to(self._language)}"
        meta = {
            "id": page.id,
            "section": page.section,
            "centre": centre.id,
            "title": title,
        }
        return Page(PurePosixPath(home + page.file), meta | _scripts_of(body), body)

    def _body(self, centre: Centre, page: CentrePage, papers: Mapping[str, PrintedPaper]) -> str:
        template = self._environment.get_template(f"centre/{page.template}")
        form_html = self._form_html(centre, page.form) if page.form else ""
        forms = forms_of(self._content, centre.id)
        up = "../" * page.slug.count("/")
        values = dict(
            centre=centre,
            page=page,
            form_html=form_html,
            home=centre_root(self._content, self._language, centre.id),
            links={other.id: up + other.file for other in self._linked},
            common=up if self._content.alone else f"../{up}",
            support_way=self._support_way,
            paper=papers.get(f"{self._content.centre_path(centre.id)}{page.path}"),
            card=card_file(self._content, centre.id),
            asked_by=[form for form in forms if form.meant_for(self._language)],
            own_forms=[
                {"form": form, "path": f"{form.slug}/", "offered": self._is_offered(form, centre)}
                for form in forms
                if form.own
            ],
            calendar=calendar_file(self._content, centre.id) if has_dates(centre) else None,
        )
        body = template.render(values)
        if any(form.own for form in forms):
            body += self._environment.get_template(OWN_FORMS).render(values)
        return body + self._data_block(centre, page)

    def _data_block(self, centre: Centre, page: CentrePage) -> str:
        if page.service:
            return str(self._linked_data.service(centre, page.service))
        return str(self._linked_data.centre(centre)) if page.id == "home" else ""

    def _support_way(self, centre: Centre) -> tuple[SupportWay, Markup]:
        way = support_way(centre, self._content.law, self._language, self._words)
        return way, drawn(way)

    def _form_html(self, centre: Centre, form: FormDefinition) -> str:
        bound = centre_form(form, centre, self._content.groups, self._language)
        return form_page(
            self._environment,
            bound,
            bound.bind(),
            action=form_action(self._content.site, self._language, centre.id, form.id),
            home=centre_root(self._content, self._language, centre.id),
            help_lines=self._content.help_lines,
        )

    def _in_markdown(self, text: Text) -> Markup:
        return in_markdown(text.to(self._language))

    def _as_date(self, value: str | date) -> str:
        return format_as_of(value, self._language)


def _scripts_of(body: str) -> dict[str, Any]:
    """What the head of a page says of the scripts that it needs."""
    scripts = [name for name, marks in SCRIPTS.items() if any(mark in body for mark in marks)]
    return {"scripts": scripts} if scripts else {}


def _render(name: str, make: Callable[[], str]) -> str:
    """Make a page; what its template lacks becomes a sentence that names the page."""
    try:
        return make()
    except MissingTranslationError as error:
        raise BuildError(f"{name}: липсва превод {error}") from error
    except TemplateError as error:
        raise BuildError(f"{name}: грешка в шаблона: {error.message}") from error
