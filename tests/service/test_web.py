"""The service over HTTP: what a visitor gets for a good, a wrong and a refused form."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from service_parts import FORM_TYPE, Instance
from support import free_port

from contact_service.refusals import refusal
from contact_service.settings import SettingsError
from contact_service.web import HEADERS, create_app

CONTACT = "/send/bg/harmanli/contact"
REFERRAL = "/send/bg/sopot/referral"


def page_of(response: Any) -> html.HtmlElement:
    return html.document_fromstring(response.get_data(as_text=True))


def said(response: Any) -> str:
    """The whole answer, with plain spaces in its numbers."""
    return str(response.get_data(as_text=True)).replace("\u00a0", " ")


def test_success_is_a_redirect_to_a_receipt(instance: Instance, letter: dict[str, Any]) -> None:
    """303 to a page with the reference, the time and what happens next, and no answer on it."""
    client = instance.client()
    response = client.post(CONTACT, data=letter)
    assert response.status_code == 303
    receipt = client.get(response.location)
    text = receipt.get_data(as_text=True)
    assert receipt.status_code == 200
    assert page_of(receipt).find_class("reference")[0].text
    assert "Какво следва" in text
    assert letter["message"].split("\n")[0] not in text
    assert instance.outbox().counts() == {"waiting": 1, "given_up": 0}


def test_empty_form_lists_every_error(instance: Instance) -> None:
    """422 in the same page: a summary that links to each field, the same words beside it."""
    response = instance.client().post(CONTACT, data={}, content_type=FORM_TYPE)
    page = page_of(response)
    assert response.status_code == 422
    links = page.xpath("//*[@id='errors']//a[starts-with(@href, '#')]")
    assert [link.get("href") for link in links] == [
        "#danger",
        "#writer",
        "#contact_way",
        "#message",
        "#understood",
    ]
    for link in links:
        field = link.get("href")[1:]
        assert page.get_element_by_id(field) is not None
        assert link.text_content() in page.get_element_by_id(f"{field}-error").text_content()
    assert page.findtext(".//title").startswith("Грешка: ")
    assert instance.outbox().counts()["waiting"] == 0


def test_answers_are_kept(instance: Instance, letter: dict[str, Any]) -> None:
    """A form that comes back holds everything that was written and chosen."""
    del letter["understood"]
    page = page_of(instance.client().post(CONTACT, data=letter))
    assert page.get_element_by_id("name").get("value") == "Мария"
    assert page.get_element_by_id("message").text_content().strip() == letter["message"]
    checked = page.xpath("//input[@checked]/@value")
    assert checked == ["no", "parent", "call", "psychological", "social"]


def test_answers_come_back_as_text(instance: Instance, letter: dict[str, Any]) -> None:
    """Markup in an answer is shown, never run."""
    del letter["understood"]
    letter["name"] = '"><script>alert(1)</script>'
    letter["message"] = "</textarea><img src=x>"
    response = instance.client().post(CONTACT, data=letter)
    page = page_of(response)
    assert page.xpath("//main//script") == []
    assert not any("alert" in script.text_content() for script in page.xpath("//script"))
    assert page.xpath("//main//img") == []
    assert page.get_element_by_id("name").get("value") == letter["name"]


def test_error_page_is_the_site_s_own(instance: Instance, site: Path) -> None:
    """Head, menu and footer are those of the built page."""
    built = html.fromstring((site / "harmanli/pishete-ni/index.html").read_text())
    answered = page_of(instance.client().post(CONTACT, data={}, content_type=FORM_TYPE))
    for part in ("header", "footer"):
        assert html.tostring(built.find(f".//{part}")) == html.tostring(answered.find(f".//{part}"))


def test_danger_now_is_kept_back_with_112(instance: Instance, letter: dict[str, Any]) -> None:
    """Whoever says that there is danger now is told to call 112, and loses nothing."""
    letter["danger"] = "yes"
    response = instance.client().post(CONTACT, data=letter)
    assert response.status_code == 422
    assert "Обадете се сега на 112" in response.get_data(as_text=True)
    letter["danger"] = "called"
    assert instance.client().post(CONTACT, data=letter).status_code == 303


def test_trap_asks_to_send_again(instance: Instance, letter: dict[str, Any]) -> None:
    """The hidden field refuses a robot; a person whose browser filled it in sends once more."""
    response = instance.client().post(CONTACT, data={**letter, "homepage": "http://spam.example"})
    assert response.status_code == 422
    assert page_of(response).get_element_by_id("homepage").get("value") == ""
    assert "изпратете още веднъж" in response.get_data(as_text=True)


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "null"}, 303),
        ({"Origin": "null"}, 303),
        ({"Origin": "https://opora.example"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "https://evil.opora.example"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "http://["}, 403),
        ({"Origin": "http://localhost@evil.example"}, 403),
    ],
)
def test_only_our_pages_may_post(
    instance: Instance, letter: dict[str, Any], headers: dict[str, str], status: int
) -> None:
    """Another site's form is refused; old browsers that hide their origin are not."""
    assert instance.client().post(CONTACT, data=letter, headers=headers).status_code == status


