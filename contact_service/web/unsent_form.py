"""Pure: what a page says of a letter that cannot go on as it is, question by question."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from contact_service.web.form_body import Sent
from contact_service.web.refusals import Words
from site_model.forms.filled import FilledForm

WHOLE = ""
"""Stands for the letter as a whole among the questions' ids."""


@dataclass(frozen=True)
class ToFix:
    """A sentence for each question, in the form's order; `call`: fixing it may be hard.

    `stops` are the questions whose sentence is of no mistake: the answer keeps the letter back.
    """

    errors: dict[str, str]
    call: bool = False
    stops: tuple[str, ...] = ()


def to_fix(filled: FilledForm, sent: Sent, _: Words) -> ToFix:
    """What is wrong, what was answered though it is not asked, and what did not arrive whole.

    Answers that are not asked are told of once: a letter that comes back with the page's word on
    it goes without them. Nobody has to undo an answer, which radios do not allow.
    """
    found = dict(filled.errors)
    stops = tuple(name for name, said in filled.stops.items() if found.get(name) == said)
    labels = filled.form.labels

    def tell(names: Collection[str], sentence: str) -> None:
        found.update({name: sentence % {"question": labels[name]} for name in names})

    tell(
        filled.untold_answers,
        _(
            "Отговорът на „%(question)s“ няма да бъде изпратен: пита се само след друг отговор "
            "горе. Ако така е добре, изпратете още веднъж. Ако не, променете отговора горе"
        ),
    )
    tell(
        filled.answered_twice,
        _("На „%(question)s“ дойдоха няколко различни отговора. Оставете един"),
    )
    tell(
        sent.damaged & labels.keys(),
        _("Част от „%(question)s“ не дойде четлива. Прегледайте какво е останало и го допълнете"),
    )
    if not sent.whole or sent.damaged - labels.keys():
        found[WHOLE] = _("Част от писмото не дойде четлива. Прегледайте всички отговори")
    over = filled.too_long_by
    for name in over.keys() & found.keys():
        found[name] += ". " + _("Знаци в повече: %(over)s") % {"over": over[name]}
    in_order = {name: found[name] for name in (WHOLE, *filled.data) if name in found}
    return ToFix(in_order, bool(over or sent.damaged or WHOLE in found), stops)
