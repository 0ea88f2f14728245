"""What waits for a translator: each text with the file and field it stands in, and its pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from site_build.translated import Marked
from site_build.untranslated import plain

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
    forms = " Формулярите не се предлагат на този език, докато не са преведени изцяло."
    return (
        f"{gaps.language}: без превод са {gaps.texts} текста и {len(gaps.pages)} страници."
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
