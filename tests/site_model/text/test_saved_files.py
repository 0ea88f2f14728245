"""What people write, as their programs save it and as YAML would take it for something else: each
is read, cleaned, or refused with its place and the fix."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from site_model.facts.services import ProgrammeDate
from site_model.loading.loader import load_content
from site_model.loading.yaml_lines import NotYamlError, parse_yaml
from site_model.text.cleaning import FROM_THE_RIGHT, clean, clean_from_the_right
from site_model.text.saved_files import NotTextError, is_left_behind, text_of
from tests.support.content.broken_content import (
    HARMANLI,
    PLACE,
    SEED,
    content_copy,
    problems_in,
    replace_once,
)

CODINGS = {
    "byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "mark in the middle": lambda text: text.replace("place:", "\ufeffplace:").encode(),
    "UTF-16 of Windows": lambda text: text.encode("utf-16"),
    "UTF-16, the great end first": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "line ends of Windows": lambda text: text.replace("\n", "\r\n").encode(),
    "line ends of an old Mac": lambda text: text.replace("\n", "\r").encode(),
    "no-break spaces": lambda text: text.replace(": ", ":\u00a0").encode(),
    "soft hyphens": lambda text: text.replace("place", "pla\u00adce").encode(),
    "zero width and overrides": lambda text: text.replace("Хар", "Х\u200bа\u202eр").encode(),
}


@pytest.mark.parametrize("saved", CODINGS.values(), ids=CODINGS)
def test_a_file_is_read_however_a_program_saved_it(tmp_path: Path, saved: object) -> None:
    """The facts are the same, and a fault in them keeps its line."""
    content = content_copy(tmp_path)
    path = content / HARMANLI
    text = path.read_text(encoding="utf-8")
    expected = load_content(content).centres["harmanli"]
    path.write_bytes(saved(text))  # type: ignore[operator]
    assert load_content(content).centres["harmanli"] == expected
    path.write_bytes(saved(text.replace("value: 30", "value: много")))  # type: ignore[operator]
    (found,) = problems_in(content)
    assert found.line == text[: text.index("value: 30")].count("\n") + 1


def test_another_coding_is_said_with_the_line_where_it_begins(tmp_path: Path) -> None:
    """A file of an old program is named with the first line that is no UTF-8, and how to save."""
    content = content_copy(tmp_path)
    path = content / HARMANLI
    old = "Харманли}".encode("cp1251")
    data = path.read_bytes().replace("Харманли}".encode(), old)
    path.write_bytes(data)
    (found,) = problems_in(content)
    first = data[: data.index(old)].count(b"\n") + 1
    assert (found.file, found.line) == (f"content/{HARMANLI}", first)
    assert "Кодиране: UTF-8" in found.sentence


@given(st.binary(max_size=40))
def test_no_bytes_give_anything_but_text_or_a_sentence(data: bytes) -> None:
    """Whatever a file holds; read once more it is the same."""
    try:
        text = text_of(data)
    except NotTextError as error:
        assert error.line >= 1
        return
    assert text_of(text.encode()) == text


LEFT_BEHIND = (
    *(".DS_Store", "._sopot.yml", "Thumbs.db", "desktop.ini", "~$sopot.xlsx", "~WRL0001.tmp"),
    *(".sopot.yml.new", ".sopot.yml.swp", "sopot.yml~", "#sopot.yml#", "sopot.yml.bak"),
)


def test_what_programs_leave_behind_stops_nothing(tmp_path: Path) -> None:
    """In no folder of the content; a file of a person with a wrong ending is still named."""
    content = content_copy(tmp_path)
    expected = load_content(content)
    for folder in ("", "centres", "forms", "sources", "photographs"):
        (content / folder).mkdir(exist_ok=True)
        for name in (*LEFT_BEHIND, "._a.txt"):
            (content / folder / name).write_bytes(b"\x00\x05\x16\x07\xff")
    assert load_content(content) == expected
    assert not any(map(is_left_behind, ("sopot.yml", "sopot.yaml", "new.yml", "бележки.docx")))


SHORT = "short_name: {bg: ЦОП Харманли}"
LONG = "".join(f"k{number}: текст\n" for number in range(155))
SLIPS = {
    "a value cut by #": ("name: ул. Изворна #5, вход Б\n", 2, "след # YAML не чете"),
    "a value cut by # and a space": ("name: ул. Изворна # 5\n", 2, "след # YAML не чете"),
    "nothing left before #": ("name: #5\n", 2, "след # YAML не чете"),
    "cut in a list": ("name:\n  - ул. Изворна #5\n", 3, "след # YAML не чете"),
    "cut in braces": ("name: {bg: ул. Изворна #5, вход Б}\n" + LONG, 2, "след # YAML не чете"),
    "cut before a second line": ("name: ул. #5,\n  вход Б\n" + LONG, 2, "след # YAML не чете"),
    "a quotation mark forgotten": (f'name: "Текст\n{LONG}', 2, "кавичката е отворена тук"),
    "closed by the next one": (f'name: "Текст\n{LONG}z: "още"\n', 2, "кавичката е отворена тук"),
    "in braces": (f'name: {{bg: "Текст}}\n{LONG}z: "още"\n', 2, "кавичката е отворена тук"),
    "a single one": (f"name: 'Текст\n{LONG}z: 'още'\n", 2, "кавичката е отворена тук"),
    "that swallows a field": ('name: "Текст\nnext: още"\n', 2, "се затваря чак на ред 3"),
    "a Tab": ("name:\n\tbg: Текст\n" + LONG, 3, "започва с Tab"),
    "a Tab after a field": ("name:\n  bg: Текст\n\ten: Text\n", 4, "започва с Tab"),
    "a brace forgotten": ("name: {bg: Текст\n" + LONG, 2, "скобата е отворена тук"),
}


@pytest.mark.parametrize(("text", "line", "said"), SLIPS.values(), ids=SLIPS)
def test_a_slip_is_said_where_it_was_made(text: str, line: int, said: str) -> None:
    """Nothing is cut or swallowed in silence, or said a page later."""
    with pytest.raises(NotYamlError, match=re.escape(said)) as refused:
        parse_yaml(f"first: 1\n{text}")
    assert refused.value.line == line


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("name: 5  # бележка", 5),
        ("# бележка #5\nname: а", "а"),
        ("name: # бележка\n  - а", ["а"]),
        ('name: "ул. #5"', "ул. #5"),
        ("name: ул#5", "ул#5"),
        ("name: |\n  ул. #5\n", "ул. #5\n"),
        ('name: "дълъг\n  текст"', "дълъг текст"),
    ],
)
def test_notes_and_quoted_signs_are_what_they_are(text: str, value: object) -> None:
    """A note on its own line or two spaces after a value says nothing to YAML."""
    assert parse_yaml(text).data["name"] == value


READ = {
    "no stays a word": (PLACE, "place: {bg: no}", ("place", "no")),
    "on stays a word": (PLACE, "place: {bg: on}", ("place", "on")),
    "a number is text where text is": (SHORT, "short_name: {bg: 6450}", ("short_name", "6450")),
    "an hour stays an hour": (SHORT, "short_name: {bg: 12:30}", ("short_name", "12:30")),
    "a day stays a day": (SHORT, "short_name: {bg: 2014-06-04}", ("short_name", "2014-06-04")),
    "a year": ("as_of: 2014-06-04", "as_of: 2014", ("history.1.as_of", "2014")),
    "a year in words": ("as_of: 2014-06-04", "as_of: 2014 г.", ("history.1.as_of", "2014")),
    "a month": ("as_of: 2014-06-04", "as_of: 06.2014", ("history.1.as_of", "2014-06")),
    "a Bulgarian day": (
        "as_of: 2014-06-04",
        "as_of: 4.06.2014 г.",
        ("history.1.as_of", "2014-06-04"),
    ),
    "soft hyphens and overrides": (
        PLACE,
        'place: {bg: "Хар\\u00ADман\\u200Bли\\u202E\\uFEFF"}',
        ("place", "Харманли"),
    ),
    "decomposed letters": (PLACE, "place: {bg: Хаи\u0306}", ("place", "Хай")),
    "private signs": (PLACE, "place: {bg: \ue000Харманли\ue001}", ("place", "Харманли")),
}


@pytest.mark.parametrize(("old", "new", "expected"), READ.values(), ids=READ)
def test_what_was_written_is_what_is_read(
    tmp_path: Path, old: str, new: str, expected: tuple[str, str]
) -> None:
    """YAML makes nothing else of a word, a number, an hour or a day; what nobody sees is gone."""
    content = content_copy(tmp_path)
    replace_once(content / HARMANLI, old, new)
    value = load_content(content).centres["harmanli"].model_dump(mode="json")
    field, said = expected
    for step in field.split("."):
        value = value[int(step) if step.isdecimal() else step]
    assert (value["bg"] if isinstance(value, dict) else value) == said


NOTICE = "notices:\n  - {text: {bg: Ремонт}, source: '%s:1', first: %s, until: %s, closed: %s}\n"


@pytest.mark.parametrize("day", ["2026-12-24", "24.12.2026", "24.12.2026 г.", "24 декември 2026"])
@pytest.mark.parametrize("closed", ["да", "true", "yes", "Да"])
def test_days_and_yes_are_read_in_usual_spellings(tmp_path: Path, day: str, closed: str) -> None:
    """A day is never taken for seconds since 1970, and „да“ is yes."""
    content = content_copy(tmp_path)
    replace_once(content / HARMANLI, "building:", NOTICE % (SEED, day, day, closed) + "building:")
    (notice,) = load_content(content).centres["harmanli"].notices
    assert (str(notice.first), str(notice.until), notice.closed) == (*["2026-12-24"] * 2, True)


DAY = "датата се пише година-месец-ден"
REFUSED = {
    "Cyrillic in an e-mail": (
        "cop.harmanli@abv.bg",
        "cop.hаrmanli@abv.bg",
        "email → address",
        "знак № 6, „а“, е на кирилица",
    ),
    "Cyrillic in its host": ("@abv.bg", "@аbv.bg", "email → address", "знак № 1, „а“"),
    "all Cyrillic before @": ("cop.harmanli@", "сор@", "email → address", "„сор“ пред @ не е"),
    "Greek": ("cop.harmanli@", "cοp@", "email → address", "„ο“, е от друга азбука"),
    "Cyrillic in a code": ("id: harmanli", "id: hаrmanli", "id", "знак № 2, „а“, е на кирилица"),
    "seconds": ("id: harmanli", "id: harmanli\nnext_check: 1764288000", "next_check", DAY),
    "a figure": ("id: harmanli", "id: harmanli\nnext_check: 0", "next_check", DAY),
    "neither yes nor no": (
        "building:",
        NOTICE % (SEED, "2026-12-24", "2026-12-24", "май") + "building:",
        "notices → № 1 → closed",
        "true (да) или false (не)",
    ),
}


@pytest.mark.parametrize(("old", "new", "field", "said"), REFUSED.values(), ids=REFUSED)
def test_what_only_looks_right_is_refused_with_the_sign(
    tmp_path: Path, old: str, new: str, field: str, said: str
) -> None:
    """The sentence names the letter that looks like another, or how the value is written."""
    content = content_copy(tmp_path)
    replace_once(content / HARMANLI, old, new)
    assert [p.field for p in problems_in(content) if said in p.sentence] == [field]


@pytest.mark.parametrize(
    "address",
    ["https://оpora.example/", "https://opora.exаmple/", "https://opora.example/kontаkti"],
)
def test_an_address_on_the_web_has_one_alphabet(tmp_path: Path, address: str) -> None:
    """A Cyrillic letter among Latin ones would lead to somebody else."""
    content = content_copy(tmp_path)
    replace_once(content / "site.yml", "https://opora.example/", address)
    (found,) = problems_in(content)
    assert found.field == "url"
    assert "е на кирилица" in found.sentence


def test_times_of_day_are_read(tmp_path: Path) -> None:
    """9.30 and 9:30 are 09:30; YAML 1.1 would read minutes as a number to the base of 60."""

    def read(starts: str) -> str | None:
        data = parse_yaml(f"day: 2026-12-01\nstarts: {starts}\nsource: a.txt:1").data
        return ProgrammeDate.model_validate(data).starts

    for starts in ("9:30", "09:30", "9.30", "9:30 ч.", "09:30:00"):
        assert read(starts) == "09:30"
    assert read("18 ч.") == "18:00"
    for starts in ("25:00", "570", "сутрин", "9:75"):
        with pytest.raises(ValueError, match="пише се като 09:30"):
            read(starts)


def test_sentences_from_the_right_keep_the_signs_that_they_need() -> None:
    """An address inside an Arabic sentence stays in one piece; what could turn a page goes."""
    arabic = "على \u2066112.mvr.bg\u2069 فقط"
    assert clean_from_the_right(arabic) == arabic
    assert clean_from_the_right(f"\u202e{arabic}\u2067\u00ad") == clean(arabic)
    assert clean(arabic) == arabic.translate(dict.fromkeys(map(ord, FROM_THE_RIGHT)))
