"""Pure: what a centre can answer, and how the person who wrote reads it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from babel.dates import format_date

from contact_service.web.refusals import Words
from site_model.i18n.languages import locale_of
from site_model.text.cleaning import reader
from site_model.text.telephones import dial_string


@dataclass(frozen=True)
class Value:
    """What staff write beside a sentence: how it is asked for, and how many signs it may have."""

    label: str
    hint: str
    longest: int

    def read(self, typed: str) -> str:
        """Cleaned as the answers of forms are."""
        return reader(self.longest)(typed)

    def wrong(self, value: str) -> str:
        """What is to be fixed; "" where nothing is."""
        if not value:
            return "Напишете го тук или изберете друг отговор."
        over = len(value) - self.longest
        return f"Побират се {self.longest} знака. Знаци в повече: {over}." if over > 0 else ""


VALUES: Mapping[str, Value] = {
    "phone": Value("На кой телефон", "Номерът, на който човекът да се обади.", 60),
    "come": Value("Кога и къде", "Например: вторник, 2 декември, 14:00 ч., ул. „Пример“ 1.", 200),
    "elsewhere": Value("Към кого, с телефона", "Например: ОЗД Харманли, 0373 00 00 00.", 200),
    "text": Value("С ваши думи", "Човекът го вижда точно както е написано, без превод.", 2000),
}
"""By kind; the other kinds have none."""


def sentences(_: Words) -> dict[str, str]:
    """The ready sentence of each kind, the commonest first; a value stands below it."""
    return {
        "read": _("Прочетохме писмото ви."),
        "call": _("Ще ви се обадим, както сте посочили в писмото."),
        "phone": _("Обадете ни се на този телефон:"),
        "come": _("Елате при нас:"),
        "elsewhere": _("С това помага друга служба. Обърнете се към:"),
        "text": _("Центърът ви пише:"),
    }


class Read(NamedTuple):
    """An answer as its page shows it; `dialled` is "" where the value is no number to call."""

    day: str
    sentence: str
    value: str
    dialled: str


def in_words(answer: Mapping[str, str], language: str, _: Words) -> Read:
    """An answer in the words of its reader, with its day as his language writes it."""
    kind, value = answer["kind"], answer["value"]
    day = format_date(date.fromisoformat(answer["day"]), "long", locale=locale_of(language))
    is_number = kind == "phone" and re.fullmatch(r"\+?\d[\d /()-]{2,30}", value)
    # An older release may not know a kind of a newer one: then its value stands alone.
    return Read(day, sentences(_).get(kind, ""), value, dial_string(value) if is_number else "")
