"""Translations beside their Bulgarian text: shown, changed, accepted as still right."""

from __future__ import annotations

import difflib
from pathlib import Path, PurePosixPath
from typing import Any, cast

import pytest
import yaml
from lxml import html

from site_build.page_files import Record
from site_build.paper.typesetting import PaperNotice
from site_build.pipeline import build_site
from site_build.reports.builds import write_papers
from site_editor.draft import centre_file
from site_editor.files.history import History
from site_editor.files.versions import Version
from site_editor.server.access import Session
from site_editor.server.own_facts import OwnHistory
from site_editor.translations.drafting import draft_translations
from site_editor.translations.texts import old_texts, translated_texts
from site_editor.web.state import FactCache
from site_model.facts.remembered import REMEMBERED
from site_model.loading.loader import load_content
from site_model.memory import old_translations
from tests.support.content.project_changes import copy_built
from tests.support.content.translated import BUILDING, IN_EAST, IN_TURKISH, NEW_BUILDING, PLACE, TWO
from tests.support.editor import OURS, Desk, desk, words
from tests.support.project import ROOT, copy_project

TURKISH = "/harmanli/prevodi/tr/"


@pytest.fixture(scope="module")
def languages(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """The real languages; nothing is published here."""
    project = copy_project(tmp_path_factory.mktemp("languages") / "site", languages=None)
    at = desk(project)
    make_old(at)
    return at


@pytest.fixture(scope="module")
def in_two(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site in Bulgarian and Turkish."""
    project = copy_project(tmp_path_factory.mktemp("two"), languages=TWO)
    build_site(project)
    return project.site


@pytest.fixture
def turkish(in_two: Path, tmp_path: Path) -> Desk:
    """Bulgarian and Turkish, to be published in."""
    at = desk(copy_built(in_two, tmp_path / "site"))
    make_old(at)
    return at


def make_old(at: Desk) -> None:
    """Change a Bulgarian text by hand, whose translations stay."""
    text = at.file().read_text()
    assert text.count(BUILDING) == 1
    at.file().write_text(text.replace(BUILDING, NEW_BUILDING))


def old_places(at: Desk, language: str = "tr") -> list[str]:
    content = load_content(at.project.content)
    return [one.words for one in old_translations(content) if one.language == language]


def field(page: html.HtmlElement, place: str) -> html.HtmlElement:
    (found,) = page.xpath(f"//*[@name='w-{place}']")
    return found


def changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.splitlines(), after.splitlines())
    return [line for line in lines if line[0] in "+-"]


def test_languages_say_what_waits(languages: Desk) -> None:
    """Each with how many translations are of an older text, and what has none."""
    page = languages.get("/harmanli/prevodi/")
    assert page.xpath("//main//a/@href") == [
        f"/harmanli/prevodi/{c}/" for c in ("en", "tr", "uk", "ar")
    ]
    assert words(page).count("преводи на по-стар текст: 1") == 4
    assert "/harmanli/prevodi/" in languages.get("/harmanli/").xpath("//main//a/@href")


def test_first_page_leads_to_each_old_translation(languages: Desk) -> None:
    """The text once, with a link for each language straight to its place."""
    page = languages.get("/harmanli/")
    assert f"Преводи на по-стар текст Сградата № 1: „{NEW_BUILDING}“" in words(page)
    links = [one for one in page.xpath("//main//a/@href") if "#" in one]
    assert links == [f"/harmanli/prevodi/{code}/#{PLACE}" for code in ("en", "tr", "uk", "ar")]
    assert "Преводи на по-стар текст" not in words(languages.get("/sopot/"))


def test_first_page_says_what_the_last_build_said_of_sheets(languages: Desk) -> None:
    """Those of this centre, in words; a report that cannot be read is none."""
    project = languages.project
    notices = (
        PaperNotice("harmanli/listovka.pdf", "не се побира."),
        PaperNotice("x", "", (("☃", "a"),)),
    )
    record = Record({}, {}, cast(Any, None), {}, notices=notices)
    assert "Листове за печат" not in words(languages.get("/harmanli/"))
    write_papers(project, {("bg", "harmanli"): record, ("tr", "sopot"): record})
    said = words(languages.get("/harmanli/"))
    assert "Листът harmanli/listovka.pdf (български) го няма: не се побира." in said
    assert "излиза без „☃“" in said
    project.papers_report.write_text('{"harmanli": 5}')
    assert "Листове за печат" not in words(languages.get("/harmanli/"))


def test_each_text_stands_beside_the_bulgarian_one(languages: Desk) -> None:
    """Every text of the centre's file, in its language and direction, named and described."""
    data = yaml.safe_load(languages.file().read_text())
    page = languages.get("/harmanli/prevodi/ar/")
    shown = field(page, "services.social.name")
    assert shown.value == data["services"][1]["name"]["ar"]
    assert (shown.get("lang"), shown.get("dir")) == ("ar", "rtl")
    (label,) = page.xpath(f"//label[@for='{shown.get('id')}']")
    assert "Услуги № 2: Услуга" in label.text_content()
    beside = page.get_element_by_id(shown.get("aria-describedby").split()[0])
    assert beside.text == data["services"][1]["name"]["bg"]
    assert len(page.xpath("//textarea")) == 51
    assert "още не е прочел превода" in words(page)


def test_what_is_older_is_marked_with_what_it_was_made_of(languages: Desk) -> None:
    page = languages.get(TURKISH)
    (card,) = page.xpath("//div[.//*[@id='building.1.text']][contains(@class, 'card')]")
    said = " ".join(card.text_content().split())
    assert "Преводът е на по-стар текст" in said
    assert BUILDING in said and NEW_BUILDING in said
    assert page.xpath("//main//a/@href").count("#building.1.text") == 1
    assert page.xpath("//input[@name='right']/@value") == [PLACE]


def test_nothing_typed_changes_nothing(languages: Desk) -> None:
    for code in ("en", "tr", "uk", "ar"):
        answer = languages.changed(f"/harmanli/prevodi/{code}/")
        assert "Нищо не е променено" in words(answer)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Merkez <b>doğu</b>", "махнете знаците"),
        ("Merkez {{x}}", "махнете знаците"),
        ("Merkez [doğu](x)", "махнете знаците"),
        ("Merkez %(x)s", "трябва да е като"),
        (NEW_BUILDING, "нито една буква"),
        ("مركز الدعم", "нито една буква"),
        ("Merkez " * 100, "много по-дълъг"),
    ],
)
def test_fault_stands_beside_its_field(typed: str, sentence: str, languages: Desk) -> None:
    """What may be no translation of this text is told there, with all that was typed."""
    before = languages.file().read_bytes()
    sent = languages.fields(languages.get(TURKISH)) | {f"w-{PLACE}": typed}
    answer = languages.press(TURKISH, sent | {"w-place": "Harman"}, "look")
    page = html.fromstring(answer.text)
    assert answer.status_code == 422
    shown = field(page, PLACE)
    assert shown.get("aria-invalid") == "true"
    assert sentence in page.get_element_by_id(f"{PLACE}-error").text.casefold()
    assert page.xpath(f"//*[@class='error-summary']//a[@href='#{PLACE}']")
    assert (shown.value.strip(), field(page, "place").value) == (typed.strip(), "Harman")
    assert languages.file().read_bytes() == before


