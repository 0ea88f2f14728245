"""YAML text to plain data, with the line of every value, so that problems can be placed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from site_model.problems import LineFinder, field_words

Path = tuple[str | int, ...]


@dataclass(frozen=True)
class Parsed:
    """The data of a file, where each value stands, and which keys stand twice (with lines)."""

    data: Any
    lines: LineFinder
    repeated: tuple[tuple[str, int], ...]


class NotYamlError(Exception):
    """The text is no YAML that we read; `line` counts from 1, the text says what to fix."""

    def __init__(self, line: int, sentence: str, field: str = "") -> None:
        self.line = line
        self.field = field
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


# Where an anchor or an alias may stand; most files hold no such sign, and are read only once.
_REFERENCE = re.compile(r"(?:^|[\s\[{,:?-])[&*]", re.MULTILINE)

DEEPEST = 50
_UNREADABLE_LINE = (
    "редът не може да се прочете като YAML. "
    "Проверете отстъпа, двоеточието и кавичките тук и на реда отгоре."
)
_EMPTY = "файлът е празен."
_TAB = "редът започва с Tab. Отстъпът се прави с интервали, по два за всяко ниво."

# Beside YAML's own errors: what its constructors raise for tags like `!!int x` and for numbers of
# thousands of digits.
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
        if _REFERENCE.search(text):
            _refuse_references(text)
        node = loader.get_single_node()
        if node is None or node.tag == "tag:yaml.org,2002:null":
            raise NotYamlError(1, _EMPTY)
        _refuse_slips(node, text.split("\n"))
        line_of: dict[Path, int] = {(): 1}
        repeated: dict[Path, int] = {}
        for path, line in _places(node, ()):
            if path in line_of and not any(path[:n] in repeated for n in range(len(path))):
                repeated[path] = line
            line_of[path] = line
        twice = tuple((str(path[-1]), line) for path, line in repeated.items())
        return Parsed(loader.construct_document(node), LineFinder(line_of), twice)
    except UNREADABLE as error:
        raise _explained(error, text) from None
    finally:
        loader.dispose()


def compose_yaml(text: str) -> yaml.Node:
    """The nodes of a text that `parse_yaml` reads, each with the places where it stands."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
    finally:
        loader.dispose()
    if node is None:
        raise NotYamlError(1, _EMPTY)
    return node


def _refuse_references(text: str) -> None:
    """Aliases of aliases make gigabytes of a few lines (CWE-776); nothing here needs one."""
    for token in yaml.scan(text, Loader=_Loader):
        if isinstance(token, yaml.AnchorToken | yaml.AliasToken):
            raise NotYamlError(
                token.start_mark.line + 1,
                "стойност не може да започва с & или *: така YAML препраща към друго място. "
                "Напишете я още веднъж или я сложете в кавички.",
            )


_COMMENT = re.compile(r"(\s+)#(.*)")
_FIELD = re.compile(r"(\s*(?:- )*)[\w-]+:(?:\s|$)|(\s*)- ")


def _refuse_slips(node: yaml.Node, lines: list[str]) -> None:
    """What is YAML and surely not meant: a value that # cuts, a quotation mark that swallows
    fields. A note stands on a line of its own or two spaces after the value: `5  # note`.
    """
    for path, scalar in _scalars(node, ()):
        field = field_words(path)
        start, end = scalar.start_mark.line, scalar.end_mark.line
        rest = _COMMENT.match(lines[end][scalar.end_mark.column :]) if end < len(lines) else None
        if not scalar.style and rest and (rest[1] == " " or not rest[2].startswith(" ")):
            raise _cut(end + 1, field)
        if scalar.style in ("'", '"') and _holds_a_field(lines[start : end + 1]):
            raise _open_quote(start + 1, end + 1, field)


def _holds_a_field(lines: list[str]) -> bool:
    """Whether a later line of a value begins as a field does, and no deeper than its own field."""
    own = _FIELD.match(lines[0])
    deepest = len(own[1] or own[2] or "") if own else 0
    found = map(_FIELD.match, lines[1:])
    return any(field and len(field[1] or field[2] or "") <= deepest for field in found)