def test_rate_limit_keeps_the_answers(instance: Instance, letter: dict[str, Any]) -> None:
    """The eleventh letter from one network in an hour is refused, with answers and phone."""
    client = instance.client()
    neighbour = {"REMOTE_ADDR": "192.0.2.7"}
    for number in range(10):
        letter["name"] = str(number)
        assert client.post(CONTACT, data=letter, environ_base=neighbour).status_code == 303
    refused = client.post(CONTACT, data=letter, environ_base={"REMOTE_ADDR": "192.0.2.200"})
    assert refused.status_code == 429
    assert letter["message"] in refused.get_data(as_text=True)
    assert "0373 9 10 76" in said(refused)
    other = client.post(CONTACT, data=letter, environ_base={"REMOTE_ADDR": "198.51.100.1"})
    assert other.status_code == 303


def test_wrong_forms_do_not_use_up_the_limit(instance: Instance, letter: dict[str, Any]) -> None:
    """Someone who mends mistakes for a while can still send."""
    client = instance.client()
    for _ in range(12):
        assert client.post(CONTACT, data={}, content_type=FORM_TYPE).status_code == 422
    assert client.post(CONTACT, data=letter).status_code == 303


def test_too_large_is_refused(instance: Instance, letter: dict[str, Any]) -> None:
    """A request beyond the limit gets a page of the site that says what to do."""
    response = instance.client().post(CONTACT, data={**letter, "message": "я" * 70_000})
    assert response.status_code == 413
    assert "съкратете" in response.get_data(as_text=True)


def test_files_are_refused(instance: Instance, letter: dict[str, Any]) -> None:
    """A multipart body, whose parts could reach the disk, is not read."""
    response = instance.client().post(CONTACT, data=letter, content_type="multipart/form-data")
    assert response.status_code == 415


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/send/bg/harmanli/nothing", 404),
        ("post", "/send/bg/nowhere/contact", 404),
        ("post", "/send/xx/harmanli/contact", 404),
        ("put", CONTACT, 405),
        ("get", "/send/receipt/forged", 410),
        ("get", "/elsewhere", 404),
    ],
)
def test_unknown_addresses(instance: Instance, method: str, path: str, status: int) -> None:
    """Every dead end is a page of the site with 112 and 116 111."""
    response = getattr(instance.client(), method)(path, data="", content_type=FORM_TYPE)
    assert response.status_code == status
    assert refusal(status, str).title in response.get_data(as_text=True)
    assert {"tel:112", "tel:116111"} <= set(page_of(response).xpath("//main//a/@href"))


def test_get_leads_to_the_form(instance: Instance) -> None:
    """Whoever reloads or opens the address of a post comes to the empty form."""
    response = instance.client().get(CONTACT)
    assert (response.status_code, response.location) == (303, "/harmanli/pishete-ni/")


def test_without_key_nothing_is_accepted(instance: Instance, letter: dict[str, Any]) -> None:
    """503 with the phone and 116 111, the answers kept, nothing stored."""
    (instance.folder / "centre.asc").unlink()
    response = instance.client().post(CONTACT, data=letter)
    text = said(response)
    assert response.status_code == 503
    assert "Сега не можем да приемем писмото" in text
    assert "0373 9 10 76" in text
    assert "116 111" in text
    assert letter["message"] in text
    assert instance.outbox().counts()["waiting"] == 0


def test_centre_without_recipients_accepts_nothing(
    instance: Instance, school_referral: dict[str, Any]
) -> None:
    """A centre for which the operator has set no address says so instead of losing a referral."""
    instance.toml = instance.toml.partition("[[centres.sopot")[0]
    assert instance.client().post(REFERRAL, data=school_referral).status_code == 503


