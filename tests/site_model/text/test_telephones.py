"""A telephone is read in every usual spelling, or refused with the fix; what is shown is what
is dialled."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from site_build.__main__ import main
from site_build.open_data.cards import contact_card
from site_build.open_data.hsds import organization
from site_build.open_data.linked import LinkedData
from site_model.content import Content
from site_model.facts.contacts import Phone
from site_model.text.telephones import can_be_dialled, dial_string
from tests.support.content.editions import edition_in
from tests.support.project import ROOT

READ = {
    "0373 9 10 76": ("0373 9 10 76", "+35937391076"),
    "00359 373 91076": ("+359 373 91076", "+35937391076"),
    "+359 0373 91076": ("+359 373 91076", "+35937391076"),
    "+359 (0)373 91-076": ("+359 373 91 076", "+35937391076"),
    "(+359) 373 91076": ("+359 373 91076", "+35937391076"),
    "359 373 91076": ("+359 373 91076", "+35937391076"),
    "+ 359 888 123 456": ("+359 888 123 456", "+359888123456"),
    "(0373) 91076": ("0373 91076", "+35937391076"),
    "0373.91076": ("0373 91076", "+35937391076"),
    "0 373 91076": ("0373 91076", "+35937391076"),
    "02/981 76 86": ("02 981 76 86", "+35929817686"),
    "0888/12-34-56": ("0888 12 34 56", "+359888123456"),
    "0373\u00a09\u202f10\u200976": ("0373 9 10 76", "+35937391076"),
    "0888\u2011123\u2013456": ("0888 123 456", "+359888123456"),
    "0888\u2212123\ufe63456\u200b": ("0888 123 456", "+359888123456"),
    "\u202a0888 123 456\u202c": ("0888 123 456", "+359888123456"),
    "٠٨٨٨ ١٢٣ ٤٥٦": ("0888 123 456", "+359888123456"),
    "тел. 0373 91076": ("0373 91076", "+35937391076"),
    "Тел./факс: 0373/9-10-76": ("0373 9 10 76", "+35937391076"),
    "моб. тел.: 0888 123 456;": ("0888 123 456", "+359888123456"),
    "GSM 0888123456": ("0888123456", "+359888123456"),
    "☎ 0373 91076": ("0373 91076", "+35937391076"),
    "tel:+35937391076": ("+359 37391076", "+35937391076"),
    "888123456": ("0888123456", "+359888123456"),  # a spreadsheet ate the nought
    "+44 (0)20 7946 0958": ("+44 20 7946 0958", "+442079460958"),
    "+39 06 698 82020": ("+39 06 698 82020", "+390669882020"),
    "112": ("112", "112"),
    "116 111": ("116 111", "116111"),
    "124 123": ("124 123", "124123"),
    "0800 1 8676": ("0800 1 8676", "+35980018676"),
    "0700 12 345": ("0700 12 345", "+35970012345"),
    "0373 91076 вътр. 12": ("0373 91076 вътр. 12", "+35937391076;ext=12"),
    "0373 91076, вътрешен номер 012": ("0373 91076 вътр. 012", "+35937391076;ext=012"),
    "(0373) 91076 (в. 12)": ("0373 91076 вътр. 12", "+35937391076;ext=12"),
    "+359 373 91076;ext=12": ("+359 373 91076 вътр. 12", "+35937391076;ext=12"),
    "0373 91076 #12": ("0373 91076 вътр. 12", "+35937391076;ext=12"),
}

TWO = "тук има повече от един номер"
REFUSED = {
    "0373 9 10 76/77": f"{TWO}: „0373 9 10 76“ и „0373 9 10 77“. Запишете всеки като отделен",
    "0373 9 10 76-77": f"{TWO}: „0373 9 10 76“ и „0373 9 10 77“",
    "03725 2123/4": f"{TWO}: „03725 2123“ и „03725 2124“",
    "0373 91076, 0888 123456": f"{TWO}: „0373 91076“ и „0888 123456“",
    "0888 123 456 и 0888 123 457": f"{TWO}: „0888 123 456“ и „0888 123 457“",
    "0373 91076 0888 123456": f"{TWO}: „0373 91076“ и „0888 123456“",
    "112, 116 111": f"{TWO}: „112“ и „116 111“",
    "0З73 91076": "буквата „З“",
    "О888 123 456": "буквата „О“",
    "факс 0373 91076": "думата „факс“",
    "0373 петдесет": "думата „петдесет“",
    "0373 91076 (Мария)": "думата „Мария“",
    "0373 91076 вътр. 12, 14": "вътрешният номер е един и се пише накрая",
    "112 вътр. 3": "кратък номер няма вътрешен",
    "0888*123*456": "има „*“",
    "++359888123456": "има „+“",
    "91076": "липсва кодът на населеното място",
    "951 7686": "липсва кодът на населеното място",
    "123456": "липсва кодът на населеното място или цифра",
    "110000": "липсва кодът на населеното място или цифра",
    "116 11": "липсва кодът на населеното място или цифра",
    "0888 123 456 7": "има излишна, липсваща или сгрешена",
    "0888 123 45": "има излишна, липсваща или сгрешена",
    "0359 373 91076": "има излишна, липсваща или сгрешена",
    "+395 373 91076": "има излишна, липсваща или сгрешена",
    "0373 9 10 76 " * 40: "а е написано много повече",
    "1" * 16: "има излишна, липсваща или сгрешена",
    "няма": "тук се пише телефон, например 0373 9 10 76",
    "+ ( ) - /": "тук се пише телефон",
}


def phone(written: str) -> Phone:
    return Phone.model_validate({"number": written, "source": "a.txt:1"})


@pytest.mark.parametrize(("written", "shown", "called"), [(w, *r) for w, r in READ.items()])
def test_a_usual_spelling_is_read_and_dialled(written: str, shown: str, called: str) -> None:
    """Pages show one spelling in the writer's groups, and dial just that number."""
    read = phone(written)
    assert (read.number, read.dialled) == (shown, called)
    assert phone(shown) == read


