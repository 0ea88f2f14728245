"""Bulgarian words in Latin letters, for addresses and codes."""

from __future__ import annotations

import re
from typing import Final

# Закон за транслитерацията, ДВ 19/13.03.2009, чл. 4–6.
_LETTERS: Final = dict(zip("абвгдезийклмнопрстуфхъь", "abvgdeziyklmnoprstufhay", strict=True)) | {
    "ж": "zh",
    "ц": "ts",
    "ч": "ch",
    "ш": "sh",
    "щ": "sht",
    "ю": "yu",
    "я": "ya",
}


def latin_words(text: str, joint: str = "-") -> str:
    """Small Latin letters and digits, words joined by `joint`: „София – център“ is sofia-tsentar.

    Empty where the text has no such letter; a leading digit is left out with its word.
    """
    small = re.sub(r"ия\b", "иa", text.lower())
    written = "".join(_LETTERS.get(sign, sign) for sign in small)
    words = re.findall(r"[a-z0-9]+", written)
    while words and not words[0][0].isalpha():
        words.pop(0)
    return joint.join(words)
