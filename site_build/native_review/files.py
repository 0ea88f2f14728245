"""Pure: the text of a project's files with other translations in their places.

Nothing else in a file changes: YAML keeps its comments, a page its other lines.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from io import BytesIO
from typing import Any

import yaml
from babel.messages.pofile import read_po

from site_build.translation.catalogues import in_file
from site_model.i18n.catalogues import forms_of, words_of
from site_model.loading.loader import Loc


def edit_text(name: str, text: str, words: Mapping[Loc, str]) -> str:
    """The text of a file with these words at these places (`sentences.Spot.at`)."""
    if name.endswith(".po"):
        return _catalogue(name, text, words)
    return _yaml(text, words) if name.endswith(".yml") else _page(text, words)


def _catalogue(name: str, text: str, words: Mapping[Loc, str]) -> str:
    catalog = read_po(BytesIO(text.encode()), locale=name.rpartition("/")[2].removesuffix(".po"))
    for word in words_of(catalog):
        first = word.id if isinstance(word.id, str) else word.id[0]
        forms = [
            words.get((word.context or "", first, number), said)
            for number, said in enumerate(forms_of(word))
        ]
        word.string = tuple(forms) if word.pluralizable else forms[0]
    return in_file(catalog, in_order=False).decode()


def _yaml(text: str, words: Mapping[Loc, str]) -> str:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    places = sorted(((_node(root, loc), said) for loc, said in words.items()), key=_start)
    for node, said in reversed(places):
        start, end = node.start_mark.index, node.end_mark.index
        old = text[start:end]
        space = old[len(old.rstrip()) :]  # what a text of several lines ends with
        text = f"{text[:start]}{json.dumps(said, ensure_ascii=False)}{space}{text[end:]}"
    return text


def _start(place: tuple[yaml.Node, str]) -> int:
    return int(place[0].start_mark.index)


def _node(node: yaml.Node | None, loc: Loc) -> yaml.Node:
    for step in loc:
        inner: Any = node.value if node else []
        node = inner[step] if isinstance(step, int) else dict(_named(inner))[step]
    if node is None:
        raise KeyError(loc)
    return node


def _named(pairs: list[tuple[yaml.Node, yaml.Node]]) -> list[tuple[str, yaml.Node]]:
    return [(str(key.value), value) for key, value in pairs]


def _page(text: str, words: Mapping[Loc, str]) -> str:
    lines = text.split("\n")
    for (line, *_), said in words.items():
        number = int(line) - 1
        lines[number] = said + "\r" * lines[number].endswith("\r")
    return "\n".join(lines)