@pytest.mark.parametrize(("written", "said"), REFUSED.items())
def test_what_would_call_nobody_or_another_is_refused(written: str, said: str) -> None:
    """The sentence names what is wrong and shows how a telephone is written."""
    with pytest.raises(ValidationError, match=re.escape(said)):
        phone(written)


@given(st.text("0123456789+ -/.,()вътрx;=\u2011\u00a0", max_size=24))
def test_whatever_passes_dials_the_digits_that_are_shown(written: str) -> None:
    """Nothing else happens to any text than a number in its spelling or a refusal in Bulgarian."""
    try:
        read = phone(written)
    except ValidationError as error:
        assert re.search("[а-я]", str(error))
        return
    assert phone(read.number) == read
    number, _, extension = read.number.partition(" вътр. ")
    assert re.fullmatch(r"\+?\d+( \d+)*", number)
    digits = re.sub(r"\D", "", number).removeprefix("0")
    called, _, of_extension = read.dialled.partition(";ext=")
    assert called.removeprefix("+").removeprefix("359") == digits.removeprefix("359")
    assert of_extension == extension
    assert can_be_dialled(number) or len(digits) < 5


def test_files_for_others_hold_the_number_that_is_shown(content: Content) -> None:
    """vCard, JSON-LD and HSDS call what the page calls, extension and all."""
    written = content.centres["harmanli"]
    phones = (phone("+359 (0)373 91076 вътр. 12"), phone("(0888) 123-456"))
    centre = written.model_copy(update={"phones": phones})
    card = contact_card(edition_in(content), centre).decode()
    assert re.findall("TEL;TYPE=WORK:(.*)\r", card) == [
        r"+35937391076\;ext=12",
        "+359888123456",
    ]
    numbers = [
        (one["number"], one.get("extension"))
        for one in organization(edition_in(content, today=date(2026, 11, 28)), centre)["phones"]
    ]
    assert numbers == [("+359 373 91076", 12), ("0888 123 456", None)]
    told = replace(content, centres=dict(content.centres) | {"harmanli": centre})
    linked = str(LinkedData(edition_in(told)).centre(centre))
    assert re.findall('"telephone": *"([^"]*)"', linked)[:2] == [one.dialled for one in phones]


def test_check_and_report_show_what_was_read(
    capsys: pytest.CaptureFixture[str], content: Content
) -> None:
    """Each telephone stands there as pages show it and as it is dialled."""
    for command in ("check", "report"):
        assert main(["--project", str(ROOT), command]) == 0
        said = capsys.readouterr().out
        assert "Телефони: 0373 9 10 76 (набира се +35937391076)" in said
    for line in content.help_lines.values():
        for number in (line.number, *line.more_numbers):
            assert f"{number} (набира се {dial_string(number)})" in said
