"""An ЕГН in a text is refused; what only looks like one is not."""

from __future__ import annotations

import pytest

from site_model.content import Content
from tests.support.content.sent_forms import errors, written

WEIGHTS = (2, 4, 8, 5, 10, 9, 7, 3, 6)


def with_check_digit(nine: str) -> str:
    """The ЕГН that starts with nine digits: their weighted sum, mod 11, mod 10."""
    total = sum(int(digit) * weight for digit, weight in zip(nine, WEIGHTS, strict=True))
    return nine + str(total % 11 % 10)


BORN_1975 = with_check_digit("752316926")  # month + 20: born in 1875
BORN_1999 = with_check_digit("991231001")
BORN_2014 = with_check_digit("144604123")  # month + 40: born in 2014
NUMBERS = (BORN_1975, BORN_1999, BORN_2014)
WRONG_SUM = BORN_2014[:9] + str((int(BORN_2014[9]) + 1) % 10)

TYPED = [
    pytest.param(name, field["id"], id=f"{name}-{field['id']}")
    for name in ("contact", "referral")
    for field in written(name)["fields"]
    if field["kind"] in {"short_text", "long_text", "phone"}
]


def refusal(name: str) -> str:
    return str(written(name)["personal_number_found"]["bg"])


def test_the_check_digit_is_computed_right() -> None:
    """The example of the stdnum documentation, 7523169263, comes out."""
    assert BORN_1975 == "7523169263"


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize(("name", "field"), TYPED)
def test_every_typed_field_refuses_a_personal_number(
    content: Content, name: str, field: str, number: str
) -> None:
    """No text field lets an ЕГН through, whatever the century of birth."""
    assert errors(content, name, **{field: number}) == {field: refusal(name)}


@pytest.mark.parametrize("name", ["contact", "referral"])
def test_an_address_that_holds_a_personal_number_is_refused(content: Content, name: str) -> None:
    """An e-mail address is text as well."""
    assert errors(content, name, email=f"{BORN_2014}@primer.bg") == {"email": refusal(name)}


HIDDEN = (
    "ЕГН:{number}.",
    "дете{number}дете",
    "първо 1234567890, после {number}",
    "ред\r\n{number}\r\nред",
    "\u202e{number}\u202c",
)


@pytest.mark.parametrize("text", HIDDEN)
def test_a_personal_number_is_found_inside_a_text(content: Content, text: str) -> None:
    """Letters, signs, other numbers and direction marks around it hide nothing."""
    said = errors(content, "contact", message=text.format(number=BORN_2014))
    assert said == {"message": refusal("contact")}


def test_invisible_signs_between_the_digits_hide_nothing(content: Content) -> None:
    """A zero-width space is removed before anything is looked for."""
    number = "\u200b".join(BORN_2014)
    assert errors(content, "contact", message=number) == {"message": refusal("contact")}


HARMLESS = {
    "mobile phone": "0888123456",
    "another mobile phone": "0878001122",
    "wrong check sum": WRONG_SUM,
    "split by a space": f"{BORN_2014[:6]} {BORN_2014[6:]}",
    "end of a longer number": f"1{BORN_2014}",
    "beginning of a longer number": f"{BORN_2014}1",
    "nine digits": BORN_2014[:9],
}


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_other_numbers_pass(content: Content, text: str) -> None:
    """A phone, a file number or digits set apart are no ЕГН."""
    assert errors(content, "contact", message=f"Номер {text} е.") == {}


def test_a_phone_field_takes_ten_digits(content: Content) -> None:
    """A mobile phone without spaces is the usual answer and passes."""
    assert errors(content, "referral", phone="0888123456") == {}
