"""The folder schema/: JSON Schema for editors, written from the model and held against it."""

from __future__ import annotations

import json
from pathlib import Path

from site_model.schema import SCHEMAS, json_schema

FOLDER = "schema"


def _texts() -> dict[str, str]:
    return {
        name: json.dumps(json_schema(model), ensure_ascii=False, indent=1) + "\n"
        for name, model in SCHEMAS.items()
    }


def write_schemas(root: Path) -> None:
    """Write every schema of a project anew."""
    folder = root / FOLDER
    folder.mkdir(exist_ok=True)
    for name, text in _texts().items():
        (folder / name).write_text(text, encoding="utf-8")


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
