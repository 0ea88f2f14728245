"""The service over HTTP: what a visitor gets for a good, a wrong and a refused form."""

from __future__ import annotations

import base64
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from lxml import html

from contact_service.settings.service import SettingsError
from contact_service.web.extra_step import ExtraStep
from contact_service.web.refusals import refusal
from contact_service.web.views import create_app
from tests.support.project import ROOT, application, free_port
from tests.support.service.service_parts import FORM_TYPE, SECRET, Instance

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


def test_a_receipt_says_only_what_holds_for_its_letter(
    instance: Instance, letter: dict[str, Any], school_referral: dict[str, Any]
) -> None:
    """It does not know how somebody may be reached, so both are told with their condition: to be
    reached, and to call; a child reads who is told; a referral, that it is no report.
    """
    client = instance.client()

    def receipt(path: str, sent: dict[str, Any]) -> str:
        page = page_of(client.get(client.post(path, data=sent).location))
        assert page.xpath("//main//a[@href='tel:+35937391076']"), "with the number to say"
        return str(page.find(".//main").text_content()).replace("\u00a0", " ")

    family = receipt(CONTACT, letter)
    assert "Ако сте избрали да ви потърсим, най-отгоре в писмото" in family
    assert "„Не ме търсете“, няма да ви търсим" in family
    assert "и кажете номера" in family
    assert "Ако си дете и търсиш помощ без възрастен, центърът е длъжен по закон" in family
    for of_sopot in ("services", "programmes"):
        del school_referral[of_sopot]
    school = receipt(CONTACT.replace("contact", "referral"), school_referral)
    assert "Насочването не е сигнал. Ако детето се нуждае от закрила, уведомете още сега" in school
    for body in ("(ОЗД)", "(ДСП)", "ДАЗД", "полицията", "112"):
        assert body in school
    assert "Не ме търсете" not in school


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
    assert "Писмото още не е изпратено." in page.get_element_by_id("errors").text_content()
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
    """Anyone who says that there is danger now is told to call 112, and loses nothing."""
    letter["danger"] = "yes"
    response = instance.client().post(CONTACT, data=letter)
    assert response.status_code == 422
    page = page_of(response)
    box = page.get_element_by_id("errors")
    assert box.findtext("h2") == "Обадете се сега на 112"
    assert box.xpath(".//a/@href")[0] == "tel:112", "before the link to the question"
    assert "Писмото още не е изпратено." in box.text_content()
    assert "Има нещо за поправяне" not in box.text_content()
    assert page.findtext(".//title").startswith("Не е изпратено: ")
    assert not page.xpath("//span[.='Грешка: ']"), "an answer that is true is no mistake"
    assert page.get_element_by_id("message").text_content().strip() == letter["message"]
    del letter["understood"]
    both = page_of(instance.client().post(CONTACT, data=letter)).get_element_by_id("errors")
    assert both.findtext("h2") == "Обадете се сега на 112"
    assert both.xpath("./ul[last()]/li/a/@href") == ["#understood"]
    letter |= {"danger": "called", "understood": "y"}
    assert instance.client().post(CONTACT, data=letter).status_code == 303


def carried(page: html.HtmlElement) -> dict[str, str]:
    """What a page says of itself when its form is sent."""
    return {one.get("name"): one.get("value") for one in page.xpath("//input[@type='hidden']")}


def test_the_trap_is_told_of_once(instance: Instance, letter: dict[str, Any]) -> None:
    """The hidden field refuses a robot; anyone who reads what was in it, and sends again, is taken.

    A browser may fill it in on every page anew, and what stands in it may be an answer.
    """
    client, filled = instance.client(), {**letter, "homepage": "Пишете на баба ми"}
    response = client.post(CONTACT, data=filled)
    page = page_of(response)
    assert response.status_code == 422
    assert "изпратете още веднъж" in said(response)
    assert "робот" not in said(response), "a telephone may have done it"
    assert page.find_class("written")[0].text == "Пишете на баба ми"
    assert page.get_element_by_id("homepage").get("value") == ""
    assert not page.xpath("//*[@id='errors']//a[@href='#homepage']")
    again = client.post(CONTACT, data=filled | carried(page) | {"writer": ""})
    assert again.status_code == 422
    assert client.post(CONTACT, data=filled | carried(page_of(again))).status_code == 303
    assert client.post(CONTACT, data=letter | carried(page) | {"name": "Ани"}).status_code == 303


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "https://opora.example"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "http://evil-localhost"}, 403),
    ],
)
def test_only_our_pages_may_post(
    instance: Instance, letter: dict[str, Any], headers: dict[str, str], status: int
) -> None:
    """Each rule for it stands in test_guard.py; ours are the host asked for and the site's own."""
    assert instance.client().post(CONTACT, data=letter, headers=headers).status_code == status


