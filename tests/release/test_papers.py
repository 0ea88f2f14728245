"""The papers about upkeep and the standard lead to files that exist and commands that exist."""

from __future__ import annotations

import re

import pytest
from support import ROOT

PAPERS = ("docs/maintenance.md", "docs/standard-for-public-code.md", "SECURITY.md", "CHANGELOG.md")
TARGETS = set(re.findall(r"^([a-z0-9-]+):.*##", (ROOT / "Makefile").read_text(), re.M))


@pytest.mark.parametrize("paper", PAPERS)
def test_links_lead_somewhere(paper: str) -> None:
    """Every link to a file of the project has that file; every `make …` is a target."""
    text = (ROOT / paper).read_text(encoding="utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)\)", text)
    folder = (ROOT / paper).parent
    assert [link for link in links if not (folder / link).exists()] == []
    assert set(re.findall(r"`make ([a-z0-9-]+)", text)) <= TARGETS


def test_every_criterion_has_its_row() -> None:
    """The table of the Standard for Public Code has its sixteen criteria, each with an answer and
    what shows it; „yes“ lacks nothing, and whatever is not „yes“ says what is missing.
    """
    text = (ROOT / PAPERS[1]).read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    rows = rows[2:]
    assert len(rows) == 16
    for name, holds, evidence, missing in rows:
        assert holds in ("yes", "in part", "no"), name
        assert evidence
        assert missing != "–" or holds == "yes", name
