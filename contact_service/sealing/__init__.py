"""Sealing: from a sheet to a mail that only its recipient can read. One module for each way."""

from __future__ import annotations

from datetime import datetime

from contact_service.sealing.mail import (
    KeyEndedError,
    KeyUnusableError,
    SealedMail,
    Sealer,
)
from contact_service.settings import (
    OpenPgpRecipient,
    PdfRecipient,
    PlainRecipient,
    Recipient,
    Settings,
    SmimeRecipient,
)

__all__ = ["KeyEndedError", "KeyUnusableError", "SealedMail", "Sealer", "load_sealer"]


def load_sealer(recipient: Recipient, settings: Settings, now: datetime) -> Sealer:
    """The sealer of a recipient, tried out; raises KeyUnusableError with what to mend.

    Each way is imported when the first recipient asks for it: a type setter and its fonts
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
        case PlainRecipient():
            from contact_service.sealing.plain import load_plain

            return load_plain(recipient, settings.at_rest_identity)
