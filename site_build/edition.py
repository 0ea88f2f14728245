"""An edition: the site in one language, for one day. Pages, papers and files are made of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property

from site_build.wording.facts import format_as_of
from site_model.availability import forms_of, is_offered
from site_model.content import Content
from site_model.facts.shared import Site
from site_model.forms.definition import FormDefinition
from site_model.i18n.languages import SiteLanguage, with_language
from site_model.types import SOURCE_LANGUAGE, Text, Words
from site_model.urls import centre_root, centre_url, site_root, site_url


@dataclass(frozen=True)
class Edition:
    """`source` is the content as people wrote it, `gettext` gives the interface words, `today` is
    the day for which the site is made; `has_form_words` says whether no word of forms is missing.
    """

    source: Content
    language: str
    gettext: Words
    today: date
    has_form_words: bool = True

    @cached_property
    def content(self) -> Content:
        """The content with the language in every text: its own words, or marked Bulgarian."""
        return with_language(self.source, self.language)

    @property
    def site(self) -> Site:
        return self.content.site

    @property
    def spoken(self) -> SiteLanguage:
        return self.site.language(self.language)

    @property
    def is_full(self) -> bool:
        """Whether it has every page, not the main ones alone."""
        return self.spoken.scope == "full"

    @cached_property
    def root(self) -> str:
        """The path on which its pages stand: "/en/"."""
        return site_root(self.site, self.language)

    @property
    def address(self) -> str:
        """The same as a whole address."""
        return site_url(self.site, self.language)

    @property
    def folder(self) -> str:
        """Where its pages lie below the site's folder: "en/", "" for Bulgarian."""
        return "" if self.language == SOURCE_LANGUAGE else f"{self.language}/"

    def translate(self, text: Text) -> str:
        return text.to(self.language)

    def date(self, value: str | date) -> str:
        """A day, month or year in words."""
        return format_as_of(value, self.language)

    def centre_root(self, centre: str) -> str:
        return centre_root(self.content, self.language, centre)

    def centre_url(self, centre: str) -> str:
        return centre_url(self.content, self.language, centre)

    def page_url(self, centre: str, slug: str) -> str:
        """The whole address of a page below its centre."""
        return f"{self.centre_url(centre)}{slug}/"

    def offers(self, form: FormDefinition, centre: str) -> bool:
        """Whether a centre offers a form in this language, in which nothing of it is missing."""
        source = self.source
        return self.has_form_words and is_offered(
            source.forms[form.id], source.centres[centre], source, self.language
        )

    def reads_answers(self, centre: str) -> bool:
        """Whether a receipt of this centre in this language may have a code to read answers."""
        return self.site.takes_letters and any(
            form.answers and self.offers(form, centre) for form in forms_of(self.content, centre)
        )
