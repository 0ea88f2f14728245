"""Who is let in: links that work once and end, sessions that end, and nobody else."""

from __future__ import annotations

from io import BytesIO

import pytest
from lxml import html

from site_editor.server.access import (
    LINK_LIVES,
    MOST,
    SESSION_LIVES,
    SESSION_SLEEPS,
    Access,
)
from site_editor.server.app import COOKIE
from tests.support.editor import words
from tests.support.remote_editor import HOST, OURS, Clock, Server

CONTACTS = "/harmanli/kontakti/"


def test_who_comes_first_chooses_a_centre_and_reads_the_same_whatever_is_sent(
    standing: Server,
) -> None:
    """Each centre of the site is there; for one that is none nothing is sent, and nobody learns
    that from the answer."""
    person = standing.person()
    page = html.fromstring(person.get("/").text)
    assert page.xpath("//input[@name='centre']/@value") == ["harmanli", "sopot"]
    standing.sent.clear()
    answers = [
        person.post("/vhod/", {"centre": name})
        for name in ("harmanli", "nyama", "", "../sopot", "sopot\n", "HARMANLI")
    ]
    assert standing.sent == ["harmanli"]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert "Вижте пощата" in words(answers[0])


def test_only_the_button_of_a_link_uses_it_up(standing: Server) -> None:
    """A program that looks into mails opens links, perhaps twice: the person still gets in, once;
    the second press, in any browser, gets nothing.
    """
    link = f"/vhod/{standing.access.new_link('harmanli')}"
    scanner, person = standing.person(), standing.person()
    for _ in range(2):
        looked = scanner.get(link)
        assert looked.status_code == 200
        assert scanner.cookie is None
    entered = person.post(link)
    assert (entered.status_code, entered.headers["Location"]) == (303, "/harmanli/")
    assert person.get("/harmanli/").status_code == 200
    for other in (standing.person(), person):
        again = other.post(link)
        assert again.status_code == 410
        assert "Поискайте нова" in words(again)
    assert scanner.get("/harmanli/").status_code == 403


def test_a_link_says_nothing_of_itself_before_it_is_used(standing: Server) -> None:
    """A link that was never made looks the same as a good one."""
    person = standing.person()
    good = person.get(f"/vhod/{standing.access.new_link('sopot')}")
    other = person.get("/vhod/AAAAAAAAAAAAAAAAAAAAAA")
    assert (good.status_code, good.text) == (other.status_code, other.text)


@pytest.mark.parametrize(
    "token", ["AAAAAAAAAAAAAAAAAAAAAA", "x", "%D8", "%ff%fe", "х" * 300, "..%2fharmanli", "%00"]
)
def test_a_guessed_link_lets_nobody_in(standing: Server, token: str) -> None:
    person = standing.person()
    assert person.post(f"/vhod/{token}").status_code in (403, 404, 410)
    assert person.cookie is None


def test_a_link_ends(at_server: Server) -> None:
    """After its quarter of an hour, to the second."""
    for age, status in ((LINK_LIVES - 1, 303), (LINK_LIVES, 410)):
        link = f"/vhod/{at_server.access.new_link('harmanli')}"
        at_server.clock.now += age
        assert at_server.person().post(link).status_code == status


@pytest.mark.parametrize(
    ("visits", "status"),
    [
        ([SESSION_SLEEPS - 1], 200),
        ([SESSION_SLEEPS], 403),
        ([SESSION_SLEEPS - 1] * 8, 200),
        ([SESSION_SLEEPS - 1] * 8 + [SESSION_SLEEPS - 1], 403),
    ],
    ids=["awake", "asleep", "all day", "too long"],
)
def test_a_session_ends(at_server: Server, visits: list[int], status: int) -> None:
    """An hour after the last page, and eight after the entry whatever is done."""
    assert SESSION_LIVES == 8 * SESSION_SLEEPS
    person = at_server.person("harmanli")
    for seconds in visits:
        at_server.clock.now += seconds
        last = person.get("/harmanli/")
    assert last.status_code == status


def test_cookie_is_for_this_host_over_https_alone(standing: Server) -> None:
    """No script reads it, no other site's page sends it, and it ends with the browser."""
    person = standing.person()
    entered = person.post(f"/vhod/{standing.access.new_link('harmanli')}")
    name, *attributes = entered.headers["Set-Cookie"].split("; ")
    assert name.startswith(f"{COOKIE}=") and COOKIE.startswith("__Host-")
    assert sorted(attributes) == ["HttpOnly", "Path=/", "SameSite=Strict", "Secure"]


def test_who_enters_again_ends_the_session_before(standing: Server) -> None:
    person = standing.person("harmanli")
    first = person.cookie or ""
    person.post(f"/vhod/{standing.access.new_link('sopot')}")
    assert standing.access.session(first) is None
    assert person.get("/sopot/").status_code == 200


