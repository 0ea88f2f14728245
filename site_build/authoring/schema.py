"""JSON Schema of facts and forms, from the model itself, so that editors complete and check.

It holds what a schema can say; that ids are not repeated and that files agree with each other
is found by `python -m site_build check`. The files lie in the folder schema/ of a project.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel

from site_build.atomic_writing import write_whole
from site_model.facts.centre import Centre
from site_model.forms.definition import FormDefinition

FOLDER = "schema"

SCHEMAS: Final[dict[str, type[BaseModel]]] = {"centre.json": Centre, "form.json": FormDefinition}
"""The file of each schema in the folder schema/, and the model that it describes."""


def json_schema(model: type[BaseModel]) -> dict[str, Any]:
    """The schema (JSON Schema 2020-12), its fields named and explained in Bulgarian."""
    schema = model.model_json_schema()
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    for definition in (schema, *schema["$defs"].values()):
        definition.pop("description", None)  # that is for programmers
        definition.pop("title", None)
        for field in definition.get("properties", {}).values():
            field["description"] = field.pop("description", "")  # below the title
    return schema


def _texts() -> dict[str, str]:
    return {
        name: json.dumps(json_schema(model), ensure_ascii=False, indent=1) + "\n"
        for name, model in SCHEMAS.items()
    }


def write_schemas(root: Path) -> None:
    """Write every schema of a project anew."""
    folder = root / FOLDER
    for name, text in _texts().items():
        write_whole(folder / name, text)


def stale_schemas(root: Path) -> list[str]:
    """Files of a project's schema/, where it has one, that do not say what the model says."""
    if not (root / FOLDER).exists():
        return []
    return [
        f"{FOLDER}/{name}"
        for name, text in _texts().items()
        if not (root / FOLDER / name).exists()
        or (root / FOLDER / name).read_text(encoding="utf-8") != text
    ]
