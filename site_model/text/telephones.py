"""Pure: telephones as people write them, as pages show them and as a telephone dials them.

Facts hold the one spelling that `telephone` gives; `dial_string` follows from it alone, so what a
page shows is what it dials. A person's answer to a question is only asked to hold a number.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from site_model.text.spellings import plainly

LEAST_DIGITS: Final = 5
MOST_DIGITS: Final = 15
"""Of one number, with the code of the country (ITU-T E.164, section 6)."""
EXTENSION: Final = " вътр. "
"""Between a number and its extension, as pages show them."""

_COUNTRY: Final = 359
_REGION: Final = "BG"
_MANY_DIGITS: Final = re.compile(r"\d+")
_NAMED: Final = r"(?:тел(?:ефон\w*)?|т|моб\w*|стац\w*|gsm|джиесем|tel|phone|mobile)\b[\s.:/№]*"
_LABEL: Final = re.compile(
    rf"[☎☏✆📞📱\s]*(?:(?:факс\W*)?(?:{_NAMED})+(?:факс\b)?[\s.:]*)?", re.IGNORECASE
)
_INNER: Final = r"(?:вътр\w*|вн|в(?=\.)|доб\w*|ext\w*|x|х|#)(?![^\W\d_])"
_EXTENSION: Final = re.compile(
    rf"[\s,;(]*{_INNER}[\s.:=№]*(?:номер|тел)?[\s.:№]*(\d{{1,7}})\s*\)?\Z", re.IGNORECASE
)
_SHORT: Final = re.compile(r"1\d\d|(?:116|124)\d{3}|1[2-9]\d{2,3}")
"""The numbers without a code begin with 1; those of Europe (116 …) have six digits.

The library's table lacks some that are in use (124 123)."""
LONGEST: Final = 200
"""Signs in which somebody may write one telephone; to compare parts of a long text takes long."""
_BETWEEN: Final = re.compile(r"\s*([/,;-])\s*|\s+")
_SENTENCE: Final = "например 0373 9 10 76, 0888 123 456 или 0373 9 10 76 вътр. 12"


class _Number(NamedTuple):
    """A number that can be called: code of the country, what follows it, and how it was begun."""

    country: int
    national: str
    from_abroad: bool


def telephone(written: str) -> str:
    """One telephone in its one spelling, in the writer's groups of digits.

    „00359 (0)373-91076“ is „+359 373 91076“, „тел. (0373) 9.10.76, в. 12“ „0373 9 10 76 вътр. 12“.
    Raises ValueError with a Bulgarian sentence for several numbers, and for what nobody could
    dial or what would call somebody else.
    """
    if len(written) > LONGEST:
        raise ValueError(f"тук се пише един телефон, {_SENTENCE}, а е написано много повече")
    text = _LABEL.sub("", plainly(written), count=1)
    inner = _EXTENSION.search(text)
    number = text[: inner.start()] if inner else text
    number = re.sub(r"\s+(?:и|или)\s+", " ; ", number).strip(" .,:;/-")
    _refuse_signs(number)
    digits = re.sub(r"\D", "", number)
    if several := _several(number):
        raise ValueError(
            f"тук има повече от един номер: „{several[0]}“ и „{several[1]}“. "
            "Запишете всеки като отделен телефон"
        )
    if _SHORT.fullmatch(digits) and not number.startswith(("+", "00")):
        if inner:
            raise ValueError("кратък номер няма вътрешен. Напишете само номера")
        return _grouped(number, digits)
    found = _read(number)
    if not found:
        raise ValueError(_why(digits))
    begin = f"+{found.country} " if found.from_abroad else "0"
    return begin + _grouped(number, found.national) + (EXTENSION + inner[1] if inner else "")


def dial_string(shown: str) -> str:
    """What `telephone` gave, as a `tel:` link needs it: with the country, the extension after it.

    For instance +35937391076;ext=12 (RFC 3966); short numbers stay as they are.
    """
    number, extension = split_extension(shown)
    digits = re.sub(r"[^\d+]", "", number)
    whole = f"+{_COUNTRY}{digits[1:]}" if digits.startswith("0") else digits
    return f"{whole};ext={extension}" if extension else whole


