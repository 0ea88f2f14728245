"""What the statements of a centre rest on: its own answers, public bodies, results of checks."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from site_model.field_metadata import Asked, words
from site_model.field_types import Day, MailAddress, WebAddress
from site_model.types import Fact, FieldId, Frozen, Moment, Text

Count = Annotated[int, Field(ge=0, strict=True)]


class StatementFacts(Frozen):
    """What only the centre can say for its statements; what is absent is shown as a gap."""

    data_protection_officer: Annotated[
        Fact | None,
        words("Длъжностно лице по защита на данните", "Кой е и как се стига до него."),
        Asked("Кой отговаря за защитата на данните и как се стига до него?"),
    ] = None
    legal_basis: Annotated[
        Fact | None,
        words("Основание за данните", "На какво правно основание центърът работи с лични данни."),
    ] = None
    data_recipients: Annotated[
        Fact | None,
        words("Кой получава данните", "На кого центърът предава лични данни от писмата."),
    ] = None
    processors: Annotated[
        Fact | None,
        words(
            "Кой обработва данните", "Фирми, които пазят или пренасят писмата от името на центъра."
        ),
    ] = None
    mailbox_retention: Annotated[
        Fact | None,
        words("Колко се пазят писмата", "Колко време писмата остават в пощата на центъра."),
        Asked("Колко време пазите писмата в пощата си?"),
    ] = None
    complaints: Annotated[
        Fact | None,
        words("Оплаквания", "Къде и как човек може да се оплаче в самия център."),
        Asked("Кой при вас приема похвали и оплаквания?"),
    ] = None
    accessibility_status: Annotated[
        Fact | None,
        words("Достъпност: състояние", "Какво казва центърът за достъпността на страниците си."),
    ] = None
    accessibility_enforcement: Annotated[
        Fact | None,
        words(
            "Достъпност: жалби", "Към кой орган може да се обърне човек, ако центърът не отговори."
        ),
    ] = None


class Authority(Frozen):
    """A public body to which people can turn, with where and when that was checked."""

    id: FieldId
    name: Text
    about: Text
    address: Text | None = None
    email: MailAddress | None = None
    website: WebAddress | None = None
    source: str
    checked_on: Moment
    next_check: Day | None = None


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
