"""The content folder is read as a whole, and what is wrong in it is said all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from site_model.loading.loader import load_content
from site_model.loading.yaml_lines import parse_yaml
from tests.support.content.broken_content import (
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
from tests.support.project import ROOT

SYNTAX = (
    Break(
        "quotation mark that is never closed",
        HARMANLI,
        PLACE,
        'place: {bg: "Харманли}',
        "place:",
        "",
        "кавичката е отворена тук, а се затваря чак на ред",
    ),
    *(
        Break(
            f"more words after {value}",
            HARMANLI,
            PLACE,
            f"place: {{bg: {value}}}",
            "place:",
            "",
            f"стойността започва с {value[0]} и след втората кавичка има още думи",
        )
        for value in ('"Центърът" е в града', "'Ц'.", '"Ц" – "Д"')
    ),
    Break(
        "words after a phrase", HARMANLI, PLACE, 'place: "Ц", и', "place:", "", "втората кавичка"
    ),
    Break(
        "value that # cuts",
        HARMANLI,
        "- text: {bg: Центърът се намира в западната част на града.}",
        "- text:\n      bg: Центърът #1 в града.",
        "Центърът #1",
        "building → № 1 → text → bg",
        "се отрязва",
    ),
    Break("tab", HARMANLI, PLACE, "\t" + PLACE, "place:", "", "редът започва с Tab"),
    Break("two colons", HARMANLI, PLACE, "place: a: b", "place:", "", "не може да се прочете"),
)


@pytest.mark.parametrize("broken", SYNTAX, ids=lambda broken: broken.name)
def test_a_line_that_is_no_yaml_is_said_with_its_number(tmp_path: Path, broken: Break) -> None:
    """A slip of the pen in YAML is said with the line on which it was made."""
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


BOMB = "".join(
    f"{name}: &{name} [{','.join([f'*{before}'] * 9) if before else 'Опора'}]\n"
    for before, name in zip(["", *"abcdefgh"], "abcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (BOMB, 1),
        ("name: x\nname_too: &a x\n", 2),
        ("name:\n  - &a\n", 2),
        ("[&a x]\n", 1),
        ("{&a x: y}\n", 1),
        ("? &a x\n: y\n", 1),
        ("name: !!str &a x\n", 1),
        ("# a\n<<: *a\n", 2),
        ("name: *a\n", 1),
    ],
)
def test_a_value_that_stands_elsewhere_is_refused(tmp_path: Path, text: str, line: int) -> None:
    """Anchors and aliases, by which a few lines fill the memory, are said with their line."""
    content = content_copy(tmp_path)
    (content / "site.yml").write_text(text)
    (found,) = (p for p in problems_in(content) if p.file == "content/site.yml")
    assert found.line == line
    assert "не може да започва с & или *" in found.sentence


@pytest.mark.parametrize("text", ["a & b", "2*3", "'&a'", '"*a"', "- |\n  &a *b"])
def test_those_signs_in_a_text_are_text(text: str) -> None:
    """In the middle of words, in quotation marks and in longer texts they mean nothing."""
    parse_yaml(f"name: {text}" if not text.startswith("-") else text)


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


def test_the_content_of_the_repository_is_in_order() -> None:
    """Both centres and both forms are read without a problem."""
    content = load_content(ROOT / "content")
    assert sorted(content.centres) == ["harmanli", "sopot"]
    assert sorted(content.forms) == ["contact", "referral"]


def test_a_copy_beside_a_centre_is_named_as_one(tmp_path: Path) -> None:
    """No centre may have its code, so the sentence does not ask for it."""
    content = content_copy(tmp_path)
    text = (content / HARMANLI).read_text(encoding="utf-8")
    (content / "centres" / "harmanli - Copy.yml").write_text(text, encoding="utf-8")
    said = [problem.sentence for problem in problems_in(content)]
    assert any("harmanli - Copy.yml изглежда копие" in sentence for sentence in said)


@pytest.mark.parametrize(("signs", "problems"), [(64, 0), (65, 1)])
def test_a_mailbox_has_at_most_64_signs_before_its_host(
    tmp_path: Path, signs: int, problems: int
) -> None:
    """RFC 5321: a longer one gets no letter anywhere."""
    content = content_copy(tmp_path)
    replace_once(content / HARMANLI, "cop.harmanli@abv.bg", f"{'a' * signs}@abv.bg")
    assert len(problems_in(content)) == problems
