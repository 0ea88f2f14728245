"""Pure: which questions of a form are asked, given what was chosen. The page script does the same.

A question with `show_if` is asked only if a choice above it was asked and answered with one of the
named answers. A question that is not asked is neither required nor validated nor mailed. What
somebody wrote there all the same (without JavaScript every question is on the page) is neither
sent nor dropped in silence: `CentreForm.left_out` names it, and the service asks once more.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable

from site_model.form import FormField


def asked(fields: Iterable[FormField], chosen: Callable[[str], Collection[str]]) -> frozenset[str]:
    """The ids of the questions that are asked; `chosen` gives the answers to a choice.

    A condition names a question above its own, so one look from top to bottom is enough.
    """
    found: set[str] = set()
    for field in fields:
        if field.show_if is None:
            found.add(field.id)
            continue
        condition = field.show_if.condition
        if condition.field in found and condition.holds_for(chosen(condition.field)):
            found.add(field.id)
    return frozenset(found)