def shown(at: Desk, look: html.HtmlElement) -> str:
    """The first page that a change is seen on, as it will be."""
    (frame,) = look.xpath("//iframe/@src")
    return at.client.get(frame, headers=OURS, follow_redirects=True).text


def test_a_translation_is_seen_before_it_counts(languages: Desk) -> None:
    """On its page in its language, and an old one that is still right without its mark."""
    fields = languages.fields(languages.get(TURKISH))
    typed = languages.press(TURKISH, fields | {f"w-{PLACE}": IN_EAST}, "look")
    assert "Променя се на 1 страница" in words(typed)
    assert IN_EAST in shown(languages, html.fromstring(typed.text))
    right = html.fromstring(languages.press(TURKISH, fields | {"right": PLACE}, "look").text)
    assert IN_TURKISH in shown(languages, right)
    assert NEW_BUILDING not in shown(languages, right)


def test_change_is_shown_with_what_a_person_should_look_at(languages: Desk) -> None:
    """What was and what will be; a number that differs is named, and refused is nothing."""
    answer = languages.changed(TURKISH, **{f"w-{PLACE}": 'Merkez "doğu" 112'})
    assert f"беше: „{IN_TURKISH}“ става: „Merkez “doğu” 112“".replace("„", "„") in words(
        answer
    ) or ("Merkez “doğu” 112" in words(answer))
    assert "числото е само в превода" in words(answer)
    assert answer.status_code == 200


