"""The guide for servers says the same in both languages, and the kit is sound shell."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.support.project import ROOT

BLOCK = re.compile(r"^```\w*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    "pair",
    [
        ("ustanovyavane.md", "install.md"),
        ("podrazhka.md", "operations.md"),
        ("hosting.md", "static-hosting.md"),
        ("nastroyki.md", "settings.md"),
        ("komandi.md", "commands.md"),
    ],
    ids=lambda pair: str(pair[1]),
)
def test_both_languages_have_the_same_commands(pair: tuple[str, str]) -> None:
    """Anyone who reads English types what `make install-check` has typed from the Bulgarian, under
    the same numbers, and reads as many rows of tables.
    """
    folder = ROOT / "docs" / "guide"
    bulgarian, english = ((folder / name).read_text(encoding="utf-8") for name in pair)
    assert BLOCK.findall(bulgarian) == BLOCK.findall(english)
    ours, theirs = (re.findall(r"^## ([0-9]*)", text, re.M) for text in (bulgarian, english))
    assert ours == theirs[: len(ours)]
    assert len(re.findall(r"^\|", bulgarian, re.M)) <= len(re.findall(r"^\|", english, re.M))


@pytest.mark.parametrize("name", ["install", "update", "opora", "parts.sh", "caddy/choose"])
def test_scripts_are_posix(name: str) -> None:
    """Debian's `sh` reads them; each that is run says what it does."""
    file = ROOT / "deploy" / name
    subprocess.run(["sh", "-n", file], check=True)
    if name in ("install", "update"):
        done = subprocess.run([file, "--help"], capture_output=True, text=True, check=True)
        assert "верси" in done.stdout
        assert subprocess.run([file, "--no"], capture_output=True, check=False).returncode == 2