def test_beyond_the_limit_comes_one_more_step(instance: Instance, letter: dict[str, Any]) -> None:
    """The eleventh letter from one network in an hour waits a little, with answers and phone."""
    client = instance.client()
    neighbour = {"REMOTE_ADDR": "192.0.2.7"}
    for number in range(10):
        letter["name"] = str(number)
        assert client.post(CONTACT, data=letter, environ_base=neighbour).status_code == 303
    letter["name"] = "eleventh"
    refused = client.post(CONTACT, data=letter, environ_base={"REMOTE_ADDR": "192.0.2.200"})
    assert refused.status_code == 429
    assert letter["message"] in refused.get_data(as_text=True)
    assert "0373 9 10 76" in said(refused)
    other = client.post(CONTACT, data=letter, environ_base={"REMOTE_ADDR": "198.51.100.1"})
    assert other.status_code == 303


def ticket_of(response: Any) -> str:
    return str(page_of(response).xpath("//input[@name='ticket']/@value")[0])


def reference_of(client: Any, response: Any) -> str:
    assert response.status_code == 303
    return str(page_of(client.get(response.location)).find_class("reference")[0].text)


def test_step_says_when(instance: Instance, letter: dict[str, Any]) -> None:
    """Beyond the limit: how long to wait; early or wrong, nobody begins anew."""
    instance.toml = "messages_per_hour = 1\n" + instance.toml
    client = instance.client()
    assert client.post(CONTACT, data={**letter, "name": "first"}).status_code == 303
    asked = client.post(CONTACT, data=letter)
    assert (asked.status_code, asked.headers["Retry-After"]) == (429, "10")
    assert "Време за чакане: 10 секунди." in said(asked)
    assert "Това не е грешка и писмото ви е добре дошло." in said(asked)
    assert "идват много писма" not in said(asked), "not true: it is this network's"
    held = {**letter, "ticket": ticket_of(asked)}
    early = client.post(CONTACT, data=held)
    assert early.status_code == 429
    assert "още не е минало" in said(early)
    wrong = client.post(CONTACT, data={**held, "message": ""})
    assert wrong.status_code == 422
    assert ticket_of(early) == ticket_of(wrong) == held["ticket"]


def test_ripe_ticket_is_for_one_letter(instance: Instance, letter: dict[str, Any]) -> None:
    """It waits with a letter that could not be stored, and lets no second one through."""
    instance.toml = "messages_per_hour = 1\n" + instance.toml
    client, outbox = instance.client(), instance.outbox()
    first = client.post(CONTACT, data={**letter, "name": "first"})
    a_minute_ago = datetime.now(UTC) - timedelta(minutes=1)
    held = {**letter, "ticket": ExtraStep(1, SECRET)._new(10, a_minute_ago).ticket}
    with outbox.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON deliveries "
            "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
        )
    failed = client.post(CONTACT, data=held)
    assert (failed.status_code, ticket_of(failed)) == (503, held["ticket"])
    with outbox.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    through = reference_of(client, client.post(CONTACT, data=held))
    assert client.post(CONTACT, data={**held, "name": "other"}).status_code == 429
    # The same letters again are accepted already: neither limit nor step stands before them.
    assert reference_of(client, client.post(CONTACT, data=letter)) == through
    again = client.post(CONTACT, data={**letter, "name": "first"})
    assert reference_of(client, again) == reference_of(client, first)
    assert outbox.counts()["waiting"] == 2


