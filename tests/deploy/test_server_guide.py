"""The guide for servers says the same in both languages, and the kit is sound shell."""

from __future__ import annotations

import re
import subprocess

import pytest
from guide import GUIDES
from support import ROOT

BLOCK = re.compile(r"^```(?:sh)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def test_both_languages_have_the_same_commands() -> None:
    """Whoever reads English types what `make install-check` has typed from the Bulgarian."""
    bulgarian, english = (BLOCK.findall(text) for text in GUIDES.values())
    assert bulgarian == english
    headings = [re.findall(r"^## ([0-9]*)", text, re.MULTILINE) for text in GUIDES.values()]
    assert headings[0] == headings[1][: len(headings[0])]


@pytest.mark.parametrize("name", ["install", "update", "opora", "parts.sh"])
def test_scripts_are_posix(name: str) -> None:
    """Debian's `sh` reads them; each that is run says what it does."""
    file = ROOT / "deploy" / name
    subprocess.run(["sh", "-n", file], check=True)
    if name in ("install", "update"):
        done = subprocess.run([file, "--help"], capture_output=True, text=True, check=True)
        assert "верси" in done.stdout
        assert subprocess.run([file, "--no"], capture_output=True, check=False).returncode == 2
