"""What staff type is what families read: nothing of how it was typed shows on a page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from site_build.errors import BuildError
from site_build.pages.page import hand_written_page
from site_build.pipeline import Project
from site_build.translation.gaps import hand_written
from site_model.text.telephones import dial_string
from tests.support.pages.built_pages import every_page, main_words, page, words
from tests.support.typed import LONG_MAIL


def test_every_telephone_dials_what_it_shows(as_typed: Project) -> None:
    """Each link to call on each page; both numbers of the centre are on its contacts page."""
    for name, tree in every_page(as_typed.site).items():
        for link in tree.xpath("//a[starts-with(@href, 'tel:')]"):
            shown = words(link).replace("\u00a0", " ").rpartition(": ")[2]
            assert link.get("href") == f"tel:{dial_string(shown)}", name
    calls = [
        (words(link).replace("\u00a0", " "), link.get("href"))
        for link in page(as_typed.site, "kontakti").xpath("//main//dd//a[@href]")
    ]
    assert calls == [
        ("0373 9 10 76 вътр. 12345", "tel:+35937391076;ext=12345"),
        ("+359 888 123 456", "tel:+359888123456"),
        (LONG_MAIL, f"mailto:{LONG_MAIL}"),
    ]


def test_a_page_begins_with_its_heading(as_typed: Project) -> None:
    """Marks and line ends of Windows do not put the values at its head before the words."""
    assert main_words(as_typed.site, "pomosht").startswith("Помощ сега")
    for name, tree in every_page(as_typed.site).items():
        text = words(tree)
        assert "scope: main" not in text, name
        assert not re.search("[\u00ad\u200b\ufeff]", text), name


def test_nothing_of_a_value_is_cut(as_typed: Project) -> None:
    """An address with # is whole, and words that were hyphenated by a program are found."""
    assert "ул. Изворна #5, вход Б" in main_words(as_typed.site, "kontakti")
    assert "Психологическо и социално за" in main_words(as_typed.site, "")
    searched = (as_typed.site / "tarsene" / "index.html").read_text(encoding="utf-8")
    assert "\u00ad" not in searched


@pytest.mark.parametrize(
    ("data", "said"),
    {
        "another coding": (
            "---\nid: a\n---\nЗаглавие".encode("cp1251"),
            "ред 4: файлът не е записан",
        ),
        "a head that never ends": (b"---\nid: a\n# A", "не е затворено"),
        "a quotation mark forgotten": (b'---\nid: "a\nb: c\n---\n', "ред 2: кавичката е отворена"),
        "a head of one word": (b"---\nhelp\n---\n", "се пише „име: стойност“"),
    }.values(),
)
def test_a_page_that_cannot_be_read_is_named(tmp_path: Path, data: bytes, said: str) -> None:
    """A page written by hand gives a sentence with its file, never a traceback."""
    (tmp_path / "help.md").write_bytes(data)
    with pytest.raises(BuildError, match=said) as refused:
        for name, text in hand_written(tmp_path).items():
            hand_written_page(name, text)
    assert "help.md" in str(refused.value)
