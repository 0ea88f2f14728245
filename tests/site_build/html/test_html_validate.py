"""html-validate on every built page; what the service answers is looked at in its own tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.html_validate import faults, version

pytestmark = pytest.mark.accessibility("html")


def test_every_page(site: Path, record_property: Callable[[str, object], None]) -> None:
    """No fault on any built page, the page for wrong addresses included."""
    pages = sorted(site.rglob("*.html"))
    found = faults(*pages)
    record_property(
        "engine",
        {
            "name": "html-validate",
            "version": version(),
            "pages": [str(page.relative_to(site)) for page in pages],
            "states": [],
            "violations": len(found),
        },
    )
    assert found == []


@pytest.mark.parametrize(
    ("fault", "rule"),
    [
        ("<img src='/x.png'>", "wcag/h37"),
        ("<p id='main'>twice</p>", "no-dup-id"),
        ("<ul><p>in a list</p></ul>", "element-permitted-content"),
        ("<button>no type</button>", "no-implicit-button-type"),
    ],
)
def test_a_fault_is_seen(site: Path, tmp_path: Path, fault: str, rule: str) -> None:
    """A real page with a fault put into its middle is refused for that fault."""
    text = (site / "index.html").read_text(encoding="utf-8")
    broken = tmp_path / "broken.html"
    broken.write_text(text.replace("</main>", fault + "</main>"), encoding="utf-8")
    assert any(f" {rule}: " in found for found in faults(broken))
