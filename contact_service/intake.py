"""Acceptance: a valid form becomes sealed mails in the outbox, or is not accepted at all."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from wtforms import Form

from contact_service.keys import check_code, derive, letter_mac
from contact_service.logs import get_logger
from contact_service.outbox import Accepted, Outbox
from contact_service.receipt import Receipt
from contact_service.recipients import Recipients
from contact_service.reference import new_reference
from contact_service.settings import Settings
from contact_service.sheet import Submission, sofia_time
from site_model.base import SOURCE_LANGUAGE
from site_model.bound_form import CentreForm

log = get_logger("opora.intake")


class CannotAcceptError(Exception):
    """Nothing was stored: no key can be sealed to, or the outbox cannot be written."""


class Intake:
    """Seals and stores; it knows the recipients of every centre."""

    def __init__(self, settings: Settings, outbox: Outbox) -> None:
        self._outbox = outbox
        self._mac_key = derive(settings.secret.get_secret_value(), "same letter")
        self._check_key = derive(settings.secret.get_secret_value(), "check code")
        self._recipients = {name: Recipients(name, settings) for name in settings.centres}

    def accept(self, bound: CentreForm, form: Form) -> Receipt:
        """Seal and store a validated form; when this returns, the message cannot be lost.

        The same answers sent again within half an hour get the receipt of the first time.
        """
        mac = letter_mac(self._mac_key, bound.centre.id, bound.definition.id, form.data)
        for _ in range(3):
            try:
                stored = self._store(bound, form, mac)
            except IntegrityError:  # the reference is taken: draw another
                continue
            except SQLAlchemyError as error:
                log.error("outbox cannot be written", reason=type(error).__name__)
                raise CannotAcceptError from None
            return self._receipt(bound, *stored)
        raise CannotAcceptError

    def _store(self, bound: CentreForm, form: Form, mac: bytes) -> tuple[str, datetime]:
        submission = Submission(
            reference=new_reference(),
            centre=bound.centre.name.text.to(SOURCE_LANGUAGE),
            form=bound.definition.title.to(SOURCE_LANGUAGE),
            form_version=bound.definition.version,
            accepted_at=datetime.now(UTC),
            answers=bound.answers(form),
            language=bound.language,
        )
        recipients = self._recipients.get(bound.centre.id)
        mails = recipients.seal(submission) if recipients else []
        if not mails:
            raise CannotAcceptError
        accepted = Accepted(
            reference=submission.reference,
            centre=bound.centre.id,
            form_version=submission.form_version,
            mac=mac,
            mails=mails,
        )
        return self._outbox.accept(accepted, submission.accepted_at)

    def _receipt(self, bound: CentreForm, reference: str, accepted_at: datetime) -> Receipt:
        when = sofia_time(accepted_at)
        code = check_code(self._check_key, reference, bound.centre.id, bound.definition.id, when)
        return Receipt(bound.language, bound.centre.id, bound.definition.id, reference, when, code)