def test_exit_ends_the_session_for_every_copy_of_its_cookie(standing: Server) -> None:
    """„Изход“ stands on each page; a cookie that somebody kept opens nothing afterwards."""
    person = standing.person("harmanli")
    kept = person.cookie or ""
    page = html.fromstring(person.get(CONTACTS).text)
    (form,) = page.xpath("//form[.//button[normalize-space()='Изход']]")
    left = person.post(form.get("action"), dict(form.form_values()))
    assert "Излязохте" in words(left)
    assert person.cookie is None
    assert standing.access.session(kept) is None
    assert person.get("/harmanli/").status_code == 403


def test_a_page_elsewhere_lets_nobody_out(standing: Server) -> None:
    person = standing.person("harmanli")
    assert person.post("/izhod/", {"token": "x"}).status_code == 403
    other = standing.person("harmanli").token(CONTACTS)
    assert person.post("/izhod/", {"token": other}).status_code == 403
    assert person.get("/harmanli/").status_code == 200


def test_link_from_a_webmail_leads_on(standing: Server) -> None:
    """A strict cookie is not sent when a page of another site leads here. Who is let in already
    has a link of ours to press, with which it is sent; others see how to come in.
    """
    page = html.fromstring(standing.person().get(CONTACTS, **{"Sec-Fetch-Site": "cross-site"}).text)
    assert page.xpath("//main//a/@href") == [CONTACTS]
    typed = html.fromstring(standing.person().get(CONTACTS, **{"Sec-Fetch-Site": "none"}).text)
    assert typed.xpath("//main//a/@href") == []


def test_what_was_typed_outlives_the_session(at_server: Server) -> None:
    """The page that says that it has ended holds all fields; sent again from a new session, they
    are in the form.
    """
    person = at_server.person("harmanli")
    page = html.fromstring(person.get(CONTACTS).text)
    (form,) = page.xpath("//form[.//input[@name='base']]")
    fields = dict(form.form_values()) | {"phones-0-number": "0373 9 10 77", "do": "publish"}
    at_server.clock.now += SESSION_LIVES
    ended = person.post(CONTACTS, fields)
    assert ended.status_code == 403
    assert "не е изгубено" in words(ended)
    person.post(f"/vhod/{at_server.access.new_link('harmanli')}")
    (form,) = html.fromstring(ended.text).xpath("//main//form")
    assert form.get("action") is None  # to the same page
    again = html.fromstring(person.post(CONTACTS, dict(form.form_values())).text)
    (number,) = again.xpath("//input[@name='phones-0-number']/@value")
    assert number == "0373 9 10 77"
    (form,) = again.xpath("//form[.//input[@name='base']]")
    looked = person.post(CONTACTS, dict(form.form_values()) | {"do": "look"})
    assert "→" in words(looked)


def test_photographs_of_strangers_are_not_read(standing: Server) -> None:
    """They come in pieces, for the web server cannot hold them: who sends slowly, and is not let
    in, would keep the editor from others.
    """

    class Slow(BytesIO):
        def read(self, *_: object) -> bytes:
            raise AssertionError("read")

        readinto = readline = read  # type: ignore[assignment]

    answer = standing.person().client.post(
        "/harmanli/snimki/",
        base_url=f"https://{HOST}",
        headers=OURS,
        input_stream=Slow(),
        content_length=1_000,
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code == 403


def test_tokens_of_forms_are_each_sessions_own(standing: Server) -> None:
    """What one session's page carries is no other's, not even of the same centre."""
    first, second = standing.person("harmanli"), standing.person("harmanli")
    assert first.token(CONTACTS) == first.token(CONTACTS)
    assert first.token(CONTACTS) != second.token(CONTACTS)
    data = {"what": "checked_on", "token": second.token(CONTACTS)}
    assert first.post("/harmanli/oshte-e-vyarno/", data).status_code == 403
    assert (first.cookie or "-") not in first.get(CONTACTS).text


def test_only_hashes_are_kept() -> None:
    """Who reads this process's tables finds nothing to enter with."""
    access = Access(Clock())
    link, used = access.new_link("harmanli"), access.new_link("sopot")
    key = access.enter(used)
    assert key
    kept = repr(vars(access))
    assert not [secret for secret in (link, used, key, access.form_token(key)) if secret in kept]


def test_memory_is_bounded() -> None:
    """Who has very many links made pushes old ones out, and fills nothing."""
    access = Access(Clock())
    links = [access.new_link("harmanli") for _ in range(MOST + 1)]
    assert access.enter(links[0]) is None
    assert access.enter(links[-1])


def test_what_is_wrong_with_files_is_told_to_ones_own_people_alone(at_server: Server) -> None:
    """Facts that cannot be read are named to who is in; others are asked to come again."""
    person = at_server.person("harmanli")
    (at_server.project.content / "centres" / "harmanli.yml").write_text("id: harmanli\nphones: [\n")
    for path in ("/", CONTACTS):
        answer = at_server.person().get(path)
        assert answer.status_code == 409
        assert "Сега не може да се влезе" in words(answer)
        assert "yml" not in answer.text and "phones" not in answer.text
    told = person.get("/harmanli/")
    assert (told.status_code, "harmanli.yml" in told.text) == (409, True)
