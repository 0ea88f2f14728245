"""`new-centre`: from a few answers to a checked, commented file and complete, honest pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from site_build.authoring.yaml_file import centre_yaml
from site_build.pipeline import Project, build_site
from site_model.content import Content
from site_model.facts.centre import Centre
from site_model.loading.loader import load_content
from site_model.loading.yaml_lines import parse_yaml
from tests.support.content.told import ANSWERS, command, options, written
from tests.support.pages.built_pages import OF_EVERY_CENTRE, page, words
from tests.support.project import copy_project
from tests.support.terminal import AtTerminal


@pytest.fixture(scope="module")
def least(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A site begun in an empty folder with nothing told but what has to be, and built."""
    project = Project(tmp_path_factory.mktemp("least"))
    told = {key: ANSWERS[key] for key in ("place", "summary")}
    done = command(project.root, "new-centre", *options(told))
    assert done.returncode == 0, done.stderr
    build_site(project)
    return project


def test_answers_become_facts_that_name_what_was_said(tmp_path: Path) -> None:
    """The file holds what was told, each fact names a line of the text, and that line says it."""
    done = command(tmp_path, "new-centre", *options(ANSWERS))
    assert done.returncode == 0, done.stderr
    centre = load_content(tmp_path / "content").centres["byala"]
    assert centre.name.text.to("bg") == "Център за обществена подкрепа, Бяла"
    assert [phone.number for phone in centre.phones] == ["0817 1 23 45", "0888 12 34 56"]
    assert [one.name.to("bg") for one in centre.municipalities] == ["Бяла", "Ценово"]
    assert [one.group for one in centre.target_groups] == ["violence", "school"]
    assert centre.services[0].groups == ("school",)
    assert centre.opening_hours
    assert centre.opening_hours.osm == "Mo-Fr 09:00-17:00; PH off"
    assert centre.capacity
    assert (centre.capacity.value, centre.capacity.unit.to("bg")) == (30, "работещи случая")
    assert centre.age_limit
    assert [(event.text.to("bg"), event.as_of) for event in centre.history] == [
        ("Центърът отваря врати.", "2018-03")
    ]
    assert centre.letters == "password"
    assert [one.slug for one in centre.services] == ["razgovori-s-psiholog"]
    assert [one.kind for one in centre.services] == ["psychological_counselling"]
    assert [one.count for one in centre.team] == [2]
    lines = (tmp_path / "content/sources/byala.txt").read_text(encoding="utf-8").splitlines()
    said = {source.lines[0]: lines[source.lines[0] - 1] for source in _sources(centre)}
    assert said[centre.phones[0].source.lines[0]] == "Телефони: Телефон: 0817 1 23 45"
    assert len(said) == len(_sources(centre)) == len(lines) - 1


def _sources(centre: Centre) -> list[Any]:
    facts: list[Any] = [
        centre.name,
        centre.summary,
        centre.region,
        centre.address,
        centre.accessibility,
    ]
    lists = (centre.municipalities, centre.phones, centre.target_groups, centre.services)
    facts += [centre.opening_hours, centre.capacity, centre.age_limit, *centre.history]
    things = [*facts, centre.email, *centre.team, *(one for some in lists for one in some)]
    return [thing.source for thing in things if thing]


def test_lines_of_standard_input_answer_in_order(tmp_path: Path) -> None:
    """A script may pipe a line for each question; an empty one takes what is proposed."""
    lines = "Бяла\nЦентър в Бяла\n\n\n\n\nПомагаме.\n"
    done = command(tmp_path, "new-centre", given=lines)
    assert done.returncode == 0, done.stderr
    centre = load_content(tmp_path / "content").centres["byala"]
    assert centre.name.text.to("bg") == "Център в Бяла"
    assert centre.short_name.to("bg") == "ЦОП Бяла"
    assert centre.phones == ()


@pytest.mark.parametrize(
    ("key", "answer", "said"),
    [
        ("phones", "0817 1 23 45; няма", "тук се пише телефон"),
        ("email", "tsop", "не прилича на имейл"),
        ("email", "a@b.bg, c@d.bg", "са няколко имейла"),
        ("region", "12345", "няма букви"),
        ("municipalities", "0658 3 12 34", "няма букви"),
        ("municipalities", "Ракитово, Сърница", "Напишете всяко отделно"),
        ("id", "Бяла", "само малки латински букви"),
        ("target_groups", "1; 99", "„99“ не е номер от списъка"),
        ("services.kind", "20", "„20“ не е номер от списъка, от 1 до 12"),
        ("team.count", "двама", "„двама“ не е цяло число"),
        ("address", 'ул. "Първа 1', "кавичката"),
        ("opening_hours", "Mo-Fr 09:00", "часове"),
        ("capacity", "трийсет", "не е число и какво се брои"),
        ("history.as_of", "преди време", "не е дата от календара"),
        ("letters", "3", "„3“ не е номер от списъка, от 1 до 2"),
        ("services.groups", "3", "„3“ не е номер от списъка, от 1 до 2"),
        ("place", "", "нужен е отговор"),
        ("telefon", "1", "няма въпрос с име „telefon“"),
    ],
)
def test_a_bad_answer_of_a_script_stops_it_and_writes_nothing(
    tmp_path: Path, key: str, answer: str, said: str
) -> None:
    """The sentence names the question and the fix, and the folder stays empty."""
    done = command(tmp_path, "new-centre", *options(ANSWERS | {key: answer}))
    assert done.returncode == 1
    assert said in done.stderr
    assert key in done.stderr
    assert "Traceback" not in done.stderr
    assert written(tmp_path) == []


