"""The code of a receipt, where answers are read."""

from __future__ import annotations

import re
from typing import Any

from contact_service.box import SIGNS_OF_CODES, new_code, place_of
from contact_service.web.answers.reading import WRONG_CODES_PER_HOUR
from tests.contact_service.web.answers.way import (
    CONTACT,
    READING,
    Way,
    main_of,
    page_of,
)
from tests.support.service.service_parts import SECRET


def test_no_answer_yet(way: Way) -> None:
    """It says that nothing has come, promises no time, and has the help lines."""
    read = way.read()
    assert "Още няма отговор. Може писмото още да не е прочетено." in main_of(read)
    assert not re.search(r"\d\d:\d\d", main_of(read))
    assert page_of(read).xpath("//main//a[@href='tel:116111']")


def test_a_mistyped_code_is_shown_beside_its_field(way: Way) -> None:
    """However it is typed it is read; one wrong sign is told of, and costs nothing."""
    spelled = way.code.lower().replace("-", " ")
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in way.code)
    for typed in (spelled, wide, way.code.replace("5", "S").replace("2", "z")):
        assert way.read(typed).status_code == 200
    wrong = way.code[:-1] + ("D" if way.code[-1] != "D" else "F")
    for _ in range(WRONG_CODES_PER_HOUR + 1):
        told = way.read(wrong)
    assert told.status_code == 422
    field = page_of(told).get_element_by_id("code")
    assert field.get("value") == wrong
    assert field.get("aria-invalid") == "true"
    said = " ".join(page_of(told).get_element_by_id("code-error").text_content().split())
    assert SIGNS_OF_CODES in said
    assert "на латиница" in said
    assert "Това не значи, че писмото ви го няма." in said
    hint = page_of(told).get_element_by_id("code-hint").text_content()
    assert "латински букви и цифри" in hint
    assert way.read(f"Кодът ми е {way.code}").status_code == 422
    assert way.read("").status_code == 422


def test_an_unknown_and_an_ended_code_are_told_alike(way: Way) -> None:
    """With telephones; and a box of which the time is over has no answer for staff either."""
    way.outbox.delete_box(place_of(SECRET, way.code))
    for code in (new_code(), way.code):
        told = way.read(code)
        assert told.status_code == 404
        assert "С този код тук няма нищо" in main_of(told)
        assert page_of(told).xpath("//main//a[@href='tel:+35937391076']")
    ended = way.client.get(way.link)
    assert ended.status_code == 404
    assert "мястото за отговор вече го няма" in main_of(ended)
    late = way.client.post(way.link, data={"kind": "text", "text": "канарче"})
    assert late.status_code == 404
    assert [one.text for one in page_of(late).find_class("written")] == ["канарче"]


def test_wrong_codes_cost_the_network_a_wait(way: Way) -> None:
    """From the tenth on; a right code then waits too, but nothing was counted for right ones."""
    for _ in range(WRONG_CODES_PER_HOUR + 5):
        assert way.read().status_code == 200
    for _ in range(WRONG_CODES_PER_HOUR):
        assert way.read(new_code()).status_code == 404
    later = way.read()
    assert later.status_code == 429
    assert 0 < int(later.headers["Retry-After"]) <= 20
    page = page_of(later)
    assert page.get_element_by_id("code").get("value") == way.code
    [ticket] = page.xpath("//input[@name='ticket']/@value")
    assert way.read(ticket=ticket).status_code == 429, "pressed too early"
    assert "Времето за чакане още не е минало." in main_of(way.read(ticket=ticket))
    elsewhere = way.client.post(
        READING.format("bg"),
        data={"code": way.code},
        environ_base={"REMOTE_ADDR": "198.51.100.9"},
    )
    assert elsewhere.status_code == 200


def wanted_on(response: Any) -> tuple[str, str]:
    """What the one button of a page does, and says."""
    [button] = page_of(response).xpath("//main//form//button")
    return button.get("value") or "", button.text_content()


def test_deleting_twice_is_no_mistake(way: Way) -> None:
    """However often, and it counts for nothing; so it tells nobody which codes there are."""
    for code in (*[way.code] * 5, *(new_code() for _ in range(WRONG_CODES_PER_HOUR))):
        told = way.read(code, do="forget")
        assert told.status_code == 200
        assert "Изтрито" in main_of(told)
    assert way.read(new_code()).status_code == 404


def test_what_was_wanted_is_still_wanted_after_a_wait(way: Way) -> None:
    """The button on the page in between says and does it; and so after a fault of ours."""
    buttons = {
        "": "Вижте отговора",
        "write": "Пишете пак",
        "ask": "Изтрийте отговорите",
        "forget": "Да, изтрийте ги",
        "канарче": "Вижте отговора",
    }
    with way.outbox.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE boxes RENAME TO away")
    for do, said in buttons.items():
        down = way.read(do=do)
        assert down.status_code == 503
        assert wanted_on(down) == ("" if said == buttons[""] else do, said)
    with way.outbox.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE away RENAME TO boxes")
    for _ in range(WRONG_CODES_PER_HOUR):
        way.read(new_code())
    del buttons["forget"]
    for do, said in buttons.items():
        later = way.read(do=do)
        assert later.status_code == 429
        assert wanted_on(later) == ("" if said == buttons[""] else do, said)
    assert "Изтрито" in main_of(way.read(do="forget")), "a wait would guard nothing there"


def test_a_code_that_is_there_no_more_is_on_no_receipt(way: Way, letter: dict[str, Any]) -> None:
    """Of the same letter sent again within five minutes, and of a receipt that is opened again."""
    again = way.client.post(CONTACT.format("bg"), data=letter)
    assert way.code in main_of(way.client.get(again.location))
    way.read(do="forget")
    for location in (again.location, way.client.post(CONTACT.format("bg"), data=letter).location):
        receipt = way.client.get(location)
        assert way.number in main_of(receipt)
        assert way.code not in main_of(receipt)
        assert "Код за отговора" not in main_of(receipt)
        assert "Мястото за отговор на това писмо е изтрито." in main_of(receipt)
