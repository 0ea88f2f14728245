"""Pure: what somebody typed into a sheet: a „yes“, a remark, or words for the site."""

from __future__ import annotations

import re
from typing import Final

from site_build.native_review.markup import (
    digits_of,
    scripts_of,
    with_even_marks,
    wrong_marks,
)
from site_model.i18n.languages import SiteLanguage
from site_model.text.cleaning import clean, clean_from_the_right

_FINE: Final = frozenset(
    (
        *("ok", "oк", "оk", "ок", "okay", "okey", "да", "добре", "yes", "evet", "tamam", "doğru"),
        *("так", "نعم", "تمام", "true", "+", "✓", "✔", "✅", "☑", "👍", "👌"),
    )
)
"""Also with a Cyrillic letter in it, and in the reader's own language."""
_BEGINS_REMARK: Final = _FINE | {"no", "not", "hayır", "hayir", "не", "нет", "ні", "لا"}
_QUOTES: Final = {"uk": ("«", "»"), "ar": ("«", "»")}
_NOT_IN_LANGUAGE: Final = {"uk": "ъыэё"}
TIMES: Final = 3
"""A text that is so many times shorter or longer than the previous one is a remark."""
_FEW: Final = 8
"""Signs that a longer text may have beside that: one word may need three."""
_SHARED: Final = 5
"""One word of so many is of the previous text, or the new one speaks of something else."""
_LIKE_REMARK: Final = (
    "Прилича на бележка – решете вие. Ако все пак е новият текст, напишете го сами във файла"
)
_UNSEEN: Final = "\u2066\u2067\u2068\u2069\u200e\u200f\u061c"


def is_yes(said: str) -> bool:
    """Whether the answer says only that the translation is good."""
    plain = re.sub("[.!\U0001f3fb-\U0001f3ff]", "", said.casefold().replace("\u0307", ""))
    words = re.split(r"[\s,،;]+", plain.strip(" ,،;\"'“”„«»()"))
    return all(word in _FINE for word in words)


def clean_typed(text: str, language: SiteLanguage) -> str:
    """A text as it was typed: in one line, without what spreadsheets and keyboards leave."""
    cleaned = clean_from_the_right if language.direction == "rtl" else clean
    return with_even_marks(" ".join(cleaned(text).split()))


def bare(text: str) -> str:
    """The words of a text, without what the program writes otherwise than it was typed: quotation
    marks, unseen signs and the numbers of markup.
    """
    text = re.sub(r"\{\d{1,2}\}", " ", text.translate(dict.fromkeys(map(ord, _UNSEEN))))
    text = re.sub("[“”„«»]", '"', text).replace("’", "'")
    return " ".join(text.split())


def on_site(said: str, before: str, language: SiteLanguage) -> str:
    """With the signs that a keyboard has not, or that nobody sees who types a text again."""
    opened, closed = _QUOTES.get(language.code, ("“", "”"))
    said = re.sub(r'"([^"]*)"', rf"{opened}\1{closed}", said)
    if "“" not in before:
        said = re.sub("“([^“”]*)”", rf"{opened}\1{closed}", said)
    said = re.sub(r"(?<=\w)'(?=\w)", "’", said)
    for inside in re.findall("\u2066([^\u2066-\u2069]*)\u2069", before):
        isolated = f"\u2066{inside}\u2069"
        if isolated not in said:
            said = said.replace(inside, isolated)
    return said


def why_not(said: str, ours: str, theirs: str, language: SiteLanguage) -> str:
    """Why a text may not stand where the translation `theirs` does, or ""."""
    marks = wrong_marks(said, ours, theirs)
    known = {*re.findall(r"\w+", ours), *re.findall(r"\w+", theirs)}
    new = " ".join(word for word in re.findall(r"\w+", said) if word not in known)
    is_foreign = scripts_of(new) - scripts_of(theirs) or set(new.lower()) & set(
        _NOT_IN_LANGUAGE.get(language.code, "")
    )
    wrong = {
        "Напишете превода: това е българският текст": said == ours,
        _LIKE_REMARK: _begins(said) in _BEGINS_REMARK and _begins(said) != _begins(theirs),
        f"Поправете каквото е в скоби {{ }} и знаците: {marks}": marks,
        "Поправете числата: не са тези от българския текст": digits_of(said)
        not in (digits_of(ours), digits_of(theirs)),
        "Напишете целия текст: това е много по-кратко от превода. Бележката е отделно": len(said)
        * TIMES
        < len(theirs),
        "Напишете само превода: това е много по-дълго от него. Бележката е отделно": len(theirs)
        * TIMES
        + _FEW
        < len(said),
        "Ако е бележка, преместете я в „Бележка“: има думи с други букви": is_foreign,
        f"{_LIKE_REMARK}.": _is_other(said, theirs),
    }
    return next((words for words, is_so in wrong.items() if is_so), "")


def _is_other(said: str, theirs: str) -> bool:
    """Whether a text has almost no word of the previous one."""
    before = _stems(theirs)
    return len(before) >= TIMES and len(before & _stems(said)) * _SHARED < len(before)


def _begins(text: str) -> str:
    first = re.search(r"[\w+✓✔✅☑👍👌]+", text.casefold())
    return first[0] if first else ""


def _stems(text: str) -> set[str]:
    """How the words of a text begin; endings differ, and what Arabic joins to the front."""
    words = re.findall(r"\w+", re.sub(r"\{[^{}]*\}", " ", text.casefold()))
    return {re.sub("^[وفبلك]?(?:ال)?(?=..)", "", word)[:4] for word in words}
