"""Pure: SASLprep (RFC 4013), by which readers of PDF take a password (ISO 32000-2, 7.6.4.3.3)."""

from __future__ import annotations

import stringprep
from unicodedata import ucd_3_2_0

_REFUSED = (
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
    stringprep.in_table_a1,  # signs newer than Unicode 3.2: readers disagree on them
)


def saslprep(text: str) -> str:
    """The text as a stored password; raises ValueError for signs that may not stand in one.

    The sentence says which sign by its place, since a password is never repeated.
    """
    mapped = "".join(
        " " if stringprep.in_table_c12(sign) else sign
        for sign in text
        if not stringprep.in_table_b1(sign)
    )
    prepared = ucd_3_2_0.normalize("NFKC", mapped)
    for place, sign in enumerate(prepared, 1):
        if any(refused(sign) for refused in _REFUSED):
            raise ValueError(
                f"знак № {place} не се допуска в парола на PDF: програмите го четат различно. "
                "Ползвайте букви, цифри и обикновени знаци"
            )
    right = [stringprep.in_table_d1(sign) for sign in prepared]
    if any(right) and (
        not (right[0] and right[-1]) or any(map(stringprep.in_table_d2, prepared))  # section 6
    ):
        raise ValueError(
            "букви отдясно наляво (арабски, иврит) и отляво надясно са смесени. Ползвайте едните"
        )
    return prepared
