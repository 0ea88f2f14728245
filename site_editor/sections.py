"""The pages on which a centre's facts are changed: which fields of the model stand on which."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from site_model.facts.centre import Centre


@dataclass(frozen=True)
class Section:
    """A page of the editor; `slug` is its address, `fields` are those of the centre."""

    slug: str
    title: str
    fields: tuple[str, ...]


PHOTOGRAPHS: Final = Section("snimki", "Снимки", ("photographs",))
_NAMED: Final = (
    Section("kontakti", "Телефони, имейл и адрес", ("phones", "email", "address")),
    Section("rabotno-vreme", "Работно време", ("opening_hours",)),
    Section("saobshteniya", "Съобщения", ("notices",)),
    Section("uslugi", "Услуги", ("services",)),
    Section("programi", "Програми", ("programmes",)),
    Section("na-kogo-pomagame", "На кого помагаме", ("target_groups", "age_limit")),
    Section("kak-se-stiga", "Как се стига до помощ", ("routes", "documents", "fee")),
    Section("sgrada", "Сграда и достъп", ("accessibility", "building")),
    Section("ekip", "Екип", ("team",)),
    Section("za-tsentara", "За центъра", ("summary", "region", "municipalities", "area")),
    Section("obeshtaniya", "Обещания и теми", ("reply_time", "principles", "topics")),
    Section("chisla", "Числа и пари", ("capacity", "figures", "funding")),
    PHOTOGRAPHS,
    Section("istoriya", "История", ("history",)),
    Section("lesno-za-chetene", "Лесно за четене", ("easy_read",)),
    Section("deklaratsii", "Декларации", ("controller", "confidentiality", "statements")),
)
SETTINGS: Final = ("id", "checked_on", "next_check", "letters", "name", "short_name", "place")
"""What is no fact that changes from day to day: pages, addresses and letters hang on it."""


def _sections() -> tuple[Section, ...]:
    """All pages; a fact that is new in the model has its place on the last."""
    placed = {field for section in _NAMED for field in section.fields}
    placed |= {*SETTINGS}
    rest = tuple(name for name in Centre.model_fields if name not in placed)
    return (*_NAMED, *([Section("drugi", "Други факти", rest)] if rest else []))


SECTIONS: Final = _sections()


def section_of(field: str) -> Section | None:
    """The page on which a field stands, as `services.social.status`."""
    first = field.partition(".")[0].partition(" ")[0]
    return next((one for one in SECTIONS if first in one.fields), None)
