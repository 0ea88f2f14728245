"""Forms in the editor: a question changed, looked at, published, accepted and taken back."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from werkzeug.test import TestResponse

from site_build.pipeline import Project, build_site
from site_editor.forms.questions import KINDS
from site_editor.web.app import create_app
from site_editor.web.deployment import Deployment
from site_model.forms.fingerprints import whole_mark
from site_model.loading.loader import load_content
from tests.support.content.project_changes import copy_built
from tests.support.editor import DAY, HOST, OURS, Desk, Waiting, desk, words
from tests.support.project import ONLY_BULGARIAN, ROOT, add_form, copy_project

FORMS = "/_formulyari/"
COURSE = f"{FORMS}course/"


@pytest.fixture(scope="module")
def reading(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """A project with two forms of its own, for all tests that publish nothing."""
    return desk(with_forms(tmp_path_factory.mktemp("forms") / "site", languages=None))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site with the same forms, in Bulgarian."""
    project = with_forms(tmp_path_factory.mktemp("built"))
    build_site(project)
    return project.site


@pytest.fixture
def at_desk(built: Path, tmp_path: Path) -> Desk:
    return desk(copy_built(built, tmp_path / "site"))


def with_forms(folder: Path, languages: str | None = ONLY_BULGARIAN) -> Project:
    project = copy_project(folder, languages=languages)
    add_form(project, "course")
    add_form(project, "volunteers")
    return project


class Walk:
    """A person on the pages of one form, from press to press."""

    def __init__(self, desk: Desk, path: str = COURSE) -> None:
        self.desk, self.path = desk, path
        self.answer: TestResponse = desk.client.get(path, headers=OURS)
        assert self.answer.status_code == 200

    @property
    def fields(self) -> dict[str, Any]:
        return self.desk.fields(html.fromstring(self.answer.text))

    def press(self, do: str, **typed: Any) -> Walk:
        """Type into fields of what is open (label__bg is its label-bg), and press a button."""
        at = self.fields.get("open", "")
        above = f"fields-{at}-" if at.isdigit() else ""
        named = {
            name if "-" in name or name == "told" else above + name.replace("__", "-"): value
            for name, value in typed.items()
        }
        self.answer = self.desk.press(self.path, self.fields | named, do)
        return self

    def __contains__(self, said: str) -> bool:
        return said in words(self.answer)


def form_text(desk: Desk, name: str = "course") -> str:
    return (desk.project.content / "forms" / f"{name}.yml").read_text()


def test_question_is_changed_published_and_taken_back(at_desk: Desk) -> None:
    """Only the lines that changed differ; the page has them; „Върни“ brings the file back."""
    before = form_text(at_desk)
    walk = Walk(at_desk).press("open:2")
    walk.press("list:", label__bg="Ще доведете ли деца?", options__2__label__bg="Не знам")
    walk.press("look")
    assert "„Ще дойдете ли с деца?“ → „Ще доведете ли деца?“" in walk
    assert form_text(at_desk) == before
    walk.press("publish")
    assert walk.answer.status_code == 303, words(walk.answer)
    assert form_text(at_desk) == before.replace(
        "Ще дойдете ли с деца?", "Ще доведете ли деца?"
    ).replace("Още не знам", "Не знам")
    page = at_desk.project.site / "sopot" / "zapisvane-za-kurs" / "index.html"
    assert "Ще доведете ли деца?" in page.read_text()
    done = at_desk.get(walk.answer.headers["Location"])
    assert "Публикувано" in words(done)
    (form,) = done.xpath("//form[.//input[@name='version']]")
    back = at_desk.client.post(FORMS, data=dict(form.form_values()), headers=OURS)
    assert back.status_code == 303, words(back)
    assert form_text(at_desk) == before
    assert load_content(at_desk.project.content)


def begun(desk: Desk, title: str) -> Walk:
    """A form that is begun, its settings open."""
    walk = Walk(desk, f"{FORMS}_nov/")
    token = html.fromstring(walk.answer.text).xpath("//main//input[@name='token']/@value")[0]
    walk.answer = desk.client.post(walk.path, data={"token": token, "title": title}, headers=OURS)
    return walk


def unbuilt(desk: Desk) -> Desk:
    """The same project, where a change is tried on every page and no site is made of it."""
    deployment = Deployment(lambda: "знак", build=lambda _: None, forms=True)
    app = create_app(lambda: Project(desk.project.root, today=DAY), {HOST}, deployment)
    app.test_client_class = Waiting
    return Desk(desk.project, app.test_client())


