"""The number that a sender gets: short enough to read out, hard to guess, free of look-alikes."""

from __future__ import annotations

import secrets

# No sign that looks like another one in Latin or in Cyrillic, in print or by hand: no 0/O/О,
# 1/I/l, 3/З, 6/б, 8/В, no A B C E H K M O P T X Y, which both alphabets have.
ALPHABET = "DFGJLNRUVW24579"


def new_reference() -> str:
    """Ten signs in two groups, for instance DF4GJ-2UV79: about 39 bits from `secrets`."""
    signs = in_signs(secrets.randbelow(len(ALPHABET) ** 10), 10)
    return f"{signs[:5]}-{signs[5:]}"


def in_signs(number: int, length: int) -> str:
    """The last `length` places of a number written in ALPHABET, the lowest first."""
    signs = []
    for _ in range(length):
        number, place = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "".join(signs)
