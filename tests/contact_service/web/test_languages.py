"""Forms in other languages: whole or not at all, and Bulgarian for those who read them."""

from __future__ import annotations

import re
import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import html

from contact_service.delivery.worker import deliver_due
from contact_service.submission import BOX_TITLE
from site_build.pipeline import Project, build_site
from site_model.i18n.catalogue_files import refuse_wrong_words
from site_model.problems import ContentError
from tests.support.pages.built_pages import change_yaml
from tests.support.pages.english import english, translate_yaml, write_catalogue
from tests.support.pages.foreign_words import foreign_words
from tests.support.project import ROOT, copy_project
from tests.support.service.service_parts import FORM_TYPE, Instance, SmtpServer

ARABIC = """languages:
  - {code: bg, scope: full, read_by_native: true}
  - {code: ar, scope: main, read_by_native: false}
"""
FORM = "/send/ar/harmanli/contact"
TIMES = ["first", "tue_morning", "weekday_evening"]
IN_BULGARIAN = """Кога е безопасно да ви потърсим по телефона?
| Едва след като аз ви потърся
| Вторник от 08:00 до 12:00
| В делник от 18:00 до 21:00
"""


@pytest.fixture(scope="module")
def arabic(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The real project with something in the place of every Arabic text."""
    project = copy_project(tmp_path_factory.mktemp("arabic"), languages=ARABIC)
    for path in project.content.rglob("*.yml"):
        translate_yaml(path, "ar")
    write_catalogue(project.root / "locale", "ar")
    project = Project(project.root, project.root / "locale")
    build_site(project)
    return project


@pytest.fixture
def service(instance: Instance, arabic: Project, site: Path) -> Instance:
    """The service with the Arabic content and site."""
    toml = instance.toml.replace(str(site), str(arabic.site))
    return replace(instance, toml=toml.replace(str(ROOT / "content"), str(arabic.content)))


def test_a_word_without_translation_keeps_every_form_back(
    service: Instance, arabic: Project
) -> None:
    """One interface word less, and the service has no address for the language."""
    file = arabic.catalogues / "ar.po"
    whole = file.read_text(encoding="utf-8")
    start = whole.index('msgid "Има нещо за поправяне"')
    end = whole.index("\n\n", start)
    file.write_text(
        whole[:start] + 'msgid "Има нещо за поправяне"\nmsgstr ""' + whole[end:], encoding="utf-8"
    )
    try:
        assert service.client().post(FORM, data={}).status_code == 404
    finally:
        file.write_text(whole, encoding="utf-8")
    assert service.client().post(FORM, data={}, content_type=FORM_TYPE).status_code == 422


@pytest.mark.parametrize(
    "said",
    [
        '<meta http-equiv="refresh" content="0;url=https://evil.example/">',
        'x" onmouseover="alert(1)',
        "[натиснете](https://evil.example/)",
        "{{ config }}",
        "%(nothing)s",
        "%d",
    ],
)
def test_a_translation_with_markup_counts_as_missing(
    service: Instance, arabic: Project, said: str
) -> None:
    """It reaches no page of the service, and the forms of the language are kept back."""
    file = arabic.catalogues / "ar.po"
    whole = file.read_text(encoding="utf-8")
    quoted = said.replace('"', '\\"')
    start = whole.index('msgid "Има нещо за поправяне"')
    end = whole.index("\n\n", start)
    word = f'msgid "Има нещо за поправяне"\nmsgstr "{quoted}"'
    file.write_text(whole[:start] + word + whole[end:], encoding="utf-8")
    try:
        assert service.client().post(FORM, data={}).status_code == 404
        with pytest.raises(ContentError, match="Има нещо за поправяне"):
            refuse_wrong_words("ar", arabic.catalogues)
    finally:
        file.write_text(whole, encoding="utf-8")


def bulgarian_words(response: Any) -> list[str]:
    """Bulgarian letters in what the service itself says, between header and footer."""
    tree = html.document_fromstring(response.get_data(as_text=True))
    assert tree.get("lang") == "ar"
    assert tree.get("dir") == "rtl"
    said = " ".join([tree.findtext(".//title") or "", tree.xpath("//main")[0].text_content()])
    return re.findall(r"[А-Яа-я][^.]{0,30}", said)


def test_every_answer_of_the_service_is_in_the_language(
    service: Instance, letter: dict[str, Any]
) -> None:
    """Errors, refusals, receipt: no Bulgarian letter that the sender did not write."""
    client = service.client()
    letter |= {"name": "Maria", "safe_time": "", "settlement": "", "message": "help"}
    errors = client.post(FORM, data={}, content_type=FORM_TYPE)
    refused = client.post(FORM, data={}, content_type="text/plain")
    receipt = client.get(client.post(FORM, data=letter).location)
    assert [errors.status_code, refused.status_code, receipt.status_code] == [422, 415, 200]
    for response in (errors, refused, receipt):
        assert bulgarian_words(response) == []


def test_numbers_stay_whole(service: Instance) -> None:
    """The parts of a phone number are held together by no-break spaces, and never by plain ones."""
    response = service.client().post(FORM, data={}, content_type=FORM_TYPE)
    tree = html.document_fromstring(response.get_data(as_text=True))
    said = tree.xpath("//main")[0].text_content()
    assert "116\u00a0111" in said
    assert not re.findall(r"\d \d", said)


def test_the_centre_reads_bulgarian(
    service: Instance, letter: dict[str, Any], smtp_server: SmtpServer
) -> None:
    """Questions and choices in Bulgarian, the sender's own words as written, and the language."""
    letter |= {"message": "ساعدوني", "phone": "٠٨٨٨ ١٢٣ ٤٥٦"}
    assert service.client().post(FORM, data=letter).status_code == 303
    deliver_due(service.outbox(), service.settings().smtp, threading.Event())
    sheet = service.open(smtp_server.taken[0][1])
    assert "Попълнено на: арабски" in sheet
    assert "Пишете ни – Център за обществена подкрепа, Харманли" in sheet
    assert "Разговори с психолог" in sheet
    assert "0888 123 456" in sheet
    assert "ساعدوني" in sheet
    assert "EN " not in sheet
    assert english("Кой пише?") not in sheet


@pytest.mark.parametrize(
    ("language", "error", "answer"),
    [
        (
            "en",
            "Write at least one sentence about what is happening",
            "Your letter has been received",
        ),
        ("ar", "اكتبوا جملة واحدة على الأقل عمّا يحدث", "قُبلت رسالتكم"),
    ],
)
def test_the_real_form_is_sent_and_answered_in_its_language(
    instance: Instance, letter: dict[str, Any], language: str, error: str, answer: str
) -> None:
    """Errors say what to do; a whole letter gets a receipt; both in the form's language,
    and Bulgarian names among the words say that they are Bulgarian."""
    client = instance.client()
    form = f"/send/{language}/harmanli/contact"
    errors = client.post(form, data={}, content_type=FORM_TYPE)
    accepted = client.post(form, data=letter)
    receipt = client.get(accepted.location).get_data(as_text=True)
    assert (errors.status_code, accepted.status_code) == (422, 303)
    assert error in errors.get_data(as_text=True)
    assert answer in receipt
    for said in (errors.get_data(as_text=True), receipt):
        page = html.document_fromstring(said)
        assert page.get("lang") == language
        assert list(foreign_words(page)) == []


def with_hours(osm: str) -> Any:
    """Gives a centre hours."""
    hours = {"osm": osm, "source": "000_cee4bc3b0dd5abd9.txt:1"}
    return lambda centre: centre | {"opening_hours": hours}


@pytest.fixture
def open_late(instance: Instance) -> Instance:
    """The service for Harmanli with made-up hours."""
    content = instance.folder / "content"
    shutil.copytree(ROOT / "content", content)
    shutil.copytree(ROOT / "locale", instance.folder / "locale")
    change_yaml(content / "centres" / "harmanli.yml", with_hours("Mo-Fr 09:00-12:00,13:00-19:00"))
    instance.toml = instance.toml.replace(str(ROOT / "content"), str(content))
    return instance


@pytest.mark.parametrize(
    ("language", "words"),
    [("tr", "Yalnızca otobüsten inerken."), ("ar", "فقط في طريقي إلى البيت.")],
)
def test_what_was_chosen_in_another_language_is_read_in_bulgarian(
    open_late: Instance,
    letter: dict[str, Any],
    smtp_server: SmtpServer,
    language: str,
    words: str,
) -> None:
    """In the frame that is read first; the person's own words stand below it as written."""
    letter |= {"call_times": TIMES, "safe_time": words}
    answer = open_late.client().post(f"/send/{language}/harmanli/contact", data=letter)
    assert answer.status_code == 303
    deliver_due(open_late.outbox(), open_late.settings().smtp, threading.Event())
    sheet = open_late.open(smtp_server.taken[0][1])
    frame = sheet.partition(BOX_TITLE.upper())[2].partition("====")[0]
    assert IN_BULGARIAN in frame
    assert words in frame


def test_hours_that_changed_meanwhile_lose_nothing(
    open_late: Instance, letter: dict[str, Any]
) -> None:
    """The page comes back with all else; the second press is enough."""
    client = open_late.client()
    path = "/send/tr/harmanli/contact"
    letter |= {"call_times": [*TIMES, "sat_morning"]}
    answer = client.post(path, data=letter)
    assert answer.status_code == 422
    page = html.document_fromstring(answer.get_data(as_text=True))
    (told,) = page.xpath("//*[@id='errors']//a[@href='#call_times']")
    assert "artık yoksa onu aşağıdaki soruda kendi sözlerinizle yazın" in told.text
    assert page.xpath("//input[@name='call_times' and @checked]/@value") == TIMES
    assert page.get_element_by_id("safe_time").get("value") == letter["safe_time"]
    assert client.post(path, data=letter | {"call_times": TIMES}).status_code == 303
