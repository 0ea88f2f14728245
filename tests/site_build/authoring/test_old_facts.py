"""What has changed does not look as if it were as new, or as old, as before."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from site_build.__main__ import main
from site_build.authoring.new_centre import finished_centre
from site_build.pipeline import Project, build_site
from site_model.loading.loader import load_content
from site_model.memory import changed_facts, not_remembered, old_translations
from tests.support.content.project_changes import copy_built
from tests.support.project import ROOT, copy_project

ENGLISH = """\
languages:
  - {code: bg, scope: full, read_by_native: true}
  - {code: en, scope: full, read_by_native: false}
"""
PLACE = "bg: Центърът се намира в западната част на града."
NEW_PLACE = "bg: Центърът вече се намира в източната част на града."
ENGLISH_PLACE = "en: The centre is in the western part of the town."
NEW_ENGLISH = "en: The centre is now in the eastern part of the town."


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site in two languages, in whose facts nothing is old."""
    project = copy_project(tmp_path_factory.mktemp("built"), languages=ENGLISH)
    build_site(project)
    return project.site


@pytest.fixture
def project(built: Path, tmp_path: Path) -> Project:
    """A copy of it, in which a check has to look at what is changed."""
    return copy_built(built, tmp_path / "site")


def edit(project: Project, name: str, *changes: tuple[str, str]) -> None:
    """As a person edits YAML by hand."""
    file = project.content / name
    text = file.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")


def told(project: Project, capsys: pytest.CaptureFixture[str], *command: str) -> str:
    assert main([*command, "--project", str(project.root)]) == 0
    return capsys.readouterr().out


def test_the_real_content_has_nothing_old() -> None:
    """Every translation and every fact of the two centres is remembered as it stands."""
    content = load_content(ROOT / "content")
    assert list(old_translations(content)) == []
    assert list(changed_facts(content)) == []
    assert not_remembered(content) == 0


def test_a_changed_text_leaves_its_translations_old(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """`check` and `report` name the place and the previous text, until the translation is new
    too; without Git, and whichever hand wrote it."""
    assert "превод" not in told(project, capsys, "check")
    edit(project, "centres/harmanli.yml", (PLACE, NEW_PLACE))
    for command in ("check", "report"):
        said = told(project, capsys, command)
        assert re.search(r"content/centres/harmanli\.yml:\d+ .*английски", said), command
        assert "Центърът се намира в западната част" in said
    edit(project, "centres/harmanli.yml", (ENGLISH_PLACE, NEW_ENGLISH))
    assert "английски" not in told(project, capsys, "check")


def test_a_translation_that_is_still_right_is_accepted(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """For a file, by a command; a translation that is new in the meantime is remembered by it."""
    edit(project, "centres/harmanli.yml", (PLACE, PLACE.replace("западната", "западна")))
    edit(project, "centres/sopot.yml", ("bg: Центърът е в Сопот.", "bg: Центърът е в град Сопот."))
    told(project, capsys, "remember", "content/centres/harmanli.yml")
    said = told(project, capsys, "check")
    assert "harmanli.yml:" not in said
    assert "content/centres/sopot.yml:" in said
    told(project, capsys, "remember")
    assert "content/centres/sopot.yml:" in told(project, capsys, "check")


def test_a_page_says_that_its_translation_is_older(project: Project) -> None:
    """With the Bulgarian of now beside it; other pages, and Bulgarian ones, say nothing."""
    edit(project, "centres/harmanli.yml", (PLACE, NEW_PLACE))
    build_site(project)
    contacts = (project.site / "en/harmanli/kontakti/index.html").read_text(encoding="utf-8")
    assert "of an older text" in contacts
    assert re.search(r'<ul lang="bg">\s*<li>Центърът вече се намира в източната', contacts)
    for other in ("en/sopot/kontakti", "harmanli/kontakti"):
        page = (project.site / other / "index.html").read_text(encoding="utf-8")
        assert "older:start" not in page
        assert "of an older text" not in page
        assert "по-стар текст" not in page


@pytest.mark.parametrize(
    ("name", "change", "asked"),
    [
        ("help_lines.yml", ('number: "116 111"', 'number: "116 112"'), "lines"),
        ("centres/harmanli.yml", ("number: 0373 9 10 76", "number: 0373 9 10 77"), "phones"),
        ("centres/harmanli.yml", ("  value: 30", "  value: 40"), "capacity"),
        ("centres/harmanli.yml", ("cop.harmanli@abv.bg", "cop@harmanli.bg"), "email"),
        ("centres/harmanli.yml", ("    count: 2", "    count: 3"), "team"),
        ("centres/harmanli.yml", (PLACE, NEW_PLACE), "building"),
        ("centres/harmanli.yml", (PLACE, "bg: В парка."), "building"),
        ("help_lines.yml", ("number: 124 123", "number: 124 124"), "lines"),
    ],
)
def test_a_changed_value_asks_for_its_source(
    project: Project,
    capsys: pytest.CaptureFixture[str],
    name: str,
    change: tuple[str, str],
    asked: str,
) -> None:
    """The place, the previous value and that source and date are still the old ones."""
    edit(project, name, change)
    said = told(project, capsys, "report")  # which says what `check` says, and makes no page
    (line,) = [one for one in said.splitlines() if "с този източник" in one]
    at = re.search(rf"content/{name}:(\d+) .*{asked}", line)
    assert at
    lines = (project.content / name).read_text(encoding="utf-8").splitlines()
    (changed,) = [number for number, one in enumerate(lines, 1) if change[1] in one]
    assert int(at[1]) == changed


def test_a_changed_value_with_its_own_source_asks_nothing(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """A new text in content/sources, named by the fact."""
    (project.content / "sources" / "telefon.txt").write_text(
        "По телефона на 28.11.2026 г.: новият номер е 0373 9 10 77\n", encoding="utf-8"
    )
    old = "  - number: 0373 9 10 76\n    source: 000_cee4bc3b0dd5abd9.txt:3"
    new = "  - number: 0373 9 10 77\n    source: telefon.txt:1"
    edit(project, "centres/harmanli.yml", (old, new))
    assert "източник" not in told(project, capsys, "check")


def test_facts_told_again_rest_on_the_telling(project: Project) -> None:
    """From a spreadsheet or questions: the changed telephone names no source that says another
    number, and the centre was checked today; what did not change keeps its source."""
    before = load_content(project.content).centres["harmanli"]
    facts = before.model_dump(mode="json", exclude_defaults=True)
    names = load_content(project.content).catalogues
    same, nothing = finished_centre(project.content, facts, date(2026, 11, 28), names)
    assert same == before
    assert len(nothing.lines) == 1
    facts["phones"][0]["number"] = "0373 9 10 77"
    after, said = finished_centre(project.content, facts, date(2026, 11, 28), names)
    assert after.phones[0].source.file == said.file
    assert "0373 9 10 77" in said.lines[1]
    assert after.checked_on == "2026-11-28"
    assert after.email == before.email
    assert after.services == before.services


def test_a_check_in_the_future_is_said(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """By `report`, as by `check` and each build: a slip of the pen would look new for ever."""
    file = project.content / "centres" / "harmanli.yml"
    text = file.read_text(encoding="utf-8")
    changed = re.sub(r"^checked_on: .*$", "checked_on: 2062-11-28", text, count=1, flags=re.M)
    file.write_text(changed, encoding="utf-8")
    said = told(project, capsys, "report")
    assert "harmanli.yml, checked_on: проверката е в бъдещето (28.11.2062)" in said
