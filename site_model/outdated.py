"""Pure: a letter from a page whose questions have changed since it was opened."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wtforms import Form

from site_model.bound_form import CentreForm
from site_model.form import ChoiceBase, Consent
from site_model.form_versions import FORM_VERSION, read_marks, was_written
from site_model.validators import clean


@dataclass(frozen=True)
class Outdated:
    """What to say of such a letter, so that nothing is lost and nothing is taken for another.

    `questions` are new or have changed: (id, label), as far as they are asked. `gone` are the
    texts written in answer to questions that the form no longer has; `some_gone`: whether there
    are such questions at all.
    """

    questions: tuple[tuple[str, str], ...]
    gone: tuple[str, ...]
    some_gone: bool


def outdated(bound: CentreForm, form: Form, sent: Mapping[str, str]) -> Outdated | None:
    """None for a letter from a page with the questions of now.

    What was chosen under a question that has changed is taken out of `form`, because the same
    box may mean something else today; what was written stays. A letter that names no questions
    is read as one of now: pages of the time before they were named had the first versions.
    """
    said = sent.get(FORM_VERSION)
    current = bound.marks
    if said is None or said == current:
        return None
    before, now = read_marks(said), read_marks(current)
    changed = {name for name, mark in now.items() if before.get(name) != mark}
    questions = [question for question in bound.questions if question.field.id in changed]
    for question in questions:
        if isinstance(question.field, ChoiceBase | Consent):
            form[question.field.id].process_data(None)
    asked = bound.asked(form)
    gone = {name: mark for name, mark in before.items() if name not in now}
    return Outdated(
        tuple(
            (question.field.id, question.field.label.to(bound.language))
            for question in questions
            if question.field.id in asked
        ),
        tuple(
            text
            for name, mark in gone.items()
            if was_written(mark) and (text := clean(sent.get(name)))
        ),
        bool(gone),
    )
