"""The code of a receipt, where answers are read."""

from __future__ import annotations

import re

from contact_service.box import new_code, place_of
from contact_service.web.answers.reading import WRONG_CODES_PER_HOUR
from tests.contact_service.web.answers.way import (
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
    assert way.read(spelled).status_code == 200
    wrong = way.code[:-1] + ("D" if way.code[-1] != "D" else "F")
    for _ in range(WRONG_CODES_PER_HOUR + 1):
        told = way.read(wrong)
    assert told.status_code == 422
    field = page_of(told).get_element_by_id("code")
    assert field.get("value") == wrong
    assert field.get("aria-invalid") == "true"
    assert "Такъв код няма" in page_of(told).get_element_by_id("code-error").text_content()
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
    assert "времето за отговор е изтекло" in main_of(ended)
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
