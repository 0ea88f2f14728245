"""Numbers stay in one piece; Bulgarian words on pages of other letters say what they are."""

from __future__ import annotations

import pytest

from site_model.i18n.languages import SiteLanguage
from site_model.i18n.typography import as_read, pieces

PAGE = (
    '<!DOCTYPE html><html lang="en"><title>ОЗД 1 2</title><!-- ОЗД 1 2 -->'
    '<p title="ОЗД">a<br lang="bg">b</p><p lang="bg"><p>x</p>y</p>z</html>'
)


def read(html: str, code: str) -> str:
    return as_read(html, SiteLanguage(code=code, scope="main", read_by_native=False))


def bulgarian(words: str) -> str:
    return f'<span lang="bg" dir="ltr">{words}</span>'


def test_pieces_make_the_page_again() -> None:
    """Nothing is lost, and each piece knows the language that was said last."""
    found = list(pieces(PAGE, "tr"))
    assert "".join(piece.html for piece in found) == PAGE
    assert {p.html: p.language for p in found if p.html in {*"abxyz"}} == {
        "a": "en",
        "b": "en",
        "x": "bg",
        "y": "bg",
        "z": "en",
    }


@pytest.mark.parametrize("code", ["bg", "ar"])
def test_numbers_stay_in_one_piece(code: str) -> None:
    """Spaces inside numbers do not break; what a person typed or may copy, and addresses, stay."""
    kept = '<a href="tel:1 2">{}</a> a 1 b <textarea>1 2</textarea> <code>1 2</code> {}'
    assert read(kept.format("116 111", "3 4"), code) == kept.format("116\u00a0111", "3\u00a04")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Call ОЗД now", f"Call {bulgarian('ОЗД')} now"),
        ("(Закон за социалните услуги)", f"({bulgarian('Закон за социалните услуги')})"),
        ("ОЗД/ДСП", bulgarian("ОЗД/ДСП")),
        ("art. 58в", f"art. {bulgarian('58в')}"),
        ("бул. „Проф. Лазаров“ 2", f"{bulgarian('бул. „Проф. Лазаров“')} 2"),
        ("ОЗД 116 111", f"{bulgarian('ОЗД')} 116\u00a0111"),
        ("“ОЗД” here", f"“{bulgarian('ОЗД')}” here"),
    ],
)
@pytest.mark.parametrize("code", ["en", "tr", "ar"])
def test_bulgarian_words_say_so(code: str, before: str, after: str) -> None:
    """Words that stand together are one element, with the quotation marks that are theirs."""
    assert read(f"<p>{before}</p>", code) == f"<p>{after}</p>"


@pytest.mark.parametrize(
    "html",
    [
        "<title>ОЗД</title>",
        '<p title="ОЗД">x</p>',
        "<textarea>ОЗД</textarea>",
        '<b lang="bg"><b>ОЗД</b> ДСП</b>',
        '<a lang="uk">Українська</a>',
        '<svg aria-hidden="true"><g><text>ДСП</text></g></svg>',
    ],
)
def test_words_that_are_said_or_cannot_be_are_left(html: str) -> None:
    """No element in an element that allows none, none twice, and none over another language."""
    assert read(html, "en") == html


@pytest.mark.parametrize("code", ["bg", "uk"])
def test_languages_of_the_same_letters_are_left(code: str) -> None:
    """In Ukrainian text a Cyrillic word is Ukrainian unless somebody says otherwise."""
    assert read("<p>ОЗД</p>", code) == "<p>ОЗД</p>"
