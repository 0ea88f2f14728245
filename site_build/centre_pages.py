"""Which pages each centre has, where they stand and what they are called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from site_model.addresses import CENTRE_SLUGS
from site_model.base import SOURCE_LANGUAGE
from site_model.centre import Centre, Service
from site_model.facts import Content
from site_model.form import FormDefinition
from site_model.form_places import PLACED_FORMS
from site_model.languages import Scope
from site_model.offered import forms_of

Words = Callable[[str], str]
SEARCH_SLUG = "tarsene"

_MAIN = frozenset({"after_writing"})


@dataclass(frozen=True)
class CentrePage:
    """One page of a centre: `template` makes it, `slug` is its place ("" is the home).

    `section` is the page of the menu under which it is found; "" means that it stands in the
    menu itself or, where `in_menu` is not set, in the footer. The menu stays short, so that it
    fits on a phone.
    """

    id: str
    slug: str
    title: str
    template: str
    section: str = ""
    form: FormDefinition | None = None
    in_menu: bool = True
    service: Service | None = None

    @property
    def scope(self) -> Scope:
        """Pages of scope `main` are there in every language, the others only in full ones."""
        return "main" if self.form or self.id in _MAIN else "full"

    @property
    def file(self) -> str:
        return f"{self.slug}.md" if self.slug else "index.md"

    @property
    def path(self) -> str:
        return f"{self.slug}/" if self.slug else ""


def search_page(_: Words) -> CentrePage:
    """The one page for all centres that the build itself makes beside the front page."""
    return CentrePage("search", SEARCH_SLUG, _("Търсене"), "search.md", in_menu=False)


def centre_pages(content: Content, language: str, _: Words) -> tuple[CentrePage, ...]:
    """The pages that every centre has, in the order of the menu and then of the footer.

    Where a language has only the main pages, the home tells all of the main information.
    """
    pages = every_page(content, language, _)
    if content.site.language(language).scope == "full":
        return pages
    home = CentrePage("home", "", _("Начало"), "main.md")
    return (home, *(replace(page, section="") for page in pages if page.scope == "main"))


def every_page(content: Content, language: str, _: Words) -> tuple[CentrePage, ...]:
    """The pages of a full language, of which a smaller one may link to the Bulgarian."""
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
        *(form_page(content.forms[name], language) for name in PLACED_FORMS),
        _page("after_writing", _("Какво става, когато ни пишете"), in_menu=False),
        _page("easy_read", _("Лесно за четене"), in_menu=False),
        _page("feedback", _("Похвали и оплаквания"), in_menu=False),
        _page("privacy", _("Лични данни"), in_menu=False),
        _page("accessibility", _("Декларация за достъпност"), in_menu=False),
    )


def _page(id: str, title: str, *, section: str = "", in_menu: bool = True) -> CentrePage:
    return CentrePage(id, CENTRE_SLUGS[id], title, f"{id}.md", section=section, in_menu=in_menu)


def own_form_pages(centre: Centre, content: Content, language: str) -> tuple[CentrePage, ...]:
    """A page for each form that an operator added and that this centre offers."""
    return tuple(
        form_page(form, language)
        for form in forms_of(content, centre.id)
        if form.own and form.meant_for(language)
    )


def form_page(form: FormDefinition, language: str) -> CentrePage:
    """The page of a form; it belongs to the menu, to the footer, or to the page that leads to it.

    Where several pages lead to it, the first one counts.
    """
    linking = form.linked_from.pages or ("programmes",)
    on_every_page = {"menu", "footer"} & set(linking)
    return CentrePage(
        form.id,
        form.slug,
        form.title.to(language),
        "form.md",
        section="" if on_every_page else linking[0],
        form=form,
        in_menu="footer" not in linking,
    )


def own_steps(content: Content) -> frozenset[str]:
    """The first steps to the pages of a centre that stands alone; "" is its home."""
    pages = every_page(content, SOURCE_LANGUAGE, str)
    return frozenset(page.path.partition("/")[0] for page in pages)


def service_pages(centre: Centre, language: str) -> tuple[CentrePage, ...]:
    """A page for each service of one centre, below its list of services."""
    return tuple(
        CentrePage(
            "service",
            f"uslugi/{service.slug}",
            service.name.to(language),
            "service.md",
            section="services",
            service=service,
        )
        for service in centre.services
    )
