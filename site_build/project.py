"""Where things of a project lie."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from site_build.timely import build_day
from site_model.interface import CATALOGUES

PACKAGE = Path(__file__).parent


@dataclass(frozen=True)
class Project:
    """Where things lie: all below the folder that holds mkdocs.yml; and for which day it is."""

    root: Path
    catalogues: Path = CATALOGUES
    today: date = field(default_factory=build_day)

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def config(self) -> Path:
        return self.root / "mkdocs.yml"

    @property
    def site(self) -> Path:
        return self.root / "site"

    def hand_written(self, language: str) -> Path:
        return self.root / "docs" / language

    def markdown(self, language: str) -> Path:
        """The Markdown that engines read."""
        return self.root / "build" / "pages" / language

    def paper_cache(self, language: str) -> Path:
        return self.root / "build" / "paper" / language

    @property
    def lemmas(self) -> Path:
        return self.root / "build" / "lemmas"

    @property
    def headers(self) -> Path:
        return self.root / "build" / "headers"

    @property
    def report(self) -> Path:
        """What waits for translators, written by every build."""
        return self.root / "build" / "translations.txt"

    @property
    def facts_report(self) -> Path:
        """What to ask each centre and what to check again, written by every build."""
        return self.root / "build" / "facts.txt"

    @property
    def built(self) -> Path:
        """New files of the site, until all of them are made and checked."""
        return self.root / "build" / "site"

    @property
    def made(self) -> Path:
        """What the build remembers of the pages in `site`."""
        return self.root / "build" / "made"

    @property
    def kept(self) -> Path:
        """What takes long to read or to compile, under names made of all that it depends on."""
        return self.root / "build" / "kept"
