"""Sealing: from a sheet to a mail that only its recipient can read. One module for each way."""

from __future__ import annotations

from datetime import datetime

from contact_service.sealing.message import SealedMail
from contact_service.sealing.sealer import KeyEndedError, KeyUnusableError, Sealer, faults_of_key
from contact_service.settings.named_files import files_of
from contact_service.settings.service import (
    OpenPgpRecipient,
    PdfRecipient,
    Recipient,
    SmimeRecipient,
)

__all__ = ["KeyEndedError", "KeyUnusableError", "SealedMail", "Sealer", "load_sealer"]


def load_sealer(recipient: Recipient, now: datetime) -> Sealer:
    """The sealer of a recipient, tried out; raises KeyUnusableError with what to fix."""
    [file] = files_of(recipient)
    with faults_of_key(recipient.address, file):
        sealer = _loaded(recipient, now)
        sealer.check_time(now)
        return sealer


def _loaded(recipient: Recipient, now: datetime) -> Sealer:
    """Each way is imported when the first recipient asks for it: a type setter and its fonts
    would take a third of a worker's memory where nobody wants a PDF.
    """
    match recipient:
        case OpenPgpRecipient():
            from contact_service.sealing.openpgp import load_openpgp

            return load_openpgp(recipient, now)
        case SmimeRecipient():
            from contact_service.sealing.smime import load_smime

            return load_smime(recipient, now)
        case PdfRecipient():
            from contact_service.sealing.pdf import load_pdf

            return load_pdf(recipient)
