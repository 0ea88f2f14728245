"""A change is seen before it counts: its pages as they will be, and nothing of them stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import html
from lxml.html import HtmlElement
from werkzeug.test import TestResponse

from tests.support.editor import OURS, Desk, words

CONTACTS = "/harmanli/kontakti/"
NEW = "0373 9 10 77"
SHOWN = NEW.replace(" ", "\N{NO-BREAK SPACE}")


@pytest.fixture(scope="module")
def look(reading: Desk) -> HtmlElement:
    """The page on which a new telephone is looked at."""
    return html.fromstring(reading.changed(CONTACTS, phones__0__number=NEW).text)


def opened(desk: Desk, address: str) -> TestResponse:
    return desk.client.get(address, headers=OURS, follow_redirects=True)


def chosen(desk: Desk, look: HtmlElement, url: str, **more: str) -> TestResponse:
    """What the form beside the frame opens in it."""
    (form,) = look.xpath("//form[@target='pregled']")
    sent = dict(form.form_values()) | {"stranitsa": url} | more
    return desk.client.get(
        form.get("action"), query_string=sent, headers=OURS, follow_redirects=True
    )


def files(root: Path) -> dict[str, bytes]:
    return {str(file): file.read_bytes() for file in root.rglob("*") if file.is_file()}


def test_it_says_where_the_change_is_seen(look: HtmlElement) -> None:
    """On how many pages and sheets, and what each is called."""
    assert "Променя се на 21 страници, 4 листовки и 2 формуляра на хартия." in words(look)
    titles = [" ".join(one.text_content().split()) for one in look.xpath("//details//li")]
    assert len(titles) == 27
    assert any(title.startswith("Контакти – ЦОП Харманли") for title in titles)
    assert any(title.startswith("Карта за стената") and "(PDF)" in title for title in titles)


def test_each_page_is_there_as_it_will_be(reading: Desk, look: HtmlElement) -> None:
    """With the new telephone, and with links that stay in the preview; nothing is written."""
    before = files(reading.project.root)
    pages = [
        one
        for one in look.xpath("//select[@id='stranitsa']//option/@value")
        if not one.endswith(".pdf")
    ]
    for url in pages:
        answer = chosen(reading, look, url)
        assert answer.status_code == 200, url
        assert SHOWN in answer.text, url
    within = {link for link in html.fromstring(answer.text).xpath("//@href") if link[0] == "/"}
    assert within
    assert all("/pregled/" in link for link in within)
    assert files(reading.project.root) == before


def test_leaflet_is_a_picture_and_a_pdf(reading: Desk, look: HtmlElement) -> None:
    sheet = next(
        one
        for one in look.xpath("//select[@id='stranitsa']//option/@value")
        if one.endswith(".pdf")
    )
    answer = chosen(reading, look, sheet)
    pictures = html.fromstring(answer.text).xpath("//img")
    assert all(picture.get("alt") for picture in pictures)
    png = opened(reading, answer.request.path + pictures[0].get("src"))
    assert png.data.startswith(b"\x89PNG")
    assert opened(reading, f"{answer.request.path}?list=9").status_code == 404
    (link,) = [one for one in look.xpath("//details//@href") if sheet in one]
    assert opened(reading, link).data.startswith(b"%PDF")


@pytest.mark.parametrize(("colours", "scheme"), [("svetlo", "light"), ("tamno", "dark")])
def test_colours_are_as_chosen(colours: str, scheme: str, reading: Desk, look: HtmlElement) -> None:
    """Whatever the device asks for: the page and its style sheet know one scheme."""
    answer = chosen(reading, look, "/harmanli/", tsvetove=colours)
    page = html.fromstring(answer.text)
    assert page.xpath("//meta[@name='color-scheme']/@content") == [scheme]
    style = opened(reading, page.xpath("//link[@rel='stylesheet']/@href")[0]).text
    assert "prefers-color-scheme" not in style
    assert f"@media {'all' if scheme == 'dark' else 'not all'} {{" in style


def test_page_in_the_frame_reaches_nothing(reading: Desk, look: HtmlElement) -> None:
    """Its policy lets in style and pictures of the editor alone; only the editor may frame it."""
    (frame,) = look.xpath("//iframe")
    assert frame.get("sandbox") == ""
    for url in ("/harmanli/", "/harmanli/listovka-harmanli.pdf", "/nyama/"):
        assert chosen(reading, look, url).headers["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; "
            "base-uri 'none'; frame-ancestors 'self'; sandbox"
        )
    looked = reading.changed(CONTACTS, phones__0__number=NEW)
    assert looked.headers["Content-Security-Policy"].endswith("frame-src 'self'")


def test_only_the_centre_of_the_change_has_it(reading: Desk, look: HtmlElement) -> None:
    """Another centre's address, a name that nobody made, other colours, what is no page."""
    (form,) = look.xpath("//form[@target='pregled']")
    address = form.get("action")
    for wrong in (
        address.replace("/harmanli/", "/sopot/") + "svetlo/sopot/",
        "/harmanli/pregled/0123456789abcdef/svetlo/harmanli/",
        address + "zeleno/harmanli/",
        address + "svetlo/sopot/",
        address + "svetlo/..%2f..%2fcontent/site.yml",
        address + "svetlo/assets/..%2fmain.html",
        address + "svetlo/assets/../main.html",
        address + "svetlo/assets/%2e%2e/partials/header.html",
        address + "svetlo/listovka-harmanli.pdf",
    ):
        assert opened(reading, wrong).status_code == 404, wrong
    for strange in ("//evil.example/", "https://evil.example/", "", "\\evil"):
        answer = reading.client.get(address, query_string={"stranitsa": strange}, headers=OURS)
        assert answer.headers["Location"].startswith("/harmanli/pregled/")
