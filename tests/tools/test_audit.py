"""An audit tells apart what was found, what was not, and that nobody could be asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from tests.support.processes import answering
from tests.support.project import ROOT, free_port
from tools.release.audit import (
    Audit,
    Verdict,
    audit,
    exit_code,
    read_answer,
    report_text,
    verdict_of,
)

FILE = ROOT / "tools" / "demo" / "requirements.txt"
FINDING = {
    "id": "PYSEC-2026-1",
    "modified": "2026-01-01T00:00:00Z",
    "published": "2026-01-01T00:00:00Z",
    "summary": "A fault.",
    "affected": [
        {
            "package": {"name": "aiosmtpd", "ecosystem": "PyPI"},
            "ranges": [
                {"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}
            ],
        }
    ],
}  # fmt: skip


@contextmanager
def osv(vulnerable: str) -> Iterator[tuple[str, ...]]:
    """How to ask a service on this machine that speaks OSV's language and knows one package."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            known = asked["package"]["name"] == vulnerable
            body = json.dumps({"vulns": [FINDING]} if known else {}).encode()
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with answering(ThreadingHTTPServer(("127.0.0.1", 0), Handler)) as port:
        yield _asking(port)


def _asking(port: int) -> tuple[str, ...]:
    url = f"http://127.0.0.1:{port}/v1/query"
    return ("--vulnerability-service", "osv", "--osv-url", url)


def test_what_is_found_is_named() -> None:
    """The package, its version, the finding and the version that fixes it."""
    with osv("aiosmtpd") as service:
        audits = audit([FILE], [service])
    assert verdict_of(audits) is Verdict.FOUND
    words = report_text([FILE], audits)
    assert words.startswith("tools/demo/requirements.txt: FOUND\n  aiosmtpd 1.")
    assert "PYSEC-2026-1 (fixed in 99.0)" in words


def test_nothing_found() -> None:
    """Only where the service answered about every package."""
    with osv("another-package") as service:
        audits = audit([FILE], [service])
    assert verdict_of(audits) is Verdict.NOTHING
    assert report_text([FILE], audits) == "tools/demo/requirements.txt: nothing found in 3 packages"


def test_nobody_to_ask_is_no_clean_result() -> None:
    """Where nothing listens, or it breaks off, the audit says so."""
    audits = audit([FILE], [_asking(free_port())])
    assert verdict_of(audits) is Verdict.NOT_ASKED
    assert (
        report_text([FILE], audits)
        == "tools/demo/requirements.txt: COULD NOT ASK about all packages"
    )


def test_the_second_service_is_asked_if_the_first_is_silent() -> None:
    """The first that answers about everything is believed."""
    with osv("aiosmtpd") as service:
        audits = audit([FILE], [_asking(free_port()), service])
    assert verdict_of(audits) is Verdict.FOUND


@pytest.mark.parametrize(
    ("packages", "verdict"),
    [
        ([{"name": "a", "version": "1", "vulns": []}], Verdict.NOTHING),
        ([{"name": "a", "skip_reason": "not found"}], Verdict.NOT_ASKED),
        (
            [{"name": "a", "version": "1", "vulns": []}, {"name": "b", "skip_reason": "-"}],
            Verdict.NOT_ASKED,
        ),
        (
            [
                {"name": "a", "version": "1", "vulns": [{"id": "X", "fix_versions": []}]},
                {"name": "b", "skip_reason": "-"},
            ],
            Verdict.FOUND,
        ),
        ([], Verdict.NOT_ASKED),
    ],
)
def test_reports_are_judged(packages: list[dict[str, Any]], verdict: Verdict) -> None:
    """pip-audit ends with 0 and „No known vulnerabilities“ although it skipped a package."""
    assert read_answer(json.dumps({"dependencies": packages})).verdict is verdict


@pytest.mark.parametrize(
    ("verdict", "code", "forgiven"),
    [(Verdict.NOTHING, 0, 0), (Verdict.FOUND, 1, 1), (Verdict.NOT_ASKED, 3, 0)],
)
def test_only_a_silent_network_may_be_forgiven(verdict: Verdict, code: int, forgiven: int) -> None:
    """Three ends, three exit codes; `UNASKED=ok` changes one of them."""
    assert exit_code(verdict, unasked_is_ok=False) == code
    assert exit_code(verdict, unasked_is_ok=True) == forgiven


@pytest.mark.parametrize("report", ["", "Traceback", "{}"])
def test_no_report_is_nobody_asked(report: str) -> None:
    """pip-audit broke off."""
    assert read_answer(report) == Audit((), 0, ())
