"""What a visitor reads when the service answers with an error, by HTTP status."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

Words = Callable[[str], str]


class Refusal(NamedTuple):
    title: str
    sentence: str


def refusal(status: int, _: Words) -> Refusal:
    """Title and sentence for a status; says what to do, blames nobody."""
    known = {
        403: Refusal(
            _("Писмото не е прието"),
            _("Формулярът не е изпратен от страница на този сайт. Отворете го тук и опитайте пак."),
        ),
        404: Refusal(_("Няма такава страница"), _("Адресът може да е сгрешен.")),
        405: Refusal(_("Няма такава страница"), _("Този адрес приема само формуляри.")),
        410: Refusal(
            _("Тази страница вече я няма"),
            _("Потвърждението се пази кратко. Ако сте получили номер, писмото ви е прието."),
        ),
        413: Refusal(
            _("Писмото е твърде дълго"),
            _("Върнете се назад и го съкратете. Останалото може да кажете по телефона."),
        ),
        415: Refusal(
            _("Писмото не е прието"),
            _("Приемаме само текст от формуляра, без приложени файлове и снимки."),
        ),
    }
    unforeseen = Refusal(
        _("Нещо при нас не работи"),
        _("Писмото не е прието. Обадете се или опитайте по-късно."),
    )
    return known.get(status, unforeseen)
