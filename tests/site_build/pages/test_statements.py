"""Privacy notice, accessibility declaration, complaints: facts, real results, visible gaps."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest

from contact_service.outbox.given_up import KEEP_GIVEN_UP, WARN_BEFORE
from contact_service.outbox.outbox import SAME_LETTER
from contact_service.retries import PAUSES
from site_build.__main__ import main
from site_build.pipeline import build_site
from site_model.content import Content
from site_model.facts.statements import StatementFacts
from site_model.loading.loader import ACCESSIBILITY_RESULTS
from tests.support.content.project_changes import HARMANLI
from tests.support.pages.built_pages import Pages, main_words, of_centre, page, words
from tests.support.project import copy_project

CENTRES = ("harmanli", "sopot")
STATEMENTS = ("pohvali-i-oplakvaniya", "lichni-danni", "dostapnost")
RESULTS = """
checked_on: 2026-11-20
engines:
  - {name: axe-core, version: "4.10", pages: 31, states: 124, violations: 0}
  - {name: IBM Equal Access, version: "4.0", pages: 31, states: 62, violations: 3}
checks:
  - {text: {bg: Целият път с клавиатура.}, tried: 31, failed: 1}
"""


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of a project in which no checks were recorded."""
    project = copy_project(tmp_path_factory.mktemp("bare"))
    (project.content / ACCESSIBILITY_RESULTS).unlink(missing_ok=True)
    build_site(project)
    return project.site


@pytest.fixture(scope="module")
def answered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site after Harmanli said all that its statements ask, and checks were recorded."""
    project = copy_project(tmp_path_factory.mktemp("answered"))
    (project.content / ACCESSIBILITY_RESULTS).write_text(RESULTS, encoding="utf-8")
    lines = ["statements:"]
    for name in StatementFacts.model_fields:
        lines += [f"  {name}:", f"    text: {{bg: Отговор за {name}.}}"]
        lines += ["    source: 000_cee4bc3b0dd5abd9.txt:3"]
    lines += ["controller:", "  text: {bg: Отговор за controller.}"]
    lines += ["  source: 000_cee4bc3b0dd5abd9.txt:3"]
    with (project.root / HARMANLI).open("a", encoding="utf-8") as file:
        file.write("\n".join(["", *lines, ""]))
    build_site(project)
    return project.site


def gaps(site: Path, place: str) -> list[str]:
    """The sentences of a page that say what is missing."""
    return [words(gap) for gap in page(site, place).xpath("//main//*[@class='gap']")]


@pytest.mark.parametrize("centre", CENTRES)
def test_every_page_of_a_centre_leads_to_its_statements(pages: Pages, centre: str) -> None:
    """The footer names them all, and marks the one that is open."""
    for name, tree in of_centre(pages, centre).items():
        links = tree.xpath("//footer//a/@href")
        assert [f"/{centre}/{slug}/" in links for slug in STATEMENTS] == [True] * 3, name
        here = ["/" + name.removesuffix("index.html")]
        marked = tree.xpath("//footer//a[@aria-current='page']/@href")
        assert marked == (here if here[0] in links else []), name


def test_no_other_page_leads_to_the_statements_of_one_centre(pages: Pages) -> None:
    """Each centre answers for itself, so the front page has no statement of its own."""
    for name, tree in pages.items():
        if name.partition("/")[0] not in CENTRES:
            links = " ".join(tree.xpath("//footer//a/@href"))
            assert not [slug for slug in STATEMENTS if slug in links], name


@pytest.mark.parametrize("centre", CENTRES)
def test_what_the_centre_must_state_is_a_visible_gap(bare: Path, centre: str) -> None:
    """Controller, officer, basis, readers, firms, retention and telling the family."""
    said = " ".join(gaps(bare, f"{centre}/lichni-danni"))
    assert len(re.findall("потвърди от центъра", said)) == 7
    assert len(re.findall("потвърди от центъра", main_words(bare, f"{centre}/lichni-danni"))) == 7
    assert any("кой разглежда" in gap for gap in gaps(bare, f"{centre}/pohvali-i-oplakvaniya"))


@pytest.mark.parametrize("place", STATEMENTS)
def test_an_answer_takes_the_place_of_its_gap(answered: Path, place: str) -> None:
    """What the centre said is shown, and only what it cannot say yet stays a gap."""
    left = [gap for gap in gaps(answered, f"harmanli/{place}") if "потвърди от центъра" in gap]
    assert all("казва на семейството" in gap for gap in left)
    assert "Отговор за" in main_words(answered, f"harmanli/{place}")


def test_every_answer_is_shown_somewhere(answered: Path) -> None:
    """No field of the statements is asked for and then left unread."""
    shown = " ".join(main_words(answered, f"harmanli/{place}") for place in STATEMENTS)
    for name in (*StatementFacts.model_fields, "controller"):
        assert f"Отговор за {name}." in shown


def test_the_times_of_the_notice_are_those_of_the_service(site: Path) -> None:
    """The notice says how long the service really tries, keeps, warns and remembers."""
    text = main_words(site, "harmanli/lichni-danni")
    assert f"опитва около {round(sum(PAUSES, timedelta()) / timedelta(days=1))} дни" in text
    assert f"най-много {KEEP_GIVEN_UP.days} дни, след като е прието" in text
    assert f"изтрива се {WARN_BEFORE.days} дни след предупреждението" in text
    assert timedelta(minutes=5) == SAME_LETTER
    assert "Пет минути помни отпечатък" in text


def test_the_notice_names_each_question_with_its_reason(site: Path, content: Content) -> None:
    """What is asked, why, and whether it must be answered comes from the forms themselves."""
    items = [words(li) for li in page(site, "sopot/lichni-danni").xpath("//main//details//li")]
    fields = [field for form in content.forms.values() for field in form.fields]
    assert len(items) == len(fields)
    for item, field in zip(items, fields, strict=True):
        assert item.startswith(field.label.to("bg"))
        assert item.endswith(field.why.to("bg"))
        assert ("(нужно е, за да тръгне писмото)" in item) == field.required


def test_the_notice_has_the_supervisor_as_the_facts_have_it(site: Path) -> None:
    """The address to complain to stands on the notice, with its day of checking."""
    text = main_words(site, "sopot/lichni-danni")
    assert "София 1592, бул. „Проф. Цветан Лазаров“ № 2" in text
    assert page(site, "sopot/lichni-danni").xpath("//main//a[@href='mailto:kzld@cpdp.bg']")


def test_the_declaration_keeps_the_order_of_the_model(site: Path) -> None:
    """Decision (EU) 2018/1523: commitment, status, content, method, feedback, enforcement."""
    assert [words(h2) for h2 in page(site, "harmanli/dostapnost").xpath("//main//h2")] == [
        "Ангажимент",
        "Доколко сайтът е достъпен",
        "Какво не е достъпно",
        "Кога и как е проверено",
        "Кажете ни, ако нещо ви пречи",
        "Ако отговорът не ви помогне",
    ]


def test_without_results_none_are_claimed(bare: Path) -> None:
    """The declaration says that nothing is recorded, and has no engine and no day."""
    text = main_words(bare, "harmanli/dostapnost")
    assert "Още няма записани резултати от проверки." in gaps(bare, "harmanli/dostapnost")
    assert not page(bare, "harmanli/dostapnost").xpath("//main//strong[@lang='en']")
    assert "не намериха" not in text
    assert "Самооценка" not in text


def test_the_build_says_that_there_are_no_results(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Anyone who builds learns that the declarations have nothing to show."""
    project = copy_project(tmp_path)
    (project.content / ACCESSIBILITY_RESULTS).unlink(missing_ok=True)
    assert main(["--project", str(project.root)]) == 0
    assert f"content/{ACCESSIBILITY_RESULTS} още няма" in capsys.readouterr().out


