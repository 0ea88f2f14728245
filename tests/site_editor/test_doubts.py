"""What looks odd is asked about once, and what goes with a removed fact is named before it goes."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import html

from site_editor.doubts import consequences, doubts, says_another
from site_model.content import Content
from site_model.facts.centre import Centre
from tests.support.editor import Desk, Fields, words

TODAY = date(2026, 11, 22)
SOURCE = "000_cee4bc3b0dd5abd9.txt:3"
NOTICE = {"text": {"bg": "Ремонт."}, "source": SOURCE}
HISTORY = {
    "text": {"bg": "Помагаме на:\n•\tдеца\n•\tродители"},
    "as_of": "2007",
    "source": SOURCE,
}
NOTICES = "/harmanli/saobshteniya/"
CONTACTS = "/harmanli/kontakti/"
NEW = "0373 9 10 77"


def changed(centre: Centre, **fields: object) -> Centre:
    return Centre.model_validate(centre.model_dump(mode="json") | fields)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"notices": [NOTICE | {"until": "2026-11-21"}]}, "мина"),
        (
            {"notices": [NOTICE | {"text": {"bg": "Не приемаме."}, "until": "2026-12-24"}]},
            "Затворено ли е",
        ),
        ({"opening_hours": {"osm": "2026 Dec 24 off", "source": SOURCE}}, "кога е отворено"),
        ({"opening_hours": {"text": {"bg": "8.30-17.00"}, "source": SOURCE}}, "за кои дни"),
        ({"opening_hours": {"text": {"bg": "от 9 до 17 ч."}, "source": SOURCE}}, "за кои дни"),
        (
            {"history": [HISTORY]},
            "изброяване на отделни редове",
        ),
    ],
)  # fmt: skip
def test_odd_facts_are_doubted(content: Content, fields: dict[str, object], sentence: str) -> None:
    """Once: where they stand already, nobody is asked again."""
    centre = content.centres["harmanli"]
    new = changed(centre, **fields)
    (said,) = doubts(centre, new, TODAY)
    assert sentence in said
    assert doubts(new, new, TODAY) == ()


@pytest.mark.parametrize(
    "hours",
    ["В делник от 9 до 17 часа.", "Всеки ден 9-17", "пн-пт 8.30-17.00", "Обадете се.", "Ср. 9-12"],
)
def test_hours_with_days_are_not_doubted(content: Content, hours: str) -> None:
    """Nor words that tell no hours."""
    centre = content.centres["harmanli"]
    new = changed(centre, opening_hours={"text": {"bg": hours}, "source": SOURCE})
    assert doubts(centre, new, TODAY) == ()


def test_what_goes_with_a_fact_is_named(content: Content) -> None:
    """The page of a removed service, and the translations of what is removed."""
    centre = content.centres["sopot"]
    left = centre.model_copy(update={"services": centre.services[1:], "programmes": ()})
    page, translations = consequences(centre, left)
    assert centre.services[0].name.to("bg") in page
    assert "преводите на махнатото: арабски, английски" in translations
    assert consequences(centre, centre) == ()


@pytest.mark.parametrize(
    ("line", "value", "another"),
    [
        ("тел. 0373/91077, факс 5", NEW, False),
        ("Телефон: 0373 9 10 76", NEW, True),
        ("Работим с деца и семейства.", "Помагаме на деца.", False),
        ("Адрес: ул. „Тракия“ 1", "Помагаме на деца.", True),
        ("каквото и да е", "да", False),
    ],
)
def test_document_is_compared_by_numbers_and_words(line: str, value: str, *, another: bool) -> None:
    """However a number is spaced, and however a word is inflected."""
    assert says_another(line, value) is another


def looked_at(desk: Desk, path: str, fields: Fields) -> Fields:
    answer = desk.press(path, fields, "look")
    assert answer.status_code == 200, words(answer)
    return desk.fields(html.fromstring(answer.text))


def test_day_that_is_over_is_asked_about_once(reading: Desk) -> None:
    """The question stands above „Публикувай“; a service that others name is named in words."""
    added = reading.press(NOTICES, reading.fields(reading.get(NOTICES)), "add:notices")
    fields = reading.fields(html.fromstring(added.text))
    fields |= {"notices-0-text": "Ремонт.", "notices-0-until": "21.11.2026"}
    answer = reading.press(NOTICES, fields, "look")
    assert "Наистина ли?" in words(answer)
    assert "21.11.2026 и вече мина" in words(answer)
    sent = looked_at(reading, NOTICES, fields)
    assert "мина" in sent["sure"]


def test_document_that_says_another_thing_is_asked_about(at_desk: Desk) -> None:
    """Not published at first; pressed again it is."""
    before = at_desk.file().read_bytes()
    looked = looked_at(
        at_desk, CONTACTS, at_desk.fields(at_desk.get(CONTACTS)) | {"phones-0-number": NEW}
    )
    looked |= {
        "origin-kind": "document",
        "origin-file": "000_cee4bc3b0dd5abd9.txt",
        "origin-lines": "1",
    }
    answer = at_desk.press(CONTACTS, looked, "publish")
    assert answer.status_code == 200
    assert "Наистина ли?" in words(answer) and f"не прилича на „{NEW}“" in words(answer)
    assert at_desk.file().read_bytes() == before
    again = at_desk.fields(html.fromstring(answer.text))
    assert at_desk.press(CONTACTS, again, "publish").status_code == 303


@pytest.mark.parametrize(
    ("path", "what", "named"),
    [
        ("/sopot/uslugi/", "services-0", "Маха се и страницата на услугата"),
        (
            "/sopot/na-kogo-pomagame/",
            "target_groups-0",
            "„Срещи, разговори и консултации“: „Деца и",
        ),
    ],
)
def test_what_hangs_on_a_removed_fact_is_named(
    reading: Desk, path: str, what: str, named: str
) -> None:
    """By what people call it, on whatever page it stands, before anything is written."""
    removed = reading.press(path, reading.fields(reading.get(path)), f"remove:{what}")
    looked = reading.press(path, reading.fields(html.fromstring(removed.text)), "look")
    assert named in words(looked)
    assert not any("_" in word for word in words(looked).split())
