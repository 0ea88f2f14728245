"""What the statements of a centre rest on: its own answers, public bodies, results of checks."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import EmailStr, Field, HttpUrl

from site_model.base import Fact, FieldId, Frozen, Moment, Text

Count = Annotated[int, Field(ge=0, strict=True)]


class StatementFacts(Frozen):
    """What only the centre can say for its statements; what is absent is shown as a gap."""

    data_protection_officer: Fact | None = None
    legal_basis: Fact | None = None
    data_recipients: Fact | None = None
    processors: Fact | None = None
    mailbox_retention: Fact | None = None
    complaints: Fact | None = None
    accessibility_status: Fact | None = None
    accessibility_enforcement: Fact | None = None


class Authority(Frozen):
    """A public body to which people can turn, with where and when that was checked."""

    id: FieldId
    name: Text
    about: Text
    address: Text | None = None
    email: EmailStr | None = None
    website: HttpUrl | None = None
    source: str
    checked_on: Moment
    next_check: date | None = None


class EngineResult(Frozen):
    """What one engine found: on how many pages, in how many states of them, how much."""

    name: str
    version: str
    pages: Count
    states: Count
    violations: Count


class CheckResult(Frozen):
    """A check that is no engine's: what was tried, how many times, and how often it failed."""

    text: Text
    tried: Count
    failed: Count


class AccessibilityResults(Frozen):
    """`content/accessibility_results.yml`, written by the command that ran the checks."""

    checked_on: Moment
    engines: tuple[EngineResult, ...]
    checks: tuple[CheckResult, ...] = ()

    @property
    def violations(self) -> int:
        """All that was found, by engines and by other checks."""
        by_engines = sum(engine.violations for engine in self.engines)
        return by_engines + sum(check.failed for check in self.checks)