def test_form_is_begun_with_each_kind_of_question(at_desk: Desk) -> None:
    """Title, whom it is for and a question of each kind make a form that is accepted in the press
    that publishes it; nothing is asked that no person knows, as codes, addresses or versions.
    """
    walk = begun(unbuilt(at_desk), "Дата за среща").press(
        "list:", audience__bg="За родители", centres="sopot"
    )
    for kind in KINDS:
        typed = {"label__bg": "Дата", "why__bg": "За да ви отговорим.", "used_by__bg": "Екипът."}
        walk.press("new", **{"new-kind": kind})
        if "choice" in kind:
            place = f"add:fields-{list(KINDS).index(kind)}-options"
            walk.press(place).press(place)
            typed |= {"options__0__label__bg": "Да", "options__1__label__bg": "Да"}
        walk.press("list:", **typed)
        assert walk.answer.status_code == 200, words(walk.answer)
    walk.press("look")
    assert "чернова на издание 1" in walk
    walk.press("accept")
    assert walk.answer.status_code == 303, words(walk.answer)
    content = load_content(at_desk.project.content)
    form = content.forms["data_za_sreshta"]
    assert (form.version, form.slug, form.centres) == (1, "data-za-sreshta", ("sopot",))
    assert [type(one).called for one in form.fields] == [one.called for one in KINDS.values()]
    assert content.accepted_versions[form.id].questions == whole_mark(form)
    lines = at_desk.project.content / "form_versions.yml"
    assert lines.read_text().startswith((ROOT / "content" / "form_versions.yml").read_text())


def take_back(desk: Desk) -> None:
    """„Върни“ of the last change."""
    form = desk.get(FORMS).xpath("//form[.//input[@name='version']]")[0]
    back = desk.client.post(FORMS, data=dict(form.form_values()), headers=OURS)
    assert back.status_code == 303, words(back)


def test_form_goes_and_comes_back(at_desk: Desk) -> None:
    """„Върни“ brings its file back to the sign, and takes away one that was begun by the change;
    the two that every centre has may not go.
    """
    there = unbuilt(at_desk)
    file = at_desk.project.content / "forms" / "volunteers.yml"
    before = file.read_text()
    walk = Walk(there, f"{FORMS}volunteers/").press("drop")
    assert "Формуляри: маха се „Станете доброволец“" in walk
    assert walk.press("dropped").answer.status_code == 303, words(walk.answer)
    assert not file.exists()
    take_back(there)
    assert file.read_text() == before
    take_back(there)
    assert not file.exists()
    contact = Walk(there, f"{FORMS}contact/")
    assert not html.fromstring(contact.answer.text).xpath("//button[@value='drop']")
    assert contact.press("dropped").answer.status_code == 400


def test_draft_is_accepted_in_one_press_and_comes_back_under_the_next_version(
    at_desk: Desk,
) -> None:
    """From the list of forms; its file stays to the sign. Questions that come back after others
    were accepted are a new version, and the list of accepted ones stays a person's file.
    """
    there = unbuilt(at_desk)
    before = form_text(at_desk, "volunteers")
    (form,) = there.get(FORMS).xpath("//form[contains(@aria-label, 'доброволец')]")
    sent = {**dict(form.form_values()), "do": "accept"}
    answer = there.client.post(form.get("action"), data=sent, headers=OURS)
    assert answer.status_code == 303, words(answer)
    assert form_text(at_desk, "volunteers") == before
    walk = Walk(there, f"{FORMS}volunteers/").press("open:1")
    assert walk.press("look", label__bg="Вашият телефон").press("publish").answer.status_code == 303
    answer = there.client.post(form.get("action"), data=sent, headers=OURS)
    assert answer.status_code == 303, words(answer)
    changed = there.get(FORMS).xpath("//form[.//input[@name='version']]")[1]
    back = there.client.post(FORMS, data=dict(changed.form_values()), headers=OURS)
    assert back.status_code == 303, words(back)
    assert form_text(at_desk, "volunteers") == before.replace("version: 1", "version: 3")
    accepted = (at_desk.project.content / "form_versions.yml").read_text()
    assert accepted.startswith((ROOT / "content" / "form_versions.yml").read_text())


def test_changed_question_of_an_accepted_form_gets_the_next_version(reading: Desk) -> None:
    """Said before it counts; a hint changes no version, and old translations are named."""
    now = load_content(reading.project.content).forms["contact"].version
    opened = Walk(reading, f"{FORMS}contact/").press("open:1")
    walk = opened.press("look", hint__bg="Един отговор.")
    assert f"остава и изданието: {now}" in walk
    walk = walk.press("open:1").press("look", label__bg="Кой ни пише?")
    assert "Въпрос „Кой ни пише?“ – Въпрос: английски, турски, украински, арабски" in walk
    assert f"формулярът става издание {now + 1}" in walk
    assert f"Издание: „{now}“ → „{now + 1}“" in walk


