"""The reader of form bodies against the one of the standard library."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

from hypothesis import given
from hypothesis import strategies as st

from contact_service.form_body import MOST_FIELDS, read_form

PARTS = st.sampled_from(["a", "=", "&", "+", "%", "%D0%BF", "%d1", "%0", "%00", ";"])


@given(st.lists(st.tuples(st.text(), st.text())))
def test_what_a_browser_sends_comes_back(pairs: list[tuple[str, str]]) -> None:
    """Every name and every value, in their order."""
    sent = [(name, value) for name, value in pairs if name or value]
    found = read_form(urlencode(sent).encode())
    assert sorted(found.items(multi=True)) == sorted(sent)


@given(st.lists(PARTS).map("".join))
def test_broken_bodies_are_read_as_by_the_library(body: str) -> None:
    """Lone signs of escaping, half characters and bare names, too."""
    expected = parse_qsl(body, keep_blank_values=True, errors="replace")
    assert sorted(read_form(body.encode()).items(multi=True)) == sorted(expected)


def test_many_fields_cost_little() -> None:
    """No more than MOST_FIELDS are read of a body that is all separators."""
    assert len(list(read_form(b"a&" * 30_000).items(multi=True))) == MOST_FIELDS
