"""JSON Schema for editors: made from the model, true of every file, and never stale."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from site_build.authoring.schema import SCHEMAS, write_schemas
from site_model.loading.yaml_lines import parse_yaml
from tests.support.content.told import command
from tests.support.project import ROOT, built_project

FILES = sorted(
    path.relative_to(ROOT).as_posix()
    for folder in ("centres", "forms")
    for path in (ROOT / "content" / folder).glob("*.yml")
)
_MARK = "# yaml-language-server: $schema="


def schema_of(file: str) -> Any:
    """The schema that a file names in its first line, found from where the file lies."""
    from jsonschema import Draft202012Validator  # seconds, which other tests need not wait

    path = ROOT / file
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(_MARK)
    schema = json.loads((path.parent / first.removeprefix(_MARK)).read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("file", FILES)
def test_every_file_keeps_to_the_schema_that_it_names(file: str) -> None:
    """An editor marks nothing in the real files."""
    data = parse_yaml((ROOT / file).read_text(encoding="utf-8")).data
    assert [error.message for error in schema_of(file).iter_errors(data)] == []


FAULTS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "field that does not exist": ("harmanli", lambda c: c.update(telefon="1")),
    "needed field left out": ("harmanli", lambda c: c.pop("summary")),
    "phone in words": ("harmanli", lambda c: c["phones"][0].update(number="няма")),
    "text without Bulgarian": ("harmanli", lambda c: c["place"].pop("bg")),
    "language that is none": ("harmanli", lambda c: c["place"].update(bulgarian="а")),
    "kind that is none": ("harmanli", lambda c: c["routes"][0].update(kind="other")),
    "source without a line": ("harmanli", lambda c: c["name"].update(source="a.txt")),
    "month in words": ("harmanli", lambda c: c.update(checked_on="ноември")),
}


@pytest.mark.parametrize("name", FAULTS)
def test_the_schema_finds_a_fault(name: str) -> None:
    """What the build would refuse an editor marks while it is typed."""
    centre, spoil = FAULTS[name]
    file = f"content/centres/{centre}.yml"
    data = parse_yaml((ROOT / file).read_text(encoding="utf-8")).data
    spoil(data)
    assert list(schema_of(file).iter_errors(data))


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_field_is_explained_in_bulgarian(name: str) -> None:
    """Anyone who stops at a field in an editor reads what it is and what belongs in it."""
    schema = json.loads((ROOT / "schema" / name).read_text(encoding="utf-8"))
    for part in (schema, *schema["$defs"].values()):
        assert "title" not in part
        for field, known in part.get("properties", {}).items():
            assert known["title"], field
            assert any("а" <= letter <= "я" for letter in known["description"]), field


def test_the_check_says_that_a_schema_is_stale(tmp_path: Path) -> None:
    """`site_build check` compares schema/ with the model and names the command that fixes it."""
    project = built_project(tmp_path)
    write_schemas(project.root)
    assert command(project.root, "check").returncode == 0
    file = project.root / "schema" / "centre.json"
    file.write_text(file.read_text(encoding="utf-8").replace("Имейл", "Поща"), encoding="utf-8")
    done = command(project.root, "check")
    assert done.returncode == 1
    assert "schema/centre.json" in done.stderr
    assert "make schema" in done.stderr
    assert command(project.root, "schema").returncode == 0
    assert command(project.root, "check").returncode == 0
