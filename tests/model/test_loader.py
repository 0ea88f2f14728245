"""The content folder is read as a whole, and what is wrong in it is said all at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from broken_content import (
    CONTACT,
    HARMANLI,
    HELP,
    PLACE,
    SEED,
    SOPOT,
    Break,
    assert_said,
    content_copy,
    line_of,
    problems_in,
    replace_once,
)
from support import ROOT

from site_model.loader import load_content

SYNTAX = (
    Break(
        "quotation mark that is never closed",
        HARMANLI,
        PLACE,
        'place: {bg: "Харманли}',
        "Психологическо и социално",
        "",
        "редът не може да се прочете като YAML",
    ),
    Break("tab", HARMANLI, PLACE, "\t" + PLACE, "place:", "", "не може да се прочете като YAML"),
    Break("two colons", HARMANLI, PLACE, "place: a: b", "place:", "", "не може да се прочете"),
)


@pytest.mark.parametrize("broken", SYNTAX, ids=lambda broken: broken.name)
def test_a_line_that_is_no_yaml_is_said_with_its_number(tmp_path: Path, broken: Break) -> None:
    """A slip of the pen in YAML is said with the line on which reading stops."""
    assert_said(tmp_path, broken)


@pytest.mark.parametrize("place", ["place: {{bg: Харманли}}", "place: {bg: Хар\x07манли}"])
def test_yaml_that_only_a_machine_could_mean_is_said_with_its_line(
    tmp_path: Path, place: str
) -> None:
    """A mapping as a key and a control character give a sentence, not a traceback."""
    content = content_copy(tmp_path)
    replace_once(content / HARMANLI, PLACE, place)
    found = [(p.file, p.line) for p in problems_in(content)]
    assert (f"content/{HARMANLI}", line_of(content / HARMANLI, "place:")) in found


WHOLE_FILES = {
    "empty": (b"", "файлът е празен."),
    "only a comment": ("# нищо\n".encode(), "файлът е празен."),
    "only the sign of a document": (b"---\n", "файлът е празен."),
    "not UTF-8": ("name: Опора".encode("cp1251"), "файлът не е записан като UTF-8."),
    "one word": ("Опора".encode(), "тук се очакват подредове „име: стойност“"),
}


@pytest.mark.parametrize("file", ["site.yml", HARMANLI])
@pytest.mark.parametrize(("data", "sentence"), WHOLE_FILES.values(), ids=WHOLE_FILES)
def test_a_file_that_holds_no_facts_is_named(
    tmp_path: Path, file: str, data: bytes, sentence: str
) -> None:
    """An empty, foreign or unreadable file is said with its name, at its first line."""
    content = content_copy(tmp_path)
    (content / file).write_bytes(data)
    problems = problems_in(content)
    assert [(p.file, p.line) for p in problems] == [(f"content/{file}", 1)]
    assert sentence in problems[0].sentence


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A file that every content folder needs is asked for by its name."""
    content = content_copy(tmp_path)
    (content / "law.yml").unlink()
    assert [str(p) for p in problems_in(content)] == ["content/law.yml, ред 1: файлът липсва."]


def test_a_folder_without_centres_is_named(tmp_path: Path) -> None:
    """Without a single centre there is nothing to show, and that is said."""
    content = content_copy(tmp_path)
    for path in (content / "centres").iterdir():
        path.unlink()
    problems = problems_in(content)
    assert [p.file for p in problems] == ["content/centres/"]
    assert "нито един файл .yml" in problems[0].sentence


def test_a_file_with_another_ending_is_not_passed_over(tmp_path: Path) -> None:
    """A centre saved as .yaml does not silently vanish from the site."""
    centres = content_copy(tmp_path) / "centres"
    (centres / "sopot.yml").rename(centres / "sopot.yaml")
    assert "sopot.yaml" in " ".join(map(str, problems_in(centres.parent)))


def test_a_source_text_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    """A seed text saved in another encoding gives a sentence with its name."""
    content = content_copy(tmp_path)
    (content / "sources" / SEED).write_bytes("Център".encode("cp1251"))
    assert any(SEED in str(p) and "UTF-8" in p.sentence for p in problems_in(content))


def test_several_errors_in_several_files_are_reported_at_once(tmp_path: Path) -> None:
    """One run names all that is wrong, ordered by file and line."""
    content = content_copy(tmp_path)
    replace_once(content / HARMANLI, "value: 30", "value: много")
    replace_once(content / HARMANLI, PLACE, "place: {en: Harmanli}")
    replace_once(content / SOPOT, "value: 682", "value: -1")
    replace_once(content / HELP, "checked_on: 2026-11", "checked_on: вчера")
    replace_once(content / CONTACT, "slug: pishete-ni", "slug: Пишете")
    (content / "law.yml").write_text("", encoding="utf-8")
    expected = [
        (HARMANLI, line_of(content / HARMANLI, "place:")),
        (HARMANLI, line_of(content / HARMANLI, "value:")),
        (SOPOT, line_of(content / SOPOT, "value: -1")),
        (CONTACT, line_of(content / CONTACT, "slug:")),
        (HELP, line_of(content / HELP, "вчера")),
        ("law.yml", 1),
    ]
    found = [(p.file, p.line) for p in problems_in(content)]
    assert found == [(f"content/{file}", line) for file, line in expected]


def test_no_times_and_days_stay_the_text_they_are(tmp_path: Path) -> None:
    """YAML 1.1 would read `no` as false, `12:30` as 750 and a day as a date object."""
    content = content_copy(tmp_path)
    replace_once(content / HARMANLI, PLACE, "place: {bg: no}")
    replace_once(content / HARMANLI, "short_name: {bg: ЦОП Харманли}", "short_name: {bg: 12:30}")
    replace_once(content / SOPOT, "name: cop1", "name: 2014-06-04")
    centres = load_content(content).centres
    assert centres["harmanli"].place.to("bg") == "no"
    assert centres["harmanli"].short_name.to("bg") == "12:30"
    assert centres["sopot"].photographs[0].name == "2014-06-04"


def test_the_content_of_the_repository_is_in_order() -> None:
    """Both centres and both forms are read without a problem."""
    content = load_content(ROOT / "content")
    assert sorted(content.centres) == ["harmanli", "sopot"]
    assert sorted(content.forms) == ["contact", "referral"]
