"""Acceptance: a valid form becomes sealed mails in the outbox, or is not accepted at all."""

from __future__ import annotations

import logging
from datetime import UTC, datetime

from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from wtforms import Form

from contact_service.outbox import Outbox
from contact_service.receipt import Receipt
from contact_service.reference import new_reference
from contact_service.sealing import KeyUnusableError, SealedMail, Sealer, load_sealer
from contact_service.settings import CentreSettings, Settings
from contact_service.sheet import Submission, sheet_text
from site_model.bound_form import CentreForm
from site_model.validators import SOFIA

log = logging.getLogger("opora.intake")


class CannotAcceptError(Exception):
    """Nothing was stored: no key can be sealed to, or the outbox cannot be written."""


class Intake:
    """Seals and stores; it knows the recipients of every centre."""

    def __init__(self, settings: Settings, outbox: Outbox) -> None:
        self._sender = settings.smtp.sender
        self._outbox = outbox
        self._sealers = {
            name: _usable_sealers(name, centre) for name, centre in settings.centres.items()
        }

    def accept(self, bound: CentreForm, form: Form) -> Receipt:
        """Seal and store a validated form; when this returns, the message cannot be lost."""
        now = datetime.now(UTC)
        for _ in range(3):
            reference = new_reference()
            mails = self._seal(bound, form, reference, now)
            try:
                self._outbox.accept(reference, bound.definition.version, mails, now)
            except IntegrityError:  # the reference is taken: draw another
                continue
            except SQLAlchemyError as error:
                log.error("outbox cannot be written (%s)", type(error).__name__)
                raise CannotAcceptError from None
            log.info("accepted %s", reference)
            when = now.astimezone(SOFIA).strftime("%d.%m.%Y г., %H:%M ч.")
            return Receipt(bound.language, bound.centre.id, bound.definition.id, reference, when)
        raise CannotAcceptError

    def _seal(
        self, bound: CentreForm, form: Form, reference: str, now: datetime
    ) -> list[SealedMail]:
        submission = Submission(
            reference=reference,
            centre=bound.centre.name.text.to(bound.language),
            form=bound.definition.title.to(bound.language),
            form_version=bound.definition.version,
            accepted_at=now,
            answers=bound.answers(form),
        )
        text = sheet_text(submission)
        mails = []
        for sealer in self._sealers.get(bound.centre.id, ()):
            try:
                mails.append(
                    sealer.seal(text, reference=reference, sender=self._sender, accepted_at=now)
                )
            except KeyUnusableError as error:
                log.error("cannot seal: %s", error)
        if not mails:
            raise CannotAcceptError
        return mails


def _usable_sealers(name: str, centre: CentreSettings) -> tuple[Sealer, ...]:
    """The recipients whose keys work now; the others are named in the log."""
    usable = []
    for recipient in centre.recipients:
        try:
            usable.append(load_sealer(recipient.address, recipient.key, datetime.now(UTC)))
        except KeyUnusableError as error:
            log.error("%s: %s", name, error)
    if not usable:
        log.error("%s: няма ключ, формулярите му няма да приемат писма", name)
    return tuple(usable)
