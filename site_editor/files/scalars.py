"""Pure: a single value as YAML, written as the one that stood there before."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from site_editor.files.alignment import is_same
from site_model.loading.yaml_lines import NotYamlError, parse_yaml
from site_model.text.saved_files import text_of

_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t"}


@dataclass(frozen=True)
class Writing:
    """How a value stood in its file; `style` is PyYAML's word for it, empty for a plain one."""

    source: str = ""
    style: str = ""
    value: Any = None


def write_value(new: Any, column: int | None, in_flow: bool, old: Writing = Writing()) -> str:
    """A value as the old one was written, where that reads as it; else in the first other style.

    Quotes that the old value needed go where they are not needed. `column` is that of its key or
    dash, or None where it must stay on its line; `in_flow` says that it is between brackets.
    """
    if not isinstance(new, str):
        return json.dumps(new)
    ways = _ways(new, column, in_flow, old)
    return next((way for way in ways if _reads_as(way, in_flow, new)), _double_quoted(new))


def _ways(new: str, column: int | None, in_flow: bool, old: Writing) -> Iterator[str]:
    if old.style == '"':
        return
    if old.style == ">" and column is not None:
        yield _block(old.source, ">", new, column)
    if "\n" in new:
        if column is not None:
            yield _block(old.source if old.style in ("|", ">") else "", "|", new, column)
        return
    if old.style != "'" or not _reads_as(str(old.value), in_flow, old.value):
        yield new
    if isinstance(old.value, str):
        yield "'" + new.replace("'", "''") + "'"


def _reads_as(way: str, in_flow: bool, value: Any) -> bool:
    """Whether the loader reads it as this value, with something behind it between brackets."""
    text, wanted = (f"[{way}, m]", [value, "m"]) if in_flow else (f"- {way}\n", [value])
    try:
        return is_same(parse_yaml(text_of(text.encode())).data, wanted)
    except NotYamlError:
        return False


def _block(source: str, sign: str, text: str, column: int) -> str:
    """A text of several lines, with the indentation and the note that it had."""
    header, *lines = source.split("\n")
    note = re.search(r"\s+#.*", header)
    filled = [line for line in lines if line.strip()]
    indent = re.match(" *", filled[0])[0] if filled else " " * (column + 2)  # type: ignore[index]
    body = text.removesuffix("\n").split("\n")
    if sign == ">":
        width = max(map(len, filled)) - len(indent) if len(filled) > 1 else len(text) + 1
        wrap = textwrap.TextWrapper(width, break_long_words=False, break_on_hyphens=False)
        body = "\n\n".join(wrap.fill(line) for line in body).split("\n")
    header = sign + ("" if text.endswith("\n") else "-") + (note[0] if note else "")
    return "\n".join((header, *(indent + line if line else "" for line in body)))


def _double_quoted(text: str) -> str:
    """Signs that would not be read as they are stand as their numbers."""
    return '"' + "".join(_ESCAPES.get(sign) or _as_number(sign) for sign in text) + '"'


def _as_number(sign: str) -> str:
    if sign >= " " and text_of(sign.encode()) == sign:
        return sign
    return f"\\U{ord(sign):08X}" if ord(sign) > 0xFFFF else f"\\u{ord(sign):04X}"
