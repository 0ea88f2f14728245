"""A letter from a page whose form has changed since: nothing lost, nothing taken for another."""

from __future__ import annotations

import shutil
import threading
from typing import Any

import pytest
from lxml import html

from contact_service.delivery.worker import deliver_due
from contact_service.web.pages import FormPages
from site_build.pipeline import Project
from site_model.forms.fingerprints import FORM_VERSION
from tests.support.service.service_parts import Instance, SmtpServer

COURSE = "/send/bg/sopot/course"
LETTER = {
    "phone": "0888 123 456",
    "with_children": "yes",
    "children": "3 и 5",
    "care": "yes",
    "care_note": "Обича да рисува.",
}
NEW_QUESTION = """  - id: town
    kind: short_text
    label: {bg: "От кое населено място ще идвате?"}
    required: true
    max_length: 60
    errors:
      missing: {bg: Напишете населеното място}
      too_long: {bg: Името е по-дълго от 60 знака. Съкратете го}
    used_by: {bg: Екипът на центъра.}
    why: {bg: За да намери превоз.}
"""


def page_of(response: Any) -> html.HtmlElement:
    return html.document_fromstring(response.get_data(as_text=True))


def carried(page: html.HtmlElement) -> str:
    """What a page says of its questions."""
    (value,) = page.xpath(f"//input[@name='{FORM_VERSION}']/@value")
    return str(value)


@pytest.fixture
def old_page(own_project: Project) -> str:
    """What the page of the first version carries, as it was built."""
    return carried(html.parse(str(own_project.site / "sopot/zapisvane-za-kurs/index.html")))


@pytest.fixture
def changed(instance: Instance, own_project: Project) -> Instance:
    """The service after the form got its second version: one question asks something else, one
    is gone with its text, one is new. The site's page is still that of the first version."""
    content = instance.folder / "content"
    shutil.copytree(own_project.content, content)
    file = content / "forms" / "course.yml"
    text = file.read_text(encoding="utf-8")
    for old, new in (
        ("version: 1", "version: 2"),
        ("Трябва ли някой да е с децата по време на курса?", "Ще се грижите ли сами за децата?"),
    ):
        assert old in text
        text = text.replace(old, new)
    text = text[: text.index("  - id: care_note\n")] + NEW_QUESTION
    file.write_text(text, encoding="utf-8")
    lines = [
        line
        for line in instance.toml.splitlines()
        if not line.startswith(("site_folder", "content_folder"))
    ]
    folders = [f'site_folder = "{own_project.site}"', f'content_folder = "{content}"']
    instance.toml = "\n".join([*folders, *lines])
    return instance


def test_a_letter_from_an_old_page_is_asked_about_once(
    changed: Instance, smtp_server: SmtpServer, old_page: str
) -> None:
    """What was written is kept, what was chosen under other words is not; then it is accepted."""
    client = changed.client()
    first = client.post(COURSE, data={**LETTER, FORM_VERSION: old_page})
    assert first.status_code == 422
    assert changed.outbox().counts()["waiting"] == 0
    page = page_of(first)
    summary = page.get_element_by_id("errors")
    assert "Формулярът се промени, докато пишехте" in summary.text_content()
    new_or_changed = summary.xpath("./ul[1]/li/a")
    assert [(link.get("href"), link.text_content()) for link in new_or_changed] == [
        ("#care", "Ще се грижите ли сами за децата?"),
        ("#town", "От кое населено място ще идвате?"),
    ]
    assert summary.xpath("./pre[@class='written']/text()") == ["Обича да рисува."]
    assert page.get_element_by_id("phone").get("value") == "0888 123 456"
    assert page.get_element_by_id("children").get("value") == "3 и 5"
    assert page.xpath("//input[@checked]/@id") == ["with_children"], "„care“ means another thing"

    again = {**LETTER, "town": "Карлово", "care": "no", FORM_VERSION: carried(page)}
    assert client.post(COURSE, data=again).status_code == 303
    deliver_due(changed.outbox(), changed.settings().smtp, threading.Event())
    ((_, mail),) = smtp_server.taken
    text = changed.open(mail)
    assert "Версия на формуляра: 2" in text
    assert "Ще се грижите ли сами за децата?\n| Не, ще са с мен" in text
    assert "рисува" not in text


@pytest.mark.parametrize(
    "carried", ["", "x", "care.c000000", "phone", "a.b c.d", "\x00", "t" * 500]
)
def test_what_no_page_carries_is_asked_about(changed: Instance, carried: str) -> None:
    """Forged or torn marks lead to the same page, never to a crash or to a letter."""
    response = changed.client().post(COURSE, data={**LETTER, FORM_VERSION: carried})
    assert response.status_code == 422
    assert "Формулярът се промени" in response.get_data(as_text=True)


def test_a_page_of_now_is_not_asked(
    own_project: Project, instance: Instance, old_page: str, changed: Instance
) -> None:
    """The same marks against the form that they belong to: accepted at once."""
    changed.toml = changed.toml.replace(str(changed.folder / "content"), str(own_project.content))
    response = changed.client().post(COURSE, data={**LETTER, FORM_VERSION: old_page})
    assert response.status_code == 303


def test_a_page_without_marks_is_read_as_one_of_now(changed: Instance) -> None:
    """Pages of the time before marks had the first versions; their errors are said as always."""
    response = changed.client().post(COURSE, data=LETTER)
    assert response.status_code == 422
    assert page_of(response).xpath("//*[@id='errors']//a/@href") == ["#town"]


def test_a_fault_of_ours_takes_no_answer_for_another(
    changed: Instance, old_page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page after a fault asks the questions of now, so it says as well what has changed."""
    monkeypatch.setattr(FormPages, "to_fix", lambda *_: 1 / 0)
    response = changed.client().post(COURSE, data={**LETTER, FORM_VERSION: old_page})
    assert response.status_code == 500
    page = page_of(response)
    summary = page.get_element_by_id("errors")
    assert "Нещо при нас не работи" in summary.text_content()
    assert summary.xpath(".//a[starts-with(@href, '#')]/@href") == ["#care", "#town"]
    assert page.xpath("//input[@checked]/@id") == ["with_children"]
