"""The site in one language, for tests that need no build."""

from __future__ import annotations

from datetime import date

from site_build.edition import Edition
from site_model.content import Content
from site_model.i18n.catalogue_files import translations

TODAY = date(2026, 11, 22)


def edition_in(content: Content, language: str = "bg", today: date = TODAY) -> Edition:
    """An edition with the words of the real catalogues."""
    return Edition(content, language, translations(language, mark=True).gettext, today)
