"""From the plan of an edition to the Markdown of its pages."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from jinja2 import Environment, TemplateError
from markupsafe import Markup

from site_build.errors import BuildError, sentence_of
from site_build.open_data.calendars import has_dates
from site_build.open_data.linked import LinkedData
from site_build.pages.page import Page, PrintedPaper, hand_written_page
from site_build.pages.page_plan import Plan, PlannedPage
from site_build.pages.support_diagram import SupportWay, draw, support_way
from site_model.availability import forms_of
from site_model.facts.centre import Centre
from site_model.facts.shared import groups_of
from site_model.forms.binding import centre_form
from site_model.forms.definition import FormDefinition
from site_model.forms.filled import FilledForm
from site_model.forms.html import form_page
from site_model.types import MissingTranslationError
from site_model.urls import calendar_file, card_file, form_action, reading_action

OWN_FORMS = "centre/own_forms.md"

SCRIPTS = {
    "times": ("data-hours=", "data-until="),
    "conditions": ("data-show-if=",),
    "directory": ('id="directory"',),
}
"""The scripts of `theme/assets` that a page needs only if it holds one of these marks."""


class PageMaker:
    """Makes the pages of an edition with its templates (`page_environment`)."""

    def __init__(self, plan: Plan, environment: Environment) -> None:
        self._plan = plan
        self._edition = plan.edition
        self._environment = environment
        self._linked_data = LinkedData(plan.edition)

    def common(
        self, hand_written: Mapping[str, str], pages: Iterable[PlannedPage] | None = None
    ) -> Iterator[Page]:
        """The pages that belong to no centre, or these of them; BuildError for a template that
        lacks a fact.

        `hand_written` maps file names of `docs/<language>` to their text; they are templates
        as well, so that they can show facts. Only these pages know every centre.
        """
        values = {
            "centres": self._edition.content.centres,
            "directory": self._plan.directory,
            "pages": [page for page in self._plan.common if page.choice],
        }
        for page in self._plan.common if pages is None else pages:
            text = None if page.template else hand_written[page.file]
            body = _render(page.file, partial(self._common_body, page, text, values))
            if page.template:
                yield Page(PurePosixPath(page.file), _head(page, body, title=page.title), body)
            else:
                yield hand_written_page(page.file, body)

    def _common_body(self, page: PlannedPage, text: str | None, values: Mapping[str, Any]) -> str:
        environment = self._environment
        template = (
            environment.get_template(page.template)
            if text is None
            else environment.from_string(text)
        )
        return template.render(values, page=page)

    def of_centre(
        self,
        id: str,
        papers: Mapping[str, PrintedPaper],
        pages: Iterable[PlannedPage] | None = None,
    ) -> Iterator[Page]:
        """The pages of one centre, or these of them; `papers` are its sheets by the place of their
        page.
        """
        centre = self._edition.content.centres[id]
        for page in self._plan.of_centre(id) if pages is None else pages:
            body = _render(page.file, partial(self._body, centre, page, papers))
            title = self._edition.translate(centre.name.text)
            if page.id != "home":
                title = f"{page.title} – {self._edition.translate(centre.short_name)}"
            head = _head(page, body, section=page.section, centre=id, title=title)
            yield Page(PurePosixPath(page.file), head, body)

    def _body(self, centre: Centre, page: PlannedPage, papers: Mapping[str, PrintedPaper]) -> str:
        edition, content = self._edition, self._edition.content
        template = self._environment.get_template(f"centre/{page.template}")
        form_html = self._form_html(centre, page.form)
        forms = forms_of(content, centre.id)
        up = "../" * page.slug.count("/")
        values = dict(
            centre=centre,
            groups=groups_of(centre, content.groups),
            page=page,
            form_html=form_html,
            home=edition.centre_root(centre.id),
            links={other.id: up + other.file for other in self._plan.linked},
            common=up if content.alone else f"../{up}",
            support_way=self._support_way,
            paper=papers.get(page.path),
            card=card_file(content, centre.id),
            reads_answers=edition.reads_answers(centre.id),
            reading_action=reading_action(edition.site, edition.language, centre.id),
            asked_by=[form for form in forms if form.meant_for(edition.language)],
            own_forms=[
                {
                    "form": form,
                    "path": f"{form.slug}/",
                    "offered": edition.offers(form, centre.id),
                }
                for form in forms
                if form.own
            ],
            calendar=calendar_file(content, centre.id) if has_dates(centre) else None,
        )
        body = template.render(values)
        if any(form.own for form in forms):
            body += self._environment.get_template(OWN_FORMS).render(values)
        return body + self._data_block(centre, page)

    def _data_block(self, centre: Centre, page: PlannedPage) -> str:
        if page.service:
            return str(self._linked_data.service(centre, page.service))
        return str(self._linked_data.centre(centre)) if page.id == "home" else ""

    def _support_way(self, centre: Centre) -> tuple[SupportWay, Markup]:
        way = support_way(self._edition, centre)
        return way, draw(way)

    def _form_html(self, centre: Centre, form: FormDefinition | None) -> str:
        """The form of a page; none where nobody would get what was written in it."""
        edition = self._edition
        if form is None or not edition.site.takes_letters:
            return ""
        bound = centre_form(form, centre, edition.content.groups, edition.language)
        return form_page(
            self._environment,
            FilledForm(bound),
            action=form_action(edition.site, edition.language, centre.id, form.id),
            home=edition.centre_root(centre.id),
            help_lines=edition.content.help_lines,
        )


def _head(page: PlannedPage, body: str, **values: str) -> dict[str, Any]:
    """The values at the head of a page; of the scripts those that it needs."""
    scripts = [name for name, marks in SCRIPTS.items() if any(mark in body for mark in marks)]
    head = {"id": page.id, **values, "scripts": scripts, "unlisted": not page.listed}
    return {name: value for name, value in head.items() if value}


def _render(name: str, make: Callable[[], str]) -> str:
    """Make a page; what its template lacks becomes a sentence that names the page."""
    try:
        return make()
    except MissingTranslationError as error:
        raise BuildError(f"{name}: липсва превод {error}") from error
    except TemplateError as error:
        raise BuildError(f"{name}: грешка в шаблона: {error.message}") from error
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        raise BuildError(f"{name}: {sentence_of(error)}") from error
