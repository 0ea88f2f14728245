"""Every page that answers a form, for each form address of the site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from babel.dates import format_date
from jinja2 import Environment

from contact_service.intake import Receipt
from contact_service.logs import get_logger
from contact_service.submission import SOFIA_TIME
from contact_service.web.bare_page import BarePage, Exit, Telephone
from contact_service.web.form_body import Sent
from contact_service.web.receipts import LIFETIME_SECONDS
from contact_service.web.refusals import Refusal, refusal
from contact_service.web.site_pages import PageMissingError, Shell, ShellStore
from contact_service.web.unsent_form import ToFix, to_fix
from site_model.availability import forms_of, is_offered
from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.forms.binding import CentreForm, centre_form
from site_model.forms.definition import CHANGE, REVIEWED, FormDefinition
from site_model.forms.filled import FilledForm
from site_model.forms.html import form_page
from site_model.i18n.catalogue_files import form_words_missing, translations
from site_model.i18n.languages import locale_of
from site_model.i18n.punctuation import join_list
from site_model.i18n.templates import template_environment
from site_model.i18n.typography import as_read
from site_model.problems import ContentError
from site_model.types import SOURCE_LANGUAGE
from site_model.urls import (
    READING,
    built_form,
    built_reading,
    centre_root,
    form_action,
    origin,
    site_root,
)

if TYPE_CHECKING:
    from contact_service.web.extra_step import Step

TEMPLATES = Path(__file__).parent / "templates"
GENERAL_PAGE = Path("404.html")

log = get_logger("opora.web")


@dataclass(frozen=True)
class FormPages:
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

    @property
    def action(self) -> str:
        """Where the form is sent."""
        bound = self.form
        return form_action(self.content.site, bound.language, bound.centre.id, bound.definition.id)

    def to_fix(self, filled: FilledForm, sent: Sent) -> ToFix:
        """What keeps the letter from going on, in the words of the form's language."""
        return to_fix(filled, sent, self.words)

    def form_again(
        self,
        filled: FilledForm,
        fix: ToFix | None = None,
        *,
        notice: str | None = None,
        step: Step | None = None,
        ticket: str = "",
    ) -> str:
        """The form page with what was sent, and its errors, why it was not taken, or a step.

        A `ticket` that came with it goes with it again: anyone who has waited, waits once.
        """
        middle = form_page(
            self.environment,
            filled,
            action=self.action,
            home=self._home,
            help_lines=self.content.help_lines,
            errors=fix.errors if fix else None,
            call=bool(fix and fix.call),
            stops=fix.stops if fix else (),
            notice=notice,
            step=step,
            ticket=step.ticket if step else ticket,
        )
        shell = self.shells.shell(self.built)
        middle = self._as_read(middle)
        held = fix is not None and fix.stops
        said = self.words("Още една стъпка") if step else self.words("Грешка")
        said = self.words("Не е изпратено") if held else said
        is_changing = not (fix or notice or step)
        return shell.page(middle, title_prefix="" if is_changing else f"{said}: ")

    def review_page(self, filled: FilledForm, ticket: str) -> str:
        """Every answer once more before the letter goes, each with a way to change it."""
        return self.page(
            "review.html",
            self.words("Прегледайте, преди да изпратите"),
            centre_form=self.form,
            answers=filled.answers_in(self.form.language),
            fields=filled.fields_to_send,
            ticket=ticket,
            action=self.action,
            reviewed_name=REVIEWED,
            change_name=CHANGE,
        )

    def receipt_page(self, receipt: Receipt) -> str:
        return self.page(
            "receipt.html",
            self.words("Прието"),
            reading=self.reading_path,
            reading_url=origin(self.content.site) + self.reading_path,
            receipt=receipt,
            accepted_at=_day_and_time(receipt.accepted_at, self.form.language, self.words),
            definition=self.form.definition,
            minutes=LIFETIME_SECONDS // 60,
        )

    def refusal(self, status: int, *, of_letter: bool = True) -> str:
        """A page that says why nothing was taken, with the telephone numbers."""
        title, sentence = refusal(status, self.words, of_letter=of_letter)
        return self.page(
            "refused.html",
            title,
            title=title,
            sentence=sentence,
            form_path=self.form_path if of_letter else None,
            root=self._home,
        )

    @property
    def bare(self) -> BarePage:
        """What can be said when nothing else works: the centre's telephone with the others."""
        centre, language = self.form.centre, self.form.language
        own = [
            Telephone(phone.number, phone.dialled, centre.name.text.to(language))
            for phone in centre.phones[:1]
        ]
        return _bare(self.content, language, self.words, *own)

    def typed_answers(self, sent: Sent) -> list[str]:
        """What was written, not chosen, in the form's order."""
        typed = [name for name, field in self.form.fields.items() if field.is_written]
        return [text for name in typed for text in sent.values.getlist(name) if text]

    def bare_receipt(self, receipt: Receipt) -> str:
        """The number and the codes of a letter that was accepted, whatever fails after that."""
        words = self.words
        for_answers = (
            f"{words('Кодът, с който се чете отговорът на центъра:')} {receipt.code}",
            words("Показва се само тук. Който има кода, може да прочете отговора."),
        )
        return self.bare.html(
            words("Прието"),
            f"{words('Вашият номер:')} {receipt.reference}",
            words("Код за проверка: %(code)s") % {"code": receipt.check_code},
            *(for_answers if receipt.code else ()),
        )

    def bare_refusal(
        self, status: int, written: Iterable[str] = (), *, of_letter: bool = True
    ) -> str:
        """The sentence for a status, and whatever was written, to be copied."""
        return _bare_refusal(
            self.bare, refusal(status, self.words, of_letter=of_letter), self.words, written
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

    @property
    def reading_path(self) -> str:
        """Where the site has the page on which the code of a receipt is typed."""
        return f"{self._home}{READING}/"

    def reading_page(self, template: str, page_title: str, **values: Any) -> str:
        """A page with the head and the menu of the one on which codes are typed."""
        form = self.form
        built = Path(built_reading(self.content, form.language, form.centre.id))
        return self.page(template, page_title, at=built, language=form.language, **values)

    def page(self, template: str, page_title: str, at: Path | None = None, **values: Any) -> str:
        """A page from a template, with the head and the menu of a built one: else the form's."""
        centre = self.form.centre
        middle = self.environment.get_template(template).render(
            centre=centre, help_lines=self.content.help_lines, home=self._home, **values
        )
        middle = self._as_read(middle)
        whole_title = f"{page_title} – {centre.short_name.to(self.form.language)}"
        return self._shell(at or self.built).page(middle, title=whole_title)

    def _shell(self, built: Path) -> Shell:
        try:
            return self.shells.shell(built)
        except PageMissingError:  # the site was built before there were answers
            return self.shells.shell(self.built)

    def _as_read(self, middle: str) -> str:
        return as_read(middle, self.content.site.language(self.form.language))


def _bare(
    content: Content, language: str, words: Callable[[str], str], *own: Telephone
) -> BarePage:
    danger, talk = (
        Telephone(line.number, line.dialled, line.label.to(language))
        for line in content.first_lines
    )
    leaving = Exit(words("Бързо излизане"), str(content.site.exit_url))
    direction = content.site.language(language).direction
    return BarePage(language, direction, leaving, (danger, *own, talk))


def _bare_refusal(
    bare: BarePage, said: Refusal, words: Callable[[str], str], written: Iterable[str] = ()
) -> str:
    """Danger first, as on the page that refused.html makes."""
    title, sentence = said
    danger = words("Ако има опасност сега, обадете се на %(number)s.")
    danger %= {"number": bare.telephones[0].number}
    return bare.html(title, danger, sentence, written=written)


def _day_and_time(words: str, language: str, _: Callable[[str], str]) -> str:
    """The time of a receipt as its reader writes it; in Bulgarian as the sheet shows it."""
    if language == SOURCE_LANGUAGE:
        return words
    moment = datetime.strptime(words, SOFIA_TIME)
    day = format_date(moment, "long", locale=locale_of(language))
    return join_list((day, f"{moment:%H:%M}"), _)


class FormPagesByAddress:
    """Every form address of the content folder with its pages.

    There is one where the form is whole and its page was built; a language whose catalogue cannot
    be used has none, and costs no other. Raises PageMissingError if the site has not been built.
    """

    def __init__(self, content: Content, site_folder: Path, catalogues: Path) -> None:
        self._content = content
        self._shells = ShellStore(site_folder)
        self._shells.shell(GENERAL_PAGE)
        self._environments: dict[str, Environment] = {}
        for code in (language.code for language in content.site.languages):
            try:
                if not form_words_missing(code, catalogues):
                    environment = template_environment(code, TEMPLATES, catalogues=catalogues)
                    self._environments[code] = environment
            except (ContentError, OSError) as error:
                log.error("езикът остава без формуляри", language=code, reason=str(error))
        self._forms = {
            (language, centre.id, definition.id): FormPages(
                content,
                centre_form(definition, centre, content.groups, language),
                environment,
                translations(language, catalogues).gettext,
                self._shells,
            )
            for language, environment in self._environments.items()
            for centre in content.centres.values()
            for definition in forms_of(content, centre.id)
            if self._is_built(language, centre, definition)
        }

    def one_of_each_centre(self) -> list[FormPages]:
        return list({centre: pages for (_, centre, _), pages in self._forms.items()}.values())

    def _is_built(self, language: str, centre: Centre, definition: FormDefinition) -> bool:
        bulgarian = language == SOURCE_LANGUAGE
        if not bulgarian and not is_offered(definition, centre, self._content, language):
            return False
        try:
            self._shells.shell(
                Path(built_form(self._content, language, centre.id, definition.slug))
            )
        except (PageMissingError, OSError, ValueError) as error:
            if bulgarian:  # other languages are built where everything is translated
                log.error("формуляр без страница не приема писма", reason=str(error))
            return False
        return True

    @property
    def service_path(self) -> str:
        """Below which the service stands."""
        return self._content.site.service_path

    def of_centre(self, language: str, centre: str) -> FormPages | None:
        """The pages of any form that a centre has in a language."""
        found = (pages for at, pages in self._forms.items() if at[:2] == (language, centre))
        return next(found, None)

    def find(self, language: str, centre: str, form: str) -> FormPages | None:
        return self._forms.get((language, centre, form))

    def _at(self, address: Mapping[str, str] | None) -> FormPages | None:
        names = [(address or {}).get(name, "") for name in ("language", "centre", "form_id")]
        return self.find(*names) if names[2] else self.of_centre(*names[:2])

    def bare_refusal(
        self, address: Mapping[str, str] | None, status: int, *, of_letter: bool = True
    ) -> str:
        """The same page where neither a template nor the site can be read."""
        if pages := self._at(address):
            return pages.bare_refusal(status, of_letter=of_letter)
        words = translations(SOURCE_LANGUAGE).gettext
        said = refusal(status, words, of_letter=of_letter)
        return _bare_refusal(_bare(self._content, SOURCE_LANGUAGE, words), said, words)

    def refusal(
        self, address: Mapping[str, str] | None, status: int, *, of_letter: bool = True
    ) -> str:
        """The page for an error, in the look of the form at `address` if there is one."""
        if pages := self._at(address):
            return pages.refusal(status, of_letter=of_letter)
        title, sentence = refusal(
            status, translations(SOURCE_LANGUAGE).gettext, of_letter=of_letter
        )
        return self.general_page(
            "refused.html", title, title=title, sentence=sentence, centre=None, form_path=None
        )

    def general_page(self, template: str, page_title: str, **values: Any) -> str:
        """A Bulgarian page that belongs to no centre."""
        content = self._content
        middle = (
            self._environments[SOURCE_LANGUAGE]
            .get_template(template)
            .render(
                help_lines=content.help_lines,
                root=site_root(content.site, SOURCE_LANGUAGE),
                **values,
            )
        )
        middle = as_read(middle, content.site.language(SOURCE_LANGUAGE))
        return self._shells.shell(GENERAL_PAGE).page(middle, title=page_title)