def test_recorded_results_are_shown_as_they_are(answered: Path) -> None:
    """Engines, versions, counts, the other checks, the day, and all that was found together."""
    text = main_words(answered, "sopot/dostapnost")
    assert "axe-core 4.10: страници: 31, състояния: 124, нарушения: 0." in text
    assert "IBM Equal Access 4.0: страници: 31, състояния: 62, нарушения: 3." in text
    assert "Целият път с клавиатура. Опити: 31, неуспешни: 1." in text
    assert "На 20 ноември 2026 г." in text
    assert "има 4 нарушения" in text
    assert "не намериха" not in text


@pytest.mark.parametrize("centre", CENTRES)
def test_nobody_is_said_to_have_tried_the_site(answered: Path, bare: Path, centre: str) -> None:
    """With results and without, the declaration names what no person has tested."""
    for site in (answered, bare):
        assert "Какво още никой човек не е изпробвал" in main_words(site, f"{centre}/dostapnost")


@pytest.mark.parametrize("centre", CENTRES)
def test_complaints_go_to_the_centre_first(site: Path, centre: str) -> None:
    """The form (and the phone, where there is one) stand before any authority."""
    links = page(site, f"{centre}/pohvali-i-oplakvaniya").xpath("//main//a/@href")
    assert links.index(f"/{centre}/pishete-ni/") < links.index("mailto:kzld@cpdp.bg")
    assert ("tel:+35937391076" in links) == (centre == "harmanli")
