"""JSON Schema of facts and forms, from the model itself, so that editors complete and check.

It holds what a schema can say; that ids are not repeated and that files agree with each other
is found by `python -m site_build check`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pydantic import BaseModel, RootModel

from site_model.centre import Centre
from site_model.field_words import FIELD_WORDS, words_of
from site_model.form import FormDefinition
from site_model.form_words import FORM_WORDS
from site_model.problems import models_within

_WORDS: Final = {**FIELD_WORDS, **FORM_WORDS}

SCHEMAS: Final[dict[str, type[BaseModel]]] = {"centre.json": Centre, "form.json": FormDefinition}
"""The file of each schema in the folder schema/, and the model that it describes."""


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema (JSON Schema 2020-12), its fields named and explained in Bulgarian."""
    schema = model.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    described = {part.__name__: part for part in models_below(model)}
    for name, definition in [(model.__name__, schema), *schema.get("$defs", {}).items()]:
        definition.pop("description", None)  # that is for programmers
        definition.pop("title", None)
        for field, known in definition.get("properties", {}).items():
            words = words_of(described[name], field, _WORDS)
            known["title"] = words.title
            known["description"] = words.explanation
    return schema


def models_below(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and all that its fields are made of, each once; texts and sources left out."""
    seen: list[type[BaseModel]] = [model]
    for one in seen:
        for field in one.model_fields.values():
            seen += [
                inner
                for inner in dict.fromkeys(models_within(field.annotation))
                if inner not in seen and not issubclass(inner, RootModel)
            ]
    yield from seen
