"""The editor's pages: what to do, a section as a form, and its change before it counts."""

from __future__ import annotations

import difflib
import shutil
from dataclasses import replace
from datetime import date

import pytest
import yaml
from lxml import html

from site_editor.sections import SECTIONS
from site_editor.web.app import create_app
from site_model.loading import loader
from site_model.loading.yaml_lines import Parsed, parse_yaml
from tests.support.editor import HOST, OURS, Desk, words

CONTACTS = "/harmanli/kontakti/"
NEW = "0373 9 10 77"
SHOWN = NEW.replace(" ", "\N{NO-BREAK SPACE}")


def changed_lines(before: str, after: str) -> list[str]:
    """What went, then what came."""
    lines = list(difflib.ndiff(before.splitlines(), after.splitlines()))
    return [line for sign in "-+" for line in lines if line.startswith(sign)]


def test_centres_are_chosen_first(at_desk: Desk) -> None:
    """Of several centres a person chooses one; each leads to what is to be done there."""
    page = at_desk.get("/")
    assert page.xpath("//main//a/@href") == ["/harmanli/", "/sopot/", "/_nov-tsentar/"]
    at_desk.file("sopot").unlink()
    answer = at_desk.client.get("/", headers=OURS)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/harmanli/")


def test_what_a_build_has_read_is_not_read_again(
    at_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An editor that starts shows its first page at once; only a file that changed is parsed."""
    parsed: list[str] = []

    def noted(text: str) -> Parsed:
        parsed.append(text)
        return parse_yaml(text)

    monkeypatch.setattr(loader, "parse_yaml", noted)
    at_desk.get("/")
    assert parsed == []
    changed = at_desk.file().read_text().replace("0373 9 10 76", NEW)
    at_desk.file().write_text(changed)
    at_desk.get("/")
    assert parsed == [changed]


def test_first_page_says_what_to_do(at_desk: Desk) -> None:
    """What is missing with its question, the important first; each leads to its page."""
    page = at_desk.get("/harmanli/")
    asked = [" ".join(item.text_content().split()) for item in page.xpath("//main//ul[last()]/li")]
    starred = [item.startswith("★") for item in asked]
    assert starred == sorted(starred, reverse=True)
    assert any(starred) and not all(starred)
    assert "На коя улица и номер сте" in words(page)
    assert CONTACTS in page.xpath("//main//li/a/@href")
    assert "Нищо не е просрочено" in words(page)
    assert ".yml" not in words(page)


def test_first_page_says_what_is_overdue_and_what_ends(at_desk: Desk) -> None:
    """A check that is late has a button; a notice says its last day, one that has run out too."""
    notice = '  - {text: {bg: "%s"}, until: %s, source: "000_cee4bc3b0dd5abd9.txt:3"}\n'
    with at_desk.file().open("a") as file:
        file.write("notices:\n" + notice % ("Ремонт.", "2028-01-09"))
        file.write(notice % ("Старо.", "2027-01-09"))
    day = date(2027, 12, 20)
    app = create_app(lambda: replace(at_desk.project, today=day), {HOST})
    late = Desk(at_desk.project, app.test_client()).get("/harmanli/")
    assert "всичко за центъра: трябваше до" in words(late)
    assert late.xpath("//button")[0].text_content() == "Още е вярно: всичко за центъра"
    assert "09.01.2028: Ремонт." in words(late)
    assert "изтече на 09.01.2027" in words(late)


@pytest.mark.parametrize("centre", ["harmanli", "sopot"])
def test_every_section_opens_and_tells_nothing_new(centre: str, reading: Desk) -> None:
    """Each page shows its facts; sent as it is, it changes nothing."""
    before = reading.file(centre).read_bytes()
    for section in SECTIONS:
        answer = reading.changed(f"/{centre}/{section.slug}/")
        assert answer.status_code == 200
        assert "Нищо не е променено" in words(answer)
    assert reading.file(centre).read_bytes() == before


def test_items_are_added_moved_and_removed_with_all_that_was_typed(reading: Desk) -> None:
    """Plain buttons change the list; what was typed anywhere on the page stays."""
    fields = reading.fields(reading.get(CONTACTS)) | {"address-text": "ул. Изворна 5"}
    (add,) = reading.get(CONTACTS).xpath("//button[@value='add:phones']")
    assert add.get("formaction") == "#phones-1"  # where the browser goes
    added = html.fromstring(reading.press(CONTACTS, fields, "add:phones").text)
    again = reading.press(CONTACTS, reading.fields(added), "add:phones")
    for page in (added, html.fromstring(again.text)):  # pressed twice there is still one
        assert len(page.xpath("//fieldset[starts-with(@id, 'phones-')]")) == 2
        assert page.xpath("//button[@value='add:phones']/@formaction") == ["#phones-1"]
    fields = reading.fields(added) | {"phones-1-number": "0888 123 456"}
    fields = reading.fields(html.fromstring(reading.press(CONTACTS, fields, "up:phones-1").text))
    assert (fields["phones-0-number"], fields["phones-0-from"]) == ("0888 123 456", "")
    assert (fields["phones-1-number"], fields["phones-1-from"]) == ("0373 9 10 76", "0")
    assert fields["address-text"] == "ул. Изворна 5"
    gone = reading.press(CONTACTS, fields, "remove:phones-1")
    fields = reading.fields(html.fromstring(gone.text))
    assert "phones-1-number" not in fields
    assert fields["phones-0-number"] == "0888 123 456"


def test_what_is_told_for_the_first_time_was_checked_today(at_desk: Desk) -> None:
    """A new programme does not begin with the day on which the centre was checked last."""
    path = "/harmanli/programi/"
    fields = at_desk.fields(at_desk.get(path))
    fields = at_desk.fields(html.fromstring(at_desk.press(path, fields, "add:programmes").text))
    (name,) = [one for one in fields if one.endswith("-name") and not fields[one]]
    fields |= {name: "Нова програма", name.replace("-name", "-summary"): "За родители."}
    fields |= {"origin-kind": "person", "origin-post": "психолог", "origin-day": "22.11.2026"}
    answer = at_desk.press(path, fields, "publish")
    assert answer.status_code == 303, words(answer)
    programmes = yaml.safe_load(at_desk.file().read_text())["programmes"]
    (new,) = [one for one in programmes if one["name"]["bg"] == "Нова програма"]
    assert new["checked_on"] == "2026-11-22"


def test_change_is_shown_in_words_before_it_counts(reading: Desk) -> None:
    """The page says what was and what will be, asks where it is from, and writes nothing."""
    before = reading.file().read_bytes()
    answer = reading.changed(CONTACTS, phones__0__number=NEW)
    assert "„0373 9 10 76“ → „0373 9 10 77“" in words(answer)
    assert "Откъде знаем това?" in words(answer)
    assert reading.file().read_bytes() == before
    back = reading.press(CONTACTS, reading.fields(html.fromstring(answer.text)), "edit")
    assert reading.fields(html.fromstring(back.text))["phones-0-number"] == NEW


@pytest.mark.parametrize(
    ("path", "name", "typed", "sentence"),
    [
        (CONTACTS, "phones-0-number", "0373 9", "0373 9"),
        (CONTACTS, "email-address", "няма", "имейл"),
        ("/harmanli/chisla/", "capacity-value", "много", "не е цяло число"),
        ("/harmanli/chisla/", "capacity-unit", "", "липсва"),
        ("/harmanli/rabotno-vreme/", "opening_hours-osm-mo-start", "все", "не е час"),
        ("/harmanli/istoriya/", "history-0-as_of", "32.13.2020", "не е дата"),
    ],
)
def test_fault_stands_beside_its_field(
    reading: Desk, path: str, name: str, typed: str, sentence: str
) -> None:
    """What the facts may not say is told in Bulgarian at the field, with all that was typed."""
    before = reading.file().read_bytes()
    fields = reading.fields(reading.get(path)) | {name: typed}
    answer = reading.press(path, fields, "look")
    page = html.fromstring(answer.text)
    assert answer.status_code == 422
    (field,) = page.xpath(f"//*[@name='{name}' and @aria-invalid='true']")
    said = [page.get_element_by_id(id).text for id in field.get("aria-describedby").split()]
    assert sentence in said[-1].casefold()
    (label,) = page.xpath(f"//label[@for='{name}']")
    (link,) = page.xpath(f"//*[@class='error-summary']//a[@href='#{name}']")
    assert link.text_content().startswith(f"{label.text.strip()}: ")
    assert reading.fields(page) == fields | {"token": fields["token"]}
    assert reading.file().read_bytes() == before


def test_fault_of_an_item_stands_beside_the_item(reading: Desk) -> None:
    """A notice that closes the centre without saying from when is told at the notice."""
    path = "/harmanli/saobshteniya/"
    added = reading.press(path, reading.fields(reading.get(path)), "add:notices")
    fields = reading.fields(html.fromstring(added.text))
    fields |= {"notices-0-text": "Ремонт.", "notices-0-until": "24.12.2026"}
    answer = reading.press(path, fields | {"notices-0-closed": "yes"}, "look")
    page = html.fromstring(answer.text)
    (said,) = page.xpath("//fieldset[@id='notices-0']/p[@class='error']")
    assert "от кой ден" in said.text


def test_markup_stays_text(reading: Desk) -> None:
    """What looks like HTML is shown as it was typed, on every page of its way."""
    evil = '<script>alert(1)</script>"><img src=x onerror=alert(1)>'
    answer = reading.changed(CONTACTS, address__text=evil.replace('"', ""))
    assert "<script" not in answer.text
    assert "&lt;script&gt;" in answer.text
    back = reading.press(CONTACTS, reading.fields(html.fromstring(answer.text)), "edit")
    assert "<script" not in back.text
    lonely = reading.changed(CONTACTS, address__text=evil)
    assert lonely.status_code == 422
    assert "<script" not in lonely.text


def test_source_is_asked_for(reading: Desk) -> None:
    """Without a post, a day or a line there is no publishing; each is told at its field."""
    looked = reading.fields(html.fromstring(reading.changed(CONTACTS, phones__0__number=NEW).text))
    for typed, sentence in (
        ({"origin-post": ""}, "длъжността"),
        ({"origin-post": "психолог", "origin-day": "утре"}, "напишете деня"),
        ({"origin-post": "психолог", "origin-day": "23.11.2026"}, "още не е дошъл"),
        ({"origin-kind": "document"}, "изберете документа"),
        (
            {
                "origin-kind": "document",
                "origin-file": "000_cee4bc3b0dd5abd9.txt",
                "origin-lines": "999",
            },
            "999",
        ),
    ):
        answer = reading.press(CONTACTS, looked | typed, "publish")
        assert answer.status_code == 422
        assert sentence in words(answer).casefold()
        assert reading.fields(html.fromstring(answer.text))["phones-0-number"] == NEW
    assert NEW not in reading.file().read_text()


def test_published_change_is_in_file_source_and_page(at_desk: Desk) -> None:
    """Only the lines that changed differ, and not the day on which all was checked; the source
    line says who told it when; the page has it, and „Върни“ brings the file back to the sign.
    """
    before = at_desk.file().read_text()
    answer = at_desk.published(CONTACTS, phones__0__number=NEW)
    assert answer.status_code == 303, words(answer)
    after = at_desk.file().read_text()
    (source,) = (at_desk.project.content / "sources").glob("harmanli*.txt")
    assert changed_lines(before, after) == [
        "-   - number: 0373 9 10 76",
        "-     source: 000_cee4bc3b0dd5abd9.txt:3",
        f"+   - number: {NEW}",
        f"+     source: {source.name}:2",
    ]
    told, fact = source.read_text().splitlines()
    assert "социален работник" in told and "22.11.2026" in told
    assert NEW in fact
    front = at_desk.project.site / "harmanli" / "index.html"
    assert SHOWN in front.read_text()

    page = at_desk.get(answer.headers["Location"])
    assert "Публикувано" in words(page) and NEW in words(page)
    (version,) = page.xpath("//input[@name='version']/@value")
    token = page.xpath("//input[@name='token']/@value")[0]
    sent = {"token": token, "version": version}
    back = at_desk.client.post("/harmanli/promeni/", data=sent, headers=OURS)
    assert back.status_code == 303, words(back)
    assert at_desk.file().read_text() == before
    assert not source.exists()
    assert SHOWN not in front.read_text()


def test_document_is_named_as_the_source(at_desk: Desk) -> None:
    """A fact that a document says names its file and line; no text is written beside."""
    looked = at_desk.fields(html.fromstring(at_desk.changed(CONTACTS, phones__0__number=NEW).text))
    looked |= {"origin-kind": "document", "origin-file": "000_cee4bc3b0dd5abd9.txt"}
    looked |= {"origin-lines": "5"}
    asked = at_desk.press(CONTACTS, looked, "publish")
    assert "не прилича на" in words(asked)  # the line has another number
    answer = at_desk.press(CONTACTS, at_desk.fields(html.fromstring(asked.text)), "publish")
    assert answer.status_code == 303, words(answer)
    assert (
        "number: 0373 9 10 77\n    source: 000_cee4bc3b0dd5abd9.txt:5" in at_desk.file().read_text()
    )
    assert not list((at_desk.project.content / "sources").glob("harmanli*"))


def test_still_true_in_one_press(at_desk: Desk) -> None:
    """The day of checking is today's, and nothing else changes; a day that was set and has come
    is gone.
    """
    file = at_desk.file()
    text = file.read_text().replace(
        "checked_on: 2026-11\n", "checked_on: 2026-01\nnext_check: 2026-11-01\n", 1
    )
    file.write_text(text)
    page = at_desk.get("/harmanli/")
    (form,) = page.xpath("//form[.//button[contains(., 'всичко за центъра')]]")
    answer = at_desk.client.post(form.get("action"), data=dict(form.form_values()), headers=OURS)
    assert answer.status_code == 303, words(answer)
    assert changed_lines(text, file.read_text()) == [
        "- checked_on: 2026-01",
        "- next_check: 2026-11-01",
        "+ checked_on: 2026-11-22",
    ]
    assert "Нищо не е просрочено" in words(at_desk.get("/harmanli/"))


def test_another_field_that_changed_meanwhile_is_kept(at_desk: Desk) -> None:
    """Who typed a telephone while another changed the e-mail sees that, and both are kept."""
    fields = at_desk.fields(at_desk.get(CONTACTS)) | {"phones-0-number": NEW}
    text = at_desk.file().read_text()
    at_desk.file().write_text(text.replace("cop.harmanli@abv.bg", "tsop@abv.bg"))
    answer = at_desk.press(CONTACTS, fields, "look")
    assert "някой друг промени" in words(answer)
    assert "„cop.harmanli@abv.bg“ → „tsop@abv.bg“" in words(answer)
    sent = at_desk.fields(html.fromstring(answer.text))
    assert (sent["phones-0-number"], sent["email-address"]) == (NEW, "tsop@abv.bg")


def test_the_same_field_that_changed_meanwhile_is_shown(at_desk: Desk) -> None:
    """The other's value stands in the field, one's own beside it in words; nothing is written
    over, and typed again it is a new fact that needs its source."""
    fields = at_desk.fields(at_desk.get(CONTACTS)) | {"phones-0-number": NEW}
    theirs = at_desk.file().read_text().replace("0373 9 10 76", "0373 9 10 78")
    at_desk.file().write_text(theirs)
    sent = fields | {"origin-kind": "person", "origin-post": "психолог", "origin-day": "22.11.2026"}
    answer = at_desk.press(CONTACTS, sent, "publish")
    assert "„0373 9 10 76“ → „0373 9 10 78“" in words(answer)
    assert "„0373 9 10 78“ → „0373 9 10 77“" in words(answer)
    again = at_desk.fields(html.fromstring(answer.text))
    assert again["phones-0-number"] == "0373 9 10 78"
    assert at_desk.file().read_text() == theirs
    assert "Откъде знаем това?" in words(
        at_desk.press(CONTACTS, again | {"phones-0-number": NEW}, "look")
    )


def test_two_who_add_to_one_list_lose_nothing(at_desk: Desk) -> None:
    """The first is published; the second sees it and writes over nothing."""
    page = at_desk.get(CONTACTS)
    first = at_desk.fields(page) | {"phones-1-number": "0888 111 111"}
    second = at_desk.fields(page) | {"phones-1-number": "0888 222 222"}
    told = {"origin-kind": "person", "origin-post": "психолог", "origin-day": "22.11.2026"}
    assert at_desk.press(CONTACTS, first | told, "publish").status_code == 303
    written = at_desk.file().read_text()
    assert "0888 111 111" in written
    answer = at_desk.press(CONTACTS, second | told, "publish")
    assert "0888 222 222" in words(answer)
    assert at_desk.file().read_text() == written


@pytest.mark.parametrize("what", ["changed", "added", "removed"])
def test_pressed_twice_it_is_published_once(at_desk: Desk, what: str) -> None:
    """The second press says that it is written, and the source of the first stays."""
    sent = at_desk.fields(at_desk.get(CONTACTS))
    match what:
        case "changed":
            sent |= {"phones-0-number": NEW}
        case "added":
            sent |= {"phones-1-number": NEW, "phones-1-from": ""}
        case _:
            sent |= {"address-text": "", "email-address": ""}
    sent |= {"origin-kind": "person", "origin-post": "психолог", "origin-day": "22.11.2026"}
    assert at_desk.press(CONTACTS, sent, "publish").status_code == 303
    written = at_desk.file().read_text()
    assert "вече е записано" in words(at_desk.press(CONTACTS, sent, "publish"))
    assert at_desk.file().read_text() == written


def test_broken_files_are_told_in_words(at_desk: Desk) -> None:
    """Facts that cannot be read are named with file, line and sentence; no traceback."""
    at_desk.file().write_text("id: harmanli\nphones: [\n")
    answer = at_desk.client.get("/harmanli/", headers=OURS)
    assert answer.status_code == 409
    assert "content/centres/harmanli.yml, ред" in words(answer)
    assert "Traceback" not in answer.text


def test_facts_that_are_written_are_called_written(at_desk: Desk) -> None:
    """Where the finished pages cannot be put in place, the page says so and offers it again."""
    site = at_desk.project.site / "harmanli"
    shutil.rmtree(at_desk.project.site, ignore_errors=True)
    at_desk.project.site.mkdir()
    site.write_text("no folder")
    answer = at_desk.published(CONTACTS, phones__0__number=NEW)
    assert "Записано е, но сайтът не е направен" in words(answer)
    assert NEW in at_desk.file().read_text()
    site.unlink()
    versions = at_desk.get("/harmanli/promeni/")
    assert "Направи сайта" in words(versions)


def test_refused_by_the_build_is_not_written(
    at_desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a page could not be made, nothing is written, and the page says why."""
    pages = at_desk.project.root / "docs" / "bg"
    broken = next(pages.glob("*.md"))
    broken.write_text(broken.read_text() + "\n[никъде](nikade.md)\n")
    before = at_desk.file().read_bytes()
    answer = at_desk.published(CONTACTS, phones__0__number=NEW)
    assert answer.status_code == 409
    assert "nikade" in words(answer)
    assert at_desk.file().read_bytes() == before
