"""The sheet that the staff read: every question with its answer, in the words of that day."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from contact_service.line_wrapping import wrap
from site_model.forms.filled import Answer
from site_model.i18n.languages import in_bulgarian
from site_model.types import SOFIA, SOURCE_LANGUAGE

SOFIA_TIME = "%d.%m.%Y г., %H:%M ч."
UNANSWERED = "(без отговор)"
MARK = "|"
COLUMNS = 72
BOX_TITLE = "Как е безопасно да се свържете с човека"
ANSWER_SAFELY = (
    f"Как да отговорите: само както човекът е посочил в рамката „{BOX_TITLE}“. Ако там пише „Не "
    "ме търсете“ или няма отговор, не го търсете.",
    "Никога с „Отговор“ на това писмо и никога с цитат от него: така думите на човека тръгват "
    "незаключени.",
)
"""The first words of every sheet, and of the letter that covers a closed one.

They name no way of their own: only the person knows which one is safe.
"""
ANSWER_HERE = (
    "Можете да оставите и отговор, който човекът прочита на сайта с кода от бележката си. Отворете "
    "връзката или препишете адреса в браузър:"
)
FOLLOWED = (
    "Който го е писал, има кода на онова писмо. Това не доказва, че е същият човек: може друг да е "
    "намерил кода. Не търсете човека по нов телефон, адрес или начин заради това писмо: важи "
    "рамката на първото, не тази. Ако тук пише „Не ме търсете“ или че старият начин вече не е "
    "безопасен, не го търсете и по него, а решете с ръководителя."
)
"""Of a letter that goes on from another one: neither letter may make a way less safe."""

_NUMBER = re.compile(r"[+(]{0,2}\d(?:[\d ()/.,:-]*\d)?")


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
    note: tuple[str, ...] = ()
    """Paragraphs of a letter that nobody wrote: the service's own, without questions."""
    answer_link: str | None = None
    """Where anyone who reads the letter can leave an answer that only its sender opens."""
    follows: str | None = None
    """The number of the letter that its sender goes on from."""

    @property
    def filled_in(self) -> str | None:
        """The language of the form in Bulgarian words, where it was another than Bulgarian."""
        return None if self.language == SOURCE_LANGUAGE else in_bulgarian(self.language)

    @property
    def safe_contact(self) -> tuple[Answer, ...]:
        """The answered wishes on how the sender may be reached without harm."""
        return tuple(a for a in self.answers if a.safe_contact and a.values)

    @property
    def numbered(self) -> tuple[Answer, ...]:
        """The answers, with the number of each question before it."""
        return tuple(replace(a, label=f"{n}. {a.label}") for n, a in enumerate(self.answers, 1))

    @property
    def count(self) -> str:
        """How many questions the sheet has, in words for its reader."""
        return f"Въпроси: {len(self.answers)}"


def sofia_time(moment: datetime) -> str:
    """Day, hour and minute in Bulgaria, as the receipt and the sheet show it."""
    return moment.astimezone(SOFIA).strftime(SOFIA_TIME)


def sheet_text(submission: Submission) -> str:
    """The whole sheet as text; wishes for safe contact stand first, in a box of their own.

    Every line of an answer begins with MARK, and no other line does. The edges of the box show the
    reference, which nobody knows while writing: so nobody but us makes such a box.
    """
    if submission.note:
        return _note_text(submission)
    lines = [
        f"{submission.form} – {submission.centre}",
        *ANSWER_SAFELY,
        *([ANSWER_HERE, submission.answer_link] if submission.answer_link else []),
        "",
        f"Номер: {submission.reference}",
        *([f"Продължение на писмо № {submission.follows}", FOLLOWED] if submission.follows else []),
        f"Прието: {sofia_time(submission.accepted_at)} (българско време)",
        f"Версия на формуляра: {submission.form_version}",
        *([f"Попълнено на: {submission.filled_in}"] if submission.filled_in else []),
        submission.count,
        f"Думите на човека са само на редовете, които започват с „{MARK}“.",
    ]
    edge = f" {submission.reference} ".center(COLUMNS, "=")
    safe = [line for answer in submission.safe_contact for line in _block(answer)]
    box = [edge, BOX_TITLE.upper(), "", *(safe or [UNANSWERED]), edge]
    body = [line for answer in submission.numbered for line in ("", *_block(answer))]
    head = (part for line in lines for part in _paragraph(line))
    return "\n".join([*head, "", *box, *body, ""])


def _note_text(submission: Submission) -> str:
    """A letter of the service's own."""
    lines = [
        f"{submission.form} – {submission.centre}",
        f"Номер: {submission.reference}",
        f"Прието: {sofia_time(submission.accepted_at)} (българско време)",
    ]
    for said in submission.note:
        lines += ["", *_paragraph(said)]
    return "\n".join([*lines, ""])


def _paragraph(said: str) -> Iterable[str]:
    """Its lines; a link stands on a line of its own, however long it is."""
    return wrap(said, COLUMNS) if " " in said else (said,)


def _block(answer: Answer) -> list[str]:
    lines = [part for value in answer.values for part in wrap(value, COLUMNS - len(MARK) - 1)]
    said = [f"{MARK} {_isolated(line)}".rstrip() for line in lines]
    return [*wrap(answer.label, COLUMNS), *(said or [UNANSWERED])]


def _isolated(line: str) -> str:
    """A line with letters that run from the right apart, so that its mark stays on the left.

    An answer holds no such sign itself (Unicode Standard Annex #9, section 2.4).
    """
    return f"\u2068{numbers_kept(line)}\u2069" if _runs_from_right(line) else line


def numbers_kept(text: str) -> str:
    """Text in which a telephone among Arabic words is not shown from its last group to its first.

    Staff read 0888 123 456 from the left and would dial 456 123 0888 otherwise.
    """
    return _NUMBER.sub("\u2066\\g<0>\u2069", text) if _runs_from_right(text) else text


def _runs_from_right(text: str) -> bool:
    return any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in text)