def split_extension(shown: str) -> tuple[str, str]:
    """What `telephone` gave, as the number and its extension, which may be ""."""
    number, _, extension = shown.partition(EXTENSION)
    return number, extension


def is_bulgarian(shown: str) -> bool:
    """Whether what `telephone` gave is called within Bulgaria, short numbers included."""
    return not shown.startswith("+") or shown.startswith(f"+{_COUNTRY}")


def can_be_dialled(answer: str) -> bool:
    """Whether a person finds a number in it, whatever stands around: a name, „след 17 ч.“.

    An answer turns nobody away for its spelling: who reads it is no machine.
    """
    numbers = _MANY_DIGITS.findall(answer)
    return sum(map(len, numbers)) >= LEAST_DIGITS and max(map(len, numbers)) <= MOST_DIGITS


def _refuse_signs(number: str) -> None:
    if re.search(rf"\d\D*{_INNER}", number, re.IGNORECASE):
        raise ValueError("вътрешният номер е един и се пише накрая: 0373 9 10 76 вътр. 12")
    word = re.search(r"[^\W\d_]+", number)
    if word and re.search(r"\d", number):
        what = "буквата" if len(word[0]) == 1 else "думата"
        raise ValueError(f"при цифрите има {what} „{word[0]}“. Напишете само номера, {_SENTENCE}")
    if word or not re.search(r"\d", number):
        raise ValueError(f"тук се пише телефон, {_SENTENCE}")
    if sign := re.search(r"[^\d ()+.,;/-]|(?<=.)(?<!\()\+", number):
        raise ValueError(f"в телефона има „{sign[0]}“. Напишете само номера, {_SENTENCE}")


def _read(number: str) -> _Number | None:
    """The number that the text is, as the plans of all countries have it, or None.

    Without the 0 it is read only where it cannot be a number within a town (7 digits at most).
    """
    import phonenumbers as library  # its tables take longer to load than kept facts to read

    try:
        found = library.parse(number, _REGION, keep_raw_input=True)
    except library.NumberParseException:
        return None
    if not library.is_valid_number(found):
        return None
    national = library.national_significant_number(found)
    from_abroad = found.country_code_source != library.CountryCodeSource.FROM_DEFAULT_COUNTRY
    if not (from_abroad or len(national) > 7 or re.sub(r"\D", "", number).startswith("0")):
        return None
    return _Number(found.country_code or 0, national, from_abroad)


def _grouped(number: str, national: str) -> str:
    """The last digits of a text, which `national` are, parted by a space where they are parted."""
    if not re.sub(r"\D", "", number).endswith(national):  # some plans put digits in between
        return national
    place = len(number)
    for digit in reversed(national):
        place = number.rindex(digit, 0, place)
    return " ".join(_MANY_DIGITS.findall(number[place:]))


def _several(number: str) -> tuple[str, str] | None:
    """The first of several numbers in a text and what follows it, as whole as it can be made."""
    whole = _read(number)
    for gap in _BETWEEN.finditer(number):
        first, sign, rest = number[: gap.start()], gap[1], number[gap.end() :]
        apart = sign in ("/", ",", ";")
        digits = re.sub(r"\D", "", rest)
        if not digits or (whole and not apart) or not (_read(first) or (apart and _short(first))):
            continue
        if _read(rest):
            return first, rest
        if sign and len(digits) <= 4:  # „0373 9 10 76/77“: the end of another number
            return first, _with_end(first, digits)
        if apart:
            return first, rest
    return None


def _short(number: str) -> bool:
    return bool(_SHORT.fullmatch(re.sub(r"\D", "", number)))


def _with_end(number: str, end: str) -> str:
    """A number whose last digits are replaced."""
    signs = list(number)
    places = [place for place, sign in enumerate(signs) if sign.isdecimal()]
    for place, digit in zip(places[-len(end) :], end, strict=False):
        signs[place] = digit
    return "".join(signs)


def _why(digits: str) -> str:
    """What is wrong with digits that are no telephone."""
    if len(digits) < 8 and not digits.startswith("0"):
        what = "липсва кодът на населеното място или цифра"
    else:
        what = f"няма телефон с тези цифри ({digits}): има излишна, липсваща или сгрешена"
    return f"{what}. Телефонът се пише с кода, {_SENTENCE}"
