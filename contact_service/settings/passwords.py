"""What a password must be, so that it resists guessing and every reader takes it for the same."""

from __future__ import annotations

import unicodedata

from contact_service.settings.private_files import bare_secret
from contact_service.settings.saslprep import saslprep

SHORTEST_PASSWORD = 12
LONGEST_PDF_PASSWORD_BYTES = 127  # readers leave out the rest (ISO 32000-2, 7.6.4.3.3)


def long_enough(answer: str) -> str:
    """The answer, unless it is too short to resist guessing; raises ValueError."""
    if len(answer) < SHORTEST_PASSWORD:
        raise ValueError(f"паролата е по-къса от {SHORTEST_PASSWORD} знака")
    return answer


def pdf_password(answer: str) -> str:
    """The password as people type it, if every reader takes it for the same; raises ValueError.

    Keyboards write „й“ as one sign, some editors as two.
    """
    typed = unicodedata.normalize("NFC", bare_secret(answer))
    for form in (typed, saslprep(typed)):
        long_enough(form)
        if len(form.encode()) > LONGEST_PDF_PASSWORD_BYTES:
            raise ValueError(
                f"паролата е по-дълга от {LONGEST_PDF_PASSWORD_BYTES} байта (63 български букви), "
                "а програмите за PDF не четат нататък"
            )
    return typed
