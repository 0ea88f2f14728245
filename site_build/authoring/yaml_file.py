"""Pure: a centre's facts as its YAML file, with a Bulgarian comment on every field."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

import yaml
from pydantic import BaseModel, RootModel

from site_model.facts.centre import Centre
from site_model.field_metadata import words_of
from site_model.problems import models_within
from site_model.text.saved_files import text_of
from site_model.types import Sourced, Text

SCHEMA_LINE = "# yaml-language-server: $schema=../../schema/centre.json"

_HEAD = (
    "Всеки факт казва откъде е: source е файл от content/sources и ред в него. as_of е датата "
    "на стар факт; undated, ако не се знае.",
    "Това, което центърът още не е казал, е тук като бележка, а сайтът пише „още не е посочено“. "
    "Когато го каже, махнете знака # и интервала след него и напишете отговора.",
)


class _Dumper(yaml.SafeDumper):
    """Lists stand a step deeper than their field, as in the files written by hand."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)

    def write_double_quoted(self, text: str, split: bool = True) -> None:
        """Signs that the loader would not read as they are stand as their numbers."""
        self.allow_unicode = _reads_as_it_is(text)
        super().write_double_quoted(text, split)
        self.allow_unicode = True


def _reads_as_it_is(text: str) -> bool:
    return text_of(text.encode()) == text


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    """A text; signs that are not read as they are (U+0085, U+2028, U+00A0) are escaped."""
    style = None if _reads_as_it_is(text) else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def centre_yaml(centre: Centre) -> str:
    """The text of `content/centres/<id>.yml`; read again it is the same centre."""
    given = {"letters": centre.letters} | centre.model_dump(mode="json", exclude_defaults=True)
    lines = [SCHEMA_LINE, *_comment(_one_line(centre.name.text.to("bg")))]
    lines += [line for sentence in _HEAD for line in _comment(sentence)]
    for name, field in Centre.model_fields.items():
        lines += ["", *_explained(name)]
        if name in given:
            lines.append(block_yaml({name: given[name]}))
        else:
            absent = block_yaml({name: _skeleton(field.annotation)})
            lines += [f"# {line}" for line in absent.splitlines()]
    return "\n".join(lines) + "\n"


def _explained(name: str) -> Iterator[str]:
    words = words_of(Centre, name)
    yield from _comment(f"{words.title}. {words.explanation}")
    for model in models_within(Centre.model_fields[name].annotation):
        if issubclass(model, RootModel):
            continue
        for inner in model.model_fields:
            if inner not in (*Sourced.model_fields, "text"):
                words = words_of(model, inner)
                yield from _comment(f"  {inner}: {words.title}. {words.explanation}")


def _one_line(text: str) -> str:
    """A text of the facts that cannot end the comment in which it stands."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())


def _comment(text: str) -> list[str]:
    indent = " " * (len(text) - len(text.lstrip()))
    return textwrap.wrap(
        text.strip(),
        width=98,
        initial_indent=f"# {indent}",
        subsequent_indent=f"# {indent}",
        break_long_words=False,
        break_on_hyphens=False,
    )


def block_yaml(value: object) -> str:
    """A mapping or a list as these files have it, without the last line end."""
    text = yaml.dump(
        _source_last(value),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        default_flow_style=False,
        width=float("inf"),
    )
    return str(text).rstrip("\n")


def _source_last(value: Any) -> Any:
    """The same value; what was said stands before where it was said."""
    if isinstance(value, dict):
        ordered = sorted(value, key=lambda name: name in Sourced.model_fields)
        return {name: _source_last(value[name]) for name in ordered}
    return [_source_last(item) for item in value] if isinstance(value, list) else value


def _skeleton(annotation: Any) -> Any:
    """What an answer would look like: the needed fields of a model, with „…“ for each text."""
    models = models_within(annotation)
    if not models:
        return "…"
    model: type[BaseModel] = models[0]
    filled: Any
    if model is Text:
        filled = {"bg": "…"}
    elif issubclass(model, RootModel):
        filled = "…"
    else:
        told = {n: f for n, f in model.model_fields.items() if n != "as_of"}
        needed = {n: f for n, f in told.items() if f.is_required()}
        shown = needed if needed.keys() - {"source"} else told
        filled = {n: _skeleton(f.annotation) for n, f in shown.items()}
    return [filled] if "tuple" in str(annotation) else filled
