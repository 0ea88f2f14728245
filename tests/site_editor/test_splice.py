"""Changed facts go into their file, and nothing else in it moves."""

from __future__ import annotations

import copy
import difflib
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from site_build.authoring.yaml_file import block_yaml
from site_editor.files.alignment import is_same
from site_editor.files.splice import SpliceError, splice_facts
from site_model.loading.yaml_lines import NotYamlError, compose_yaml, parse_yaml
from site_model.text.saved_files import text_of
from tests.support.content.generated import Generator
from tests.support.project import ROOT

EXAMPLES = int(os.environ.get("OPORA_FUZZ_EXAMPLES", "120"))
FILES = sorted((ROOT / "content").glob("*.yml")) + sorted((ROOT / "content").glob("*/*.yml"))
CENTRE_FILES = [file.read_text(encoding="utf-8") for file in FILES if file.parent.name == "centres"]
NASTY: tuple[Any, ...] = (
    *("ново", "a # b", "#", "# бележка", "ключ: стойност", "края:", "- точка", "? x", "-", "?"),
    *(
        "'",
        '"',
        "It's",
        'каза "да"',
        "„Да“ – каза",
        "😀 ☎ 👩‍👧",
        "5",
        "007",
        "-1",
        "yes",
        "no",
        "true",
    ),
    *(
        "null",
        "~",
        "",
        "12:30",
        "2026-11-20",
        "1e3",
        "0x1F",
        " отпред",
        "отзад ",
        "a\nb",
        "a\n\nb\n",
    ),
    *(
        "\n",
        "a\n  b\n",
        "ред: 1\nред: 2",
        "a\u2028b",
        "a\x85b",
        "a\u00a0b",
        "\tтаб",
        "дълго " * 900,
    ),
    *("[a, b]", "{a: b}", "a, b", "a]", "}", "&a", "*a", "!x", "|", ">", "%x", "@x", "`x`", "\\n"),
    *("--- x", "...", "a:b", "http://x/#y", "مركز الدعم", "a\tb", "<<", "=", "a  # b", 0, -7, True),
)


def read(text: str) -> Any:
    """As the loader reads a file."""
    return parse_yaml(text_of(text.encode())).data


def change(text: str, *steps: Any, to: Any) -> str:
    """The text with one value changed."""
    data = read(text)
    at = data
    for step in steps[:-1]:
        at = at[step]
    at[steps[-1]] = to
    return splice_facts(text, data)


def changed_lines(before: str, after: str) -> list[str]:
    lines = difflib.ndiff(before.split("\n"), after.split("\n"))
    return [line for line in lines if line[0] in "+-"]


CENTRE = """\
# Файл на център.
# Още един ред за файла.
id: a
# За телефоните.
phones:
  # Първият.
  - number: 0373 9 10 76  # сутрин
    source: a.txt:1
    # бележка вътре
  # Вторият.
  - number: "112"
    source: 'a: b'

# Никой не каза.
# email: x

groups: [a, "b", {id: c}]
name: {bg: Ед, en: }
note: |
  Ред 1
    ред 2

  # не е бележка

about: >-  # сгънато
  едно две
  три
hours:
empty: []
last: край
# опашка
"""


