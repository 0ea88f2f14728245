"""Which pages an edition has: each as a value that knows whose it is and where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache

from site_build.edition import Edition
from site_build.pages.directory import Choice, Directory, choice_slug, choice_title, directory
from site_build.pages.page import path_of
from site_model.availability import forms_of
from site_model.facts.centre import Centre
from site_model.facts.services import Service
from site_model.forms.definition import FormDefinition
from site_model.forms.places import PLACED_FORMS
from site_model.types import Moment
from site_model.urls import CENTRE_SLUGS, COMMON_PAGES, MAIN_PAGES, service_slug

FEW = 4
"""Up to so many centres stand on one page of the directory: a page for each choice would mostly
name the same one."""


@dataclass(frozen=True)
class PlannedPage:
    """A page of an edition before anything of it is written.

    `slug` is its place below `home`: a centre's, or else the language's root. `template` makes it,
    unless it is written by hand. `section` is the page of the menu under which it is found; ""
    means that it stands in the menu itself or, where `in_menu` is not set, in the footer. The menu
    stays short, so that it fits on a phone. `checked_on` is the day on which what it says was last
    held against its source, if its facts have one. What is not `listed` no search names.
    """

    id: str
    slug: str
    title: str = ""
    template: str = ""
    section: str = ""
    form: FormDefinition | None = None
    in_menu: bool = True
    service: Service | None = None
    choice: Choice | None = None
    home: str = ""
    centre: Centre | None = None
    checked_on: Moment | None = None
    listed: bool = True

    @property
    def file(self) -> str:
        """Its Markdown, below the language's folder."""
        return f"{self.home}{self.slug or 'index'}.md"

    @property
    def path(self) -> str:
        """Where it stands below the language's root: "harmanli/", "" for the front page."""
        return path_of(self.file)


