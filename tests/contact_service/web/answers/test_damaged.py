"""What cannot be opened in a box hides nothing else, and does not keep the box from its end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from contact_service.box import note_of, place_of, sealed_answer, slot_of
from tests.contact_service.web.answers.way import Way, main_of, page_of
from tests.support.service.service_parts import SECRET

DAMAGED = "Има отговор, който не може да се покаже"
ANSWER = {"kind": "text", "value": "канарче", "day": "2026-11-30"}
ODD: tuple[Any, ...] = (
    *({}, [], 5, {"kind": "text"}),
    {**ANSWER, "kind": 5},
    {**ANSWER, "value": ["канарче"]},
    {**ANSWER, "day": "вчера"},
)


def run_sql(way: Way, statement: str, **values: bytes) -> None:
    with way.outbox.engine.begin() as connection:
        connection.exec_driver_sql(statement, {"place": place_of(SECRET, way.code), **values})


def put_row(way: Way, content: bytes) -> None:
    statement = "INSERT INTO answers (place, content) VALUES (:place, :content)"
    run_sql(way, statement, content=content)


def sealed_for(way: Way, link: str, said: Any) -> bytes:
    code = link.rpartition("/")[2]
    box = way.outbox.box_at(slot_of(SECRET, code), datetime.now(UTC))
    assert box
    return sealed_answer(note_of(box, code), said)


def written_on(page: Any) -> list[str]:
    return [one.text for one in page.find_class("written")]


def test_what_cannot_be_opened_is_told_of_and_passed_over(way: Way, letter: dict[str, Any]) -> None:
    """Flipped bits, rows of other boxes, texts and numbers, and what is sealed and no answer."""
    way.answer("text", text="преди")
    place, now = place_of(SECRET, way.code), datetime.now(UTC)
    [good] = way.outbox.answers_at(place, now) or []
    note = way.outbox.reader_note_at(place, now)
    assert note
    _, other_link, _ = way.send({**letter, "message": "Друго писмо."})
    put_row(way, b"")
    put_row(way, bytes([*good[:-1], good[-1] ^ 1]))
    put_row(way, note)
    put_row(way, sealed_for(way, other_link, ANSWER))
    for odd in ODD:
        put_row(way, sealed_for(way, way.link, odd))
    for content in ("'канарче'", "CAST(X'FF' AS TEXT)", "5"):
        run_sql(way, f"INSERT INTO answers (place, content) VALUES (:place, {content})")  # noqa: S608
    way.answer("text", text="после")
    read = way.read()
    assert read.status_code == 200
    assert written_on(page_of(read)) == ["после", "преди"]
    assert DAMAGED in main_of(read)
    assert way.read(do="ask").status_code == 200
    assert "Изтрито" in main_of(way.read(do="forget"))
    assert way.read().status_code == 404


def test_where_all_is_damaged_nobody_says_that_none_has_come(way: Way) -> None:
    assert DAMAGED not in main_of(way.read())
    put_row(way, b"damaged")
    assert DAMAGED in main_of(way.read())
    assert "Още няма отговор" not in main_of(way.read())


@pytest.mark.parametrize("note", ["X'00'", "'канарче'", "(SELECT content FROM answers)"])
def test_a_box_whose_note_is_damaged_is_read_and_ended(way: Way, note: str) -> None:
    """Its answers are shown, and „Пишете пак“ opens a form that goes on from no letter."""
    way.answer("text", text="преди")
    run_sql(way, f"UPDATE boxes SET reader_note = {note} WHERE place = :place")  # noqa: S608
    assert written_on(page_of(way.read())) == ["преди"]
    form = way.read(do="write")
    assert form.status_code == 200
    assert page_of(form).get_element_by_id("message") is not None
    assert page_of(form).xpath("//input[@name='follow_up']") == []
    assert "Изтрито" in main_of(way.read(do="forget"))
    assert way.read().status_code == 404