@pytest.mark.parametrize(
    ("steps", "to", "lines"),
    [
        (
            ("phones", 0, "number"),
            "0373 9 10 77",
            [
                "-   - number: 0373 9 10 76  # сутрин",
                "+   - number: 0373 9 10 77  # сутрин",
            ],
        ),
        (("phones", 1, "number"), "150", ['-   - number: "112"', '+   - number: "150"']),
        (("phones", 1, "source"), "c: d", ["-     source: 'a: b'", "+     source: 'c: d'"]),
        (("id",), "12:30", ["- id: a", "+ id: 12:30"]),
        (("id",), "5", ["- id: a", "+ id: '5'"]),
        (("id",), "a # b", ["- id: a", "+ id: 'a # b'"]),
        (("id",), None, ["- id: a", "+ id: null"]),
        (("id",), "a\nb", ["- id: a", "+ id: |-", "+   a", "+   b"]),
        (("hours",), "24/7", ["- hours:", "+ hours: 24/7"]),
        (("hours",), {"a": ["b"]}, ["+   a:", "+     - b"]),
        (("empty",), ["x"], ["- empty: []", "+ empty:", "+   - x"]),
        (
            ("groups", 1),
            "x, y",
            ['- groups: [a, "b", {id: c}]', '+ groups: [a, "x, y", {id: c}]'],
        ),
        (
            ("groups",),
            ["new", "a", {"id": "c"}],
            ['- groups: [a, "b", {id: c}]', "+ groups: [new, a, {id: c}]"],
        ),
        (("groups",), [], ['- groups: [a, "b", {id: c}]', "+ groups: []"]),
        (("name", "en"), "One", ["- name: {bg: Ед, en: }", "+ name: {bg: Ед, en: One}"]),
        (
            ("name",),
            {"bg": "Ед", "tr": "Bir"},
            ["- name: {bg: Ед, en: }", "+ name: {bg: Ед, tr: Bir}"],
        ),
        (
            ("note",),
            "Друго\n",
            ["-   Ред 1", "-     ред 2", "- ", "-   # не е бележка", "+   Друго"],
        ),
        (("about",), "едно две пет", ["-   три", "+   пет"]),
        (("phones", 0, "hours"), "Mo", ["+     hours: Mo"]),
        (("new",), {"bg": "Ново"}, ["+ new:", "+   bg: Ново"]),
    ],
)
def test_only_its_own_lines_change(steps: tuple[Any, ...], to: Any, lines: list[str]) -> None:
    """A value keeps its style, its note and its neighbours; a new one stands as its siblings."""
    assert sorted(changed_lines(CENTRE, change(CENTRE, *steps, to=to))) == sorted(lines)


def test_what_goes_takes_its_own_comments() -> None:
    """Those right above it and those inside it; nobody else's."""
    data = read(CENTRE)
    del data["phones"][0]
    assert changed_lines(CENTRE, splice_facts(CENTRE, data)) == [
        "-   # Първият.",
        "-   - number: 0373 9 10 76  # сутрин",
        "-     source: a.txt:1",
        "-     # бележка вътре",
    ]
    del data["id"], data["phones"], data["note"]
    text = splice_facts(CENTRE, data)
    assert text.startswith("# Файл на център.\n# Още един ред за файла.\n\n# Никой не каза.")
    assert text.endswith("last: край\n# опашка\n")


@pytest.mark.parametrize(
    ("steps", "to", "lines"),
    [
        (("phones",), "няма", ["phones: няма", "  # Първият.", "  # сутрин", "  # бележка вътре"]),
        (("phones",), [], ["phones: []", "  # Първият.", "  # сутрин", "  # бележка вътре"]),
        (("phones", 0), "150", ['  - "150"', "    # сутрин", "    # бележка вътре"]),
    ],
)
def test_value_written_anew_keeps_the_comments_inside(
    steps: tuple[Any, ...], to: Any, lines: list[str]
) -> None:
    """What somebody wrote about the old value stands below the new one."""
    text = change(CENTRE, *steps, to=to)
    assert "\n".join(lines) in text
    assert is_same(read(text), read(CENTRE) | read_with(steps, to))


def read_with(steps: tuple[Any, ...], to: Any) -> Any:
    """The fact that is changed, as it is to be."""
    phones = read(CENTRE)["phones"]
    return {"phones": to if len(steps) == 1 else [to, *phones[1:]]}


def with_comments(text: str, random: Random) -> str:
    """The text with a few comments more, each with a sign of its own, where YAML takes them."""
    data = read(text)
    for number in range(6):
        lines = text.split("\n")
        at = random.randrange(len(lines))
        line, mark = lines[at], f"# знак {number}"
        if random.random() < 0.5:
            indent = re.match(" *", line)[0]  # type: ignore[index]
            lines.insert(at, indent + random.choice(("", "  ")) + mark)
        elif line.strip():
            lines[at] = f"{line}  {mark}"
        made = "\n".join(lines)
        with suppress(NotYamlError):
            text = made if is_same(read(made), data) else text
    return text


@pytest.mark.parametrize("part", range(5))
def test_no_comment_goes_with_a_value(part: int) -> None:
    """Wherever a comment stands, it stays when a value is changed, added, copied or moved; only
    what is removed takes its own along.
    """
    for number in range(part, EXAMPLES, 5):
        random = Random(number)  # noqa: S311
        text = with_comments(random.choice((synthetic(random), CENTRE, CENTRE_FILES[0])), random)
        result, after, kind, lines = edit(text, random)
        assert is_same(read(result), after), number
        old = text.split("\n")
        own = "\n".join(old[max(lines.start - 3, 0) : lines.stop + 2]) if kind == "gone" else ""
        lost = set(re.findall(r"# знак \d", text)) - set(re.findall(r"# знак \d", result))
        assert not [mark for mark in lost if mark not in own], (number, kind)


