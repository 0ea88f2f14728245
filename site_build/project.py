"""Where things of a project lie."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from site_model.i18n.catalogue_files import CATALOGUES
from site_model.types import SOFIA

PACKAGE = Path(__file__).parent


def build_day() -> date:
    """The day for which a build is made: of SOURCE_DATE_EPOCH, where it is set, or today.

    https://reproducible-builds.org/specs/source-date-epoch/
    """
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    now = datetime.fromtimestamp(int(epoch), UTC) if epoch else datetime.now(UTC)
    return now.astimezone(SOFIA).date()


@dataclass(frozen=True)
class Project:
    """Where things lie: all below the folder that holds mkdocs.yml; and for which day it is."""

    root: Path
    catalogues: Path = CATALOGUES
    today: date = field(default_factory=build_day)
    trial: Path | None = None
    """A folder for all that a build makes, where nothing in the project may be touched."""
    target: Path | None = None
    """Another folder for the site."""
    facts: Path | None = None
    """Another content folder, for facts that are only tried."""

    @property
    def work(self) -> Path:
        """What builds make for themselves and for people, beside the site."""
        return (self.trial or self.root) / "build"

    @property
    def content(self) -> Path:
        return self.facts or self.root / "content"

    @property
    def config(self) -> Path:
        return self.root / "mkdocs.yml"

    @property
    def site(self) -> Path:
        return self.target or (self.trial or self.root) / "site"

    @property
    def lock(self) -> Path:
        """Held by the process that writes in the project (`site_build.locking`)."""
        return self.root / "build" / "lock"

    def hand_written(self, language: str) -> Path:
        return self.root / "docs" / language

    def markdown(self, language: str) -> Path:
        """The Markdown that engines read."""
        return self.work / "pages" / language

    def paper_cache(self, language: str) -> Path:
        return self.work / "paper" / language

    @property
    def lemmas(self) -> Path:
        return self.work / "lemmas"

    @property
    def headers(self) -> Path:
        return self.work / "headers"

    @property
    def report(self) -> Path:
        """What waits for translators, written by every build."""
        return self.work / "translations.txt"

    @property
    def facts_report(self) -> Path:
        """What to ask each centre and what to check again, written by every build."""
        return self.work / "facts.txt"

    @property
    def papers_report(self) -> Path:
        """What is to be fixed of each centre's sheets of paper, as the last build saw it."""
        return self.work / "papers.json"

    @property
    def built(self) -> Path:
        """New files of the site, until all of them are made and checked."""
        return self.work / "site"

    @property
    def made(self) -> Path:
        """What the build remembers of the pages in `site`."""
        return self.work / "made"

    @property
    def addresses(self) -> Path:
        """Where pages stood after the last build."""
        return self.root / "build" / "addresses.json"

    @property
    def kept(self) -> Path:
        """What takes long to read or to compile, under names made of all that it depends on."""
        return self.work / "kept"
