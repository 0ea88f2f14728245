"""What a visitor reads when the service answers with an error, by HTTP status."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

Words = Callable[[str], str]


class Refusal(NamedTuple):
    title: str
    sentence: str


def refusal(status: int, _: Words, *, of_letter: bool = True) -> Refusal:
    """Title and sentence for a status; says what to do, blames nobody."""
    if not of_letter and status not in (404, 405):
        return _refusal_of_code(status, _)
    unreadable = Refusal(
        _("Писмото не е прието"),
        _(
            "Дойде във вид, който не може да се прочете. Ако е безопасно, отворете формуляра и "
            "опитайте пак."
        ),
    )
    known = {
        403: Refusal(
            _("Писмото не е прието"),
            _(
                "Формулярът не е изпратен от страница на този сайт. Ако е безопасно, отворете го "
                "тук и опитайте пак."
            ),
        ),
        404: Refusal(_("Няма такава страница"), _("Адресът може да е сгрешен.")),
        405: Refusal(_("Няма такава страница"), _("Този адрес приема само формуляри.")),
        410: Refusal(
            _("Тази страница вече я няма"),
            _("Потвърждението се пази кратко. Ако сте получили номер, писмото ви е прието."),
        ),
        413: Refusal(
            _("Писмото е твърде дълго"),
            _(
                "То е по-дълго, отколкото може да се приеме наведнъж (около 40 страници), и не е "
                "изпратено. Нищо от него не е запазено при нас. Може да се обадите и да го "
                "разкажете. Ако е безопасно и формулярът още е отворен в друг раздел, може да "
                "копирате писмото оттам и да изпратите по-малко."
            ),
        ),
        415: Refusal(
            _("Писмото не е прието"),
            _(
                "Приемаме само текст от формуляра, без приложени файлове и снимки. Ако е "
                "безопасно, отворете формуляра и опитайте пак."
            ),
        ),
    }
    unforeseen = Refusal(
        _("Нещо при нас не работи"),
        _("Писмото не е прието. Обадете се. Ако е безопасно, опитайте по-късно."),
    )
    ours = unreadable if 400 <= status < 500 or status == 501 else unforeseen
    return known.get(status, ours)


def _refusal_of_code(status: int, _: Words) -> Refusal:
    """Where answers are written and read: nothing is said of a letter, which was accepted."""
    if status == 403:
        return Refusal(
            _("Не можахме да го направим"),
            _(
                "Това не е изпратено от страница на този сайт. Ако е безопасно, отворете "
                "страницата тук и опитайте пак."
            ),
        )
    if status == 413:
        return Refusal(
            _("Не можахме да го направим"),
            _(
                "Написаното е твърде дълго и нищо от него не е запазено при нас. Ако е безопасно и "
                "страницата още е отворена, копирайте го оттам и изпратете по-малко."
            ),
        )
    if 400 <= status < 500 or status == 501:
        return Refusal(
            _("Не можахме да го направим"),
            _(
                "Дойде във вид, който не може да се прочете. Ако е безопасно, отворете страницата "
                "и опитайте пак."
            ),
        )
    return Refusal(
        _("Нещо при нас не работи"), _("Обадете се. Ако е безопасно, опитайте по-късно.")
    )
