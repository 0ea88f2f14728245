"""What waits for people: for a translator each text with its place and its pages, for whoever
keeps the facts what to ask each centre, what to check again and what disagrees.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from site_build.untranslated import plain
from site_model.base import SOURCE_LANGUAGE
from site_model.centre import Centre
from site_model.completeness import Due, contradictions, due, due_for_all, questions
from site_model.facts import Content

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


def facts_summary(content: Content, today: date) -> str:
    """One line for the person who built the site."""
    centres = content.centres.values()
    months = content.site.check_every_months
    asked = sum(1 for centre in centres for _ in questions(centre))
    late = sum(one.overdue for centre in centres for one in due(centre, months, today))
    late += sum(one.overdue for one in due_for_all(content, today))
    against = sum(1 for centre in centres for _ in contradictions(centre, today))
    return f"Факти: {asked} въпроса към центровете, {late} просрочени, {against} противоречия."


def facts_listing(content: Content, today: date) -> Iterator[str]:
    """The lines of the report on facts: each centre with its questions, then what all share.

    A star stands before what is asked of every centre.
    """
    yield f"Към {today}. {facts_summary(content, today)}"
    for centre in content.centres.values():
        yield ""
        yield f"{centre.short_name.to(SOURCE_LANGUAGE)} (content/centres/{centre.id}.yml)"
        yield from _of_centre(centre, content.site.check_every_months, today)
    yield ""
    yield "За всички центрове"
    yield from _checks(due_for_all(content, today))


def _of_centre(centre: Centre, months: int, today: date) -> Iterator[str]:
    asked = list(questions(centre))
    yield f"  Да се попита ({len(asked)}):" if asked else "  Всичко е казано."
    for question in asked:
        yield f"    {'★' if question.asked_of_all else '·'} {question.field}: {question.words}"
    against = list(contradictions(centre, today))
    yield from ["  Противоречия:"] if against else []
    yield from (f"    {sentence}" for sentence in against)
    yield from _checks(due(centre, months, today))


def _checks(parts: Iterator[Due]) -> Iterator[str]:
    """What is overdue, each by itself, and when the next check is due."""
    listed = list(parts)
    late = [one for one in listed if one.overdue]
    yield from ["  Просрочено:"] if late else []
    yield from (f"    {one.field}: трябваше до {one.by}" for one in late)
    coming = [one for one in listed if not one.overdue]
    if coming:
        yield f"  Следваща проверка: до {coming[0].by} ({coming[0].field})"
