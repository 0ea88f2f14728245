"""The sheet that the staff read: every question with its answer, in the words of that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from site_model.base import SOURCE_LANGUAGE
from site_model.bound_form import Answer
from site_model.languages import in_bulgarian
from site_model.validators import SOFIA

SOFIA_TIME = "%d.%m.%Y г., %H:%M ч."
UNANSWERED = "(без отговор)"


@dataclass(frozen=True)
class Submission:
    """What was accepted, before it is sealed. Lives in memory only."""

    reference: str
    centre: str
    form: str
    form_version: int
    accepted_at: datetime
    answers: tuple[Answer, ...]
    language: str = SOURCE_LANGUAGE

    @property
    def filled_in(self) -> str | None:
        """The language of the form in Bulgarian words, where it was another than Bulgarian."""
        return None if self.language == SOURCE_LANGUAGE else in_bulgarian(self.language)

    @property
    def safe_contact(self) -> tuple[Answer, ...]:
        """The answered wishes on how the sender may be reached without harm."""
        return tuple(a for a in self.answers if a.safe_contact and a.values)


def sofia_time(moment: datetime) -> str:
    """Day, hour and minute in Bulgaria, as the receipt and the sheet show it."""
    return moment.astimezone(SOFIA).strftime(SOFIA_TIME)


def sheet_text(submission: Submission) -> str:
    """The whole sheet as text; wishes for safe contact stand first, in a box of their own."""
    head = [
        f"{submission.form} – {submission.centre}",
        f"Номер: {submission.reference}",
        f"Прието: {sofia_time(submission.accepted_at)} (българско време)",
        f"Версия на формуляра: {submission.form_version}",
        *([f"Попълнено на: {submission.filled_in}"] if submission.filled_in else []),
    ]
    rule = "=" * 60
    safe = [line for answer in submission.safe_contact for line in _block(answer)]
    box = [rule, "КАК Е БЕЗОПАСНО ДА СЕ СВЪРЖЕТЕ С ЧОВЕКА", "", *(safe or [UNANSWERED]), rule]
    body = [line for answer in submission.answers for line in ("", *_block(answer))]
    return "\n".join([*head, "", *box, *body, ""])


def _block(answer: Answer) -> list[str]:
    values = answer.values or (UNANSWERED,)
    lines = [line for value in values for line in value.split("\n")]
    return [answer.label, *(f"    {line}" for line in lines)]
