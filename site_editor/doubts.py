"""Pure: what is said before a change counts: what looks odd, and what goes with what is removed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from site_build.wording.facts import day_words
from site_editor.plain_words import shorten
from site_model.facts.centre import Centre
from site_model.facts.contacts import Notice, OpeningHours
from site_model.i18n.languages import in_bulgarian
from site_model.types import SOURCE_LANGUAGE

_HOUR: Final = r"\d{1,2}(?:[:.]\d\d)?"
_HOURS: Final = re.compile(rf"{_HOUR}\s*(?:ч\w*\.?)?\s*(?:-|–|—|до)\s*{_HOUR}")
_DAYS: Final = re.compile(
    r"понеделн|вторни|сряд|четвърт|пет[ъа]к|събот|недел|\b(?:пн|вт|ср|чт|пт|сб|нд)\b|"
    r"делни|дни|ден\b|дневно|всек|седмиц|почив|празни",
    re.IGNORECASE,
)


_CLOSED: Final = re.compile(
    r"затвор|не приема|няма да (?:приема|работи)|(?:центърът|цоп) не работи|почива", re.IGNORECASE
)
_CLOSES: Final = re.compile(r"\b(?:off|closed)\b")
_LIST: Final = re.compile(r"^\s*(?:[•·▪◦●○*–—-]|\d{1,2}[.)])\s", re.MULTILINE)
"""The beginning of a line in a list, as Word and others paste it."""


def doubts(old: Centre, new: Centre, today: date) -> tuple[str, ...]:
    """What is odd about the new facts and was not about the old; they may stand all the same."""
    before = set(_odd(old, today))
    return tuple(dict.fromkeys(one for one in _odd(new, today) if one not in before))


def _odd(centre: Centre, today: date) -> Iterator[str]:
    for notice in centre.notices:
        yield from _odd_notice(notice, today)
    for service in centre.services:
        if service.status and service.status.until and service.status.until < today:
            yield (
                f"Състоянието на „{service.name.to(SOURCE_LANGUAGE)}“ е до "
                f"{_day(service.status.until)}, а този ден мина. Никой няма да го види."
            )
    for programme in centre.programmes:
        for one in programme.dates:
            if one.day < today:
                name = programme.name.to(SOURCE_LANGUAGE)
                yield f"Датата {_day(one.day)} на „{name}“ вече мина."
    if centre.opening_hours:
        yield from _odd_hours(centre.opening_hours)
    for text in _texts(centre.model_dump(mode="json")):
        if len(_LIST.findall(said := text[SOURCE_LANGUAGE])) > 1:
            yield (
                f"В „{shorten(said)}“ има изброяване на отделни редове, а на страниците те ще "
                "текат един след друг. Разделете ги с точка и запетая."
            )


def _odd_notice(notice: Notice, today: date) -> Iterator[str]:
    said = notice.text.to(SOURCE_LANGUAGE)
    if notice.until < today:
        yield (
            f"Последният ден на съобщението „{said}“ е {_day(notice.until)} и вече мина. Никой "
            "няма да го види."
        )
    if _CLOSED.search(said) and not notice.closed:
        yield (
            f"Съобщението „{said}“ като че ли казва, че е затворено, а „Затворено ли е“ е „не“: "
            "страниците ще показват работното време както всеки ден."
        )


def _odd_hours(hours: OpeningHours) -> Iterator[str]:
    if hours.osm and all(map(_CLOSES.search, hours.osm.split(";"))):
        yield "В работното време пише само кога е затворено, но не и кога е отворено."
    if hours.text and not hours.osm:
        said = hours.text.to(SOURCE_LANGUAGE)
        if _HOURS.search(said) and not _DAYS.search(said):
            yield f"В работното време пише „{said}“, но не и за кои дни."


def consequences(old: Centre, new: Centre) -> tuple[str, ...]:
    """What goes with what was removed."""
    return tuple(_gone(old, new))


def _gone(old: Centre, new: Centre) -> Iterator[str]:
    left = {one.id for one in new.services}
    for service in old.services:
        if service.id not in left:
            yield (
                f"Маха се и страницата на услугата „{service.name.to(SOURCE_LANGUAGE)}“. Който има "
                "адреса ѝ от листовка или друг сайт, няма да я намери."
            )
    named = {one.file for one in new.photographs}
    if any(one.file and one.file not in named for one in old.photographs):
        yield "Файлът на махнатата снимка също се маха."
    said = {text for texts in _texts(new.model_dump(mode="json")) for text in texts.values()}
    languages = {
        language
        for texts in _texts(old.model_dump(mode="json"))
        for language, text in texts.items()
        if language != SOURCE_LANGUAGE and text not in said
    }
    if languages:
        names = ", ".join(in_bulgarian(language) for language in sorted(languages))
        yield f"Махат се и преводите на махнатото: {names}."


def _texts(data: Any) -> Iterator[Mapping[str, str]]:
    """Every text below the data, by its languages."""
    if isinstance(data, Mapping):
        if isinstance(data.get(SOURCE_LANGUAGE), str):
            yield data
        else:
            for one in data.values():
                yield from _texts(one)
    elif isinstance(data, list):
        for one in data:
            yield from _texts(one)


def says_another(line: str, value: str) -> bool:
    """Whether a line of a document says nothing of a value: none of its numbers, or of its words.

    A guess that only asks: the value may still rest on the line.
    """
    digits = re.sub(r"\D", "", value)
    if len(digits) >= 3:
        return digits not in re.sub(r"\D", "", line)
    known = _stems(line)
    words = _stems(value)
    return bool(words) and not words & known


def _stems(text: str) -> set[str]:
    """The first letters of each longer word, which inflection does not change."""
    return {word[:5].casefold() for word in re.findall(r"[^\W\d_]{4,}", text)}


def _day(day: date) -> str:
    return day_words(day.isoformat())
