"""References: no look-alikes, no repeats."""

from __future__ import annotations

import re

from contact_service.reference_numbers import ALPHABET, new_reference

# Latin letters and digits that a reader may take for another sign of either alphabet.
LOOK_ALIKES = set("0O1IL3Z68BSQ5") - set("L5") | set("ABCEHKMOPTXY")


def test_alphabet_has_no_look_alikes() -> None:
    """No sign that Latin and Cyrillic share, none that looks like a digit."""
    assert not set(ALPHABET) & LOOK_ALIKES
    assert len(set(ALPHABET)) == len(ALPHABET) == 15


def test_references_have_their_shape_and_differ() -> None:
    """Five and five signs; ten thousand draws from 15^10 do not repeat."""
    drawn = {new_reference() for _ in range(10_000)}
    assert len(drawn) == 10_000
    assert all(re.fullmatch(f"[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}", item) for item in drawn)
