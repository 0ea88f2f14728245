"""What each language lacks, gathered from docs/, the catalogues and the content, and said to
translators: each text with its place and its pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from site_build.errors import BuildError
from site_build.html.untranslated import plain
from site_model.availability import forms_of, lacking
from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.i18n.catalogue_files import form_words_missing
from site_model.loading.loader import read_written, written_files
from site_model.text.plurals import count_phrase
from site_model.text.saved_files import NotTextError
from site_model.types import SOURCE_LANGUAGE

_SCOPE_MAIN = re.compile(r"\A---\n(?:.*\n)*?scope: main\n(?:.*\n)*?---\n")
"""A page of docs/ that is wanted in every language says so at its head."""


Marked = dict[str, set[str]]
"""Bulgarian texts that were shown for want of a translation, each with the pages it is on."""

PAGES_NAMED = 3


@dataclass(frozen=True)
class Gaps:
    """What one language lacks.

    `shown` stands on its pages in Bulgarian. `forms` are not offered in it: the words and texts
    that they lack. `pages` are files of docs/ that only Bulgarian has.
    """

    language: str
    shown: Marked
    forms: tuple[str, ...]
    pages: tuple[str, ...]

    @property
    def texts(self) -> int:
        return len(set(self.shown) | set(map(plain, self.forms)))


def summary(gaps: Gaps) -> str:
    """One line for the person who built the site."""
    if not (gaps.texts or gaps.pages):
        return f"{gaps.language}: всичко е преведено."
    forms = " Формуляр, който не е преведен изцяло, не се предлага на този език."
    return (
        f"{gaps.language}: без превод: {count_phrase(gaps.texts, 'текст', 'текста')} и "
        f"{count_phrase(len(gaps.pages), 'страница', 'страници')}."
        f"{forms if gaps.forms else ''}"
    )


def listing(gaps: Gaps, places: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """The lines of the report; `places` says where each Bulgarian text of the content stands."""
    yield summary(gaps)
    for name in gaps.pages:
        yield f"  docs/{gaps.language}/{name} липсва; на български е docs/bg/{name}"
    kept_back = set(map(plain, gaps.forms))
    words = f"locale/{gaps.language}.po"
    lines = (
        (", ".join(places.get(text, (words,))), text, sorted(gaps.shown.get(text, ())))
        for text in set(gaps.shown) | kept_back
    )
    for place, text, pages in sorted(lines):
        named = [*pages[:PAGES_NAMED], *(["…"] if len(pages) > PAGES_NAMED else [])]
        where = "формулярите" if text in kept_back else ", ".join(named)
        yield f"  {place} „{text}“ ({where})"


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
    """The texts of the pages written by hand, by their file below `folder`; raises BuildError."""
    texts = {}
    for path in written_files(folder, "**/*.md"):
        name = path.relative_to(folder).as_posix()
        try:
            texts[name] = read_written(path)
        except NotTextError as error:
            raise BuildError(f"docs/{folder.name}/{name}, ред {error.line}: {error}") from None
    return texts
