"""Pure: what a program can see wrong in a text of a language, or in a text beside its translation.

It sees signs and numbers, no meaning: a text without slips may still be wrong. Quotation marks are
those of CLDR for each language; a language that is not in the table is asked only about the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from site_model.text.time_spans import spans_in_words

QUOTES: Final = {"bg": "„“", "en": "“”", "tr": "“”", "uk": "«»", "ar": "«»"}
"""The opening and the closing mark. Nothing is quoted within a quotation."""

SIGNS_AROUND: Final = 12
"""Of a text on both sides of a slip, by which a person finds it."""

_ANY_QUOTE = re.compile("[„“”«»‹›‟〝〞\"]|,,|''|``|(?<!\\w)['‘‚](?=[\\w%{(])")
_APOSTROPHE = re.compile(r"(?<=[^\W_])['`´‘ʼ′](?=[^\W\d_])")
_TOO_MUCH = r"(?<!\.)\.\.(?!\.)|([!?;:،؛؟])\1|[,;:،؛]\.(?!\w)"
_ALPHABET = "една буква е от друга азбука"
_SIGNS = (
    (r"(?<=\S)[ \xa0](?:-{1,3}|[‐‑−])[ \xa0](?=\S)", "между думи се пише тире: „ – “"),
    (r"(?<=\w)[ \xa0]-(?=[^\W\d_])", "тирето е с интервал и след него, а дефисът – без интервали"),
    (r"(?<=\S)[ \xa0]+[,.;:!?،؛؟](?=[\s»”“)]|$)", "без интервал пред знака"),
    (r"\([ \xa0]|[ \xa0]\)", "без интервал вътре в скобите"),
    (r"(?<=\S) {2,}(?=\S)", "стига един интервал"),
    (r"[^\W\d_][,;!?،؛؟](?=[^\W\d_])", "след знака има интервал"),
    (_TOO_MUCH, "един знак е в повече"),
    (r"[A-Za-z][\u0400-\u04ff]|[\u0400-\u04ff][A-Za-z]", _ALPHABET),
    (r"(?<=[\u0400-\u04ff] )[aeocy](?= [\u0400-\u04ff])", _ALPHABET),
)
_RULES = tuple((re.compile(pattern), fix) for pattern, fix in _SIGNS)
_LETTER = "[\u0620-\u064a\u064b-\u0652\u0670-\u06d3]"
_LATIN_SIGN = re.compile(rf"{_LETTER}[»)\s]*([,;?])")
_ARABIC_SIGN: Final = {",": "،", ";": "؛", "?": "؟"}

_NUMBER = re.compile(r"\d+(?:[ \xa0\u202f]\d+)*(?:[.,:]\d+)*")
_DECIMAL_SIGN: Final = str.maketrans("٫٬", ",.")
_GETTEXT_VALUE = re.compile(r"%\(\w+\)s")
_VALUE = re.compile(r"\{\{.*?\}\}|\{%.*?%\}|\{\w+\}", re.DOTALL)
_ADDRESSES: Final = frozenset(("{{root}}", "{{bulgarian_root}}"))
"""A link of a translation leads to another language where the page is only in that one."""
_IN_WORDS: Final = {
    "bg": {"24": "денонощ|денем и нощем"},
    "ar": {"1": "واحد", "2": "تين|اثن", "3": "ثلاث", "4": "أربع", "5": "خمس"},
}
"""What says a number without a digit: Arabic has a form of the noun for two, for instance."""
_KEPT_BULGARIAN = re.compile("„[^„“]*[А-Яа-я][^„“]*“")


@dataclass(frozen=True)
class Slip:
    """A piece of a text, and how it is fixed, in Bulgarian.

    `at` is from where to where it stands: in the translation, or in the Bulgarian text
    (`in_bulgarian`); None where nobody can say. `exact`: found without the signs around it.
    """

    found: str
    fix: str
    at: tuple[int, int] | None = None
    in_bulgarian: bool = False
    exact: bool = False

    def __str__(self) -> str:
        return f"{self.found} – {self.fix}"


def slips(text: str, language: str, bulgarian: str = "") -> Iterator[Slip]:
    """The slips of typography in a text without markup.

    `bulgarian` is what it translates: a name may stand in it as it stands there, with its marks.
    """
    for name in _KEPT_BULGARIAN.findall(bulgarian) if language != "bg" else ():
        text = text.replace(name, f"\u2060{name[1:-1]}\u2060")
    yield from _quotes(text, language)
    for found in _APOSTROPHE.finditer(text):
        yield _slip(text, found, "апострофът е ’")
    for pattern, fix in _RULES:
        for found in pattern.finditer(text):
            yield _slip(text, found, fix)
    if language == "ar":
        for found in _LATIN_SIGN.finditer(text):
            yield _slip(text, found, f"в арабски текст се пише {_ARABIC_SIGN[found[1]]}")


def numbers_differ(bulgarian: str, translation: str, language: str) -> Iterator[Slip]:
    """The numbers of a text that its translation has not, and the other way round."""
    here, there = _numbers(bulgarian), _numbers(translation)
    for number in sorted(here.keys() - there):
        if not _in_words(number, translation, language):
            yield _as_typed(bulgarian, here[number], "числото липсва в превода", source=True)
    for number in sorted(there.keys() - here):
        if not _in_words(number, bulgarian, "bg"):
            yield _as_typed(translation, there[number], "числото е само в превода")
    if "%(num)s" in bulgarian:  # a form for one number may say it as a word
        return
    ours, theirs = spans_in_words(bulgarian, "bg"), spans_in_words(translation, language)
    for number in sorted(ours.keys() - theirs.keys() - there.keys()):
        yield _as_typed(bulgarian, ours[number], "срокът липсва в превода", source=True)
    for number in sorted(theirs.keys() - ours.keys() - here.keys()):
        yield _as_typed(translation, theirs[number], "срокът е само в превода")


def values_differ(bulgarian: str, translation: str) -> Iterator[Slip]:
    """The values and conditions of a page that stand in one of both alone.

    Those of gettext are another's: `site_model.i18n.catalogues.wrong_in`.
    """
    here, there = _values(bulgarian), _values(translation)
    fix = "трябва да стои и в двата текста, или в никой"
    for value in sorted(here.keys() - there):
        yield _as_typed(bulgarian, here[value], fix, source=True)
    for value in sorted(there.keys() - here):
        yield _as_typed(translation, there[value], fix)


def _in_words(number: str, text: str, language: str) -> bool:
    words = _IN_WORDS.get(language, {}).get(number)
    return bool(words and re.search(words, text, re.IGNORECASE))


def _quotes(text: str, language: str) -> Iterator[Slip]:
    """Marks must come as opening, closing, opening, closing."""
    if language not in QUOTES:
        return
    expected, following = QUOTES[language][0], QUOTES[language][1]
    fix = f"на този език кавичките са {expected}…{following}"
    last = None
    for found in _ANY_QUOTE.finditer(text):
        if found[0] != expected:
            yield _slip(text, found, fix)
            return
        expected, following = following, expected
        last = found
    if last and expected != QUOTES[language][0]:
        yield _slip(text, last, "кавичките се отварят и не се затварят")


def _slip(text: str, found: re.Match[str], fix: str) -> Slip:
    return Slip(around(text, *found.span(), SIGNS_AROUND), fix, found.span())


def _as_typed(text: str, at: tuple[int, int], fix: str, *, source: bool = False) -> Slip:
    return Slip(text[slice(*at)], fix, at, source, exact=True)


def around(text: str, start: int, end: int, signs: int) -> str:
    """A piece of a text as it was typed, with so many signs on both sides, in one line."""
    start, end = max(0, start - signs), end + signs
    piece = text[start:end].replace("\n", " ").strip()
    if not signs:
        return piece
    return f"{'…' if start else ''}{piece}{'…' if end < len(text) else ''}"


def _numbers(text: str) -> dict[str, tuple[int, int]]:
    """The numbers of a text however they are written, and where: 116 111 and ١١٦١١١ are one."""
    plain = text.translate(_DECIMAL_SIGN)
    for pattern in (_GETTEXT_VALUE, _VALUE):
        plain = pattern.sub(lambda value: " " * len(value[0]), plain)
    return {_plain_number(found[0]): found.span() for found in _NUMBER.finditer(plain)}


def _plain_number(written: str) -> str:
    """Without spaces and full hours: 1 000, 1.000 and 1,000 are one, and so are 10 and 10:00."""
    digits = "".join(str(int(sign)) if sign.isdecimal() else sign for sign in written)
    joined = "".join(digits.split()).removesuffix(":00")
    return re.sub(r"[.,](?=\d{3}(?!\d))", "", joined).replace(",", ".")


def _values(text: str) -> dict[str, tuple[int, int]]:
    """The places and conditions of a template, whatever words they hold."""
    found = {
        "".join(re.sub(r'"[^"]*"', '"…"', value[0]).split()): value.span()
        for value in _VALUE.finditer(text)
    }
    return {value: at for value, at in found.items() if value not in _ADDRESSES}
