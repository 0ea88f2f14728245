"""What staff answer, and what their page says of it."""

from __future__ import annotations

from contact_service.box import new_code
from contact_service.web.answers.sentences import VALUES
from tests.contact_service.web.answers.way import (
    Way,
    main_of,
    page_of,
)


def test_the_same_answer_of_a_page_is_stored_once(way: Way) -> None:
    """A double press and a reload store nothing more; another page's answer is another."""
    once = page_of(way.client.get(way.link)).xpath("//input[@name='once']/@value")
    for _ in range(3):
        told = way.client.post(way.link, data={"kind": "read", "once": once})
        assert "Записано" in main_of(told)
    assert len(page_of(way.read()).find_class("receipt")) == 1
    assert way.client.post(way.link, data={"kind": "call", "once": once}).status_code == 200
    assert way.answer("read").status_code == 200
    assert len(page_of(way.read()).find_class("receipt")) == 3


def test_what_was_answered_in_this_visit_is_told_by_kind(way: Way) -> None:
    """The page cannot read what it stored, and says so."""
    first = page_of(way.answer("read"))
    fields = {name: first.xpath(f"//input[@name='{name}']/@value") for name in ("once", "given")}
    second = way.client.post(way.link, data={"kind": "come", "come": "утре, 9 ч.", **fields})
    assert page_of(second).xpath("//input[@name='given']/@value") == ["read", "come"]
    assert "Елате при нас:" in main_of(second)
    assert "утре, 9" not in main_of(second)
    assert "сайтът не може да ги прочете" in main_of(second)


def test_an_answer_that_cannot_stand_comes_back_whole(way: Way) -> None:
    """The sentence beside its field, and everything that was typed in the others."""
    told = way.answer("come", come=" \u200b ", text="дума", phone="0888", elsewhere="ОЗД")
    assert told.status_code == 422
    page = page_of(told)
    assert page.get_element_by_id("come").get("aria-invalid") == "true"
    assert page.findtext(".//title").startswith("Грешка: ")
    kept = {name: page.get_element_by_id(name).text_content().strip() for name in VALUES}
    assert kept == {"phone": "0888", "come": "", "elsewhere": "ОЗД", "text": "дума"}
    for kind, value in VALUES.items():
        assert way.answer(kind, **{kind: "я" * (value.longest + 1)}).status_code == 422
        assert way.answer(kind, **{kind: "я" * value.longest}).status_code == 200
    assert way.answer("promise").status_code == 422
    assert way.answer("").status_code == 422
    assert len(page_of(way.read()).find_class("written")) == len(VALUES)


def test_what_staff_write_is_shown_as_text(way: Way) -> None:
    """Cleaned as the answers of forms are; no markup; a number can be called."""
    way.answer("text", text="<script>alert(1)</script>\u202eобърнато\r\nред")
    way.answer("phone", phone="0373 9 10 76")
    page = page_of(way.read())
    [written] = page.find_class("written")
    assert written.text == "<script>alert(1)</script>обърнато\nред"
    [called] = page.xpath("//*[@class='receipt']//a")
    assert called.text.split() == ["0373", "9", "10", "76"]
    assert called.get("href") == "tel:+35937391076"


def test_a_full_box_takes_no_more_and_says_so(way: Way) -> None:
    """What was typed stays on the page."""
    for _ in range(20):
        assert way.answer("read").status_code == 200
    told = way.answer("text", text="канарче")
    assert told.status_code == 409
    assert "Отговорът не е записан" in main_of(told)
    assert page_of(told).get_element_by_id("text").text_content().strip() == "канарче"
    assert way.answer("text", text="канарче").status_code == 409, "not taken for stored"


def test_the_code_of_a_printed_letter_leads_to_its_page(way: Way) -> None:
    """Typed on the page of its own, in any spelling; a mistyped one is told of there."""
    everywhere = "/send/otgovori/"
    assert page_of(way.client.get(everywhere)).get_element_by_id("code") is not None
    code = way.link.rpartition("/")[2]
    led = way.client.post(everywhere, data={"code": code.lower().replace("-", "")})
    assert (led.status_code, led.location) == (303, way.link)
    wrong = way.client.post(everywhere, data={"code": code[:-1]})
    assert wrong.status_code == 422
    assert page_of(wrong).get_element_by_id("code").get("value") == code[:-1]
    broken = way.client.get(way.link[:-4])
    assert broken.status_code == 404
    assert "връзката не е прекъсната" in main_of(broken)
    assert way.client.get(everywhere + new_code()).status_code == 404