def test_published_translation_is_in_its_lines_alone(turkish: Desk) -> None:
    """Only the lines of the translation differ; it is remembered of which text it is, so it is old
    again when that changes; and it is taken back to the sign.
    """
    before = turkish.file().read_text()
    answer = turkish.published(TURKISH, **{f"w-{PLACE}": IN_EAST})
    assert answer.status_code == 303, words(answer)
    after = turkish.file().read_text()
    assert changed_lines(before, after) == [
        f'-       tr: "{IN_TURKISH}"',
        f'+       tr: "{IN_EAST}"',
    ]
    assert old_places(turkish) == []
    assert IN_EAST in (turkish.project.site / "tr/harmanli/index.html").read_text()
    turkish.file().write_text(after.replace(NEW_BUILDING, "Другаде."))
    assert old_places(turkish) == [IN_EAST]
    turkish.file().write_text(after)

    page = turkish.get(answer.headers["Location"])
    assert "Публикувано" in words(page) and IN_TURKISH in words(page)
    take_back(turkish, page)
    assert turkish.file().read_text() == before
    assert old_places(turkish) == [IN_TURKISH]


def take_back(at: Desk, page: html.HtmlElement) -> None:
    sent = {name: page.xpath(f"//input[@name='{name}']/@value")[0] for name in ("token", "version")}
    back = at.client.post("/harmanli/promeni/", data=sent, headers=OURS)
    assert back.status_code == 303, words(back)


def test_old_translation_is_accepted_as_still_right(turkish: Desk) -> None:
    """The facts stay to the sign, the mark goes; it is a change of this centre alone, with a name,
    and can be taken back.
    """
    before = turkish.file().read_bytes()
    sent = turkish.fields(turkish.get(TURKISH)) | {"right": PLACE}
    looked = turkish.press(TURKISH, sent, "look")
    assert f"преводът „{IN_TURKISH}“ още е верен" in words(looked)
    assert turkish.fields(html.fromstring(looked.text))["right"] == PLACE
    version = published(turkish, {}, {PLACE})
    assert turkish.file().read_bytes() == before
    assert old_places(turkish) == []
    assert "Преводи, турски" in words(turkish.get("/harmanli/promeni/"))
    assert "Преводи, турски" not in words(turkish.get("/sopot/promeni/"))
    for place, text in History(turkish.project).undo(version).items():
        (turkish.project.content / place).write_text(text)
    assert old_places(turkish) == [IN_TURKISH]
    assert turkish.file("sopot").read_bytes() == (ROOT / "content/centres/sopot.yml").read_bytes()
    memory = (turkish.project.content / REMEMBERED).read_bytes()
    assert memory == (ROOT / "content" / REMEMBERED).read_bytes()


def test_accepting_one_after_another_takes_back_only_its_own(turkish: Desk) -> None:
    """What was accepted of one text stays accepted when another is taken back, first or last."""
    text = turkish.file().read_text().replace("bg: Харманли\n", "bg: град Харманли\n")
    turkish.file().write_text(text)
    assert old_places(turkish) == ["Harmanlı", IN_TURKISH]
    first, second = published(turkish, {}, {PLACE}), published(turkish, {}, {"place"})
    assert old_places(turkish) == []
    for version, left in ((first, [IN_TURKISH]), (second, ["Harmanlı", IN_TURKISH])):
        for place, told in History(turkish.project).undo(version).items():
            (turkish.project.content / place).write_text(told)
        assert old_places(turkish) == left


