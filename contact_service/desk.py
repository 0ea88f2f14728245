"""The desks behind the form addresses: each makes every page that answers one form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.dates import format_datetime
from jinja2 import Environment
from wtforms import Form

from contact_service.receipt import LIFETIME_SECONDS, Receipt
from contact_service.refusals import refusal
from contact_service.sheet import SOFIA_TIME
from contact_service.site_pages import ShellStore
from site_model.addresses import built_form, centre_root, form_action, site_root
from site_model.base import SOURCE_LANGUAGE
from site_model.bound_form import CentreForm, centre_form
from site_model.centre import Centre
from site_model.facts import Content
from site_model.form import FormDefinition
from site_model.form_page import form_page
from site_model.interface import form_words_missing, template_environment, translations
from site_model.offered import forms_of, offered
from site_model.outdated import Outdated
from site_model.reading import as_read

if TYPE_CHECKING:
    from contact_service.proof import Step

TEMPLATES = Path(__file__).parent / "templates"
GENERAL_PAGE = Path("404.html")


@dataclass(frozen=True)
class Desk:
    """One form of one centre in one language, with all that is needed to answer for it."""

    content: Content
    form: CentreForm
    environment: Environment
    words: Callable[[str], str]
    shells: ShellStore

    @property
    def form_path(self) -> str:
        """Where the empty form stands on the site."""
        return f"{self._home}{self.form.definition.slug}/"

    def errors(self, form: Form) -> dict[str, str]:
        """What is to be mended, and what was answered though it is not asked, in form order.

        That is said once: a letter that comes back with the page's word on it goes without
        those answers. Nobody has to undo an answer, which radios do not allow.
        """
        bound = self.form
        found = bound.errors(form)
        sentence = self.words(
            "Отговорът на „%(question)s“ няма да бъде изпратен: пита се само след друг отговор "
            "горе. Ако така е добре, изпратете още веднъж. Ако не, променете отговора горе"
        )
        for name in set(bound.left_out(form)) - bound.told(form):
            label = bound.definition.field(name).label.to(bound.language)
            found[name] = sentence % {"question": label}
        return {name: found[name] for name in form.data if name in found}

    def form_again(
        self,
        form: Form,
        errors: dict[str, str] | None = None,
        notice: str | None = None,
        step: Step | None = None,
        outdated: Outdated | None = None,
    ) -> str:
        """The form page with what was sent, and its errors, why it was not taken, or a step."""
        bound = self.form
        middle = form_page(
            self.environment,
            bound,
            form,
            action=form_action(
                self.content.site, bound.language, bound.centre.id, bound.definition.id
            ),
            home=self._home,
            help_lines=self.content.help_lines,
            errors=errors,
            notice=notice,
            step=step,
            outdated=outdated,
        )
        shell = self.shells.shell(self.built)
        middle = self._as_read(middle)
        said = self.words("Още една стъпка") if step else self.words("Грешка")
        return shell.page(middle, title_prefix=f"{said}: ")

    def receipt_page(self, receipt: Receipt) -> str:
        return self._page(
            "receipt.html",
            self.words("Прието"),
            receipt=receipt,
            accepted_at=_day_and_time(receipt.accepted_at, self.form.language),
            definition=self.form.definition,
            minutes=LIFETIME_SECONDS // 60,
        )

    def refusal(self, status: int) -> str:
        """A page that says why nothing was taken, with the telephone numbers."""
        title, sentence = refusal(status, self.words)
        return self._page(
            "refused.html", title, title=title, sentence=sentence, form_path=self.form_path
        )

    @property
    def _home(self) -> str:
        """Where the pages of the centre stand."""
        return centre_root(self.content, self.form.language, self.form.centre.id)

    @property
    def built(self) -> Path:
        """The built page of this form, below the site's folder."""
        form = self.form
        return Path(built_form(self.content, form.language, form.centre.id, form.definition.slug))

    def _page(self, template: str, page_title: str, **values: Any) -> str:
        centre = self.form.centre
        middle = self.environment.get_template(template).render(
            centre=centre, help_lines=self.content.help_lines, home=self._home, **values
        )
        middle = self._as_read(middle)
        whole_title = f"{page_title} – {centre.short_name.to(self.form.language)}"
        return self.shells.shell(self.built).page(middle, title=whole_title)

    def _as_read(self, middle: str) -> str:
        return as_read(middle, self.content.site.language(self.form.language))


def _day_and_time(words: str, language: str) -> str:
    """The time of a receipt as its reader writes it; in Bulgarian as the sheet shows it."""
    if language == SOURCE_LANGUAGE:
        return words
    return format_datetime(datetime.strptime(words, SOFIA_TIME), "d MMMM y, HH:mm", locale=language)


class Desks:
    """Every form address of the content folder with its desk.

    In a language other than Bulgarian there is one where the form is whole and was built.
    Raises PageMissingError if the site has not been built.
    """

    def __init__(self, content: Content, site_folder: Path, catalogues: Path) -> None:
        self._content = content
        self._shells = ShellStore(site_folder)
        self._environments = {
            language.code: template_environment(language.code, TEMPLATES, catalogues=catalogues)
            for language in content.site.languages
        }
        self._lacking_words = {
            language: form_words_missing(language, catalogues) for language in self._environments
        }
        self._desks = {
            (language, centre.id, definition.id): Desk(
                content,
                centre_form(definition, centre, content.groups, language),
                environment,
                translations(language, catalogues).gettext,
                self._shells,
            )
            for language, environment in self._environments.items()
            for centre in content.centres.values()
            for definition in forms_of(content, centre.id)
            if self._offered(language, centre, definition, site_folder)
        }
        for desk in self._desks.values():
            self._shells.shell(desk.built)
        self._shells.shell(GENERAL_PAGE)

    def _offered(
        self, language: str, centre: Centre, definition: FormDefinition, site_folder: Path
    ) -> bool:
        if language == SOURCE_LANGUAGE:
            return True
        page = site_folder / built_form(self._content, language, centre.id, definition.slug)
        return (
            page.exists()
            and offered(definition, centre, self._content, language)
            and not self._lacking_words[language]
        )

    def find(self, language: str, centre: str, form: str) -> Desk | None:
        return self._desks.get((language, centre, form))

    def refusal(self, address: Mapping[str, str] | None, status: int) -> str:
        """The page for an error, in the look of the form at `address` if there is one."""
        address = address or {}
        desk = self.find(
            address.get("language", ""), address.get("centre", ""), address.get("form_id", "")
        )
        if desk:
            return desk.refusal(status)
        title, sentence = refusal(status, translations(SOURCE_LANGUAGE).gettext)
        middle = (
            self._environments[SOURCE_LANGUAGE]
            .get_template("refused.html")
            .render(
                title=title,
                sentence=sentence,
                centre=None,
                form_path=None,
                help_lines=self._content.help_lines,
                root=site_root(self._content.site, SOURCE_LANGUAGE),
            )
        )
        middle = as_read(middle, self._content.site.language(SOURCE_LANGUAGE))
        return self._shells.shell(GENERAL_PAGE).page(middle, title=title)
