"""What the tests of the build share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.pages.built_pages import OF_A_CENTRE, Pages, bulgarian, every_page
from tests.support.project import ROOT

DOCS = ROOT / "docs" / "bg"


@pytest.fixture(scope="session")
def pages(site: Path) -> Pages:
    """All Bulgarian pages: each centre's, those of docs/bg, the front page, the directory, search
    and the 404.
    """
    found = bulgarian(every_page(site))
    assert len(found) == sum(OF_A_CENTRE.values()) + 2 + len(list(DOCS.rglob("*.md"))) + 2
    return found
