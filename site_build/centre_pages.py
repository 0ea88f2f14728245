"""Which pages each centre has, where they stand and what they are called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from site_model.facts import Content
from site_model.form import FormDefinition

Words = Callable[[str], str]


@dataclass(frozen=True)
class CentrePage:
    """One page of every centre: `template` makes it, `slug` is its place ("" is the home).

    What is not in the menu is in the footer.
    """

    id: str
    slug: str
    title: str
    template: str
    form: FormDefinition | None = None
    in_menu: bool = True

    @property
    def file(self) -> str:
        return f"{self.slug}.md" if self.slug else "index.md"

    @property
    def path(self) -> str:
        return f"{self.slug}/" if self.slug else ""


def centre_pages(content: Content, language: str, _: Words) -> tuple[CentrePage, ...]:
    """The pages in the order of the menu; those outside it stand in the footer."""
    forms = tuple(
        CentrePage(form.id, form.slug, form.title.to(language), "form.md", form)
        for form in content.forms.values()
    )
    return (
        CentrePage("home", "", _("Начало"), "home.md"),
        CentrePage("services", "uslugi", _("Услуги"), "services.md"),
        CentrePage("who", "na-kogo-pomagame", _("На кого помагаме"), "who.md"),
        CentrePage("programmes", "programi", _("Програми"), "programmes.md"),
        CentrePage(
            "support", "kak-da-poluchite-podkrepa", _("Как да получите подкрепа"), "support.md"
        ),
        CentrePage(
            "institutions",
            "za-uchilishta-i-institutsii",
            _("За училища и институции"),
            "institutions.md",
        ),
        CentrePage("about", "ekip-i-istoriya", _("Екип и история"), "about.md"),
        CentrePage("contacts", "kontakti", _("Контакти"), "contacts.md"),
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
