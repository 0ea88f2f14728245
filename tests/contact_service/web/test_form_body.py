"""The reader of form bodies: everything that can be read, and what could not is said."""

from __future__ import annotations

from urllib.parse import quote, unquote_to_bytes, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from contact_service.web.form_body import MOST_FIELDS, Sent, read_form


@given(st.lists(st.tuples(st.text(), st.text())))
def test_what_a_browser_sends_comes_back(pairs: list[tuple[str, str]]) -> None:
    """Every name and every value, in their order."""
    pairs = [(name, value) for name, value in pairs if name or value]
    found = read_form(urlencode(pairs).encode())
    assert sorted(found.values.items(multi=True)) == sorted(pairs)
    assert (found.damaged, found.whole) == (frozenset(), True)


@pytest.mark.parametrize(
    ("body", "pairs"),
    [
        (b"", []),
        (b"&&a=1&", [("a", "1")]),
        (b"a", [("a", "")]),
        (b"=a", [("", "a")]),
        (b"a=b=c", [("a", "b=c")]),
        (b"a=1;b=2", [("a", "1;b=2")]),
        (b"a+b=c+d", [("a b", "c d")]),
        (b"a=%2B%26%3d", [("a", "+&=")]),
        (b"a=%", [("a", "%")]),
        (b"a=%0&b=%zz", [("a", "%0"), ("b", "%zz")]),
        (b"a=%00", [("a", "\0")]),
        (b"a=%d0\xbf", [("a", "п")]),
        (b"a=2&b=3&a=1", [("a", "2"), ("a", "1"), ("b", "3")]),
    ],
)
def test_odd_bodies(body: bytes, pairs: list[tuple[str, str]]) -> None:
    """As WHATWG reads them: lone signs of escaping, bare names, signs that are half escaped."""
    found = read_form(body)
    assert list(found.values.items(multi=True)) == pairs
    assert found.whole


@given(st.binary())
def test_no_body_fails(body: bytes) -> None:
    """Whatever comes: it is said that something was left out exactly where something was."""
    try:
        unquote_to_bytes(body).decode()
        whole = True
    except UnicodeDecodeError:
        whole = False
    found = read_form(body)
    assert (found.whole and not found.damaged) == whole


@pytest.mark.parametrize(
    ("value", "left"),
    [
        ("Привет".encode("windows-1251"), ""),
        ("Привет, 112".encode("windows-1251"), ", 112"),
        ("Моля".encode()[:-1], "Мол"),
        (b"\xed\xa0\xbd\xed\xb8\x80", ""),  # a pair of surrogates, each for itself
        (b"\xf4\x90\x80\x80a", "a"),  # past the end of Unicode
        (b"\xc0\xafa", "a"),  # overlong
        (b"a\xff", "a"),
    ],
)
def test_what_is_not_utf_8_is_said(value: bytes, left: str) -> None:
    """What can be read of it stays, and its name is known, escaped or not."""
    expected = Sent(MultiDict([("a", "1"), ("message", left)]), frozenset({"message"}))
    for written in (quote(value).encode(), value):
        assert read_form(b"a=1&message=" + written) == expected


def test_a_name_that_cannot_be_read_is_said() -> None:
    """Nobody knows whose answer it was."""
    assert read_form(b"mess%ffage=a&a=1") == Sent(MultiDict([("a", "1")]), whole=False)


def test_many_fields_cost_little_and_are_said() -> None:
    """No more than MOST_FIELDS are read of a body that is all separators."""
    assert read_form(b"a&" * MOST_FIELDS).whole
    found = read_form(b"a&" * 30_000)
    assert len(list(found.values.items(multi=True))) == MOST_FIELDS
    assert not found.whole
