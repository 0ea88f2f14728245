"""Pure: words as the letters of paper can show them. Here alone a sign is exchanged or left out."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Final

Shows = Callable[[str], bool]
"""Whether the letters of paper have this sign, with the marks on it."""

ORDINARY: Final = "\t\n -~\xa0-\u017f\u0400-\u045f\u0490\u0491\u2010-\u2027\u2116\u20ac"
"""Signs that paper is known to have (a test asks for all of them): letters of the languages of
Europe, and what stands between words.
"""
ARABIC: Final = "\u060c\u061b\u061f\u0621-\u063a\u0640-\u0652\u0660-\u066c"

_UNUSUAL = re.compile(rf"[^{ORDINARY}{ARABIC}]")
_SIGN = re.compile("[^\u0300-\u036f\u20d0-\u20ff][\u0300-\u036f\u20d0-\u20ff]*")
# What only says how a sign is to look, as an emoji: \ufe0f and the colours of skin.
_LOOKS = re.compile("[\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]|(?<=[^\u0600-\u06ff])\u200d")
_ALIKE: Final = {
    "✅": "✓",
    "❌": "✗",
    "❗": "!",
    "❓": "?",
    "➡": "→",
    "⭐": "★",
    "📞": "☎",
    "📱": "☎",
    "📧": "✉",
    "🔴": "●",
    "🔵": "●",
    "🟢": "●",
}
LEFT_OUT: Final = "…"


def for_paper(text: str, shows: Shows) -> tuple[str, frozenset[str]]:
    """The text with signs that paper can show, and those that it cannot.

    A letter stands there composed („и“ with a grave is „ѝ“), by itself where its mark is lacking,
    or as what it means („ﬁ“ is „fi“). A word of letters that are lacking becomes „…“, so that
    one sees that there was a word; other signs go without a trace.
    """
    if text.isascii():
        return text, frozenset()
    composed = unicodedata.normalize("NFC", text)
    if not _UNUSUAL.search(composed):
        return composed, frozenset()
    lost: set[str] = set()

    def shown(sign: re.Match[str]) -> str:
        return _shown(sign[0], shows, lost)

    changed = _SIGN.sub(shown, _LOOKS.sub("", composed))
    if not lost:
        return changed, frozenset()
    words = re.sub(f"{LEFT_OUT}{{2,}}", LEFT_OUT, changed)
    return re.sub(r" {2,}|(?<=\S) (?=[.,;!?](?:\s|$))", _one_space, words).strip(), frozenset(lost)


def _one_space(gap: re.Match[str]) -> str:
    return " " if len(gap[0]) > 1 else ""


def _shown(sign: str, shows: Shows, lost: set[str]) -> str:
    if not _UNUSUAL.search(sign):
        return sign
    ways = (sign[:2], _ALIKE.get(sign, sign), unicodedata.normalize("NFKC", sign), sign[0])
    for way in ways:
        if all(not _UNUSUAL.search(one) or shows(one) for one in _SIGN.findall(way)):
            return way
    lost.add(sign)
    return LEFT_OUT if unicodedata.category(sign[0])[0] in "LN" else ""
