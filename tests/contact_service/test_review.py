"""Every answer once more before a referral goes: nothing is sent, stored or lost in between."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html
from werkzeug.test import TestResponse

from site_model.content import Content
from tests.support.service.service_parts import Instance

REFERRAL = "/send/bg/sopot/referral"


@pytest.fixture
def unread(school_referral: dict[str, Any]) -> dict[str, Any]:
    """A referral as its form page sends it: with signs that pages take apart, and a reason."""
    del school_referral["reviewed"]
    need = "Отсъства.\r\n\r\n  „<b>Домът</b>“ & 'баща' \"майка\""
    return school_referral | {"need": need}


def page_of(response: TestResponse) -> html.HtmlElement:
    return html.document_fromstring(response.text)


def fields(page: html.HtmlElement) -> dict[str, list[str]]:
    """What a browser sends of the form on a page, without the button."""
    (form,) = page.xpath("//form[@method='post']")
    sent: dict[str, list[str]] = {}
    for key, value in form.form_values():
        sent.setdefault(key, []).append(value)
    return sent


def pressed(page: html.HtmlElement, name: str) -> dict[str, list[str]]:
    """The same with the first button of this name."""
    button = page.xpath(f"//button[@name='{name}']")[0]
    return fields(page) | {name: [button.get("value")]}


def test_all_answers_are_shown_and_nothing_is_stored(
    instance: Instance, unread: dict[str, Any]
) -> None:
    answer = instance.client().post(REFERRAL, data=unread)
    page = page_of(answer)
    assert answer.status_code == 200
    assert page.findtext(".//title").startswith("Прегледайте, преди да изпратите")
    shown = {
        one.text: [text.strip() for text in one.getnext().xpath("./pre/text()")]
        for one in page.xpath("//dl/dt")
    }
    assert shown["Име на институцията"] == [unread["institution"]]
    need = shown["Накратко: какво виждате и от какво има нужда детето?"]
    assert need == [unread["need"].replace("\r", "")]
    assert shown["Коя програма мислите, че е подходяща?"] == ["Да се върнем в клас"]
    assert instance.outbox().counts() == {"waiting": 0, "given_up": 0}


def test_what_was_read_is_what_is_sent(instance: Instance, unread: dict[str, Any]) -> None:
    """Pressed below the answers, the letter is the one that was typed: sent in one go it is known
    as the same, and its number is the same.
    """
    client = instance.client()
    page = page_of(client.post(REFERRAL, data=unread))
    through = client.post(REFERRAL, data=pressed(page, "reviewed"))
    assert through.status_code == 303
    at_once = client.post(REFERRAL, data=unread | {"reviewed": "y"})
    numbers = [
        page_of(client.get(one.location)).find_class("reference")[0].text
        for one in (through, at_once)
    ]
    assert numbers[0] == numbers[1]
    assert instance.outbox().counts() == {"waiting": 1, "given_up": 0}


def test_an_answer_may_be_changed(instance: Instance, unread: dict[str, Any]) -> None:
    """The form comes back whole, at its question, and says of no mistake."""
    client = instance.client()
    page = page_of(client.post(REFERRAL, data=unread))
    buttons = page.xpath("//button[@name='change']")
    assert [one.get("formaction") for one in buttons] == [
        f"{REFERRAL}#{one.get('value')}" for one in buttons
    ]
    answer = client.post(REFERRAL, data=pressed(page, "change"))
    form = page_of(answer)
    assert answer.status_code == 200
    assert form.findtext(".//title").startswith("Насочване на дете")
    assert not form.xpath("//*[@id='errors']")
    assert form.get_element_by_id("phone").get("value") == unread["phone"]
    need = form.get_element_by_id("need").text_content().removeprefix("\n")
    assert need.replace("\r", "") == unread["need"].replace("\r", "")
    checked = set(form.xpath("//input[@checked]/@value"))
    assert {"school", "age_11_13", "individual", "back_to_class", "yes", "y"} <= checked
    for id_ in (one.get("value") for one in buttons):
        assert form.get_element_by_id(id_) is not None


@pytest.mark.parametrize("told", [{}, {"reviewed": "y"}, {"change": "need"}])
def test_no_page_and_no_letter_with_a_mistake(
    instance: Instance, unread: dict[str, Any], told: dict[str, str]
) -> None:
    """Whatever was pressed, what is missing is said first."""
    answer = instance.client().post(REFERRAL, data=unread | {"phone": ""} | told)
    assert answer.status_code == 422
    assert instance.outbox().counts() == {"waiting": 0, "given_up": 0}


def test_it_is_in_the_language_of_the_form(
    instance: Instance, content: Content, unread: dict[str, Any]
) -> None:
    for language in content.site.codes:
        answer = instance.client().post(REFERRAL.replace("/bg/", f"/{language}/"), data=unread)
        page = page_of(answer)
        field = content.forms["referral"].field("need")
        labels = {text.strip() for text in page.xpath("//dt/text()")}
        assert field.label.to(language) in labels
        assert page.get("lang") == language


def test_what_was_told_of_once_is_not_told_again(
    instance: Instance, unread: dict[str, Any]
) -> None:
    """The filled trap: the page carries on that it was told of, back to the form as well."""
    client = instance.client()
    filled = unread | {"homepage": "x", "reported": "no", "reported_on": "02.11.2026"}
    held = client.post(REFERRAL, data=filled)
    assert held.status_code == 422
    again = fields(page_of(held)) | {"homepage": ["x"]}
    review = client.post(REFERRAL, data=again)
    assert review.status_code == 200
    changing = page_of(client.post(REFERRAL, data=pressed(page_of(review), "change")))
    assert changing.xpath("//input[@name='homepage_told']")
    sent = client.post(REFERRAL, data=pressed(page_of(review), "reviewed"))
    assert sent.status_code == 303
