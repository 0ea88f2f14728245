"""Whether a known vulnerability is in what is pinned: found, nothing found, or nobody to ask.

`pip-audit` itself ends well when it could ask nobody about anything; that is no clean result.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from tools.release.pinned import ALL, ROOT

SERVICES: tuple[tuple[str, ...], ...] = (
    ("--vulnerability-service", "pypi"),
    ("--vulnerability-service", "osv"),
)
"""Whom to ask, in this order, until one answers about every package."""


class Verdict(Enum):
    """How an audit ended; the value is the exit code of the command."""

    NOTHING = 0
    FOUND = 1
    NOT_ASKED = 3


@dataclass(frozen=True)
class Audit:
    """What a service said: `package version: ID (fixed in …)` of each finding, and about how many
    packages it was asked, and which of them it did not answer.
    """

    findings: tuple[str, ...]
    asked: int
    unanswered: tuple[str, ...]

    @property
    def verdict(self) -> Verdict:
        if self.findings:
            return Verdict.FOUND
        return Verdict.NOT_ASKED if self.unanswered or not self.asked else Verdict.NOTHING


def audit(
    files: Iterable[Path] = ALL, services: Sequence[tuple[str, ...]] = SERVICES
) -> tuple[Audit, ...]:
    """What each file's packages have, asked of the services in turn."""
    return tuple(_of_file(file, services) for file in files)


def _of_file(file: Path, services: Sequence[tuple[str, ...]]) -> Audit:
    answers = []
    for service in services:
        answers.append(_asked(file, service))
        if answers[-1].verdict is not Verdict.NOT_ASKED:
            return answers[-1]
    return min(answers, key=lambda answer: (not answer.asked, len(answer.unanswered)))


def _asked(file: Path, service: tuple[str, ...]) -> Audit:
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(file), *service]
    options = ["--require-hashes", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    return read_answer(done.stdout)


def read_answer(report: str) -> Audit:
    """The report of pip-audit in JSON; without one (it broke off) nobody was asked."""
    try:
        packages = json.loads(report)["dependencies"]
    except (ValueError, KeyError):
        return Audit((), 0, ())
    findings = [
        f"{package['name']} {package['version']}: {each['id']}"
        f" (fixed in {', '.join(each['fix_versions']) or 'no version yet'})"
        for package in packages
        for each in package.get("vulns", ())
    ]
    unanswered = [package["name"] for package in packages if "skip_reason" in package]
    return Audit(tuple(findings), len(packages), tuple(unanswered))


def verdict_of(audits: Iterable[Audit]) -> Verdict:
    """Found anywhere is found; else not asked anywhere is not asked."""
    verdicts = {audit.verdict for audit in audits}
    for verdict in (Verdict.FOUND, Verdict.NOT_ASKED):
        if verdict in verdicts:
            return verdict
    return Verdict.NOTHING


def exit_code(verdict: Verdict, *, unasked_is_ok: bool) -> int:
    """How the command ends; a network that is not there may be forgiven, a finding never."""
    return 0 if verdict is Verdict.NOT_ASKED and unasked_is_ok else int(verdict.value)


def report_text(files: Iterable[Path], audits: Iterable[Audit]) -> str:
    """The audits in words, a line for each file and each finding."""
    lines = []
    for file, each in zip(files, audits, strict=True):
        name = file.relative_to(ROOT) if file.is_relative_to(ROOT) else file
        match each.verdict:
            case Verdict.FOUND:
                lines += [f"{name}: FOUND", *(f"  {finding}" for finding in each.findings)]
            case Verdict.NOTHING:
                lines.append(f"{name}: nothing found in {each.asked} packages")
            case Verdict.NOT_ASKED:
                count = f"{len(each.unanswered)} of {each.asked}" if each.asked else "all"
                lines.append(f"{name}: COULD NOT ASK about {count} packages")
        if each.findings and each.unanswered:
            lines.append(f"  could not ask about {len(each.unanswered)} others")
    return "\n".join(lines)
