"""Only a page of the editor itself changes facts, and only those of its project."""

from __future__ import annotations

import re

import pytest
from lxml import html

from site_editor.web.app import LONGEST_BODY
from tests.support.editor import HOST, OURS, Desk, words

CONTACTS = "/harmanli/kontakti/"


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8010"},
        {"Host": "127.0.0.1:8011"},
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"},
        {"Origin": f"https://{HOST}"},
        {"Origin": "http://127.0.0.1:8000", "Sec-Fetch-Site": "same-site"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "null", "Sec-Fetch-Site": None},
        {"Origin": None, "Sec-Fetch-Site": None},
    ],
    ids=str,
)
def test_others_are_turned_away(headers: dict[str, str | None], reading: Desk) -> None:
    """A page elsewhere, and a name that was made to lead here: refused with a sentence."""
    fields = reading.fields(reading.get(CONTACTS))
    sent = {name: value for name, value in (OURS | headers).items() if value is not None}
    for path, data in ((CONTACTS, fields | {"do": "publish"}), ("/harmanli/oshte-e-vyarno/", {})):
        answer = reading.client.post(path, data=data, headers=sent)
        assert answer.status_code == 403
        assert "нищо не е променено" in words(answer)


@pytest.mark.parametrize(
    "host", ["..", "a..b", "x" * 300, "[" * 300, "a b", "x@y", "127.0.0.1:x", "", "<b>"]
)
def test_host_that_is_no_name_is_refused_in_words(host: str, reading: Desk) -> None:
    """Also where no address, and so no page with links, can be made of it."""
    for path in (CONTACTS, "/nyama/", "/"):
        answer = reading.client.get(path, headers=OURS | {"Host": host})
        assert answer.status_code in (400, 403)
        assert re.search("[а-я]", answer.text)


@pytest.mark.parametrize("path", ["oshte-e-vyarno", "promeni", "sayt"])
def test_button_without_our_token_does_nothing(path: str, reading: Desk) -> None:
    """Even from the right address: what no page of this run made is refused."""
    data = {"what": "checked_on", "version": "1", "token": "x"}
    answer = reading.client.post(f"/harmanli/{path}/", data=data, headers=OURS)
    assert answer.status_code == 403


def test_page_of_an_earlier_run_loses_nothing(reading: Desk) -> None:
    """What was typed before the editor was started anew is there, and is sent by the next press."""
    fields = reading.fields(reading.get(CONTACTS)) | {"phones-0-number": "0373 9 10 77"}
    answer = reading.press(CONTACTS, fields | {"token": "стар"}, "publish")
    assert "пускан наново" in words(answer)
    again = reading.fields(html.fromstring(answer.text))
    assert again["phones-0-number"] == "0373 9 10 77"
    assert "→" in words(reading.press(CONTACTS, again, "look"))


@pytest.mark.parametrize(
    "path",
    ["/sofia/", "/site/", "/harmanli.yml/", "/..%2fsite/", "/%2e%2e/", "/harmanli/nyama/"],
)
def test_nothing_else_is_reached(path: str, reading: Desk) -> None:
    """Only centres of the project and pages of the editor."""
    answer = reading.client.get(path, headers=OURS)
    assert answer.status_code == 404
    assert "Такава страница тук няма" in words(answer)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"base": "x" * (LONGEST_BODY + 1)}, 413),
        ({"base": "["}, 400),
        ({"base": "[]"}, 400),
        ({"base": "[" * 100_000}, 400),
        ({"base": '{"phones": 5, "email": []}'}, 400),
        ({"base": '{"email": 5}', "do": "look"}, 400),
        ({"base": '{"phones": [1, 2]}', "do": "look"}, 400),
        ({"base": '{"phones": [{"number": {}}]}', "do": "look"}, 400),
        ({"base": '{"email": {"address": "\\ud800"}}', "do": "look"}, 400),
        ({"phones": "x", "phones-0-number": "1"}, 200),
        ({"email": "x", "email-address": "1", "email-address-x": "2"}, 400),
        ({"do": "add:phones-0-number-x"}, 400),
        ({"do": "up:phones-9"}, 400),
        ({"do": "remove:"}, 200),
        ({"do": "add:__class__"}, 200),
        ({"phones-x-number": "1", "phones-0-from": "77777"}, 200),
        ({"-".join("a" * 50): "x"}, 200),
    ],
    ids=lambda one: str(one)[:40],
)
def test_what_no_page_sends_harms_nothing(
    fields: dict[str, str], status: int, reading: Desk
) -> None:
    """Bodies that nobody typed are refused or read as nothing; never a fault of ours."""
    before = reading.file().read_bytes()
    sent = reading.fields(reading.get(CONTACTS)) | fields
    answer = reading.press(CONTACTS, sent, fields.get("do", "edit"))
    assert answer.status_code == status
    words(answer)
    assert reading.file().read_bytes() == before


def test_headers_keep_pages_to_themselves(reading: Desk) -> None:
    """No script, nothing from elsewhere, in no frame, nothing old; on errors too."""
    for path in ("/", CONTACTS, "/nyama/", "/opora.css"):
        headers = reading.client.get(path, headers=OURS).headers
        assert headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
            "base-uri 'none'; frame-ancestors 'none'"
        )
        assert headers["Cache-Control"] == "no-cache"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
