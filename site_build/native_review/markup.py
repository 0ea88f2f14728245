"""Pure: a text as somebody reads and fixes it who knows nothing of its markup, and back.

What is no word (values, tags, Markdown, template code) stands in the sheet as `{number}`, `{112}`
or `{1}`; what a line begins and ends with is not shown at all.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_VALUE: Final = r"%\(\w+\)\w|\{\{(?:(?!\}\}).)*\}\}"
_CODE: Final = r"\{%(?:(?!%\}).)*%\}|\{[^{}]*\}|<[^<>]+>|&\w+;|!?\[|\]\([^)\s]*\)|\]|\*+|`"
# Side by side they are one mark: a link around a number is the number.
_MARK: Final = re.compile(rf"(?:{_VALUE}|{_CODE})(?:\s*(?:{_VALUE}|{_CODE}))*")
_BEGINNING: Final = re.compile(rf"\s*(?:title: |#+ |- |\d+\. )?(?:\s*(?:{_CODE}))*\s*")
_ENDING: Final = re.compile(rf"\s*(?:(?:{_CODE})\s*)*$")
_SHOWN: Final = re.compile(r"\{\s*([^{}]*?)\s*\}")
_FOREIGN: Final = frozenset('<>{}[]*`|\\_&"')
_SCRIPTS: Final = ("LATIN", "CYRILLIC", "ARABIC")


@dataclass(frozen=True)
class ShownText:
    """A text without its markup, and what stands behind each of its marks."""

    shown: str
    behind: Mapping[str, str]
    before: str
    after: str

    def with_words(self, shown: str) -> str:
        """Other words with the same markup; their marks are those of `wrong_marks`."""
        text = _SHOWN.sub(lambda mark: self.behind[mark[1]], shown)
        return f"{self.before}{text}{self.after}"


def marked_text(text: str, numbers: Mapping[str, str], known: Mapping[str, str]) -> ShownText:
    """A text for the sheet. `numbers` are those of the help lines, by their id; `known` are the
    marks of the other text beside it, so that the same thing has the same mark in both.
    """
    begins = _BEGINNING.match(text)
    before = begins[0] if begins else ""
    rest = text[len(before) :]
    ends = _ENDING.search(rest)
    after = ends[0] if ends else ""
    behind = dict(known)
    labels = {source: label for label, source in behind.items()}

    def label(found: re.Match[str]) -> str:
        source = found[0]
        if source not in labels:
            labels[source] = _name_of(source, numbers, behind)
            behind[labels[source]] = source
        return f"{{{labels[source]}}}"

    shown = _MARK.sub(label, rest[: len(rest) - len(after)])
    return ShownText(shown, behind, before, after)


def _name_of(source: str, numbers: Mapping[str, str], taken: Mapping[str, str]) -> str:
    value = re.fullmatch(r"%\((\w+)\)\w", source)
    line = re.search(r"help_lines\.(\w+)", source)
    name = value[1] if value else numbers.get(line[1], "") if line else ""
    if name and name not in taken:
        return name
    return next(str(one) for one in range(1, 1000) if str(one) not in taken)


def without_code(marked: ShownText, beside: ShownText) -> str:
    """A text as it is shown, without the markup that the text beside it does well without."""

    def kept(mark: re.Match[str]) -> str:
        is_value = re.search(_VALUE, marked.behind[mark[1]])
        return mark[0] if is_value or mark[0] in beside.shown else ""

    return _SHOWN.sub(kept, marked.shown)


def wrong_marks(typed: str, *right: str) -> str:
    """What is wrong with the marks of a text as it was typed, beside texts that are right; or "".

    Values may stand in any order, because languages differ.
    """
    if begins := re.match(r"title:|#+ |- |\d+\. ", typed):
        return f"не може да започва с {begins[0].strip()}"
    found = Counter(_SHOWN.findall(typed))
    ways = [Counter(_SHOWN.findall(one)) for one in right]
    if found in ways:
        odd = _FOREIGN.intersection(_SHOWN.sub("", typed)) - set("".join(right))
        return f"не се пишат знаците {' '.join(sorted(odd))}" if odd else ""
    lost = ", ".join(f"{{{name}}}" for name in ways[-1] - found)
    new = ", ".join(f"{{{name}}}" for name in found - ways[-1])
    said = (lost and f"липсва {lost}", new and f"{new} е в повече")
    return " и ".join(filter(None, said))


def with_even_marks(typed: str) -> str:
    """A text whose marks are written as in the sheet: without spaces, whatever the digits."""
    return _SHOWN.sub(lambda mark: f"{{{_with_our_digits(mark[1])}}}", typed)


def _with_our_digits(text: str) -> str:
    return "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)


def closes_well(text: str) -> bool:
    """Whether every tag and every link that is closed was opened before, the last one first."""
    opened: list[str] = []
    for closing, tag, bracket in re.findall(r"<(/?)(\w+)[^<>]*>|(\[|\]\()", text):
        name = tag or "["
        if closing or bracket == "](":
            if not opened or opened.pop() != name:
                return False
        elif name != "br":
            opened.append(name)
    return True


def has_words(shown: str) -> bool:
    """Whether there is anything to read beside the marks."""
    return any(map(str.isalpha, _SHOWN.sub("", shown)))


def digits_of(text: str) -> Counter[str]:
    """The numbers of a text that has more than one digit each, however they are spaced."""
    plain = _with_our_digits(_SHOWN.sub(lambda mark: f" {mark[1]} ", text))
    runs = re.findall(r"\d(?:[\d\u00a0 ]*\d)?", plain)
    return Counter(re.sub(r"\D", "", run) for run in runs)


def scripts_of(text: str) -> frozenset[str]:
    """The alphabets that a text is written in."""
    letters = {unicodedata.name(sign, "").split(" ")[0] for sign in set(text) if sign.isalpha()}
    return frozenset(letters.intersection(_SCRIPTS))