def test_form_that_every_centre_has_keeps_what_safety_hangs_on(reading: Desk) -> None:
    """The page says what stays and why; words change, and a post that no page sends is refused."""
    walk = Walk(reading, f"{FORMS}contact/")
    page = html.fromstring(walk.answer.text)
    assert not page.xpath("//button[@value='remove:fields-0']")
    assert page.xpath("//button[@value='remove:fields-1']")
    walk.press("open:form")
    assert "не се сменят" in walk
    assert "reader" not in walk.fields
    walk.press("list:").press("open:0")
    assert "зависи безопасността" in walk
    assert not {"kind", "required", "safe_contact"} & walk.fields.keys()
    told = json.loads(walk.fields["told"])
    times = json.loads(json.dumps(told["fields"][6]))
    times["options"][1]["while_open"] = "Mo 00:00-04:00"
    for wrong in (
        told | {"fields": [*told["fields"][:6], times, *told["fields"][7:]]},
        told | {"fields": told["fields"][1:]},
        told | {"reader": "institution"},
        told | {"centres": ["sopot"]},
        told | {"slug": "drugade"},
        told | {"fields": [told["fields"][0] | {"required": False}, *told["fields"][1:]]},
    ):
        refused = Walk(reading, f"{FORMS}contact/").press("look", told=json.dumps(wrong))
        assert refused.answer.status_code == 422
        assert "не се сменят" in refused or "зависи безопасността" in refused


def test_what_hangs_on_a_question_is_named_before_it_goes(reading: Desk) -> None:
    """The first press names it, the second removes the question and the conditions on it."""
    walk = Walk(reading).press("remove:fields-2")
    assert "На колко години са децата?" in walk and "Да, махни" in walk
    assert len(json.loads(walk.fields["told"])["fields"]) == 6
    walk.press("sure:fields-2")
    told = json.loads(walk.fields["told"])
    assert [one["id"] for one in told["fields"]][2] == "children"
    assert "show_if" not in told["fields"][2] and "show_if" in told["fields"][4]
    walk = (
        Walk(reading)
        .press("open:2")
        .press("remove:fields-2-options-2")
        .press("sure:fields-2-options-2")
    )
    assert "show_if" not in json.loads(walk.fields["told"])["fields"][3]


@pytest.mark.parametrize(
    ("question", "typed", "place", "sentence"),
    [
        (2, {"label-bg": ""}, "label-bg", "Въпрос: липсва"),
        (3, {"max_length": "много"}, "max_length", "цяло число"),
        (3, {"max_length": "20000"}, "max_length", "най-много 10000"),
        (2, {"options-0-while_open": "утре"}, "options-0-while_open", "дни и часове без дати"),
        (0, {"options_from": ""}, "options", "изберете откъде се вземат"),
        (4, {"show_if": ["with_children.yes", "care.yes"]}, "show_if", "само на един въпрос"),
        (3, {"label-bg": "", "label-tr": "Bir"}, "label-bg", "на български"),
    ],
)
def test_fault_stands_beside_its_field(
    question: int, typed: dict[str, Any], place: str, sentence: str, reading: Desk
) -> None:
    """In Bulgarian, with all that was typed; no word of a file is in it."""
    named = {f"fields-{question}-{name}": value for name, value in typed.items()}
    place = f"fields-{question}-{place}"
    for do in ("list:", "look"):
        walk = Walk(reading).press(f"open:{question}").press(do, **named)
        page = html.fromstring(walk.answer.text)
        assert walk.answer.status_code == 422, words(page)
        (link,) = page.xpath(f"//*[@class='error-summary']//a[@href='#{place}']")
        assert sentence in link.text
        assert page.xpath(f"//*[@id='{place}']")
        assert not re.search("[a-z]{3}", link.text)
        for name, value in named.items():
            assert walk.fields.get(name, "") == value


def test_moved_question_may_not_hang_on_what_comes_later(reading: Desk) -> None:
    """The form is not published so, and the page that opens says why."""
    walk = Walk(reading).press("up:fields-3").press("look")
    assert walk.answer.status_code == 422
    assert "вече не е по-горе" in walk


def test_kind_of_a_question_may_change(reading: Desk) -> None:
    """What the new kind has no place for goes; a question that hung on its answers is named."""
    walk = Walk(reading).press("open:2").press("list:", kind="long_text")
    question = json.loads(walk.fields["told"])["fields"][2]
    assert (question["kind"], question["max_length"]) == ("long_text", 2000)
    assert "options" not in question and question["label"]["bg"] == "Ще дойдете ли с деца?"
    assert "вече не е по-горе" in walk.press("look")
    emptied = Walk(reading).press("open:2").press("list:", kind="")
    assert "Нищо не е променено" in emptied.press("look")


