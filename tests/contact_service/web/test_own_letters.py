"""A form that an operator added, over HTTP: its letter goes sealed through the real outbox."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from contact_service.delivery.worker import deliver_due
from site_build.pipeline import Project
from tests.support.project import ROOT
from tests.support.service.service_parts import Instance, SmtpServer, gpg_with_a_key, text_of

COURSE = "/send/bg/sopot/course"
LETTER = {
    "programme": ["parenting"],
    "phone": "0888 123 456",
    "with_children": "yes",
    "children": "3 и 5",
    "care": "yes",
    "care_note": "Обича да рисува.",
}


@pytest.fixture
def own(instance: Instance, own_project: Project) -> Instance:
    """The service on the project that has forms of its own."""
    lines = instance.toml.splitlines()
    instance.toml = "\n".join(
        [
            f'site_folder = "{own_project.site}"',
            f'content_folder = "{own_project.content}"',
            *(line for line in lines if not line.startswith(("site_folder", "content_folder"))),
        ]
    )
    return instance


def page_of(response: Any) -> html.HtmlElement:
    return html.document_fromstring(response.get_data(as_text=True))


def errors(response: Any) -> dict[str, str]:
    links = page_of(response).xpath("//*[@id='errors']//li/a")
    return {link.get("href")[1:]: link.text_content() for link in links}


def delivered(own: Instance, smtp_server: SmtpServer) -> str:
    """The opened text of the one letter that was delivered."""
    deliver_due(own.outbox(), own.settings().smtp, threading.Event())
    ((_, mail),) = smtp_server.taken
    return own.open(mail)


def test_the_letter_of_an_own_form_arrives(own: Instance, smtp_server: SmtpServer) -> None:
    """Every answer is in the sealed mail under its question; the receipt names the form."""
    client = own.client()
    response = client.post(COURSE, data=LETTER)
    assert response.status_code == 303
    assert "Запишете се за курс" in client.get(response.location).get_data(as_text=True)
    text = delivered(own, smtp_server)
    assert text.startswith("Запишете се за курс – Център за обществена подкрепа, Сопот")
    assert "Ще дойдете ли с деца?\n| Да" in text
    assert "Трябва ли някой да е с децата по време на курса?\n| Да, трябва" in text
    assert "ще е с децата?\n| Обича да рисува." in text


def test_another_centre_does_not_take_it(own: Instance) -> None:
    """Where a form is not offered there is no address for it."""
    assert own.client().post("/send/bg/harmanli/course", data=LETTER).status_code == 404


def test_hidden_questions_are_not_required_nor_mailed(
    own: Instance, smtp_server: SmtpServer
) -> None:
    """With JavaScript they are not even sent: the sheet does not speak of them."""
    letter = {"phone": "0888 123 456", "with_children": "no"}
    assert own.client().post(COURSE, data=letter).status_code == 303
    text = delivered(own, smtp_server)
    assert "Ще дойдете ли с деца?\n| Не" in text
    assert "На колко години" not in text
    assert "Трябва ли някой" not in text


def test_what_is_not_asked_is_never_sent_in_silence(own: Instance, smtp_server: SmtpServer) -> None:
    """Without JavaScript one may answer all: the page says once what will not go, and why."""
    client = own.client()
    letter = {**LETTER, "with_children": "no"}
    first = client.post(COURSE, data=letter)
    assert first.status_code == 422
    assert list(errors(first)) == ["children", "care", "care_note"]
    assert errors(first)["children"].startswith(
        "Отговорът на „На колко години са децата?“ няма да бъде изпратен"
    )
    page = page_of(first)
    assert page.get_element_by_id("children").get("value") == "3 и 5"
    assert page.get_element_by_id("care_note").text_content().strip() == "Обича да рисува."
    assert page.xpath("//input[@name='care' and @checked]/@value") == ["yes"]
    assert own.outbox().counts()["waiting"] == 0

    told = page.xpath("//input[@name='left_out']/@value")
    assert told == ["children", "care", "care_note"]
    assert client.post(COURSE, data={**letter, "left_out": told}).status_code == 303
    text = delivered(own, smtp_server)
    assert "Ще дойдете ли с деца?\n| Не" in text
    assert "3 и 5" not in text
    assert "рисува" not in text


def test_changing_the_answer_above_sends_it_all(own: Instance, smtp_server: SmtpServer) -> None:
    """Anyone who was told and then says „yes“ above loses nothing."""
    told = {"left_out": ["children", "care", "care_note"]}
    assert own.client().post(COURSE, data={**LETTER, **told}).status_code == 303
    assert "Обича да рисува." in delivered(own, smtp_server)


def test_the_same_questions_are_open_after_an_error(own: Instance) -> None:
    """The page that comes back has the state it had: answers, conditions and the script."""
    page = page_of(own.client().post(COURSE, data={"with_children": "yes", "care": "no"}))
    assert [e.get("href") for e in page.xpath("//*[@id='errors']//a")] == ["#phone", "#children"]
    conditions = page.xpath("//*[@data-show-if]")
    assert [c.get("data-question") for c in conditions] == ["children", "care", "care_note"]
    assert not page.xpath("//*[@data-left-out]")
    assert page.xpath("//head/script[contains(@src, '/assets/conditions.js?')]")
    assert page.xpath("//input[@checked]/@id") == ["with_children", "care-no"]


def test_gpg_opens_the_letter_of_an_own_form(own: Instance, smtp_server: SmtpServer) -> None:
    """A centre's own program, which shares no code with us, reads what went through it all."""
    with gpg_with_a_key() as gpg:
        (own.folder / "centre.asc").write_bytes(gpg("--armor", "--export"))
        assert own.client().post(COURSE, data=LETTER).status_code == 303
        deliver_due(own.outbox(), own.settings().smtp, threading.Event())
        ((_, mail),) = smtp_server.taken
        sealed = list(mail.iter_parts())[1].get_payload(decode=True)
        opened = text_of(gpg("--decrypt", input=sealed))
    assert "Обича да рисува." in opened


def test_the_build_does_not_need_the_example(own_project: Project) -> None:
    """The examples stay in tests: the real content offers no form that a centre did not ask for."""
    real = {path.name for path in Path(ROOT / "content" / "forms").glob("*.yml")}
    added = {path.name for path in (own_project.content / "forms").glob("*.yml")} - real
    assert added == {"course.yml", "volunteers.yml"}
