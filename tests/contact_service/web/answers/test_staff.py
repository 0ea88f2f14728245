"""What staff answer, and what their page says of it."""

from __future__ import annotations

from typing import Any

import pytest

from contact_service.box import SIGNS_OF_CODES, new_code
from contact_service.web.answers.sentences import VALUES, in_words
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
        longest = "0373 91076" if kind == "phone" else "я" * value.longest
        assert way.answer(kind, **{kind: longest}).status_code == 200
    assert way.answer("promise").status_code == 422
    assert way.answer("").status_code == 422
    assert len(page_of(way.read()).xpath("//main/*[@class='receipt']")) == len(VALUES)


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
    assert way.client.get(f"{way.link}/").status_code == 200
    wrong = way.client.post(everywhere, data={"code": code[:-1]})
    assert wrong.status_code == 422
    assert page_of(wrong).get_element_by_id("code").get("value") == code[:-1]
    broken = way.client.get(way.link[:-4])
    assert broken.status_code == 404
    said = main_of(broken)
    assert "връзката не е прекъсната" in said
    assert SIGNS_OF_CODES in said
    assert "латински букви и цифри" in said
    assert way.client.get(everywhere + new_code()).status_code == 404


def test_no_address_holds_a_code_that_answers_nothing(way: Way) -> None:
    """A sender may type his own code there: it goes back in the page alone."""
    for code in (way.code, new_code()):
        told = way.client.post("/send/otgovori/", data={"code": code})
        assert (told.status_code, told.location) == (404, None)
        assert page_of(told).get_element_by_id("code").get("value") == code
        addresses = page_of(told).xpath("//@href | //@action | //@formaction")
        assert not any(code in address for address in addresses)


def test_a_fault_of_the_outbox_is_told_before_an_answer_too(way: Way) -> None:
    """By the link and by the code of paper, with the code for the next try."""
    code = way.link.rpartition("/")[2]
    with way.outbox.engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE boxes RENAME TO away")
    for told in (
        way.client.get(way.link),
        way.client.post("/send/otgovori/", data={"code": code}),
    ):
        assert told.status_code == 503
        assert "Сега не можем да отворим писмото" in main_of(told)
        assert page_of(told).get_element_by_id("code").get("value") == code


def test_what_is_far_too_long_is_called_so(way: Way) -> None:
    told = way.client.post(way.link, data={"kind": "text", "text": "a" * 2**20})
    assert told.status_code == 413
    assert "твърде дълго" in main_of(told)


def heading_of(response: Any) -> str:
    return " ".join(page_of(response).findtext(".//main//h1").split())


def test_the_button_of_another_sentence_does_not_look_like_success(way: Way) -> None:
    """What was typed elsewhere is told of and stays; the telephone that stood there is no word."""
    told = way.answer("read", text="канарче", phone="0373 9 10 77")
    page, said = page_of(told), main_of(told)
    assert heading_of(told) == "Записано, но не всичко"
    assert "Записано е само „Прочетохме писмото ви“." in said
    assert "Написаното при „Центърът ви пише“ не е записано." in said
    assert "Написаното при „Обадете ни се на този телефон“ не е записано." in said
    assert page.get_element_by_id("text").text_content().strip() == "канарче"
    usual = page_of(way.client.get(way.link)).get_element_by_id("phone").text_content()
    for quiet in (
        way.answer("read", phone=usual),
        way.answer("text", text="канарче", phone=usual),
    ):
        assert heading_of(quiet) == "Записано"
        assert "не е записано" not in main_of(quiet)


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("0373 9 10 76", "+35937391076"),
        ("+359 (0)373 91076", "+35937391076"),
        ("00359 373 91076", "+35937391076"),
        ("359 373 91076", "+35937391076"),
        ("0373 9 10 76 вътр. 12", "+35937391076;ext=12"),
        ("116 111", "116111"),
        ("0373 9 10 76/77", ""),
        ("0373 91076 0888 123456", ""),
        ("2" * 31, ""),
        ("питайте за Мария", ""),
    ],
)
def test_a_link_dials_the_number_that_it_shows(way: Way, written: str, dialled: str) -> None:
    """And what is no one number is text; staff are told of it, and nothing is stored."""
    answer = {"kind": "phone", "value": written, "day": "2026-11-30"}
    read = in_words(answer, "bg", str)
    assert read
    assert read.dialled == dialled
    if dialled:
        assert way.answer("phone", phone=written).status_code == 200
        [called] = page_of(way.read()).xpath("//*[@class='receipt']//a")
        assert called.get("href") == f"tel:{dialled}"
        return
    assert read.value == written
    told = way.answer("phone", phone=written, text="канарче")
    assert told.status_code == 422
    page = page_of(told)
    assert "Така не може да остане" in page.get_element_by_id("phone-error").text_content()
    assert page.get_element_by_id("phone").text_content().strip() == written
    assert page.get_element_by_id("text").text_content().strip() == "канарче"
    assert "Още няма отговор" in main_of(way.read())
