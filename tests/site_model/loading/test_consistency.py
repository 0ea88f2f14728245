"""What no single field can show: sources, groups and names that do not agree."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.content.broken_content import (
    HARMANLI,
    HELP,
    SEED,
    SOPOT,
    Break,
    assert_said,
    content_copy,
    problems_in,
    replace_once,
)
from tests.support.project import copy_project

SOURCES = (
    Break(
        "bad source syntax",
        HARMANLI,
        f"source: {SEED}:3",
        f"source: {SEED} ред 3",
        f"source: {SEED} ред 3",
        "phones → № 1 → source",
        "източникът се пише „файл:ред“",
    ),
    Break(
        "line beyond the end",
        HARMANLI,
        f"source: {SEED}:3",
        f"source: {SEED}:25-27",
        f"{SEED}:25-27",
        "phones → № 1 → source",
        f"„{SEED}“ има 26 реда, а тук пише ред 27.",
    ),
    Break(
        "line 0",
        HARMANLI,
        f"source: {SEED}:3",
        f"source: {SEED}:0",
        f"{SEED}:0",
        "phones → № 1 → source",
        "а тук пише ред 0.",
    ),
    Break(
        "unknown source file",
        HARMANLI,
        f"source: {SEED}:3",
        "source: nyama.txt:3",
        "nyama.txt",
        "phones → № 1 → source",
        "сред източниците (content/sources) няма файл „nyama.txt“.",
    ),
)

NAMES = (
    Break(
        "unknown target group",
        SOPOT,
        "group: pupils",
        "group: pupili",
        "group: pupili",
        "target_groups → № 2 → group",
        "„pupili“ я няма сред групите на сайта (target_groups.yml).",
    ),
    Break(
        "unknown target group of a service",
        SOPOT,
        "groups: [reunification]",
        "groups: [pupils, reunion]",
        "groups: [pupils, reunion]",
        "services → № 4 → groups → № 2",
        "„reunion“ я няма сред групите на сайта (target_groups.yml).",
    ),
    Break(
        "target group that the centre does not serve",
        SOPOT,
        "groups: [reunification]",
        "groups: [foster]",
        "groups: [foster]",
        "services → № 4 → groups → № 1",
        "„foster“ не е сред групите на центъра.",
    ),
    Break(
        "unknown kind of service",
        SOPOT,
        "kind: institutions",
        "kind: ministries",
        "kind: ministries",
        "services → № 2 → kind",
        "„ministries“ го няма сред видовете на сайта (service_kinds.yml).",
    ),
    Break(
        "programme of an unknown service",
        SOPOT,
        "service: group",
        "service: groups_of",
        "service: groups_of",
        "programmes → № 1 → part_of → service",
        "центърът няма услуга „groups_of“.",
    ),
    Break(
        "file name and id that disagree",
        HARMANLI,
        "id: harmanli",
        "id: haskovo",
        "id: haskovo",
        "id",
        "файлът се казва harmanli.yml, затова тук се пише harmanli.",
    ),
    Break(
        "id in capitals",
        HARMANLI,
        "id: harmanli",
        "id: Harmanli",
        "id: Harmanli",
        "id",
        "само малки латински букви, цифри и тирета; получено е „Harmanli“",
    ),
)


@pytest.mark.parametrize("broken", SOURCES + NAMES, ids=lambda broken: broken.name)
def test_facts_that_disagree_with_other_files_are_said_with_their_place(
    tmp_path: Path, broken: Break
) -> None:
    """A group or a source that does not exist is said where a fact names it."""
    assert_said(tmp_path, broken)


TRAPS = {
    "day that no calendar has": (HARMANLI, "2014-06-04", "2014-02-31", "2014-02-31"),
    "year that no calendar has": (HARMANLI, "2014-06-04", '"0000"', "as_of"),
    "check that is never due": (SOPOT, "checked_on: 2026", "checked_on: '9999' #", "9999"),
    "next check that is never due": (
        HARMANLI,
        "\nplace: ",
        "\nnext_check: 9999-12-31\nplace: ",
        "9999-12-31",
    ),
    "help line checked at no time": (HELP, "on: 2026-11", "on: undated", "checked_on"),
    "lines of a source backwards": (HARMANLI, f"{SEED}:3", f"{SEED}:5-3", "5-3"),
    "more lines than any source has": (HARMANLI, f"{SEED}:3", f"{SEED}:1-9{'9' * 4000}", "твърде"),
    "too many pieces of a source": (HARMANLI, f"{SEED}:3", f"{SEED}:3{',1-9999' * 9}", "твърде"),
    "service that takes the place of every page": (SOPOT, "- id: group", "- id: main", "main"),
    "help line that takes it": (HELP, "id: animus", "id: main", "main"),
    "two services with one id": (HARMANLI, "- id: social", "- id: psychological", "psychological"),
    "two programmes with one id": (SOPOT, "- id: peers", "- id: parenting", "parenting"),
    "two help lines with one id": (HELP, "- id: child_line", "- id: emergency", "emergency"),
    "no help line for danger": (HELP, "- id: emergency", "- id: danger", "emergency"),
    "no Bulgarian among the languages": ("site.yml", "code: bg", "code: el", "bg"),
}


@pytest.mark.parametrize(("file", "old", "new", "word"), TRAPS.values(), ids=TRAPS)
def test_what_would_break_the_pages_later_is_said_when_facts_are_read(
    tmp_path: Path, file: str, old: str, new: str, word: str
) -> None:
    """No wrong fact gets as far as a traceback, or onto a page: a sentence names it."""
    content = content_copy(tmp_path)
    replace_once(content / file, old, new)
    said = [str(problem) for problem in problems_in(content)]
    assert any(f"content/{file}" in sentence and word in sentence for sentence in said), said


def test_several_disagreements_between_files_are_reported_at_once(tmp_path: Path) -> None:
    """Unknown groups and sources of all centres come in one run."""
    content = content_copy(tmp_path)
    replace_once(content / HARMANLI, "prevention, pregnancy_parents", "preventn, pregnancy_parents")
    replace_once(content / HARMANLI, f"source: {SEED}:3", "source: nyama.txt:3")
    replace_once(content / SOPOT, "groups: [reunification]", "groups: [reunion]")
    assert len(problems_in(content)) == 3


@pytest.mark.parametrize("id", ["danni", "tsentrove", "pomosht", "assets", "en", "main"])
def test_a_centre_may_not_take_the_address_of_a_common_page(tmp_path: Path, id: str) -> None:
    """It is said at its id, before two pages meet at one address."""
    made = copy_project(tmp_path, languages=None)
    file = made.content / HARMANLI
    replace_once(file, "\nid: harmanli\n", f"\nid: {id}\n")
    file.rename(file.with_name(f"{id}.yml"))
    (problem,) = problems_in(made.content)
    assert problem.file == f"content/centres/{id}.yml"
    assert problem.field == "id"
    assert "Изберете друго име на центъра" in problem.sentence


def test_only_112_may_be_written_to_without_a_voice(tmp_path: Path) -> None:
    """The page about it speaks of 112, and its place there is one."""
    content = content_copy(tmp_path)
    for old, new in (("emergency", "now"), ("child_line", "emergency"), ("now", "child_line")):
        replace_once(content / HELP, f"id: {old}\n", f"id: {new}\n")
    (problem,) = problems_in(content)
    assert "„child_line“: without_voice е само за 112" in problem.sentence
