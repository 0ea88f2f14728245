"""Whatever stands in a letter's way, its writer gets all of it back, with telephones."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient
from lxml import html

from contact_service.intake import Intake
from contact_service.outbox.outbox import Outbox
from contact_service.recipients import Recipients
from contact_service.web.pages import FormPages, FormPagesByAddress
from contact_service.web.receipts import ReceiptTokens
from contact_service.web.site_pages import ShellStore
from tests.support.service.service_parts import FORM_TYPE, Instance

CONTACT = "/send/bg/harmanli/contact"
TELEPHONES = ["tel:112", "tel:+35937391076", "tel:116111"]
"""The one for danger first."""


def page_of(response: Any) -> html.HtmlElement:
    return html.document_fromstring(response.get_data(as_text=True))


def assert_called_for(page: html.HtmlElement) -> None:
    """112, the centre's telephone and the children's line stand at the top of what is said."""
    (place,) = page.xpath("//*[@id='errors']") or page.xpath("//main")
    assert [one for one in place.xpath(".//a/@href") if one in TELEPHONES] == TELEPHONES


def typed(page: html.HtmlElement) -> dict[str, str]:
    """What stands in the fields; a browser drops the first line end of a text area."""
    fields = {one.get("name"): one.get("value") for one in page.xpath("//form//input[@dir]")}
    texts = {one.get("name"): one.text_content() for one in page.xpath("//form//textarea")}
    return fields | {name: text.removeprefix("\n") for name, text in texts.items()}


LONG = {
    "Cyrillic": "Моля помогнете. " * 844,
    "as long as can be": "я" * 83_000,
    "Arabic": "أرجوكم ساعدوني. " * 2_000,
    "emoji": "😀" * 20_000,
    "numbers": "1 2 " * 100_000,
    "marks": "а" + "\u0301" * 60_000,
    "markup": '<"&">' * 30_000,
    "lines": "а\n" * 10_000 + "б",
    "half an address": "a@" * 50_000,
    "quotes": "„" * 50_000,
    "Latin and Cyrillic": "бa1 " * 20_000,
}


@pytest.mark.parametrize("language", ["bg", "ar"])
@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_letter_that_is_too_long_comes_back_whole(
    instance: Instance, letter: dict[str, Any], language: str, text: str
) -> None:
    """422 with every sign of it, by how many it is too long, and whom to call."""
    client, address = instance.client(), CONTACT.replace("/bg/", f"/{language}/")
    response = client.post(address, data=letter | {"message": text.replace("\n", "\r\n")})
    assert response.status_code == 422
    page = page_of(response)
    assert typed(page)["message"].replace("\r\n", "\n").strip() == text.strip()
    assert typed(page)["name"] == "Мария"
    (said,) = page.xpath("//*[@id='errors']//a[@href='#message']/text()")
    over = len(text.strip()) - 4000
    assert str(over) in said or str(len(text.replace("\n", "\r\n")) - 4000) in said
    assert_called_for(page)


def test_every_field_may_be_too_long_at_once(instance: Instance, letter: dict[str, Any]) -> None:
    """Each is told of with its own number, and none is lost."""
    long = {name: "х" * 15_000 for name in ("name", "safe_time", "settlement", "message")}
    page = page_of(instance.client().post(CONTACT, data=letter | long))
    said = {a.get("href"): a.text_content() for a in page.xpath("//*[@id='errors']//li/a")}
    for name, most in {"name": 80, "safe_time": 200, "settlement": 80, "message": 4000}.items():
        assert f"Знаци в повече: {15_000 - most}" in said[f"#{name}"]
        assert typed(page)[name] == long[name]


def seconds(client: FlaskClient, body: bytes, times: int = 3) -> float:
    best = 60.0
    for _ in range(times):
        start = time.process_time()
        assert client.post(CONTACT, data=body, content_type=FORM_TYPE).status_code in (413, 422)
        best = min(best, time.process_time() - start)
    return best


SIZE = 500_000
BODIES = {
    "numbers": b"message=" + b"1+2+" * (SIZE // 4),
    "marks": b"message=" + "а\u0301\u0327".encode() * (SIZE // 6),
    "numbers in a row": b"name=" + b"1+2+" * (SIZE // 4),
    "separators": b"&" * SIZE,
    "fields": b"a&" * (SIZE // 2),
    "one field": b"message=a&" * (SIZE // 10),
    "a long name": b"a" * SIZE + b"=1",
    "escapes": b"message=" + b"%25" * (SIZE // 3),
    "escapes that are none": b"%" * SIZE,
    "not UTF-8": b"message=" + b"%ff" * (SIZE // 3),
    "personal numbers": b"message=" + b"7523169263+" * (SIZE // 11),
    "at signs": b"contact_way=email&email=" + b"a@" * (SIZE // 2),
    "a telephone": b"contact_way=call&phone=" + b"0-" * (SIZE // 2),
    "marks of questions": b"form_version=" + b"a.t1+" * (SIZE // 5),
    "told": b"left_out=a&" * (SIZE // 11),
    "a trap": b"homepage=" + b"1+2+" * (SIZE // 4),
    "a ticket": b"ticket=" + b"a" * SIZE,
}


def test_no_post_costs_more_than_its_length(instance: Instance) -> None:
    """Twice as much takes about twice as long, whatever it is made of: nothing is quadratic."""
    client = instance.client()
    ordinary = seconds(client, urlencode({"message": "Моля, помогнете. " * 100}).encode())
    slow = {}
    for name, body in BODIES.items():
        for _ in range(5):  # what others do on the machine slows one of the two, not five times
            half, whole = seconds(client, body[: SIZE // 2]), seconds(client, body)
            if whole <= 3 * half + ordinary:
                break
        else:
            slow[name] = half / ordinary, whole / ordinary
    assert slow == {}


class Panic(BaseException):
    """As PyO3 hands on a panic of Rust: no Exception."""


FAULTS = [
    (FormPages, "to_fix", RuntimeError),
    (Intake, "accept", OSError),
    (Intake, "accept", MemoryError),
    (Outbox, "accept", ConnectionError),
    (Outbox, "accept", Panic),
    (Recipients, "seal", Panic),
    (Recipients, "seal", RuntimeError),
    (Recipients, "seal", RecursionError),
    (ReceiptTokens, "token", RuntimeError),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_of_ours_keeps_the_answers(
    instance: Instance,
    letter: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    fault: tuple[type, str, type[BaseException]],
) -> None:
    """500 with all that was written and chosen, and telephones; nothing of it in the log.

    After the letter is stored nothing may say that it was not: its number is shown at once.
    """
    client = instance.client()
    part, name, error = fault

    def fails(*_: object, **__: object) -> None:
        raise error(letter["message"])

    monkeypatch.setattr(part, name, fails)
    response = client.post(CONTACT, data=letter)
    page = page_of(response)
    assert letter["message"] not in caplog.text
    if part is ReceiptTokens:
        assert response.status_code == 200
        assert "Прието" in page.text_content()
        return
    assert response.status_code == 500
    assert "Нещо при нас не работи" in page.text_content()
    assert typed(page)["message"] == letter["message"]
    assert page.xpath("//input[@checked]/@value") == [
        "no",
        "parent",
        "call",
        *letter["services"],
        "y",
    ]
    assert_called_for(page)


def assert_one_can_leave(page: html.HtmlElement, words: str) -> None:
    """At the top, with no script: where the site cannot be read, none can be counted on."""
    (link,) = page.xpath("//header//a[@class='exit']")
    assert (link.text, link.get("href")) == (words, "https://www.meteo.bg/")
    assert "noreferrer" in link.get("rel")


@pytest.mark.parametrize(
    ("part", "name"),
    [(FormPages, "form_again"), (ShellStore, "shell"), (FormPages, "_as_read")],
)
def test_if_no_page_can_be_made_a_bare_one_is(
    instance: Instance,
    letter: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    part: type,
    name: str,
) -> None:
    """Whatever makes the pages is what fails: all that was typed, as text, and the telephones."""
    client = instance.client()
    receipt = client.post(CONTACT, data=letter).location

    def fails(*_: object, **__: object) -> None:
        raise OSError(letter["message"])

    monkeypatch.setattr(part, name, fails)
    letter["name"] = "<b>Мария</b>"
    response = client.post(CONTACT, data=letter | {"writer": ""})
    page = page_of(response)
    assert response.status_code == 500
    assert not page.xpath("//b")
    written = [element.text for element in page.find_class("written")]
    assert written == [
        letter["name"],
        "0888 123 456",
        "в делник до обяд",
        "Харманли",
        letter["message"],
    ]
    assert_called_for(page)
    assert "не е прието" in page.text_content()
    assert client.post(CONTACT, data=letter | {"name": "Ани"}).status_code == 303
    for status, answer in {
        404: client.get("/send/bg/harmanli/none"),
        403: client.post(CONTACT, data=letter, headers={"Origin": "https://evil.example"}),
        200: client.get(receipt),
    }.items():
        page = page_of(answer)
        assert answer.status_code == status
        assert {"tel:112", "tel:116111"} <= set(page.xpath("//main//a/@href"))
        assert_one_can_leave(page, "Бързо излизане")
        assert "не е прието" not in page.text_content() or status == 403


def test_the_bare_page_has_the_look_of_no_language_in_particular(
    instance: Instance, letter: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is in the language of the form and runs its way."""
    client = instance.client()
    monkeypatch.delattr(FormPages, "form_again")
    page = page_of(client.post(CONTACT.replace("/bg/", "/ar/"), data=letter | {"writer": ""}))
    assert (page.get("lang"), page.get("dir")) == ("ar", "rtl")
    assert_called_for(page)
    assert_one_can_leave(page, "خروج سريع")
    assert page.xpath("//main/h1/following-sibling::p[1]")[0].text_content() == (
        "إذا كان هناك خطر الآن، فاتصلوا بالرقم 112."
    )


