"""Sealing: from a sheet to a mail that only its recipient can read. One module for each way."""

from __future__ import annotations

from datetime import datetime

from contact_service.sealing.mail import KeyUnusableError, SealedMail, Sealer
from contact_service.sealing.openpgp import load_openpgp
from contact_service.sealing.pdf import load_pdf
from contact_service.sealing.plain import load_plain
from contact_service.sealing.smime import load_smime
from contact_service.settings import (
    OpenPgpRecipient,
    PdfRecipient,
    PlainRecipient,
    Recipient,
    Settings,
    SmimeRecipient,
)

__all__ = ["KeyUnusableError", "SealedMail", "Sealer", "load_sealer"]


def load_sealer(recipient: Recipient, settings: Settings, now: datetime) -> Sealer:
    """The sealer of a recipient, tried out; raises KeyUnusableError with what to mend."""
    match recipient:
        case OpenPgpRecipient():
            return load_openpgp(recipient, now)
        case SmimeRecipient():
            return load_smime(recipient, now)
        case PdfRecipient():
            return load_pdf(recipient)
        case PlainRecipient():
            return load_plain(recipient, settings.at_rest_identity)
