"""Pure: what a centre can answer, and how the person who wrote reads it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from babel.dates import format_date

from contact_service.web.refusals import Words
from site_model.i18n.languages import locale_of
from site_model.text.cleaning import reader
from site_model.text.telephones import dial_string, telephone


@dataclass(frozen=True)
class Value:
    """What staff write beside a sentence: how it is asked for, and how many signs it may have."""

    label: str
    hint: str
    longest: int
    refuse: Callable[[str], object] = str
    """Raises ValueError with a Bulgarian sentence for what cannot stand."""

    def read(self, typed: str) -> str:
        """Cleaned as the answers of forms are."""
        return reader(self.longest)(typed)

    def wrong(self, value: str) -> str:
        """What is to be fixed; "" where nothing is."""
        if not value:
            return "Напишете го тук или изберете друг отговор."
        over = len(value) - self.longest
        if over > 0:
            return f"Побират се {self.longest} знака. Знаци в повече: {over}."
        try:
            self.refuse(value)
        except ValueError as error:
            return f"Така не може да остане: {error}."
        return ""


VALUES: Mapping[str, Value] = {
    "phone": Value(
        "На кой телефон",
        "Един номер, на който човекът да се обади. Думи към него се пишат при „Центърът ви пише“.",
        60,
        telephone,
    ),
    "come": Value("Кога и къде", "Например: вторник, 2 декември, 14:00 ч., ул. „Пример“ 1.", 200),
    "elsewhere": Value("Към кого, с телефона", "Например: ОЗД Харманли, 0373 00 00 00.", 200),
    "text": Value("С ваши думи", "Човекът го вижда както е написано, без превод.", 2000),
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


def in_words(answer: Mapping[str, str], language: str, _: Words) -> Read | None:
    """An answer in the words of its reader, with its day as his language writes it.

    None for what is no answer.
    """
    try:
        kind, value = answer["kind"], answer["value"]
        day = format_date(date.fromisoformat(answer["day"]), "long", locale=locale_of(language))
    except (KeyError, ValueError):
        return None
    # An older release may not know a kind of a newer one: then its value stands alone.
    sentence, dialled = sentences(_).get(kind, ""), ""
    if kind == "phone":
        with suppress(ValueError):  # what is no telephone is text
            value = telephone(value)
            dialled = dial_string(value)
    return Read(day, sentence, value, dialled)
