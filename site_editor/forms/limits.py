"""Pure: what may not be changed in the two forms that every centre has, and why."""

from __future__ import annotations

from typing import Any, Final

from site_editor.form_to_facts import Faults
from site_editor.forms.questions import Data, words_in
from site_model.forms.places import PLACED_FORMS

PLACED: Final = ("centres", "linked_from", "reader")
"""Fields of the form that stay as they are."""
WHY: Final = (
    "Този формуляр го има при всеки център и страниците водят към него със свои изречения. Затова "
    "адресът му, за кого е и откъде се стига дотук не се сменят. Думите, преводите, редът и вашите "
    "въпроси се сменят свободно."
)
HELD: Final = ("kind", "required", "required_when", "show_if", "safe_contact", "options_from")
"""Fields of a question that stay as they are where it is held."""
WHY_HELD: Final = (
    "От този въпрос зависи безопасността на човека, който пише: дали ще се обади на 112, как да го "
    "потърсят, какво знае, преди да прати писмото. Затова се сменят думите и преводите му, а не "
    "видът, отговорите и условията, и не може да се махне."
)


def is_held(form: str, question: Data) -> bool:
    """Whether somebody's safety hangs on a question of a form."""
    stops = any("stop" in option for option in question.get("options", ()))
    said = str(question.get("safe_contact", "")).lower() in ("true", "да")
    return form in PLACED_FORMS and (said or stops or question["kind"] == "consent")


def held_faults(name: str, before: Data, after: Data) -> Faults:
    """What was changed all the same, by the place in the form."""
    if name not in PLACED_FORMS:
        return {}
    changed = any(before.get(field) != after.get(field) for field in (*PLACED, "slug"))
    found: Faults = {"": [WHY]} if changed else {}
    questions = {one.get("id"): one for one in after["fields"]}
    for one in before["fields"]:
        if is_held(name, one) and _build(one) != _build(questions.get(one["id"], {})):
            found.setdefault("", []).append(f"„{words_in(one['label'])}“: {WHY_HELD}")
    return found


def _build(question: Data) -> list[Any]:
    options = [
        (one.get("id"), "stop" in one, one.get("while_open")) for one in question.get("options", ())
    ]
    return [*(question.get(field) for field in HELD), options]
