"""Answers, the whole way: a letter, its link, an answer, and the code that alone opens it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from contact_service.box import new_code, place_of, slot_of
from contact_service.keys import derive
from contact_service.web.answers.sentences import VALUES, sentences
from site_model.i18n.catalogue_files import translations
from tests.contact_service.web.answers.way import (
    CONTACT,
    LANGUAGES,
    OTHER_SITE,
    READING,
    Way,
    main_of,
    page_of,
)
from tests.support.service.service_parts import SECRET, Instance, SmtpServer


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_whole_way(
    instance: Instance, smtp_server: SmtpServer, letter: dict[str, Any], language: str
) -> None:
    """Each ready sentence is read in the language of the form; what was written, as written."""
    way = Way(instance, smtp_server, letter, language)
    said = sentences(translations(language).gettext)
    shown = main_of(way.client.get(way.link))
    assert way.number in shown
    for kind, sentence in said.items():
        assert sentence in shown, "exactly what the person will see"
        value = "0373 9 10 76" if kind == "phone" else f"канарче-{kind}"
        answered = way.answer(kind, **({kind: value} if kind in VALUES else {}))
        assert answered.status_code == 200
        assert "Човекът ще го види, щом отвори страницата с кода си." in main_of(answered)
    read = way.read()
    assert read.status_code == 200
    page = page_of(read)
    assert page.get("lang") == language
    order = [box.xpath("p")[0].text_content() for box in page.find_class("receipt")]
    assert [" ".join(one.replace("\u00a0", " ").split()) for one in order] == [
        *reversed(said.values())
    ], "the newest first"
    values = [one.text for one in page.find_class("written")]
    assert values == [f"канарче-{kind}" for kind in reversed(VALUES) if kind != "phone"]
    assert page.xpath("//main//a[@href='tel:112']")

    again = way.read(do="write")
    carried = page_of(again).xpath("//input[@name='follow_up']/@value")
    assert way.client.get(READING.format(language)).location.endswith("/harmanli/otgovor/")
    code, link, second = way.send({**letter, "message": "Още нещо.", "follow_up": carried})
    assert f"Продължение на писмо № {way.number}\n" in second
    assert code != way.code
    assert link != way.link
    assert way.number not in re.findall(r"^Номер: (\S+)$", second, re.M)

    asked = way.read(do="ask")
    assert page_of(asked).xpath("//button[@name='do']/@value") == ["forget"]
    assert way.read(do="forget").status_code == 200
    assert way.read().status_code == 404
    assert way.client.get(way.link).status_code == 404
    assert way.read(code).status_code == 200, "the other box stays"


def test_neither_code_does_what_the_other_does(way: Way) -> None:
    """Anyone who may answer reads nothing, and who may read answers nothing."""
    assert way.read(way.link.rpartition("/")[2]).status_code == 404
    assert way.client.get(f"/send/otgovori/{way.code}").status_code == 404


def test_other_sites_are_turned_away(way: Way) -> None:
    """And what is no form of ours is not read; nothing is said of a letter there."""
    for address, data in (
        (way.link, {"kind": "read"}),
        ("/send/otgovori/", {"code": new_code()}),
        (READING.format("en"), {"code": way.code}),
    ):
        refused = way.client.post(address, data=data, headers=OTHER_SITE)
        assert refused.status_code == 403
        assert "Писмото не е прието" not in main_of(refused)
        assert way.client.post(address, json=data).status_code == 415
    assert page_of(refused).get("lang") == "en"
    assert "Още няма отговор" in main_of(way.read())


@pytest.mark.parametrize("forged", ["", "5", "{} 00", "{0} {0}", "\u202e"])
def test_a_forged_number_is_left_out(
    instance: Instance, smtp_server: SmtpServer, letter: dict[str, Any], forged: str
) -> None:
    """The letter goes all the same."""
    way = Way(instance, smtp_server, letter)
    carried = forged.format(way.number)
    _, _, text = way.send({**letter, "message": "Още.", "follow_up": carried})
    assert "Продължение" not in text


def test_the_number_stays_with_a_letter_that_comes_back(way: Way, letter: dict[str, Any]) -> None:
    """An error on the way loses nothing; and the number holds for its own centre alone."""
    [carried] = page_of(way.read(do="write")).xpath("//input[@name='follow_up']/@value")
    del letter["understood"]
    told = way.client.post(CONTACT.format("bg"), data={**letter, "follow_up": carried})
    assert told.status_code == 422
    assert page_of(told).xpath("//input[@name='follow_up']/@value") == [carried]
    assert f"Продължение на писмо № {way.number}" in main_of(told)
    elsewhere = {**letter, "understood": "y", "follow_up": carried}
    del elsewhere["services"]
    sent = way.client.post("/send/bg/sopot/contact", data=elsewhere)
    assert sent.status_code == 303
    assert "Продължение" not in way.opened()


def test_nothing_readable_is_left(way: Way, caplog: pytest.LogCaptureFixture) -> None:
    """Neither what was answered nor a code, in any file of the database, log or address."""
    way.answer("text", text="canary-of-an-answer")
    way.answer("elsewhere", elsewhere="канарче")
    way.read()
    way.read(new_code())
    way.outbox.purge(datetime.now(UTC))
    left = b"".join(file.read_bytes() for file in way.instance.folder.glob("outbox.sqlite3*"))
    answer_code = way.link.rpartition("/")[2]
    for canary in ("canary-of-an-answer", "канарче", way.code, answer_code):
        assert canary.encode() not in left
        assert canary not in caplog.text
    assert way.code not in way.link
    addresses = page_of(way.read()).xpath("//@href | //@action | //@formaction")
    assert addresses
    assert not any(way.code in address for address in addresses)


def test_faults_of_the_outbox_are_told_in_words(way: Way) -> None:
    """Nothing that was typed is lost, neither the answer nor the code."""
    once = page_of(way.client.get(way.link)).xpath("//input[@name='once']/@value")
    typed = {"kind": "text", "text": "канарче", "once": once}
    for table in ("answers", "boxes"):
        with way.outbox.engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO away")
        told = way.client.post(way.link, data=typed)
        assert told.status_code == 503
        assert "Отговорът не е записан" in main_of(told)
        assert page_of(told).xpath("//form//input[@name='text']/@value") == ["канарче"]
        down = way.read()
        assert down.status_code == 503
        assert "отговорите не са изтрити" in main_of(down)
        assert page_of(down).get_element_by_id("code").get("value") == way.code
        with way.outbox.engine.begin() as connection:
            connection.exec_driver_sql(f"ALTER TABLE away RENAME TO {table}")
    assert way.client.post(way.link, data=typed).status_code == 200
    assert [one.text for one in page_of(way.read()).find_class("written")] == ["канарче"]


def test_no_key_serves_two_purposes() -> None:
    """A ticket for letters lets nobody look for answers."""
    purposes = (
        "waiting ticket",
        "reading ticket",
        "follow-up",
        "box place",
        "box slot",
        "answer once",
    )
    assert len({derive(SECRET, one) for one in purposes}) == len(purposes)
    code = new_code()
    assert place_of(SECRET, code) != slot_of(SECRET, code)