def test_a_centre_that_is_there_is_never_written_over(tmp_path: Path) -> None:
    """Its code is taken; the previous facts and the text they rest on stay as they are."""
    first = command(tmp_path, "new-centre", *options(ANSWERS))
    assert first.returncode == 0, first.stderr
    before = {name: (tmp_path / name).read_bytes() for name in written(tmp_path)}
    again = command(tmp_path, "new-centre", *options(ANSWERS | {"id": "byala"}))
    assert again.returncode == 1
    assert "„byala“ вече е заето" in again.stderr
    assert {name: (tmp_path / name).read_bytes() for name in written(tmp_path)} == before


HEADINGS = ("h1", "h2", "h3", "h4")


def test_a_person_loses_no_answer(tmp_path: Path, at_terminal: AtTerminal) -> None:
    """Bad answers are asked for again, one goes back a question, and Ctrl-C keeps what was told.

    At the end what was told is shown, and written only if the person agrees.
    """
    words = ("new-centre", "--project", str(tmp_path), "--url", "tsop.example.bg")
    person = at_terminal("site_build", *words)
    person.waits_for("1 от 23. Населено място")
    person.types("\n")
    person.waits_for("нужен е отговор.")
    person.types("гр. Бела\n")
    person.waits_for("[Център за обществена подкрепа, Бела] >")
    person.types("<\n")
    person.waits_for("1 от 23. Населено място")
    person.types("гр. Бяла\n")
    person.waits_for("[Център за обществена подкрепа, Бяла] >")
    person.types("\n")
    person.waits_for("3 от 23. Кратко име")
    person.interrupts()
    person.waits_for("Отговорите дотук са запазени")
    assert person.ends() == 130
    assert written(tmp_path) == ["nedovarsheni-otgovori.json"]
    person = at_terminal("site_build", *words)
    person.waits_for("Има недовършени отговори (2). Да продължим ли оттам?")
    person.types("да\n")
    person.waits_for("3 от 23. Кратко име")
    person.types("\n\n\n\nПомагаме.\n" + "\n" * 40)
    person.waits_for("Да запиша ли?")
    assert "Населено място: добавя се „Бяла“" in person.seen
    person.types("да\n")
    person.waits_for("Вижте страниците")
    assert person.ends() == 0
    assert "nedovarsheni-otgovori.json" not in written(tmp_path)
    assert load_content(tmp_path / "content").centres["byala"].place.to("bg") == "Бяла"


def test_the_least_centre_has_all_its_pages_and_says_what_is_not_told(least: Project) -> None:
    """Nothing is invented: what nobody told is a gap that sends the reader to the centre."""
    home = page(least.site, "")
    assert "Още не е посочено. Попитайте центъра." in words(home.find(".//main"))
    contacts = [words(gap) for gap in page(least.site, "kontakti").xpath("//*[@class='gap']")]
    assert "Областта още не е посочена." in contacts
    assert "Улица и номер още не са посочени." in contacts
    for form in ("pishete-ni", "nasochvane"):
        assert page(least.site, form).xpath("//form[@method='post']")


def test_no_heading_of_the_least_centre_stands_above_nothing(least: Project) -> None:
    """Below every heading there is at least a sentence, and no list is empty."""
    files = sorted(least.site.rglob("index.html"))
    assert len(files) > OF_EVERY_CENTRE
    for file in files:
        place = file.parent.relative_to(least.site).as_posix()
        (main,) = page(least.site, place).xpath("//main")
        assert main.xpath(".//ul[not(li)] | .//ol[not(li)] | .//dl[not(dt)]") == [], place
        blocks = [one for one in main.iter() if one.tag in (*HEADINGS, "p", "li", "dd", "label")]
        for one, following in zip(blocks, [*blocks[1:], None], strict=True):
            if one.tag in HEADINGS:
                deeper = (
                    following is not None
                    and following.tag not in HEADINGS[: HEADINGS.index(one.tag) + 1]
                )
                assert deeper, f"{place}: {words(one)}"


def test_a_centre_written_as_a_file_is_the_same_centre(content: Content) -> None:
    """Comments and all: the real centres, written out and read again, are equal."""
    for centre in content.centres.values():
        assert Centre.model_validate(parse_yaml(centre_yaml(centre)).data) == centre


def test_what_is_not_told_waits_in_the_file_as_a_note(tmp_path: Path) -> None:
    """Taking the sign # away and filling in the dots gives a file that is read."""
    told = {key: ANSWERS[key] for key in ("place", "summary")}
    assert command(tmp_path, "new-centre", *options(told)).returncode == 0
    file = tmp_path / "content/centres/byala.yml"
    text = file.read_text(encoding="utf-8")
    note = "# address:\n#   text:\n#     bg: …\n#   source: …\n"
    assert note in text
    filled = note.replace("# ", "", 1).replace("\n# ", "\n").replace("#  ", " ")
    filled = filled.replace("bg: …", "bg: ул. Първа 1").replace("source: …", "source: byala.txt:2")
    file.write_text(text.replace(note, filled), encoding="utf-8")
    centre = load_content(tmp_path / "content").centres["byala"]
    assert centre.address
    assert centre.address.text.to("bg") == "ул. Първа 1"


def test_a_second_centre_joins_the_first(tmp_path: Path) -> None:
    """In a folder that has a site the shared files stay as they are."""
    project = copy_project(tmp_path)
    before = (project.content / "site.yml").read_bytes()
    assert command(project.root, "new-centre", *options(ANSWERS)).returncode == 0
    assert set(load_content(project.content).centres) == {"byala", "harmanli", "sopot"}
    assert (project.content / "site.yml").read_bytes() == before