def test_a_moved_item_keeps_its_bytes() -> None:
    """With its comments, in a block and between brackets."""
    data = read(CENTRE)
    data["phones"].reverse()
    data["groups"].reverse()
    text = splice_facts(CENTRE, data)
    second = "  # Вторият.\n  - number: \"112\"\n    source: 'a: b'\n"
    first = CENTRE[CENTRE.index("  # Първият") : CENTRE.index("  # Вторият")]
    assert second + first in text
    assert "groups: [{id: c}, " in text


def test_a_first_key_behind_a_dash_may_go_and_come() -> None:
    text = "l:\n  - a: 1\n    # за b\n    b: 2\n  - c: 3\n    d: 4\n"
    data = read(text)
    del data["l"][0]["a"], data["l"][1]["c"]
    without = splice_facts(text, data)
    assert without == "l:\n  - # за b\n    b: 2\n  - d: 4\n"
    data["l"][1] = {"e": 5, "d": 4}
    assert splice_facts(without, data) == "l:\n  - # за b\n    b: 2\n  - e: 5\n    d: 4\n"


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["", "\n"])
def test_line_ends_and_marks_stay(line_end: str, mark: str, end: str) -> None:
    """CRLF, a byte order mark and a missing last line end are the file's own."""
    text = mark + f"a: 1\nb:\n  - x{end}".replace("\n", line_end)
    expected = mark + f"n: 0\nb:\n  - x\n  - y\nc: |-\n  d\n  e{end}".replace("\n", line_end)
    assert (
        splice_facts(text, {"n": 0, "b": ["x", "y"], "c": "d\ne"}).replace(
            f"c: 'd{line_end}{line_end}  e'", f"c: |-{line_end}  d{line_end}  e"
        )
        == expected
    )


def test_signs_that_the_loader_passes_over_stay() -> None:
    """A hard space or a zero width one in a line that did not change keeps its bytes."""
    moved = splice_facts("- a\u00a0b\r\n- c\r\n- d\r\n", ["c", "d", "a b"])
    assert moved == "- c\r\n- d\r\n- a\u00a0b\r\n"
    text = "a: 1\u00a0000\u200b  # x\u200b\nb: 2\n"
    assert splice_facts(text, {"a": "1 000", "b": 3}) == text.replace("b: 2", "b: 3")


def test_a_file_is_never_written_anew() -> None:
    """Where nothing of it would stay, it is refused."""
    for after in ({}, {"x": 1}, [1], "a"):
        with pytest.raises(SpliceError):
            splice_facts("a: 1\nb: 2\n", after)


@pytest.mark.parametrize("value", NASTY, ids=lambda value: repr(value)[:12])
def test_a_nasty_value_is_what_it_was(value: Any) -> None:
    """At each place of a value: in a block, an item, between brackets, in every style."""
    places = (("id",), ("phones", 0, "number"), ("phones", 1, "number"), ("phones", 1, "source"))
    more = (("groups", 0), ("groups", 1), ("groups", 2, "id"), ("name", "bg"), ("name", "en"))
    for steps in (*places, *more, ("note",), ("about",), ("hours",), ("last",), ("new",)):
        text = change(CENTRE, *steps, to=value)
        assert len(changed_lines(CENTRE, text)) < 12, steps
        if steps not in (("name", "en"), ("hours",), ("about",), ("new",)):
            back = read(CENTRE)
            if not is_one_way(value, steps):
                assert splice_facts(text, back) == CENTRE, steps


def is_one_way(value: Any, steps: tuple[Any, ...]) -> bool:
    """Whether the style that was there before cannot be known from what stands there now."""
    if not isinstance(value, str):
        return steps in (("phones", 1, "source"), ("groups", 1))
    only_in_double = set(value) & set("\u2028\x85\u00a0") or value in ("\n", "\tтаб")
    return bool(only_in_double) or ("\n" in value and steps != ("note",))


def synthetic(random: Random) -> str:
    """A centre that nobody wrote, as a program and as `new-centre` write it."""
    generator = Generator(random, random.random(), ("bg", "en", "ar"))
    data = generator.centre("a", list("bcdefghijk"), ["k"])
    return random.choice((plain_yaml, block_yaml))(data)


def plain_yaml(data: Any) -> str:
    return str(yaml.safe_dump(data, allow_unicode=True, sort_keys=False))


