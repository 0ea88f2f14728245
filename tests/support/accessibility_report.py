"""A pytest plugin: writes what the accessibility checks found, for the declaration to read.

`make a11y-report` runs the checks with it. A test belongs to a check by its mark
`accessibility(check)`; a test of an engine records what it looked at as the property "engine".
Where such a test was skipped or broke before it could record, or the run was cut short, the file
stays as it was: figures of half a run would pass for whole ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

HEAD = "# Made by `make a11y-report` from a run of the checks; never written by hand.\n"

# The engines' own tests are not among them: what engines found is told by engine.
CHECKS = {
    "keyboard": {
        "bg": "Целият път до помощ и до изпратено писмо само с клавиатура.",
        "en": "The whole way to help and to a sent letter by keyboard alone.",
    },
    "focus": {
        "bg": "Вижда се кой елемент е избран с клавиатурата и нищо не го закрива, "
        "на всяка страница.",
        "en": "Keyboard focus is visible and nothing covers it, on every page.",
    },
    "reflow": {
        "bg": "Нищо не се плъзга настрани при 320 пиксела и при увеличение 400 %.",
        "en": "No sideways scroll at 320 pixels and at 400 % zoom.",
    },
    "spacing": {
        "bg": "Нищо не се губи при по-големи разстояния в текста.",
        "en": "Nothing is lost with wider text spacing.",
    },
    "colours": {
        "bg": "И с цветове, избрани от читателя, всичко се вижда; движението спира за всеки, "
        "който го е изключил.",
        "en": "All is visible in forced colours, and nothing moves if the reader wants it so.",
    },
    "targets": {
        "bg": "Бутоните и връзките са достатъчно големи за пръст.",
        "en": "Buttons and links are large enough for a finger.",
    },
    "forms": {
        "bg": "Грешките във формулярите се казват и намират, и без скриптове.",
        "en": "Errors in forms are told and found, without scripts too.",
    },
    "names": {
        "bg": "Всеки бутон, връзка и поле има име, роля и състояние за екранния четец.",
        "en": "Every button, link and field has a name, role and state for the screen reader.",
    },
    "structure": {
        "bg": "Заглавията, областите и езикът на думите са означени на всяка страница.",
        "en": "Titles, headings, landmarks and the language of words are marked on every page.",
    },
}


OF_ENGINES = ("engines", "html")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accessibility-report", type=Path, help="the YAML file to write")


def pytest_configure(config: pytest.Config) -> None:
    file = config.getoption("--accessibility-report")
    if file and not hasattr(config, "workerinput"):  # the workers of xdist report to one
        config.pluginmanager.register(_Recorder(file))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if mark := item.get_closest_marker("accessibility"):
            item.user_properties.append(("check", mark.args[0]))


class _Recorder:
    """Gathers outcomes of marked tests; writes the file when the run ends."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._outcomes: dict[str, list[str]] = {}
        self._engines: list[Mapping[str, Any]] = []
        self._broken: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        check = dict(report.user_properties).get("check")
        if check and report.outcome != "skipped" and (report.when == "call" or report.failed):
            self._outcomes.setdefault(check, []).append(report.outcome)
        seen = [value for name, value in report.user_properties if name == "engine"]
        if report.when == "call":
            self._engines += seen
        crashed = report.when not in ("setup", "call", "teardown")  # with its worker
        if crashed or (check in OF_ENGINES and not report.passed and not seen):
            self._broken.append(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        whole = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if self._broken or not whole or not self._engines:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
            return
        values = results(datetime.now(UTC), self._outcomes, self._engines)
        text = yaml.safe_dump(values, allow_unicode=True, sort_keys=False, width=95)
        self._file.write_text(HEAD + text, encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        for name in self._broken:
            terminalreporter.write_line(f"{self._file} is not written: {name} did not look")


def results(
    now: datetime, outcomes: Mapping[str, list[str]], engines: Iterable[Mapping[str, Any]]
) -> dict[str, Any]:
    """What the file says: engines with what they looked at, and each check as tried and failed."""
    return {
        "checked_on": now.date(),
        "engines": _added_up(engines),
        "checks": [
            {"text": text, "tried": len(outcomes[check]), "failed": outcomes[check].count("failed")}
            for check, text in CHECKS.items()
            if outcomes.get(check)
        ],
    }


def _added_up(runs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One entry for each engine: how many different pages and states, and all violations."""
    by_name: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for run in runs:
        by_name.setdefault((run["name"], run["version"]), []).append(run)
    return [
        {
            "name": name,
            "version": version,
            "pages": len({page for run in entries for page in run["pages"]}),
            "states": len({state for run in entries for state in run["states"]}),
            "violations": sum(run["violations"] for run in entries),
        }
        for (name, version), entries in by_name.items()
    ]