def test_full_outbox_is_no_success(instance: Instance, letter: dict[str, Any]) -> None:
    """If the record cannot be committed, the sender is told and keeps the answers."""
    client = instance.client()
    with instance.outbox().engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON deliveries "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    response = client.post(CONTACT, data=letter)
    assert response.status_code == 503
    assert letter["message"] in response.get_data(as_text=True)


def test_taken_reference_is_drawn_again(
    instance: Instance, letter: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reference that is in the outbox already is not used twice."""
    drawn = iter(["DDDDD-DDDDD", "DDDDD-DDDDD", "FFFFF-FFFFF"])
    monkeypatch.setattr("contact_service.intake.new_reference", lambda: next(drawn))
    client = instance.client()
    pages = []
    for name in ("Мария", "Иван"):
        answer = client.post(CONTACT, data={**letter, "name": name})
        pages.append(client.get(answer.location).get_data(as_text=True))
    assert "DDDDD-DDDDD" in pages[0]
    assert "FFFFF-FFFFF" in pages[1]


def test_unexpected_error_is_a_page(
    instance: Instance, letter: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of ours shows the telephone numbers, not a traceback."""

    def fault(*_: object) -> None:
        raise RuntimeError(letter["message"])

    monkeypatch.setattr("contact_service.sealing.mail.sheet_text", fault)
    response = instance.client().post(CONTACT, data=letter)
    assert response.status_code == 500
    assert "Нещо при нас не работи" in response.get_data(as_text=True)


@pytest.mark.parametrize("path", [CONTACT, "/send/health", "/send/receipt/x", "/nothing"])
def test_headers_stand_on_every_answer(instance: Instance, path: str) -> None:
    """No cache, no referrer, nothing loaded from elsewhere, and never a cookie."""
    response = instance.client().get(path)
    for name, value in HEADERS.items():
        assert response.headers[name] == value
    assert "Set-Cookie" not in response.headers


def test_receipt_address_tells_nothing(instance: Instance, letter: dict[str, Any]) -> None:
    """Neither the reference, nor the centre, nor the form can be read from the address."""
    client = instance.client()
    location = client.post(CONTACT, data=letter).location
    reference = page_of(client.get(location)).find_class("reference")[0].text
    assert reference
    for word in (reference, "harmanli", "contact"):
        assert word not in location


def test_rebuilt_site_is_used_at_once(instance: Instance, tmp_path: Path, site: Path) -> None:
    """A new build changes the service's pages without a restart."""
    copy = tmp_path / "site"
    shutil.copytree(site, copy)
    instance.toml = instance.toml.replace(str(site), str(copy))
    client, wrong = instance.client(), {"name": "x"}
    assert "Ново име" not in client.post(CONTACT, data=wrong).get_data(as_text=True)
    page = copy / "harmanli/pishete-ni/index.html"
    page.write_text(page.read_text().replace("ЦОП Харманли</span>", "Ново име</span>"))
    assert "Ново име" in client.post(CONTACT, data=wrong).get_data(as_text=True)


def test_unbuilt_site_stops_the_start(instance: Instance, tmp_path: Path) -> None:
    """Without a built site the service does not start, and says what to do."""
    settings = instance.settings().model_copy(update={"site_folder": tmp_path / "none"})
    with pytest.raises(SettingsError, match="make build"):
        create_app(settings)


def test_site_that_is_being_swapped_still_answers(
    instance: Instance, tmp_path: Path, site: Path
) -> None:
    """While a new build is moved in, the pages that were read before are used."""
    copy = tmp_path / "site"
    shutil.copytree(site, copy)
    instance.toml = instance.toml.replace(str(site), str(copy))
    client = instance.client()
    shutil.rmtree(copy)
    assert client.post(CONTACT, data={}, content_type=FORM_TYPE).status_code == 422


def test_database_that_is_away_is_no_dead_service(
    instance: Instance, letter: dict[str, Any]
) -> None:
    """A service that starts without its database still answers: 503, phones, answers kept."""
    away = f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none"
    app = create_app(instance.settings(OPORA_DATABASE=away))
    response = app.test_client().post(CONTACT, data=letter)
    assert response.status_code == 503
    assert "116 111" in said(response)
    assert letter["message"] in response.get_data(as_text=True)
    assert app.test_client().get("/send/health").status_code == 503