def test_two_who_change_one_form_lose_nothing(at_desk: Desk) -> None:
    """What another wrote in other questions stays, and the page says so."""
    walk = Walk(at_desk).press("open:1")
    file = at_desk.project.content / "forms" / "course.yml"
    file.write_text(file.read_text().replace("За кой курс?", "Кой курс?"))
    walk.press("list:", label__bg="Телефон за връзка")
    assert "някой друг промени" in walk and "„За кой курс?“ → „Кой курс?“" in walk
    labels = [one["label"]["bg"] for one in json.loads(walk.fields["told"])["fields"]]
    assert labels[:2] == ["Кой курс?", "Телефон за връзка"]


def test_page_beside_is_the_real_one(reading: Desk) -> None:
    """What the site would show, of the whole form and of a question, with what was typed."""
    walk = Walk(reading)
    frame = html.fromstring(walk.answer.text).xpath("//iframe/@srcdoc")[0]
    assert "Запишете се за курс" in frame and 'name="with_children"' in frame
    walk.press("open:1").press("see:", hint__bg="<b>Без</b> кода")
    frame = html.fromstring(walk.answer.text).xpath("//iframe/@srcdoc")[0]
    assert "&lt;b&gt;Без&lt;/b&gt; кода" in frame and 'name="with_children"' not in frame


def test_forms_as_they_are_say_nothing_new(reading: Desk) -> None:
    """Each form opened at each place and sent as it is changes nothing."""
    for name in load_content(reading.project.content).forms:
        walk = Walk(reading, f"{FORMS}{name}/")
        count = len(json.loads(walk.fields["told"])["fields"])
        for place in ("form", *map(str, range(count))):
            walk.press(f"open:{place}").press("list:")
        assert "Нищо не е променено" in walk.press("look")


@pytest.mark.parametrize(
    "sent",
    [
        {"told": "{}"},
        {"told": "["},
        {"told": "[" * 5000},
        {"told": '{"id": "contact", "fields": []}'},
        {"told": '{"id": "course", "fields": [1]}'},
        {"told": '{"id": "course", "fields": [{"kind": "няма"}]}'},
        {"open": "99"},
        {"open": "x"},
        {"do": "up:fields-99"},
        {"do": "up:"},
        {"do": "няма"},
        {"do": "new", "new-kind": "няма"},
        {"do": "remove:fields-0-options-7"},
        {"do": "add:version"},
        {"base": "{}x"},
        {"base": '{"id": "course"}'},
    ],
    ids=str,
)
def test_what_no_page_sends_is_refused(sent: dict[str, str], reading: Desk) -> None:
    """With a sentence, never by failing, and nothing is written."""
    before = form_text(reading)
    walk = Walk(reading)
    walk.answer = reading.press(
        walk.path, walk.fields | {"open": "2"} | sent, sent.get("do", "look")
    )
    assert walk.answer.status_code == 400
    assert form_text(reading) == before


def test_page_beside_is_in_each_language_that_nothing_is_missing_in(reading: Desk) -> None:
    """The contact form in Arabic, from the right; one that is Bulgarian alone has no choice."""
    walk = Walk(reading, f"{FORMS}contact/").press("see:ar")
    frame = html.fromstring(walk.answer.text).xpath("//iframe/@srcdoc")[0]
    assert '<html lang="ar" dir="rtl">' in frame and "اكتبوا إلينا" in frame
    assert not html.fromstring(Walk(reading).answer.text).xpath("//button[@value='see:ar']")


def test_two_who_begin_the_same_form_have_two(reading: Desk) -> None:
    """The second gets an address and a file of its own, and loses nothing."""
    walk = begun(reading, "Станете доброволец")
    told = json.loads(walk.fields["told"])
    assert (told["id"], told["slug"]) == ("stanete_dobrovolets", "stanete-dobrovolets")
    walk.press("see:", told=json.dumps(told | {"id": "volunteers", "slug": "dobrovoltsi"}))
    told = json.loads(walk.fields["told"])
    assert (told["id"], told["slug"]) == ("stanete_dobrovolets", "stanete-dobrovolets")


def test_forms_are_left_out_where_people_come_for_one_centre(reading: Desk) -> None:
    """Where nothing else is said, nothing leads to a form."""
    app = create_app(lambda: reading.project, {HOST}, Deployment(lambda: "знак"))
    there = Desk(reading.project, app.test_client())
    assert there.client.get(COURSE, headers=OURS).status_code == 404
    assert "Формуляри" not in there.client.get("/", headers=OURS).text
