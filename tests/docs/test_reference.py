"""The guides of settings and commands: all that there is, and nothing that there is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from contact_service.settings.service import (
    OpenPgpRecipient,
    PdfRecipient,
    Settings,
    SmimeRecipient,
    Smtp,
    load_settings,
)
from service_admin.__main__ import _parser
from tests.support.project import ROOT

FOLDER = ROOT / "docs" / "guide"
SETTINGS = ("nastroyki.md", "settings.md")
COMMANDS = ("komandi.md", "commands.md")
MODELS: tuple[tuple[str, type[BaseModel]], ...] = (
    ("", Settings),
    ("smtp.", Smtp),
    ("recipients.", OpenPgpRecipient),
    ("recipients.", SmimeRecipient),
    ("recipients.", PdfRecipient),
)
TABLES = {"smtp", "centres"}
"""What the file writes as tables of their own."""


def rows(name: str) -> Iterator[list[str]]:
    """The cells of each row of a guide that begins with code."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    for line in re.findall(r"^\| (`.*) \|$", text, re.M):
        yield line.split(" | ")


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_has_its_row(name: str) -> None:
    """Each setting has one row with its default, and what has to be there is told as such."""
    told = {cells[0].strip("`"): cells[2] for cells in rows(name)}
    fields = {
        f"{prefix}{name}": field
        for prefix, model in MODELS
        for name, field in model.model_fields.items()
        if name not in TABLES
    }
    assert sorted(told) == sorted(fields)
    for setting, field in fields.items():
        default = field.default
        if field.is_required():
            assert told[setting].startswith(
                ("must be there", "трябва да я има", "best", "най-добре")
            )
        elif default:
            assert told[setting] == f"`{default}`"


@pytest.mark.parametrize("name", SETTINGS)
def test_the_example_is_good(name: str, tmp_path: Path) -> None:
    """The service takes the settings as the guide shows them."""
    [toml] = re.findall(
        r"^```toml\n(.*?)^```$", (FOLDER / name).read_text(encoding="utf-8"), re.M | re.S
    )
    settings = load_settings(toml, {}, tmp_path, lambda _: "a secret for tests, 32 signs or more")
    assert [one.seal for one in settings.centres["harmanli"].recipients] == ["openpgp", "pdf"]


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_row(name: str) -> None:
    """Each command of `opora` and of the service has one row, and no other has one."""
    script = (ROOT / "deploy" / "opora").read_text(encoding="utf-8")
    [services] = [one.choices for one in _parser()._actions if isinstance(one.choices, dict)]
    known = set(services)
    for case in re.findall(r"^  ([a-z][a-z |-]*)\)$", script, re.M):
        known |= set(case.split(" | "))
    told = [cells[0].strip("`") for cells in rows(name) if cells[0].startswith("`opora ")]
    assert sorted(told) == sorted(f"opora {command}" for command in known)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_value_of_metrics_has_its_row(name: str) -> None:
    """The values for Prometheus are those that the watching process gives."""
    source = (ROOT / "service_admin" / "monitoring" / "http.py").read_text(encoding="utf-8")
    told = [cells[0].strip("`") for cells in rows(name) if cells[0].startswith("`opora_")]
    assert sorted(told) == sorted(
        f"opora_{gauge}" for gauge in re.findall(r'gauge\("(\w+)"', source)
    )
