"""„Пишете пак“: what the number of an earlier letter proves, and for how long."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from contact_service.box import new_box, new_code, place_of
from contact_service.keys import FollowUps
from contact_service.outbox.tables import boxes
from contact_service.sealing.case_sheet import sheet_pdf
from contact_service.submission import FOLLOWED, sheet_text
from tests.contact_service.web.answers.way import CONTACT, Way, main_of, page_of
from tests.support.service.bad_keys import tool
from tests.support.service.sealed import submission
from tests.support.service.service_parts import SECRET

HOUR = timedelta(hours=1)


def carried_since(way: Way, ago: timedelta) -> str:
    place = place_of(SECRET, way.code)
    return FollowUps(SECRET).value_for(way.number, "harmanli", place, datetime.now(UTC) - ago)


def carried_by(page: Any) -> Any:
    return page.xpath("//input[@name='follow_up']/@value")


def test_the_sheet_says_what_it_proves(tmp_path: Path) -> None:
    """Above the box of safe contact, in text and PDF; a letter that follows none says nothing."""
    plain = submission()
    follows = replace(plain, follows="DF4GJ-2UV79")
    in_pdf = tool("pdftotext", sheet_pdf(follows), tmp_path, "FILE", "-").stdout
    for sheet in (sheet_text(follows), in_pdf):
        text = " ".join(sheet.split())
        number, said = text.index("Продължение на писмо № DF4GJ-2UV79"), text.index(FOLLOWED)
        assert number < said < text.upper().index("БЕЗОПАСНО ДА СЕ СВЪРЖЕТЕ С ЧОВЕКА", said)
    assert "Това не доказва" not in sheet_text(plain)
    assert (
        "Това не доказва" not in tool("pdftotext", sheet_pdf(plain), tmp_path, "FILE", "-").stdout
    )
    assert "Не търсете човека по нов телефон" in FOLLOWED


@pytest.mark.parametrize(("ago", "is_proof"), [(23 * HOUR, True), (25 * HOUR, False)])
def test_it_ends_after_a_day(
    way: Way, letter: dict[str, Any], ago: timedelta, is_proof: bool
) -> None:
    """The letter goes all the same, as one of its own."""
    carried = carried_since(way, ago)
    _, _, text = way.send({**letter, "message": "Още.", "follow_up": carried})
    assert (f"Продължение на писмо № {way.number}" in text) is is_proof


def test_it_ends_with_the_box(way: Way, letter: dict[str, Any]) -> None:
    """Who found the code cannot end the box and write on as its owner."""
    carried = carried_by(page_of(way.read(do="write")))
    assert way.read(do="forget").status_code == 200
    another = {**letter, "message": "Още.", "phone": "0888 000 000", "follow_up": carried}
    _, _, text = way.send(another)
    assert "0888 000 000" in text
    assert "Продължение" not in text


@pytest.mark.parametrize("number", ["DF4GJ-2UV79", "A\n| 0888 000 000"])
def test_a_row_of_ones_own_follows_no_other_letter(
    way: Way, letter: dict[str, Any], number: str
) -> None:
    """Who can write rows can seal a note to a code of their own; it has no mark of the secret."""
    place = place_of(SECRET, way.code)
    note = {"language": "bg", "centre": "harmanli", "form": "contact", "reference": number}
    forged = new_box("another secret", way.code, new_code(), note).reader_note
    with way.outbox.engine.begin() as connection:
        connection.execute(update(boxes).where(boxes.c.place == place).values(reader_note=forged))
    assert number not in main_of(way.read())
    assert carried_by(page_of(way.read(do="write"))) == []


@pytest.mark.parametrize("forged", ["DF4GJ-2UV79", "DF4GJ-2UV79 00", "канарче", "\u202e"])
def test_what_is_not_proven_is_on_no_page(
    way: Way, letter: dict[str, Any], school_referral: dict[str, Any], forged: str
) -> None:
    """Neither on a form that comes back nor on the last look at a referral."""
    del letter["understood"]
    del school_referral["reviewed"]
    for address, sent, status in (
        (CONTACT.format("bg"), letter, 422),
        ("/send/bg/sopot/referral", school_referral, 200),
    ):
        told = way.client.post(address, data={**sent, "follow_up": forged})
        assert told.status_code == status
        assert carried_by(page_of(told)) == []
        assert "Продължение" not in main_of(told)


def test_the_same_words_once_more_are_one_letter(way: Way, letter: dict[str, Any]) -> None:
    """„Пишете пак“ pressed twice gives two proofs of one number."""
    first, again = (carried_since(way, n * HOUR) for n in (1, 2))
    assert first != again
    said = {**letter, "message": "Още."}
    receipts = [
        page_of(way.client.get(way.client.post(CONTACT.format("bg"), data=sent).location))
        for sent in ({**said, "follow_up": one} for one in (first, again))
    ]
    one, other = ([element.text for element in page.find_class("reference")] for page in receipts)
    assert one == other


def test_nothing_is_lost_where_it_cannot_be_looked_up(way: Way, letter: dict[str, Any]) -> None:
    """503 with the letter and its proof, which goes with the next try."""
    carried = carried_by(page_of(way.read(do="write")))
    sent = {**letter, "message": "Още.", "follow_up": carried}
    with way.outbox.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE boxes RENAME TO away")
    told = way.client.post(CONTACT.format("bg"), data=sent)
    assert told.status_code == 503
    assert carried_by(page_of(told)) == carried
    assert page_of(told).get_element_by_id("message").text_content().strip() == "Още."
    with way.outbox.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO boxes")
    assert f"Продължение на писмо № {way.number}" in way.send(sent)[2]
