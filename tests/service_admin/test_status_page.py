"""The operator's status page, and alert rules that name only what the metrics have."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from http.client import HTTPMessage
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import html

from contact_service.outbox.given_up import GivenUp
from service_admin.monitoring.alarms import KeyState, Snapshot
from service_admin.monitoring.http import serve
from service_admin.monitoring.status_page import status_page
from service_admin.monitoring.watcher import Watch
from tests.support.project import ROOT, free_port, skip_or_fail
from tests.support.service.letters import given_up
from tests.support.service.service_parts import Instance
from tests.support.waiting import PATIENCE

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
        "Закъснели писма 0",
        "Последна успешна проба 20.11.2026 г., 22:00 ч.",
        "Последно резервно копие 19.11.2026 г., 22:00 ч.",
        "sopot ключ OpenPGP без край",
    ):
        assert said in words(page)


def test_what_is_wrong_is_named_without_anybody() -> None:
    """Every alarm is there with its fix; no address, no reference."""
    page = status_page(WRONG, refreshes=True)
    assert html.fromstring(page).findtext(".//h1") == "Нужна е намеса"
    assert len(html.fromstring(page).xpath("//li")) == 7
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
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=PATIENCE) as answer:
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
    have |= {"up"}
    assert rules()
    for rule in rules():
        named = set(re.findall(r"\bopora_\w+|\bup\b", rule["expr"]))
        assert named, rule
        assert named <= have, rule
        assert rule["annotations"].keys() == {"summary", "description"}
    ours = {name for name in have if name.startswith("opora_")}
    assert ours == set(re.findall(r"opora_\w+", ALERTS.read_text()))


def test_metrics_tell_of_keys_and_backups(port: int) -> None:
    """The age of the last backup, keys that cannot be used, the first end."""
    _, text = ask(port, "/metrics")
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert float(values["opora_backup_age_seconds"]) == pytest.approx(86400, abs=120)
    assert values["opora_keys_unusable"] == "0.0"
    assert values["opora_key_ends_seconds"] == "NaN"


# Each alert: its metric, what is still well, what no longer is, after how many minutes, how bad.
LIMITS: dict[str, tuple[str, float, float, int, str]] = {
    "OporaDown": ('up{job="opora"}', 1, 0, 5, "critical"),
    "OporaDeliverySilent": ("opora_delivery_age_seconds", 900, 901, 5, "critical"),
    "OporaGivenUp": ("opora_given_up", 0, 1, 0, "critical"),
    "OporaLetterWaits": ("opora_oldest_seconds", 6 * 3600, 6 * 3600 + 1, 0, "critical"),
    "OporaHeartbeat": ("opora_heartbeat_age_seconds", 26 * 3600, 26 * 3600 + 1, 10, "critical"),
    "OporaKeyUnusable": ("opora_keys_unusable", 0, 1, 5, "critical"),
    "OporaKeyEndsSoon": ("opora_key_ends_seconds", 30 * 86400, 30 * 86400 - 1, 0, "warning"),
    "OporaBackupOld": ("opora_backup_age_seconds", 8 * 86400, 8 * 86400 + 1, 60, "warning"),
    "OporaLettersLate": ("opora_late", 0, 1, 30, "warning"),
}
# Where there was none at all, as of a delivery that never began.
NONE_YET = ("OporaDeliverySilent", "OporaHeartbeat", "OporaBackupOld")
OWN_LABELS = {"OporaDown": {"job": "opora"}}


def promtool_test(limits: dict[str, tuple[str, float, float, int, str]]) -> dict[str, object]:
    """Well to the last for an hour, then just not: a value a minute; who is heard when."""
    said = {rule["alert"]: rule["annotations"] for rule in rules()}
    series, cases = [], []
    for name, (metric, well, wrong, minutes, severity) in limits.items():
        values = f"{well}x60 {'NaN ' * 80 if math.isnan(wrong) else f'{wrong}x80'}"
        series.append({"series": metric, "values": values})
        labels = {"severity": severity} | OWN_LABELS.get(name, {})
        fired = {"exp_labels": labels, "exp_annotations": said[name]}
        heard = {60: [], 60 + minutes: [], 61 + minutes: [fired]}
        cases += [
            {"eval_time": f"{minute}m", "alertname": name, "exp_alerts": alerts}
            for minute, alerts in heard.items()
        ]
    return {"interval": "1m", "input_series": series, "alert_rule_test": cases}


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def test_alerts_fire_when_they_should(tmp_path: Path) -> None:
    """Prometheus's own tool finds the rules good; each is silent while all is well to the last,
    and fires as soon as it has not been for its minutes, or where nothing ever was."""
    assert {rule["alert"] for rule in rules()} == set(LIMITS)
    if shutil.which("promtool") is None:
        skip_or_fail("no promtool here (make test installs prometheus where it may)")
    shutil.copy(ALERTS, tmp_path / "alerts.yml")
    none_yet = {n: (*LIMITS[n][:2], math.nan, *LIMITS[n][3:]) for n in NONE_YET}
    tests = [promtool_test(LIMITS), promtool_test(none_yet)]
    whole = {"rule_files": ["alerts.yml"], "evaluation_interval": "1m", "tests": tests}
    (tmp_path / "test.yml").write_text(yaml.safe_dump(whole))
    for command in (["check", "rules", "alerts.yml"], ["test", "rules", "test.yml"]):
        done = subprocess.run(
            ["promtool", *command], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
