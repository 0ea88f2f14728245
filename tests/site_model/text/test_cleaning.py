"""One cleaning for every written answer: what is left can be seen, and costs little to make."""

from __future__ import annotations

import sys
import time
import unicodedata

import pytest

from site_model.content import Content
from site_model.forms.kinds import TypedText
from site_model.text.cleaning import clean
from tests.support.content.sent_forms import errors, filled, wording

LINE_ENDS = ("\r\n", "\r", "\n", "\v", "\f", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029")
SPACES = ("\t", "\x1f", "\u00a0", "\u1680", "\u2003", "\u2007", "\u200a", "\u202f", "\u3000")
UNSEEN = {
    "Hangul fillers": "\u3164\u115f\u1160\uffa0",
    "Braille blank": "\u2800",
    "grapheme joiner": "\u034f",
    "Khmer inherent vowels": "\u17b4\u17b5",
    "zero width": "\u200b\u200c\u200d\u2060\ufeff\u180e",
    "variation selectors": "\ufe0f\ufe00\U000e0100\u180b\u180f",
    "tags": "\U000e0001\U000e0041\U000e007f",
    "direction": "\u202e\u202d\u2066\u2067\u2068\u2069\u200e\u200f\u061c",
    "soft hyphen": "\u00ad",
    "music and hieroglyphs": "\U0001d159\U0001d173\U00013441\U00016fe4",
    "annotations and objects": "\ufff9\ufffb\ufffc",
    "private, unassigned, no character": "\ue000\U0010ffff\uffff\u0378\U000e0fff\u2065",
    "marks alone": "\u0301\u0308\u20dd\u0488",
    "spaces": "".join(SPACES),
    "line ends": "".join(LINE_ENDS),
    "all together": "\u3164\u0301\u00a0\u2028\u2800\u200b\u20dd \u034f",
}


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN)
@pytest.mark.parametrize(
    ("name", "field"), [("contact", "message"), ("referral", "need"), ("referral", "institution")]
)
def test_what_shows_nothing_is_no_answer(
    content: Content, name: str, field: str, unseen: str
) -> None:
    """A question that must be answered is not answered with signs that nobody sees."""
    assert errors(content, name, **{field: unseen * 3}) == {field: wording(name, field, "missing")}


@pytest.mark.parametrize("unseen", UNSEEN.values(), ids=UNSEEN)
def test_unseen_signs_are_gone_from_a_text(unseen: str) -> None:
    """Between two letters nothing is left of them but line feeds, spaces and the letter's marks."""
    left = clean(f"а{unseen}б")
    assert set(left) - set("аб \n") <= set(UNSEEN["marks alone"])


@pytest.mark.parametrize("end", LINE_ENDS, ids=ascii)
def test_every_line_end_parts_lines(end: str) -> None:
    """Words on two lines are never glued together."""
    assert clean(f"училище{end}Бащата") == "училище\nБащата"


@pytest.mark.parametrize("space", SPACES, ids=ascii)
def test_every_gap_is_a_space(space: str) -> None:
    """A space that lets no line break is a space like others."""
    assert clean(f"до{space * 2}обяд") == "до  обяд"


def test_no_code_point_leaves_what_cannot_be_seen() -> None:
    """All of Unicode, one sign after the other: the only blank signs left are space and line feed;
    what is clean stays as it is, in normal form C and as UTF-8."""
    signs = [chr(code) for code in range(sys.maxunicode + 1)]
    for start in range(0, len(signs), 0x1000):
        once = clean("а".join(signs[start : start + 0x1000]))
        assert clean(once) == once
        assert unicodedata.is_normalized("NFC", once)
        once.encode()
        for sign in set(once) - {" ", "\n"}:
            category = unicodedata.category(sign)
            young = category == "Cn" and "\U0001f000" <= sign < "\U0001fb00"
            assert category[0] not in "CZ" or young, ascii(sign)