@dataclass(frozen=True, eq=False)
class Plan:
    """All pages of an edition; `hand_written` are the Markdown files of docs/."""

    edition: Edition
    hand_written: tuple[str, ...] = ()

    @cached_property
    def linked(self) -> tuple[PlannedPage, ...]:
        """The pages that every centre has in a full language, without their centre: to these
        templates link, and what a smaller language lacks is led to the Bulgarian.
        """
        _ = self.edition.gettext
        forms = self.edition.content.forms
        return (
            _page("home", _("Начало")),
            _page("services", _("Услуги и програми")),
            _page("programmes", _("Програми"), section="services"),
            _page("who", _("На кого помагаме")),
            _page("support", _("Как да получите подкрепа")),
            _page("questions", _("Въпроси и отговори")),
            _page("children", _("За деца")),
            _page("institutions", _("За училища и институции")),
            _page("contacts", _("Контакти")),
            _page("about", _("Екип и история"), section="contacts"),
            *(self._form_page(forms[name]) for name in PLACED_FORMS),
            _page("after_writing", _("Какво става, когато ни пишете"), in_menu=False),
            _page("easy_read", _("Лесно за четене"), in_menu=False),
            _page("feedback", _("Похвали и оплаквания"), in_menu=False),
            _page("privacy", _("Лични данни"), in_menu=False),
            _page("accessibility", _("Декларация за достъпност"), in_menu=False),
        )

    @cached_property
    def shared(self) -> tuple[PlannedPage, ...]:
        """The same of this language, in the order of the menu and then of the footer.

        Where a language has only the main pages, the home tells all of the main information.
        """
        if self.edition.is_full:
            return self.linked
        return tuple(
            replace(page, section="", template="main.md" if page.id == "home" else page.template)
            for page in self.linked
            if page.form or page.id in MAIN_PAGES
        )

    def own_pages(self, centre: str) -> Iterator[PlannedPage]:
        """What not every centre has in this language: the page on which answers are read, and the
        forms that an operator added.
        """
        if self.edition.reads_answers(centre):
            # A note says the way here; a search would bring people who look for help.
            title = self.edition.gettext("Вижте отговора")
            yield replace(_page("answer", title, in_menu=False), listed=False)
        for form in forms_of(self.edition.content, centre):
            if form.own and self.edition.offers(form, centre):
                yield self._form_page(form)

    @lru_cache(maxsize=16)  # noqa: B019 - a plan lives as long as its process
    def of_centre(self, id: str) -> tuple[PlannedPage, ...]:
        """The pages of a centre; that of a form only where the form is offered."""
        edition = self.edition
        centre, home = edition.content.centres[id], edition.content.centre_path(id)
        shared = (one for one in self.shared if not one.form or edition.offers(one.form, id))
        services = map(self._service_page, centre.services if edition.is_full else ())
        return tuple(
            replace(page, home=home, centre=centre, checked_on=_day_of(page, centre))
            for page in (*shared, *services, *self.own_pages(id))
        )

    @cached_property
    def directory(self) -> Directory | None:
        """By what centres are found; None where there is one alone."""
        return None if self.edition.content.alone else directory(self.edition)

    @cached_property
    def common(self) -> tuple[PlannedPage, ...]:
        """The pages that belong to no centre: the front page first, the search page last."""
        search = self.edition.gettext("Търсене")
        return (
            *(self._directory_pages(self.directory) if self.directory else ()),
            *map(self._written_page, self.hand_written),
            PlannedPage("search", COMMON_PAGES["search"], search, "search.md"),
        )

    @property
    def pages(self) -> Iterator[PlannedPage]:
        """Every page."""
        yield from self.common
        for id in self.edition.content.centres:
            yield from self.of_centre(id)

    def _directory_pages(self, found: Directory) -> Iterator[PlannedPage]:
        """The front page, the directory, and a page for each choice where centres are many: so
        their number is bounded by municipalities, groups and kinds, however many centres there are.
        """
        centres, title = self.edition.content.centres, self.edition.gettext("Намерете център")
        slug = COMMON_PAGES["directory"]

        def last(ids: Iterator[str] | tuple[str, ...]) -> Moment:
            return max(centres[id].checked_on for id in ids)

        every = last(tuple(centres))
        yield PlannedPage("front", "", template="front.md", checked_on=every)
        yield PlannedPage("directory", f"{slug}/index", title, "directory.md", checked_on=every)
        for choice in found.every_choice if len(centres) > FEW else ():
            yield PlannedPage(
                "directory",
                f"{slug}/{choice_slug(choice.filter, choice.value)}",
                choice_title(choice, self.edition, title),
                "directory.md",
                choice=choice,
                checked_on=last(choice.centres),
            )

    def _written_page(self, file: str) -> PlannedPage:
        slug = file.removesuffix(".md")
        if slug != COMMON_PAGES["help"]:
            return PlannedPage("", slug)
        lines = self.edition.content.help_lines.values()
        return PlannedPage("help", slug, checked_on=max(line.checked_on for line in lines))

    def _form_page(self, form: FormDefinition) -> PlannedPage:
        """It belongs to the menu, to the footer, or to the page that leads to it.

        Where several pages lead to it, the first one counts. On a site that takes no letters its
        title says that it is for paper.
        """
        title = self.edition.translate(form.title)
        if not self.edition.site.takes_letters:
            title = self.edition.gettext("%(form)s: на хартия") % {"form": title}
        linking = form.linked_from.pages or ("programmes",)
        on_every_page = {"menu", "footer"} & set(linking)
        return PlannedPage(
            form.id,
            form.slug,
            title,
            "form.md",
            section="" if on_every_page else linking[0],
            form=form,
            in_menu="footer" not in linking,
        )

    def _service_page(self, service: Service) -> PlannedPage:
        """Below the list of services."""
        title = self.edition.translate(service.name)
        slug = service_slug(service.slug)
        return PlannedPage(
            "service", slug, title, "service.md", section="services", service=service
        )


def _page(id: str, title: str, *, section: str = "", in_menu: bool = True) -> PlannedPage:
    return PlannedPage(id, CENTRE_SLUGS[id], title, f"{id}.md", section=section, in_menu=in_menu)


def _day_of(page: PlannedPage, centre: Centre) -> Moment | None:
    """When the facts of a centre's page were checked; a form has no such day."""
    if page.form:
        return None
    if page.service:
        return page.service.checked_on
    if page.id == "programmes" and centre.programmes:
        return max(programme.checked_on for programme in centre.programmes)
    return centre.checked_on
