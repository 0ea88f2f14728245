"""Answers, the whole way: a letter, its link, an answer, and the code that alone opens it."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime
from typing import Any

import pytest
from lxml import html

from contact_service.box import new_code, place_of, slot_of
from contact_service.delivery.worker import deliver_due
from contact_service.keys import derive
from contact_service.web.answers.reading import WRONG_CODES_PER_HOUR
from contact_service.web.answers.sentences import VALUES, sentences
from site_model.i18n.catalogue_files import translations
from tests.support.service.service_parts import SECRET, Instance, SmtpServer

CONTACT = "/send/{}/harmanli/contact"
READING = "/send/{}/harmanli/otgovor"
CODE = re.compile(r"\b(?:[DFGJLNRUVW24579]{3}-){6}[DFGJLNRUVW24579]{3}\b")
OTHER_SITE = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}
LANGUAGES = ("bg", "en", "tr", "uk", "ar")


def page_of(response: Any) -> html.HtmlElement:
    return html.document_fromstring(response.get_data(as_text=True))


def main_of(response: Any) -> str:
    """What the page says, with plain spaces."""
    text = page_of(response).find(".//main").text_content()
    return " ".join(text.replace("\u00a0", " ").split())


class Way:
    """A letter that was sent and opened: its two codes, and a browser for each side."""

    def __init__(
        self, instance: Instance, smtp: SmtpServer, letter: dict[str, Any], language: str = "bg"
    ) -> None:
        self.instance, self.smtp, self.language = instance, smtp, language
        self.client, self.outbox = instance.client(), instance.outbox()
        self.code, self.link, self.text = self.send(letter)

    def send(self, letter: dict[str, Any]) -> tuple[str, str, str]:
        """The code on the receipt, the link in the letter, and the letter."""
        sent = self.client.post(CONTACT.format(self.language), data=letter)
        assert sent.status_code == 303
        receipt = self.client.get(sent.location)
        found = [*page_of(receipt).find_class("reference")]
        code = found[1].text
        assert CODE.fullmatch(code)
        text = self.opened()
        [link] = re.findall(r"^https?://\S+(/send/otgovori/\S+)$", text, re.M)
        return code, link, text

    def opened(self) -> str:
        """The last letter that came, opened with the centre's key."""
        deliver_due(self.outbox, self.instance.settings().smtp, threading.Event())
        return self.instance.open(self.smtp.taken[-1][1])

    @property
    def number(self) -> str:
        [number] = re.findall(r"^Номер: (\S+)$", self.text, re.M)
        return number

    def answer(self, kind: str, **values: str) -> Any:
        once = page_of(self.client.get(self.link)).xpath("//input[@name='once']/@value")
        return self.client.post(self.link, data={"kind": kind, "once": once, **values})

    def read(self, code: str | None = None, do: str = "", **more: str) -> Any:
        sent = {"code": self.code if code is None else code, "do": do, **more}
        return self.client.post(READING.format(self.language), data=sent)


@pytest.fixture
def way(instance: Instance, smtp_server: SmtpServer, letter: dict[str, Any]) -> Way:
    return Way(instance, smtp_server, letter)


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
        value = {name: f"канарче-{kind}" for name in (kind,) if name in VALUES}
        answered = way.answer(kind, **value)
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
    assert values == [f"канарче-{kind}" for kind in reversed(VALUES)]
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
        assert "Няма такъв код, или времето му е изтекло" in main_of(told)
        assert page_of(told).xpath("//main//a[@href='tel:+35937391076']")
    ended = way.client.get(way.link)
    assert ended.status_code == 404
    assert "времето за отговор е изтекло" in main_of(ended)


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
    purposes = ("waiting ticket", "reading ticket", "follow-up", "box place", "box slot")
    assert len({derive(SECRET, one) for one in purposes}) == len(purposes)
    code = new_code()
    assert place_of(SECRET, code) != slot_of(SECRET, code)