@pytest.mark.parametrize("fails", [True, False])
def test_general_pages_have_their_bare_ones(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    """An address that belongs to no form."""
    client = instance.client()
    if fails:
        monkeypatch.delattr(FormPagesByAddress, "refusal")
    page = page_of(client.get("/elsewhere"))
    assert {"tel:112", "tel:116111"} <= set(page.xpath("//main//a/@href"))
    assert "Няма такава страница" in page.text_content()


UNREADABLE = {
    "one answer": (b"message=" + "Привет".encode("cp1251"), ["#message"]),
    "half a letter": (b"message=%D0%9F%D1", ["#message"]),
    "lone surrogates": (b"message=%ED%A0%80%ED%B0%80", ["#message"]),
    "one answer of two": (b"message=a&name=%E8", ["#name"]),
    "a name": (b"mess%E8age=a", []),
    "an answer to nothing": (b"homepage_told=%E8", []),
    "too many": (b"a=1&" * 1001, []),
}


@pytest.mark.parametrize(("damage", "links"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_cannot_be_read_is_no_letter(
    instance: Instance, letter: dict[str, Any], damage: bytes, links: list[str]
) -> None:
    """422 that says which answer did not arrive, with all that did; then it can be sent."""
    client = instance.client()
    rest = urlencode(
        {k: v for k, v in letter.items() if k.encode() + b"=" not in damage}, doseq=True
    )
    response = client.post(CONTACT, data=rest.encode() + b"&" + damage, content_type=FORM_TYPE)
    page = page_of(response)
    assert response.status_code == 422
    summary = page.get_element_by_id("errors")
    assert summary.xpath(".//li/a[starts-with(@href, '#')]/@href") == links
    assert "не дойде четлив" in summary.text_content()
    assert "\ufffd" not in response.get_data(as_text=True)
    assert typed(page)["phone"] == letter["phone"]
    assert_called_for(page)
    assert instance.outbox().counts()["waiting"] == 0
    assert client.post(CONTACT, data=letter).status_code == 303


def test_two_answers_to_one_question_are_asked_about(
    instance: Instance, letter: dict[str, Any]
) -> None:
    """None is dropped unseen: texts come back together, of two choices none is taken."""
    client = instance.client()
    twice = {"message": ["Ела", "Не идвай"], "danger": ["no", "called"], "name": ["М", "М"]}
    response = client.post(CONTACT, data=letter | twice)
    page = page_of(response)
    assert response.status_code == 422
    links = page.xpath("//*[@id='errors']//li/a")
    assert [link.get("href") for link in links] == ["#danger", "#message"]
    assert all("няколко различни отговора" in link.text_content() for link in links)
    assert typed(page)["message"] == "Ела / Не идвай"
    assert "no" not in page.xpath("//input[@checked]/@value")


def test_a_broken_sign_between_whole_ones_is_nothing(
    instance: Instance, letter: dict[str, Any]
) -> None:
    """NUL and other controls are left out of an answer, which is taken."""
    letter["message"] = "Мо\x00ля"
    assert instance.client().post(CONTACT, data=letter).status_code == 303