def insides(data: Any, node: yaml.Node) -> Iterator[tuple[Any, yaml.Node]]:
    """Every mapping and list that holds something, with its node."""
    if isinstance(data, dict | list) and data:
        yield data, node
    if isinstance(node, yaml.MappingNode):
        for value, (_, inner) in zip(data.values(), node.value, strict=True):
            yield from insides(value, inner)
    elif isinstance(node, yaml.SequenceNode):
        for value, inner in zip(data, node.value, strict=True):
            yield from insides(value, inner)


def edit(text: str, random: Random) -> tuple[str, Any, str, range]:
    """One change somewhere: the text and the data after it, its kind, and the lines where."""
    read_text = text_of(text.encode())
    after = read(text)
    at, node = random.choice(list(insides(after, compose_yaml(read_text))))
    kind = random.choice(("value", "value", "value", "new", "gone", "moved", "copied"))
    names = list(at) if isinstance(at, dict) else list(range(len(at)))
    place = random.randrange(len(names))
    if kind == "value":
        node = node.value[place]
        first, node = node if isinstance(node, tuple) else (node, node)
        at[names[place]] = random.choice(NASTY)
    elif kind == "gone" and len(at) > 1:
        del at[names[place]]
    elif kind == "moved" and isinstance(at, list):
        at.insert(random.randrange(len(at)), at.pop(place))
    elif kind == "copied" and isinstance(at, list):
        at.insert(random.randrange(len(at) + 1), copy.deepcopy(at[place]))
    else:
        kind, value = "new", random.choice(NASTY)
        made = random.choice((value, [value, "b"], {"bg": value, "c": ["d"]}, {}, []))
        if isinstance(at, list):
            at.insert(place, made)
        else:
            items = [*at.items()]
            items.insert(place, (f"novo{random.random()}", made))
            at.clear()
            at.update(items)
    end = node.end_mark.line + (node.end_mark.column > 0)
    start = (first if kind == "value" else node).start_mark.line
    lines = range(start, max(end, start + 1))
    return (
        splice_facts(text, after),
        after,
        "flow" if getattr(node, "flow_style", False) and kind != "value" else kind,
        lines,
    )


def bare(text: str) -> list[str]:
    """Lines without the dashes of lists: a first key may lend its dash to another."""
    return [re.sub(r"^ *(?:- *)*", "", line) for line in text.split("\n")]


def is_within(some: list[str], all_lines: list[str]) -> bool:
    """Whether lines are among others in the same order."""
    rest = iter(all_lines)
    return all(line in rest for line in some)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_nothing_changed_is_nothing_written(file: Path) -> None:
    """As the loader reads a file and, with its hard spaces, as it stands."""
    text = file.read_text(encoding="utf-8")
    assert splice_facts(text, read(text)) == text
    assert splice_facts(text, parse_yaml(text).data) == text


@pytest.mark.parametrize("part", range(10))
def test_generated_edits(part: int) -> None:
    """The data are exact, and what did not change keeps its bytes and its order."""
    for number in range(part, EXAMPLES, 10):
        random = Random(number)  # noqa: S311
        text = random.choice(FILES).read_text(encoding="utf-8")
        if number % 3:
            text = synthetic(random) if number % 3 == 1 else CENTRE_FILES[number % 2]
        text = text.replace("\n", "\r\n") if random.random() < 0.3 else text
        result, after, kind, lines = edit(text, random)
        assert is_same(read(result), after), number
        old, new = text.split("\n"), result.split("\n")
        if kind in ("value", "flow"):
            assert new[: lines.start] == old[: lines.start], (number, kind)
            assert new[len(new) - len(old) + lines.stop :] == old[lines.stop :], (number, kind)
        elif kind in ("new", "copied"):
            assert is_within(bare(text), bare(result)), (number, kind)
        elif kind == "gone":
            assert is_within(bare(result), bare(text)), (number, kind)
            lost = old[: lines.start] + old[lines.stop :]
            assert is_within([line for line in lost if line.strip()], new), (number, kind)
        else:
            assert sorted(bare(text)) == sorted(bare(result)), (number, kind)


@pytest.mark.parametrize("part", range(2))
def test_several_edits_at_once(part: int) -> None:
    """They are written as if each were the only one."""
    for number in range(part, EXAMPLES // 5, 2):
        random = Random(number)  # noqa: S311
        text = synthetic(random) if number % 3 else CENTRE_FILES[part]
        first = text
        for _ in range(4):
            text, after, _, _ = edit(text, random)
        assert is_same(read(splice_facts(first, after)), after), number