def test_no_sign_is_taken_for_plain_that_is_not() -> None:
    """Texts of plain signs alone are looked at no further; an unseen sign beside them, which goes,
    has them looked at, and the same is left."""
    for sign in map(chr, range(0x3100)):
        for text in (sign, f" {sign}\n", f"е{sign}e", f"ا{sign}و"):
            assert clean(text) == clean(f"{text}\u200b"), ascii(sign)


def test_younger_emoji_stay() -> None:
    """An emoji that this Python does not know yet may be all that somebody writes."""
    assert clean("\U0001fac6") == "\U0001fac6"


RUNS = {
    "accents": "\u0301",
    "enclosing": "\u20dd",
    "below and above in turns": "\u0301\u0316",
    "taken apart by the normal form": "\u0344",
    "with joiners between": "\u0301\u200d\u034f",
}


@pytest.mark.parametrize("marks", RUNS.values(), ids=RUNS)
def test_runs_of_marks_are_cut(marks: str) -> None:
    """One letter carries 30 marks at most (Stream-Safe Text, UAX #15), and keeps its neighbours."""
    cleaned = clean(f"аб{marks * 500}в")
    assert len(cleaned) <= 2 + 30 + 1
    assert (cleaned[0], cleaned[-1]) == ("а", "в")
    assert clean(cleaned) == cleaned


def test_thirty_marks_stay() -> None:
    """A word of many marks is whole; the thirty-first mark goes."""
    assert clean("а" + "\u20dd" * 30) == clean("а" + "\u20dd" * 31) == "а" + "\u20dd" * 30


def test_letters_keep_the_marks_that_languages_need() -> None:
    """Vowel signs of Arabic, tones of Vietnamese, Church Slavonic: all within the thirty."""
    for word in ("مُدَرِّسَة", "nghiệp", "бг҃ъ", "हिन्दी"):
        assert clean(unicodedata.normalize("NFD", word)) == unicodedata.normalize("NFC", word)


def test_mark_without_a_letter_goes() -> None:
    """It would stand on what the sheet puts before the answer."""
    assert clean("\u0338а \u0338б\n\u20deв") == "а б\nв"


SLOW = {
    "marks": "\u0301",
    "marks in turns": "\u0316\u0301",
    "marks that are taken apart": "\u0344",
    "joined marks": "а\u0301\u034f",
    "Hangul": "\u1100\u1161\u11a8",
    "all different": "".join(map(chr, range(0x4E00, 0x9FFF))),
    "line ends": "\r\r\n",
    "digits": "٣",
}


@pytest.mark.parametrize("piece", SLOW.values(), ids=SLOW)
def test_time_grows_with_the_length_only(piece: str) -> None:
    """Eight times the text takes far less than the 64 times that a quadratic step would."""
    short = (piece * (10_000 // len(piece) + 1))[:10_000]
    best = [min(_seconds(text) for _ in range(3)) for text in (short, short * 8)]
    assert best[1] < 24 * best[0]


def _seconds(text: str) -> float:
    start = time.process_time()
    clean(text)
    return time.process_time() - start


@pytest.mark.parametrize("sign", ["\u0301", "а\u0301", "я", "1 ", "\u00a0", "\r\n"], ids=ascii)
def test_far_too_long_text_is_looked_at_by_nothing(content: Content, sign: str) -> None:
    """It is refused as it came: its writer gets all of it back to shorten."""
    sent = sign * 70_000
    for field in content.forms["contact"].fields:
        if isinstance(field, TypedText):
            form = filled(content, "contact", contact_way="call", **{field.id: sent})
            assert form.errors[field.id] == wording("contact", field.id, "too_long")
            assert form.data[field.id] == sent


def test_text_may_come_in_pieces_and_still_fit(content: Content) -> None:
    """Line ends and letters in two parts count as one sign each, as their writer counts them."""
    assert errors(content, "contact", message="и\u0306\r\n" * 2000) == {}
