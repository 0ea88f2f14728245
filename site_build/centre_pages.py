"""Which pages each centre has, where they stand and what they are called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from site_model.centre import Centre, Service
from site_model.facts import Content
from site_model.form import FormDefinition
from site_model.languages import Scope

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
    sections = {"family": "", "institution": "institutions"}
    forms = tuple(
        CentrePage(
            form.id,
            form.slug,
            form.title.to(language),
            "form.md",
            section=sections[form.reader],
            form=form,
        )
        for form in content.forms.values()
    )
    return (
        CentrePage("home", "", _("Начало"), "home.md"),
        CentrePage("services", "uslugi", _("Услуги и програми"), "services.md"),
        CentrePage("programmes", "programi", _("Програми"), "programmes.md", section="services"),
        CentrePage("who", "na-kogo-pomagame", _("На кого помагаме"), "who.md"),
        CentrePage(
            "support", "kak-da-poluchite-podkrepa", _("Как да получите подкрепа"), "support.md"
        ),
        CentrePage("questions", "vaprosi-i-otgovori", _("Въпроси и отговори"), "questions.md"),
        CentrePage("children", "za-detsa", _("За деца"), "children.md"),
        CentrePage(
            "institutions",
            "za-uchilishta-i-institutsii",
            _("За училища и институции"),
            "institutions.md",
        ),
        CentrePage("contacts", "kontakti", _("Контакти"), "contacts.md"),
        CentrePage("about", "ekip-i-istoriya", _("Екип и история"), "about.md", section="contacts"),
        *forms,
        *(
            CentrePage(id, slug, title, f"{id}.md", in_menu=False)
            for id, slug, title in (
                (
                    "after_writing",
                    "kakvo-stava-kogato-pishete",
                    _("Какво става, когато ни пишете"),
                ),
                ("easy_read", "lesno-za-chetene", _("Лесно за четене")),
                ("feedback", "pohvali-i-oplakvaniya", _("Похвали и оплаквания")),
                ("privacy", "lichni-danni", _("Лични данни")),
                ("accessibility", "dostapnost", _("Декларация за достъпност")),
            )
        ),
    )


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
