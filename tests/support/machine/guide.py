"""The guide for the operator: its sections, and the commands in them."""

from __future__ import annotations

import re

from tests.support.project import ROOT

GUIDES = {
    name: (ROOT / "docs" / "guide" / name).read_text(encoding="utf-8")
    for name in ("ustanovyavane.md", "install.md", "podrazhka.md")
}


def commands(guide: str, heading: str) -> list[str]:
    """The blocks of shell commands below a heading of the guide, each as one text."""
    found = re.split(r"^## ", GUIDES[guide], flags=re.MULTILINE)[1:]
    (section,) = [text for text in found if text.startswith(heading)]
    return re.findall(r"^```sh\n(.*?)^```$", section, re.MULTILINE | re.DOTALL)
