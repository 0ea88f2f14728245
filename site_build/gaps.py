"""What each language lacks, gathered from docs/, the catalogues and the content."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from site_build.report import Gaps, Marked
from site_model.base import SOURCE_LANGUAGE
from site_model.centre import Centre
from site_model.facts import Content
from site_model.interface import form_words_missing
from site_model.offered import forms_of, lacking

_SCOPE_MAIN = re.compile(r"\A---\n(?:.*\n)*?scope: main\n(?:.*\n)*?---\n")
"""A page of docs/ that is wanted in every language says so at its head."""


def gaps_of(
    docs: Path,
    catalogues: Path,
    content: Content,
    language: str,
    *,
    shown: Marked,
    lacking: Iterable[str],
) -> Gaps:
    """What a language lacks: `shown` is what its pages show, `lacking` what its forms lack."""
    forms = (*form_words_missing(language, catalogues), *lacking)
    everything = content.site.language(language).scope == "full"
    pages = tuple(
        name
        for name, text in hand_written(docs / SOURCE_LANGUAGE).items()
        if not (docs / language / name).exists() and (everything or _SCOPE_MAIN.search(text))
    )
    return Gaps(language, shown, tuple(dict.fromkeys(forms)), pages)


def lacking_texts(centre: Centre, content: Content, language: str) -> tuple[str, ...]:
    """The texts for want of which the forms of a centre are not offered in a language."""
    texts = (
        text
        for form in forms_of(content, centre.id)
        if form.meant_for(language)
        for text in lacking(form, centre, content, language)
    )
    return tuple(dict.fromkeys(texts))


def hand_written(folder: Path) -> dict[str, str]:
    """The texts of the pages written by hand, by their file below `folder`."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*.md"))
    }
