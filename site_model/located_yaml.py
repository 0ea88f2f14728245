"""YAML text to plain data, with the line of every value, so that problems can be placed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from site_model.problems import LineFinder

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Parsed:
    """The data of a file, where each value stands, and which keys stand twice (with lines)."""

    data: Any
    lines: LineFinder
    repeated: tuple[tuple[str, int], ...]


class NotYamlError(Exception):
    """The text is no YAML that we read; `line` counts from 1, the text says what to mend."""

    def __init__(self, line: int, sentence: str) -> None:
        self.line = line
        super().__init__(sentence)


class _Loader(yaml.CSafeLoader):
    """YAML with the 1.2 core scalars only: `no`, `12:30` and dates stay the text they are."""


_Loader.yaml_implicit_resolvers = {}
for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("int", r"^-?(?:0|[1-9]\d*)$", "-0123456789"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))


# What YAML 1.2, section 5.1, does not count as printable.
_NOT_TEXT = re.compile(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


DEEPEST = 50

# Beside YAML's own errors: what its constructors raise for tags like `!!int x`, for numbers of
# thousands of digits and for anchors that hold themselves.
UNREADABLE = (
    yaml.MarkedYAMLError,
    ValueError,
    KeyError,
    AttributeError,
    IndexError,
    RecursionError,
)


def parse_yaml(text: str) -> Parsed:
    """Parse one document; raises NotYamlError."""
    if sign := _NOT_TEXT.search(text):
        line = text.count("\n", 0, sign.start()) + 1
        raise NotYamlError(
            line, "на реда има невидим знак, който не е текст. Напишете реда отново."
        )
    if _deepest(text) > DEEPEST:
        raise NotYamlError(1, "скобите [ и { са вложени твърде дълбоко.")
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        if node is None or node.tag == "tag:yaml.org,2002:null":
            raise NotYamlError(1, "файлът е празен.")
        line_of: dict[Path, int] = {(): 1}
        repeated: dict[Path, int] = {}
        for path, line in _places(node, ()):
            if path in line_of and not any(path[:n] in repeated for n in range(len(path))):
                repeated[path] = line
            line_of[path] = line
        twice = tuple((str(path[-1]), line) for path, line in repeated.items())
        return Parsed(loader.construct_document(node), LineFinder(line_of), twice)
    except UNREADABLE as error:
        mark = getattr(error, "problem_mark", None)
        raise NotYamlError(
            mark.line + 1 if mark else 1,
            "редът не може да се прочете като YAML. "
            "Проверете отстъпа, двоеточието и кавичките тук и на реда отгоре.",
        ) from None
    finally:
        loader.dispose()


def _deepest(text: str) -> int:
    """How deep flow brackets are nested; the parser in C has no bound of its own."""
    depth = deepest = 0
    for bracket in re.findall(r"[][{}]", text):
        depth = depth + 1 if bracket in "[{" else max(depth - 1, 0)
        deepest = max(deepest, depth)
    return deepest


def _places(node: yaml.Node, path: Path) -> Iterator[tuple[Path, int]]:
    """The path and line of every value below a node."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(None, None, None, key.start_mark)
            here = (*path, key.value)
            yield here, key.start_mark.line + 1
            yield from _places(value, here)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            here = (*path, number)
            yield here, value.start_mark.line + 1
            yield from _places(value, here)
