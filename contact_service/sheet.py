"""The sheet that the staff read: every question with its answer, as plain text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from site_model.bound_form import Answer
from site_model.validators import SOFIA


@dataclass(frozen=True)
class Submission:
    """What was accepted, before it is sealed. Lives in memory only."""

    reference: str
    centre: str
    form: str
    form_version: int
    accepted_at: datetime
    answers: tuple[Answer, ...]


def sheet_text(submission: Submission) -> str:
    """The whole sheet; the wishes for safe contact stand first, in a box of their own."""
    when = submission.accepted_at.astimezone(SOFIA).strftime("%d.%m.%Y г., %H:%M ч.")
    head = [
        f"{submission.form} – {submission.centre}",
        f"Номер: {submission.reference}",
        f"Прието: {when} (българско време)",
        f"Версия на формуляра: {submission.form_version}",
    ]
    safe = [answer for answer in submission.answers if answer.safe_contact]
    box = ["=" * 60, "КАК Е БЕЗОПАСНО ДА СЕ СВЪРЖЕТЕ", *map(_short, safe), "=" * 60]
    body = [block for answer in submission.answers for block in ("", *_block(answer))]
    return "\n".join([*head, "", *box, *body, ""])


def _short(answer: Answer) -> str:
    return f"{answer.label} {'; '.join(answer.values) or '(без отговор)'}"


def _block(answer: Answer) -> list[str]:
    values = answer.values or ("(без отговор)",)
    lines = [line for value in values for line in value.split("\n")]
    return [answer.label, *(f"    {line}" for line in lines)]