def test_what_was_not_stored_does_not_count(instance: Instance, letter: dict[str, Any]) -> None:
    """Neither ten refusals of ours (503) nor repeats of one letter use up a place."""
    instance.toml = "messages_per_hour = 2\n" + instance.toml
    key = instance.folder / "centre.asc"
    away = key.rename(instance.folder / "away.asc")
    client = instance.client()
    for _ in range(10):
        assert client.post(CONTACT, data=letter).status_code == 503
    away.rename(key)
    for _ in range(10):
        assert client.post(CONTACT, data=letter).status_code == 303
    assert client.post(CONTACT, data={**letter, "name": "second"}).status_code == 303
    assert client.post(CONTACT, data={**letter, "name": "third"}).status_code == 429


def test_same_words_of_two_people_are_two_letters(
    instance: Instance, letter: dict[str, Any]
) -> None:
    """Another network never gets the first one's reference; the same network does."""
    client = instance.client()
    letter["message"] = "Моля, помогнете. Бият ме вкъщи."
    addresses = ("192.0.2.7", "192.0.2.8", "198.51.100.1", "2001:db8::1", "2001:db8:0:1::1")
    references = [
        reference_of(
            client, client.post(CONTACT, data=letter, headers={"X-Forwarded-For": address})
        )
        for address in addresses
    ]
    assert references[0] == references[1]
    assert len(set(references)) == len(addresses) - 1 == instance.outbox().counts()["waiting"]


def test_same_words_to_two_centres_are_two_letters(
    instance: Instance, letter: dict[str, Any]
) -> None:
    """Who writes to a second centre is answered there too."""
    del letter["services"]  # each centre has its own
    client = instance.client()
    first, second = (
        reference_of(client, client.post(f"/send/bg/{centre}/contact", data=letter))
        for centre in ("harmanli", "sopot")
    )
    assert first != second
    to = {
        centre: counts["waiting"]
        for (centre, _), counts in instance.outbox().by_recipient().items()
    }
    assert to == {"harmanli": 1, "sopot": 1}


@pytest.mark.parametrize(("proxies", "of_inner"), [(1, ""), (2, ", 198.51.100.9")])
def test_visitors_behind_proxies_have_limits_of_their_own(
    instance: Instance, letter: dict[str, Any], proxies: int, of_inner: str
) -> None:
    """The one address that counts is what the outermost proxy saw; what a visitor writes before
    it changes nothing."""
    toml = instance.toml.replace("trusted_proxies = 1", f"trusted_proxies = {proxies}")
    instance.toml = f"messages_per_hour = 1\n{toml}"
    client = instance.client()

    def sends(seen: str) -> int:
        sent = {**letter, "name": f"Мария {seen}"}
        way = {"X-Forwarded-For": f"{seen}{of_inner}"}
        return client.post(CONTACT, data=sent, headers=way).status_code

    said = ("192.0.2.7", "203.0.113.5", "192.0.2.8", "203.0.113.200, 192.0.2.9", "2001:db8::1")
    assert [sends(seen) for seen in said] == [303, 303, 429, 429, 303]


def test_callers_that_count_as_one_are_said_once(
    instance: Instance, letter: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    """A proxy that the settings do not know puts the world in one network; the log says so."""
    right = instance.client()
    instance.toml = instance.toml.replace("trusted_proxies = 1", "trusted_proxies = 0")
    for_all = instance.client()
    instance.toml = instance.toml.replace("trusted_proxies = 0", "trusted_proxies = 2")
    too_many = instance.client()
    for client, times in ((right, 0), (for_all, 1), (too_many, 1)):
        caplog.clear()
        for number in range(2):
            sent = {**letter, "name": str(number)}
            client.post(CONTACT, data=sent, headers={"X-Forwarded-For": "192.0.2.7"})
        assert caplog.text.count("all callers count as one network") == times


def test_wrong_forms_do_not_use_up_the_limit(instance: Instance, letter: dict[str, Any]) -> None:
    """Someone who fixes mistakes for a while can still send."""
    client = instance.client()
    for _ in range(12):
        assert client.post(CONTACT, data={}, content_type=FORM_TYPE).status_code == 422
    assert client.post(CONTACT, data=letter).status_code == 303


def test_far_too_much_is_refused(instance: Instance, letter: dict[str, Any]) -> None:
    """What nobody types gets a page of the site that says what to do, and whom to call."""
    response = instance.client().post(CONTACT, data={**letter, "message": "я" * 90_000})
    assert response.status_code == 413
    assert "40 страници" in said(response)
    assert 40 * 1800 * len(quote("я")) < instance.settings().largest_request_bytes
    assert "назад" not in said(response).lower(), "in some browsers the text is gone"
    assert "0373 9 10 76" in said(response)


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
    """Anyone who reloads or opens the address of a post comes to the empty form."""
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

    monkeypatch.setattr("contact_service.intake.new_reference", fault)
    response = instance.client().post(CONTACT, data=letter)
    assert response.status_code == 500
    assert "Нещо при нас не работи" in response.get_data(as_text=True)


HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=()"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "X-Robots-Tag": "noindex",
}


