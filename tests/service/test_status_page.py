"""The operator's status page, and alert rules that name only what the metrics have."""

from __future__ import annotations

import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPMessage
from pathlib import Path

import pytest
import yaml
from lxml import html
from service_parts import Instance
from support import ROOT, free_port, skip_or_fail
from test_watch import given_up

from contact_service.kept import GivenUp
from contact_service.watching.alarms import KeyState, Snapshot
from contact_service.watching.port import serve
from contact_service.watching.status_page import status_page
from contact_service.watching.watch import Watch

NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ALERTS = ROOT / "deploy" / "alerts.yml"
WRONG = Snapshot(
    now=NOW,
    waiting=3,
    oldest=NOW - DAY,
    given_up=(GivenUp("DF4GJ-2UV79", NOW - 25 * DAY),),
    keys=(
        KeyState("sopot", "a@b.c", NOW + DAY, seal="smime"),
        KeyState("harmanli", "d@e.f", wrong="d@e.f: изтекъл", seal="pdf"),
    ),
    heartbeat_hours=26,
)


def words(page: str) -> str:
    [body] = html.fromstring(page).xpath("//body")
    return " ".join(" ".join(body.itertext()).split())


def test_all_well_is_said_first() -> None:
    """Without an alarm the heading and the title say so, and the numbers stand below."""
    keys = (KeyState("sopot", "a@b.c", None, seal="openpgp"),)
    seen = Snapshot(NOW, keys=keys, heartbeat=NOW - DAY, backup=NOW - 2 * DAY)
    page = status_page(seen, refreshes=True)
    assert html.fromstring(page).findtext(".//h1") == "Всичко е наред"
    assert html.fromstring(page).findtext(".//title", "").startswith("Всичко е наред")
    for said in (
        "Писма, които чакат 0",
        "Последна успешна проба 20.11.2026 г., 22:00 ч.",
        "Последно резервно копие 19.11.2026 г., 22:00 ч.",
        "sopot ключ OpenPGP без край",
    ):
        assert said in words(page)


def test_what_is_wrong_is_named_without_anybody() -> None:
    """Every alarm is there with its mend; no address, no reference."""
    page = status_page(WRONG, refreshes=True)
    assert html.fromstring(page).findtext(".//h1") == "Нужна е намеса"
    assert len(html.fromstring(page).xpath("//li")) == 6
    assert "retry --all" in page
    assert "скоро изтича" in words(page)
    assert "@" not in words(page)
    assert "DF4GJ" not in page


@pytest.fixture
def port(instance: Instance) -> Iterator[int]:
    with closing(instance.outbox()) as outbox:
        given_up(outbox, datetime.now(UTC))
        outbox.mark("backup", datetime.now(UTC) - DAY)
        number = free_port()
        serve(number, Watch(instance.settings(), outbox), outbox)
        yield number


def ask(port: int, path: str) -> tuple[HTTPMessage, str]:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
        return answer.headers, answer.read().decode()


def test_page_comes_anew_by_itself_until_it_is_stopped(port: int) -> None:
    """A header renews it, no script; a link stops that, and one begins it again."""
    headers, page = ask(port, "/status")
    assert headers["Refresh"] == "60"
    assert headers["Content-Type"] == "text/html; charset=utf-8"
    assert headers["Cache-Control"] == "no-store"
    assert "<script" not in page
    [still] = html.fromstring(page).xpath("//a/@href")
    headers, page = ask(port, still)
    assert "Refresh" not in headers
    assert html.fromstring(page).xpath("//a/@href") == ["/status"]
    assert "Нужна е намеса" in page


def test_every_alert_names_metrics_that_exist(port: int) -> None:
    """Each metric in each expression is one that /metrics gives (or Prometheus itself)."""
    _, text = ask(port, "/metrics")
    have = {re.split(r"[{ ]", line)[0] for line in text.splitlines() if not line.startswith("#")}
    # A counter shows up with its first try to deliver.
    have |= {"opora_attempts_total", "up"}
    rules = [
        rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]
    ]
    assert rules
    for rule in rules:
        named = set(re.findall(r"\bopora_\w+|\bup\b", rule["expr"]))
        assert named, rule
        assert named <= have, rule
        assert rule["annotations"].keys() == {"summary", "description"}
    unused = {name for name in have if name.startswith("opora_")} - set(
        re.findall(r"opora_\w+", ALERTS.read_text())
    )
    assert unused == {"opora_waiting", "opora_attempts_created"} & have


def test_metrics_tell_of_keys_and_backups(port: int) -> None:
    """The age of the last backup, keys that cannot be used, the first end."""
    _, text = ask(port, "/metrics")
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(values["opora_backup_age_seconds"]) == pytest.approx(86400, abs=120)
    assert values["opora_keys_unusable"] == "0.0"
    assert values["opora_key_ends_seconds"] == "NaN"


# Well for an hour, then not: a value a minute.
SERIES = {
    'up{job="opora"}': "1x60 0x80",
    "opora_given_up": "0x60 2x80",
    "opora_oldest_seconds": "100x60 30000x80",
    "opora_heartbeat_age_seconds": f"100x60 {'NaN ' * 80}",
    "opora_keys_unusable": "0x60 1x80",
    "opora_key_ends_seconds": "9000000x60 1000x80",
    "opora_backup_age_seconds": "100x60 900000x80",
    'opora_attempts_total{outcome="retried"}': "0x60 1+1x80",
}
OWN_LABELS = {"OporaDown": {"job": "opora"}, "OporaManyRetries": {"outcome": "retried"}}


def test_alerts_fire_when_they_should(tmp_path: Path) -> None:
    """Prometheus's own tool finds the rules good; each is silent while all is well, and fires."""
    if shutil.which("promtool") is None:
        skip_or_fail("no promtool here (make test installs prometheus where it may)")
    shutil.copy(ALERTS, tmp_path / "alerts.yml")
    cases: list[dict[str, object]] = []
    for group in yaml.safe_load(ALERTS.read_text())["groups"]:
        for rule in group["rules"]:
            labels = rule["labels"] | OWN_LABELS.get(rule["alert"], {})
            fired = {"exp_labels": labels, "exp_annotations": rule["annotations"]}
            for minute, expected in (("59m", []), ("130m", [fired])):
                case = {"eval_time": minute, "alertname": rule["alert"], "exp_alerts": expected}
                cases.append(case)
    series = [{"series": name, "values": values} for name, values in SERIES.items()]
    tests = [{"interval": "1m", "input_series": series, "alert_rule_test": cases}]
    whole = {"rule_files": ["alerts.yml"], "evaluation_interval": "1m", "tests": tests}
    (tmp_path / "test.yml").write_text(yaml.safe_dump(whole))
    for command in (["check", "rules", "alerts.yml"], ["test", "rules", "test.yml"]):
        done = subprocess.run(
            ["promtool", *command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
