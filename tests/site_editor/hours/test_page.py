"""The page of opening hours: a week's table in words, with what readers will see below it."""

from __future__ import annotations

import re

import pytest
from lxml import html
from lxml.html import HtmlElement
from werkzeug.datastructures import MultiDict

from site_editor.sections import SECTIONS
from site_editor.web.filled import Filled
from tests.support.editor import Desk, words

PAGE = "/harmanli/rabotno-vreme/"
OSM = "opening_hours-osm"
SYNTAX = re.compile(r"\b(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|off|Aug|OpenStreetMap|osm|by appointment)\b")


def with_hours(desk: Desk, hours: str) -> None:
    """Write hours into the centre's file."""
    said = f"opening_hours: {{osm: '{hours}', source: '000_cee4bc3b0dd5abd9.txt:3'}} # по телефона"
    with desk.file().open("a") as file:
        file.write(f"{said}\n")


def read_as(page: HtmlElement) -> list[str]:
    """The lines that readers will see, as the page says."""
    lines = page.xpath("//p[contains(., 'Хората ще прочетат')]/following-sibling::ul[1]/li")
    return [" ".join(line.text_content().split()) for line in lines]


def test_week_is_typed_once_and_written(at_desk: Desk) -> None:
    """Monday's hours go to all working days by one button; closed days, holidays and a day by
    appointment beside them; the file gets the hours, the page says them in words.
    """
    fields = at_desk.fields(at_desk.get(PAGE)) | {
        f"{OSM}-mo-start": "9",
        f"{OSM}-mo-end": "12.30",
        f"{OSM}-mo-again": "13",
        f"{OSM}-mo-until": "17",
        f"{OSM}-sa-state": "appointment",
        f"{OSM}-ph-state": "off",
    }
    answer = at_desk.press(PAGE, fields, f"same:{OSM}")
    answer = at_desk.press(PAGE, at_desk.fields(html.fromstring(answer.text)), f"add:{OSM}-closed")
    fields = at_desk.fields(html.fromstring(answer.text))
    assert fields[f"{OSM}-fr-until"] == "17"
    fields |= {f"{OSM}-closed-0-first": "24.12", f"{OSM}-closed-0-last": "2 януари"}
    shown = at_desk.press(PAGE, fields, "edit")
    lines = [
        "Понеделник – петък: 09:00–12:30, 13:00–17:00",
        "Събота: по уговорка",
        "24 декември – 2 януари: затворено",
        "Официални празници: затворено",
    ]
    assert read_as(html.fromstring(shown.text)) == lines
    looked = at_desk.press(PAGE, fields, "look")
    assert "; ".join(lines) in words(looked)
    assert not SYNTAX.search(words(looked))
    sent = at_desk.fields(html.fromstring(looked.text)) | {"origin-post": "психолог"}
    published = at_desk.press(PAGE, sent, "publish")
    assert published.status_code == 303, words(published)
    written = 'Mo-Fr 09:00-12:30,13:00-17:00; Sa "by appointment"; Dec 24-Jan 2 off; PH off'
    assert written in at_desk.file().read_text()
    assert read_as(at_desk.get(PAGE)) == lines
    assert not SYNTAX.search(words(at_desk.get("/harmanli/promeni/")))


@pytest.mark.parametrize("hours", ["Fr,Mo  9:00-17:00;PH off", "Mo-Fr 22:00-02:00", "24/7"])
def test_what_was_not_touched_keeps_its_bytes(at_desk: Desk, hours: str) -> None:
    """Hours spelled otherwise, or that no table can say, stay while the words beside change."""
    with_hours(at_desk, hours)
    fields = at_desk.fields(at_desk.get(PAGE))
    assert "Нищо не е променено" in words(at_desk.press(PAGE, fields, "look"))
    typed = MultiDict(fields | {"opening_hours-text": "Обадете се преди това."})
    editor = at_desk.client.application.extensions["editor"]
    filled = Filled.of_form(editor.file("harmanli"), SECTIONS[1], typed)
    draft = filled.draft(editor.waiting(), with_origin=False)
    assert draft
    text = "\n".join(draft.news.values())
    assert f"osm: '{hours}'" in text
    assert "# по телефона" in text


def test_hours_of_no_table_are_in_words_until_cleared(at_desk: Desk) -> None:
    """A night is said in words and no field holds it; one press makes way for a table."""
    with_hours(at_desk, "Mo-Fr 22:00-02:00")
    page = at_desk.get(PAGE)
    assert read_as(page) == ["Понеделник – петък: 22:00–02:00 на другия ден"]
    assert not SYNTAX.search(words(page))
    assert not page.xpath(f"//input[@name='{OSM}-mo-start']")
    answer = at_desk.press(PAGE, at_desk.fields(page), f"clear:{OSM}")
    fields = at_desk.fields(html.fromstring(answer.text))
    assert fields[f"{OSM}-mo-start"] == ""
    answer = at_desk.press(PAGE, fields | {"opening_hours-text": "Всяка нощ."}, "look")
    assert "маха се „Понеделник – петък: 22:00–02:00 на другия ден“" in words(answer)


def test_slip_stands_beside_its_field(reading: Desk) -> None:
    """The sentence is at the hour, and what was typed stays."""
    answer = reading.changed(
        PAGE, opening_hours__osm__tu__start="9", opening_hours__osm__tu__end="8"
    )
    page = html.fromstring(answer.text)
    assert answer.status_code == 422
    (link,) = page.xpath("//div[contains(@class, 'error-summary')]//a")
    assert link.get("href") == f"#{OSM}-tu-end"
    (field,) = page.xpath(f"//input[@id='{OSM}-tu-end']")
    assert (field.get("value"), field.get("aria-invalid")) == ("8", "true")


def test_no_syntax_on_the_page(reading: Desk) -> None:
    """Neither titles nor explanations name codes of the file."""
    assert not SYNTAX.search(words(reading.get(PAGE)))