def test_memory_of_a_centre_is_of_its_own_file_alone(turkish: Desk) -> None:
    """The same words in another centre's file are judged by that centre."""
    sopot = turkish.file("sopot").read_text()
    same = sopot.replace("bg: Сопот\n", f"bg: {BUILDING}\n").replace(
        "tr: Sopot\n", f'tr: "{IN_TURKISH}"\n'
    )
    assert same != sopot
    turkish.file("sopot").write_text(same.replace(BUILDING, NEW_BUILDING))
    assert len(old_places(turkish)) == 2
    published(turkish, {}, {PLACE})
    assert old_places(turkish) == [IN_TURKISH]


def test_on_a_server_too(turkish: Desk, tmp_path: Path) -> None:
    """There people write what is of their centre alone: a translation, and that it is right."""
    session = Session("harmanli", "x", begun=0, seen=0)
    history = OwnHistory(turkish.project, tmp_path / "kept", session)
    published(turkish, {}, {PLACE}, history)
    published(turkish, {"place": "Harman"}, set(), history)
    assert old_places(turkish) == []
    assert "tr: Harman\n" in turkish.file().read_text()


def published(
    at: Desk, told: dict[str, str], right: set[str], history: History | None = None
) -> Version:
    """Write translations as the page does, without building the site."""
    content = load_content(at.project.content)
    file = centre_file(at.project, content, "harmanli", FactCache())
    language = content.site.language("tr")
    texts = translated_texts(file.data, "tr", old_texts(content, "harmanli").get("tr", {}))
    draft = draft_translations(file, language, texts, told, right)
    assert draft
    new, known = (
        {PurePosixPath(place): text for place, text in side.items()}
        for side in (draft.news, draft.known)
    )
    return (history or History(at.project)).publish(new, known, draft.title, "преводач")


def test_what_another_wrote_meanwhile_is_shown(turkish: Desk) -> None:
    """Both a Bulgarian text and a translation that changed: nothing is written over unseen, what
    was typed stays in the field, and counts at the next press.
    """
    sent = turkish.fields(turkish.get(TURKISH)) | {f"w-{PLACE}": IN_EAST}
    theirs = turkish.file().read_text().replace(IN_TURKISH, "Batıda.")
    turkish.file().write_text(theirs)
    answer = turkish.press(TURKISH, sent, "publish")
    assert answer.status_code == 409
    assert "а преводът: „Batıda.“" in words(answer)
    page = html.fromstring(answer.text)
    assert field(page, PLACE).value == IN_EAST
    assert turkish.file().read_text() == theirs
    again = turkish.press(TURKISH, turkish.fields(page), "look")
    assert again.status_code == 200
    assert f"„Batıda.“ → „{IN_EAST}“" in words(again)
    turkish.file().write_text(theirs.replace(NEW_BUILDING, "Другаде."))
    answer = turkish.press(TURKISH, turkish.fields(page) | {"right": PLACE}, "look")
    assert answer.status_code == 409
    assert "сега е „Другаде.“" in words(answer)


def test_emptied_field_takes_the_translation_away(languages: Desk) -> None:
    answer = languages.changed(TURKISH, **{f"w-{PLACE}": " "})
    assert "маха се" in words(answer)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"base": "["}, 400),
        ({"base": "5"}, 400),
        ({"base": '{"building.1.text": 5}', "w-building.1.text": "x"}, 400),
        ({"base": '{"building.1.text": [[], {}]}', "w-building.1.text": "x"}, 400),
        ({"base": "[" * 100_000}, 400),
        ({"w-nyama.1": "x"}, 200),
        ({"right": "nyama"}, 200),
        ({"do": "remove:x"}, 200),
        ({"token": "x"}, 200),
    ],
    ids=lambda one: str(one)[:40],
)
def test_what_no_page_sends_harms_nothing(
    fields: dict[str, str], status: int, languages: Desk
) -> None:
    before = languages.file().read_bytes()
    sent = languages.fields(languages.get(TURKISH)) | fields
    assert languages.press(TURKISH, sent, fields.get("do", "look")).status_code == status
    assert languages.file().read_bytes() == before


@pytest.mark.parametrize("path", ["bg", "de", "TR", "..%2fx"])
def test_other_languages_are_not_found(path: str, languages: Desk) -> None:
    for after in ("", "po/"):
        answer = languages.client.get(f"/harmanli/prevodi/{path}/{after}", headers=OURS)
        assert answer.status_code == 404
