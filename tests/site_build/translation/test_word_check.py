"""Slips in words are named with their place; they stop Opora's own check, and no centre's site."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

from site_build.__main__ import main
from site_build.authoring.old_facts import not_as_remembered
from site_build.pipeline import Project
from site_build.site_commands import _check_words
from site_build.translation.word_check import slips_of_facts, slips_of_interface
from site_model.loading.loader import load_content
from site_model.problems import Problem
from tests.support.content.project_changes import replace_once
from tests.support.project import copy_project

LANGUAGES = ["bg", "en", "tr", "uk", "ar"]


PLANTED = [
    ("content/centres/sopot.yml", "“Provision of", "„Provision of", "кавичките са “…”"),
    ("content/forms/contact.yml", "обадете се на 112.", "обадете се на 112..", "в повече"),
    ("content/forms/referral.yml", "зателефонуйте на 112", "зателефонуйте на 113", "113 – число"),
    ("content/search.yml", "إذا كان هناك خطر الآن،", "إذا كان هناك خطر الآن,", "пише ،"),
    ("content/help_lines.yml", "Police, ambulance", "Police , ambulance", "без интервал"),
    ("content/law.yml", "art. 73", "art. 74", "74 – числото е само в превода"),
    ("docs/tr/bezopasnost.md", "Ctrl, Shift ve", "Ctrl , Shift ve", "без интервал"),
    ("docs/uk/pomosht.md", "help_lines.emergency", "help_lines.child_line", "и в двата"),
    ("docs/bg/za-saita.md", ", ", " - ", "тире"),
    ("docs/ar/bezopasnost.md", "\n## ", "\n", "частите"),
    ("locale/uk.po", "«%(question)s»", "„%(question)s“", "кавичките са «…»"),
]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """With catalogues of its own, so that they can be changed."""
    root = copy_project(tmp_path / "site", languages=None).root
    return Project(root, catalogues=root / "locale")


def found(project: Project) -> list[Problem]:
    facts = slips_of_facts(project, LANGUAGES)
    return [*facts, *slips_of_interface(project, LANGUAGES)]


def test_a_slip_is_named_where_it_stands(project: Project) -> None:
    """In facts, forms, search, law, pages and catalogues: file, line, both texts and the fix."""
    assert found(project) == []
    for file, old, new, _ in PLANTED:
        replace_once(project, file, old, new)
    slips = {slip.file: slip for slip in found(project)}
    for file, _, new, fix in PLANTED:
        slip = slips.pop(file)
        lines = (project.root / file).read_text(encoding="utf-8").splitlines()
        near = lines[slip.line - 1 : slip.line + (0 if file.endswith(".md") else 4)]
        assert fix == "частите" or new.strip()[:6] in " ".join(near), file
        assert fix in slip.sentence
        if fix != "частите":
            assert re.search(r"\n    (bg: .+\n    )?(bg|en|tr|uk|ar): .+\n      .+", slip.sentence)
    assert not slips


def test_who_writes_facts_is_told_and_not_stopped(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Straight quotation marks, a hyphen for a dash, a space too many: named, and no error."""
    project = copy_project(tmp_path / "site")
    harmanli = "content/centres/harmanli.yml"
    place = "bg: Центърът се намира в западната част на града."
    typed = """bg: 'Центърът - до парка "Славеева гора" , в западната част на града..'"""
    replace_once(project, harmanli, place, typed)
    assert main(["check", "--project", str(project.root)]) == 0
    said = capsys.readouterr().out
    assert "Сайтът се прави и с тях" in said
    for fix in ("кавичките са „…“", "тире", "без интервал", "в повече"):
        assert re.search(rf"^      .+ – .*{fix}", said, re.MULTILINE), fix
    assert "  " + harmanli in said
    assert said.count("bg: Центърът - до парка") == 1


def test_a_slip_deep_in_a_part_is_named_with_its_line_and_sentence(project: Project) -> None:
    """Not with the line and the whole text of the part; what was typed is shown as it is."""
    page = "docs/tr/pomosht.md"
    typed = "güvendiğiniz  113 birinden {{ tel(line) }} , numarasını"
    replace_once(project, page, "güvendiğiniz birinden {{ tel(line) }} numarasını", typed)
    (slip,) = found(project)
    lines = (project.root / page).read_text(encoding="utf-8").splitlines()
    assert typed in lines[slip.line - 1]
    told = slip.sentence.splitlines()
    assert max(map(len, told)) < 200
    assert [line.partition(":")[0].strip() for line in told[1:3]] == ["bg", "tr"]
    assert "…ndiğiniz  113" in slip.sentence or "diğiniz  113" in slip.sentence
    assert "{{ tel(line) }} , numarasın" in slip.sentence


def test_a_changed_number_is_said_once_for_all_languages(project: Project) -> None:
    """The Bulgarian sentence once, and each translation in one line with its slips under it."""
    replace_once(project, "content/forms/contact.yml", "обадете се на 112.", "обадете се на 113.")
    (entry,) = found(project)
    assert entry.sentence.count("обадете се") == 1
    assert entry.sentence.count("113 – числото липсва") == len(LANGUAGES) - 1


def test_a_broken_catalogue_hides_nothing_else(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """A lost value, and even a file that cannot be read: other faults are said in the same run."""
    replace_once(project, "content/forms/contact.yml", "обадете се на 112.", "обадете се на 113.")
    file = project.catalogues / "uk.po"
    whole = file.read_text(encoding="utf-8")
    for broken, said in (("«%(mistake)s»", "стойностите"), ('"\nmsgstr\n', "се прочете")):
        file.write_text(whole.replace("«%(question)s»", broken, 1), encoding="utf-8")
        assert _check_words(project, argparse.Namespace()) == 1
        told = capsys.readouterr().err
        assert re.search(rf"^locale/uk\.po, ред \d+: .*{said}", told, re.MULTILINE)
        assert "113 – числото липсва" in told


def test_a_page_whose_bulgarian_changed_leaves_its_translations_old(project: Project) -> None:
    """The sentence is named, with its line and languages, until it is translated or accepted."""
    content = load_content(project.content)
    assert list(not_as_remembered(project, content)) == []
    replace_once(project, "docs/bg/bezopasnost.md", "Затворете прозореца", "Затваряйте прозореца")
    told = "\n".join(not_as_remembered(project, content))
    assert re.search(r"docs/bg/bezopasnost\.md:\d+ \(английски, турски, украински, арабски\)", told)
    assert 'FILE="docs/bg/bezopasnost.md"' in told
    replace_once(project, "docs/tr/bezopasnost.md", "pencereyi kapatın", "pencereyi hep kapatın")
    assert "турски" not in "\n".join(not_as_remembered(project, content))
    assert main(["remember", "docs/bg/bezopasnost.md", "--project", str(project.root)]) == 0
    assert list(not_as_remembered(project, load_content(project.content))) == []