@pytest.mark.parametrize("path", [CONTACT, "/send/health", "/send/receipt/x", "/nothing"])
def test_headers_stand_on_every_answer(instance: Instance, path: str) -> None:
    """No cache, no referrer, nothing loaded from elsewhere, and never a cookie."""
    response = instance.client().get(path)
    of_content = {"Content-Type", "Content-Length", "Location"}
    assert {n: v for n, v in response.headers.items() if n not in of_content} == HEADERS


def test_receipt_address_tells_nothing(instance: Instance, letter: dict[str, Any]) -> None:
    """Neither reference, centre nor form can be read from the address, or from what it encodes."""
    client = instance.client()
    location = client.post(CONTACT, data=letter).location
    reference = page_of(client.get(location)).find_class("reference")[0].text
    assert reference
    token = location.rpartition("/")[2]
    said = location.encode() + base64.urlsafe_b64decode(token)
    assert [word for word in (reference, "harmanli", "contact") if word.encode() in said] == []


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
    with application(instance.settings(OPORA_DATABASE=away)) as app:
        response = app.test_client().post(CONTACT, data=letter)
        assert response.status_code == 503
        assert "116 111" in said(response)
        assert letter["message"] in response.get_data(as_text=True)
        assert app.test_client().get("/send/health").status_code == 503


BROKEN_CATALOGUES = {
    "another kind of file": lambda _: b"\xd0 not a catalogue",
    "rule for plurals": lambda text: text.replace(b"plural=", b"plural=__import__;", 1),
    "unknown charset": lambda text: text.replace(b"charset=utf-8", b"charset=klingon", 1),
    "strange charset": lambda text: text.replace(b"charset=utf-8", b"charset=rot13", 1),
}


@pytest.mark.parametrize("catalogue", BROKEN_CATALOGUES.values(), ids=BROKEN_CATALOGUES)
def test_a_page_or_a_language_that_is_broken_costs_itself_alone(
    instance: Instance,
    site: Path,
    tmp_path: Path,
    letter: dict[str, Any],
    catalogue: Callable[[bytes], bytes],
) -> None:
    """After a start with one page missing, one half written and one catalogue of another kind."""
    project = tmp_path / "project"
    shutil.copytree(site, project / "site")
    shutil.copytree(ROOT / "content", project / "content")
    shutil.copytree(ROOT / "locale", project / "locale")
    (project / "site/harmanli/nasochvane/index.html").unlink()
    (project / "site/sopot/pishete-ni/index.html").write_bytes(b"<!doctype html><title>\xff")
    words = project / "locale/uk.po"
    broken = catalogue(words.read_bytes())
    assert broken != words.read_bytes()
    words.write_bytes(broken)
    (project / "locale/ar.po").unlink()
    toml = instance.toml.replace(str(site), str(project / "site"))
    instance.toml = toml.replace(str(ROOT / "content"), str(project / "content"))
    client = instance.client()
    assert client.post("/send/bg/harmanli/contact", data=letter).status_code == 303
    assert client.post("/send/tr/harmanli/contact", data={}).status_code in (415, 422)
    for path in ("bg/harmanli/referral", "bg/sopot/contact", "uk/harmanli/contact"):
        answer = client.post(f"/send/{path}", data=letter)
        assert answer.status_code == 404
        assert "116" in answer.get_data(as_text=True)
