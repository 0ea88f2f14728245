"""Pure: spans of time whose number is a word, as deadlines have it: „три месеца“, „üç ay“.

Only from two to twelve: „one“ is an article in many languages, „един ден“ is no deadline.
"""

from __future__ import annotations

import re
from typing import Final

_NUMBERS: Final = {
    "bg": "два\\w*|две\\w* три\\w* четири\\w* пет шест седем осем девет десет един\\w*йсет|"
    "единадесет дван\\w*йсет|дванадесет",
    "en": "two three four five six seven eight nine ten eleven twelve",
    "tr": "iki üç dört beş altı yedi sekiz dokuz on on[_]bir on[_]iki",
    "uk": "два|дві|двох|двом\\w* три|трьох|трьом\\w* чотири|чотирьох п’ять|п’яти шість|шести "
    "сім|семи вісім|восьми дев’ять|дев’яти десять|десяти одинадцят\\w* дванадцят\\w*",
    "ar": "اثن\\w* ثلاثة?|ثلاث أربعة? خمسة? ستة? سبعة? ثماني?ة?|ثمان تسعة? عشرة? "
    "أحد[_]عشر|إحدى[_]عشرة اثن\\w*[_]عشرة?",
}
_UNITS: Final = {
    "bg": "минут\\w*|час(?:а|ове)?|дни|дена|седмици|месец[аи]|години",
    "en": "(?:minute|hour|day|week|month|year)s",
    "tr": "(?:dakika|saat|gün|hafta|ay|yıl)\\w*",
    "uk": "хвилин\\w*|годин\\w*|дн[іея]\\w*|тижн\\w*|місяц\\w*|рок\\w*",
    "ar": "دقائق|دقيقة|ساعات|ساعة|أيام|"
    "يوم\\w*|أسابيع|أسبوع\\w*|أشهر|شهر\\w*|سنوات|سنة|أعوام|عام\\w*",
}
_DUAL: Final = re.compile("(?:دقيقت|ساعت|يوم|أسبوع|شهر|سنت|عام)(?:ين|ان)")
_BEFORE_ARABIC: Final = "(?:و|ل|ب|ف|ال)*"


def spans_in_words(text: str, language: str) -> dict[str, tuple[int, int]]:
    """The numbers of spans of time that are written as words, as digits, with their places."""
    if language not in _NUMBERS:
        return {}
    found: dict[str, tuple[int, int]] = {}
    before = _BEFORE_ARABIC if language == "ar" else ""
    for number, words in enumerate(_NUMBERS[language].split(), 2):
        said = words.replace("[_]", r"\s")
        pattern = rf"(?<![\w-]){before}(?:{said})(?:\s[^\W\d]+)?\s(?:{_UNITS[language]})(?!\w)"
        if span := re.search(pattern, text, re.IGNORECASE):
            found[str(number)] = span.span()
    if language == "ar" and (dual := _DUAL.search(text)):
        found["2"] = dual.span()
    return found