def _scalars(node: yaml.Node, path: Path) -> Iterator[tuple[Path, yaml.ScalarNode]]:
    """Every value, with the way to it."""
    if isinstance(node, yaml.ScalarNode):
        yield path, node
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _scalars(value, (*path, str(key.value)))
    else:
        for number, item in enumerate(node.value):
            yield from _scalars(item, (*path, number))


def _cut(line: int, field: str = "") -> NotYamlError:
    return NotYamlError(
        line,
        "след # YAML не чете нататък и стойността се отрязва. Оградете цялата стойност с "
        "кавички, а бележка пишете на отделен ред.",
        field,
    )


def _open_quote(line: int, closed: int, field: str = "") -> NotYamlError:
    until = f"се затваря чак на ред {closed}" if closed > line else "не е затворена"
    return NotYamlError(
        line,
        f"кавичката е отворена тук, а {until}. Затворете я на същия ред, след текста.",
        field,
    )


def _explained(error: Exception, text: str) -> NotYamlError:
    """What to fix, where it was done wrong: often far above the line on which reading stops."""
    mark = getattr(error, "problem_mark", None)
    begun = getattr(error, "context_mark", None) or mark
    if mark is None or begun is None:
        return NotYamlError(1, _UNREADABLE_LINE)
    lines = text.split("\n")
    if quote := _quote_left_open(error, begun, mark, text) or _quoted_phrase(lines, mark):
        return quote
    in_flow = "flow" in str(getattr(error, "context", ""))
    for line in range(begun.line if in_flow else max(mark.line - 1, 0), mark.line + 1):
        if line < len(lines) and re.search(r"\S\s+#\S", lines[line]):
            return _cut(line + 1)
    if in_flow and begun.line < mark.line:
        return NotYamlError(
            begun.line + 1, "скобата е отворена тук и не е затворена на същия ред. Затворете я."
        )
    for line in (mark.line, mark.line - 1):
        if 0 <= line < len(lines) and re.match(r" *\t", lines[line]):
            return NotYamlError(line + 1, _TAB)
    return NotYamlError(mark.line + 1, _UNREADABLE_LINE)


def _quote_left_open(
    error: Exception, begun: yaml.Mark, mark: yaml.Mark, text: str
) -> NotYamlError | None:
    if "quoted scalar" in str(getattr(error, "context", "")):
        return _open_quote(begun.line + 1, 0)
    if quoted := _quoted_before(text, mark.line):
        return _open_quote(quoted.start_mark.line + 1, quoted.end_mark.line + 1)
    return None


_PHRASE = re.compile(r"""(?:^|[:\-,{\[])\s+(["'])(?:(?!\1).)*\1\s*([^\s:}\]#])""")


def _quoted_phrase(lines: list[str], mark: yaml.Mark) -> NotYamlError | None:
    """Of a value with more words after the phrase in quotation marks with which it begins."""
    for line in (mark.line, mark.line - 1):
        phrase = _PHRASE.search(lines[line]) if 0 <= line < len(lines) else None
        if phrase and (phrase[2] != "," or not re.match(r".*[{\[]", phrase.string)):
            around = "' '" if phrase[1] == '"' else '" "'
            return NotYamlError(
                line + 1,
                f"стойността започва с {phrase[1]} и след втората кавичка има още думи. "
                f"Напишете „…“ или оградете цялата стойност с {around}.",
            )
    return None


def _quoted_before(text: str, line: int) -> yaml.ScalarToken | None:
    """A text in quotation marks over several lines that ends where reading stops, or None."""
    try:
        for token in yaml.scan(text, Loader=_Loader):
            start, end = token.start_mark.line, token.end_mark.line
            here = start < end and line - 1 <= end <= line
            if here and isinstance(token, yaml.ScalarToken) and token.style in ("'", '"'):
                return token
    except yaml.MarkedYAMLError:
        pass
    return None


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
