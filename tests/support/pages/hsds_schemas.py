"""The official schemas of HSDS 3.0, where they lie beside the project (they are not part of it)."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.project import ROOT

Record = dict[str, Any]

PLACES = (
    os.environ.get("OPORA_HSDS", ""),
    *(folder / "shared" / "hsds" for folder in ROOT.parents),
)


def validator(name: str) -> Any:
    """The checker of one kind of record, as `service`; skips where there are no schemas."""
    # Seconds, which who runs other tests need not wait.
    from jsonschema import Draft202012Validator, FormatChecker
    from referencing import Registry, Resource

    folder = next(
        (Path(place) for place in PLACES if (Path(place) / "service.json").exists()), None
    )
    if folder is None:
        pytest.skip("no official schemas here; OPORA_HSDS names their folder")
    schemas = {path.name: json.loads(path.read_text()) for path in folder.glob("*.json")}
    registry = Registry().with_resources(
        (
            name,
            Resource.from_contents(schema | {"$schema": Draft202012Validator.META_SCHEMA["$id"]}),
        )
        for name, schema in schemas.items()
    )
    return Draft202012Validator(
        schemas[f"{name}.json"], registry=registry, format_checker=FormatChecker()
    )


def faults(name: str, record: Record) -> list[str]:
    """What an official schema says against a record."""
    return [f"{error.json_path}: {error.message}" for error in validator(name).iter_errors(record)]


REQUIRED = {
    "organization": {"id", "name", "description"},
    "phones": {"id", "number"},
    "contacts": {"id"},
    "funding": {"id"},
    "locations": {"id", "location_type"},
    "accessibility": {"id"},
    "schedules": {"id"},
    "programs": {"id", "name", "description"},
    "services": {"id", "name", "status", "organization_id"},
    "service_areas": {"id"},
    "service_at_locations": {"id"},
    "required_documents": {"id"},
    "attributes": {"id", "link_id", "link_entity", "taxonomy_term_id"},
    "taxonomy_term": {"id", "name", "description"},
}
"""The fields that HSDS 3.0 asks for (docs.openreferral.org, „Schema Reference“), for the check
that runs everywhere."""


def records(record: Record, kind: str = "organization") -> Iterator[tuple[str, Record]]:
    """A record and all that it holds, each with its kind."""
    yield kind, record
    for name, value in record.items():
        for inner in value if isinstance(value, list) else [value]:
            if isinstance(inner, dict):
                yield from records(inner, name)
