"""A sealed test message: its reader gives its code back, which proves that it is readable."""

from __future__ import annotations

import secrets
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime

from contact_service.delivery.smtp import Mailer
from contact_service.errors import CommandError
from contact_service.reference_numbers import in_signs, new_reference
from contact_service.retries import Outcome
from contact_service.sealing import KeyUnusableError, load_sealer
from contact_service.settings.service import Recipient, Settings
from contact_service.submission import Submission
from service_admin.doctor import mail_server
from site_model.forms.filled import Answer
from site_model.prompts import Ask, Question


class TrialError(Exception):
    """The test message did not leave; the text says why, and how to fix it."""


@dataclass(frozen=True)
class Trial:
    """A test message on its way, and the code that stands in it."""

    address: str
    reference: str
    code: str

    def question(self) -> Question:
        return Question(
            "code",
            f"Код от пробното писмо до {self.address}",
            f"Писмото е с номер {self.reference}. Отворете го там, където ще се четат писмата, и "
            "препишете кода, например ABCD-EFGH. Ако още не може да се прочете, само Enter.",
            check=self._same,
            empty="още не е прочетено",
        )

    def _same(self, answer: str) -> bool:
        if _bare(answer) != _bare(self.code):
            raise ValueError("кодът в писмото е друг. Вижте дали е писмото с този номер")
        return True


def _bare(code: str) -> str:
    return "".join(sign for sign in code.upper() if sign.isalnum())


def send_trial(recipient: Recipient, settings: Settings, now: datetime) -> Trial:
    """Seal and send a test message to a recipient; raises TrialError."""
    signs = in_signs(secrets.randbits(64), 8)
    trial = Trial(recipient.address, new_reference(), f"{signs[:4]}-{signs[4:]}")
    answers = (
        Answer("code", "Код за потвърждение", (trial.code,), safe_contact=False),
        Answer("what", "Какво е това", ("Проба на системата, не е писмо от човек.",), False),
    )
    sheet = Submission(trial.reference, "Опора", "Проба", 1, now, answers)
    try:
        content = load_sealer(recipient, now).seal(sheet, settings.smtp.sender).content
    except KeyUnusableError as error:
        raise TrialError(f"не се заключи: {error}") from None
    with closing(Mailer(settings.smtp)) as mailer:
        outcome, word = mailer.send(recipient.address, content)
    if outcome is not Outcome.TAKEN:
        raise TrialError(_why(outcome, word, settings, now))
    return trial


def _why(outcome: Outcome, word: str, settings: Settings, now: datetime) -> str:
    """What a person can do about a mail server that did not take the message."""
    said = [sentence for state, sentence in mail_server(settings, now) if state == "wrong"]
    if said and outcome is not Outcome.NEVER:
        return said[0]
    if outcome is Outcome.NOT_NOW:
        return f"сървърът не го прие сега ({word}). Опитайте след малко"
    return (
        f"пощенският сървър отказа с код {word}. Проверете адреса на получателя и дали от "
        f"{settings.smtp.sender} може да се праща"
    )


def try_recipients(settings: Settings, ask: Ask, centre: str | None = None) -> bool:
    """Send a test message to each recipient and ask for its code; whether all were confirmed.

    Raises CommandError for a centre without recipients.
    """
    if centre and (centre not in settings.centres or not settings.centres[centre].recipients):
        raise CommandError(f"в настройките няма получател на {centre}. Вижте ги с keys")
    confirmed = True
    for name, of_centre in settings.centres.items():
        for recipient in of_centre.recipients if centre in (None, name) else ():
            try:
                trial = send_trial(recipient, settings, datetime.now(UTC))
            except TrialError as error:
                print(f"Пробата до {recipient.address} не замина: {error}.", flush=True)
                confirmed = False
                continue
            print(f"Пробата {trial.reference} замина до {recipient.address}.", flush=True)
            if ask(trial.question()):
                print(f"  {recipient.address}: потвърдено, писмата се четат.", flush=True)
            else:
                print(f"  {recipient.address}: още не е потвърдено.", flush=True)
                confirmed = False
    return confirmed
