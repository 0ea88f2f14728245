"""What systemd shuts for each part of Opora: line by line, and as systemd itself reckons it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from site_editor.server.own_facts import WRITTEN
from tests.support.project import ROOT, skip_or_fail

UNITS = ROOT / "deploy" / "systemd"
SCORE = re.compile(r"^\| `(opora-[a-z]+\.service)` \| ([0-9.]+) \|$", re.MULTILINE)

# The score passes over some of these, and weighs others so little that a line less goes unseen.
OF_ALL = {
    "WorkingDirectory": ["/opt/opora/current"],
    "Environment": ["OPORA_SETTINGS=/etc/opora/service.toml PYTHONDONTWRITEBYTECODE=1"],
    "NoNewPrivileges": ["yes"],
    "CapabilityBoundingSet": [""],
    "ProtectSystem": ["strict"],
    "ProtectHome": ["yes"],
    "ProtectProc": ["invisible"],
    "ProcSubset": ["pid"],
    "ProtectClock": ["yes"],
    "ProtectControlGroups": ["yes"],
    "ProtectHostname": ["yes"],
    "ProtectKernelLogs": ["yes"],
    "ProtectKernelModules": ["yes"],
    "ProtectKernelTunables": ["yes"],
    "PrivateDevices": ["yes"],
    "PrivateIPC": ["yes"],
    "PrivateMounts": ["yes"],
    "PrivateTmp": ["yes"],
    "PrivateUsers": ["yes"],
    "RemoveIPC": ["yes"],
    "KeyringMode": ["private"],
    "LockPersonality": ["yes"],
    "MemoryDenyWriteExecute": ["yes"],
    "RestrictNamespaces": ["yes"],
    "RestrictRealtime": ["yes"],
    "RestrictSUIDSGID": ["yes"],
    "SystemCallArchitectures": ["native"],
    "SystemCallFilter": ["@system-service", "~@privileged @resources", "prlimit64 setrlimit"],
    "SystemCallErrorNumber": ["EPERM"],
    "LimitCORE": ["0"],
    "MemorySwapMax": ["0"],
    "TasksMax": ["128"],
}
OF_LETTERS = {
    "User": ["opora"],
    "DynamicUser": ["yes"],
    "StateDirectory": ["opora"],
    "StateDirectoryMode": ["0700"],
    "UMask": ["0077"],
    "RestrictAddressFamilies": ["AF_UNIX AF_INET AF_INET6"],
}
FOR_EVER = {"Type": ["exec"], "Restart": ["always"]}
SERVICES = {
    "opora-web": OF_LETTERS
    | FOR_EVER
    | {"RestartSec": ["2"], "IPAddressDeny": ["any"], "IPAddressAllow": ["localhost"]},
    "opora-deliver": OF_LETTERS | FOR_EVER | {"RestartSec": ["5"]},
    "opora-watch": OF_LETTERS | FOR_EVER | {"RestartSec": ["5"]},
    "opora-heartbeat": OF_LETTERS | {"Type": ["oneshot"]},
    "opora-todo": OF_LETTERS | {"Type": ["oneshot"]},
    "opora-build": {
        "Type": ["oneshot"],
        "User": ["opora-site"],
        "ReadWritePaths": ["/srv/opora"],
        "PrivateNetwork": ["yes"],
        "RestrictAddressFamilies": ["AF_UNIX"],
        "IPAddressDeny": ["any"],
        "UMask": ["0022"],
        "ExecStartPre": ["-+/opt/opora/current/deploy/opora building"],
        "ExecStartPost": ["+/opt/opora/current/deploy/opora built"],
    },
    "opora-edit": FOR_EVER
    | {
        "RestartSec": ["5"],
        "User": ["opora-edit"],
        "Group": ["opora-site"],
        "StateDirectory": ["opora-edit"],
        "StateDirectoryMode": ["0700"],
        "UMask": ["0022"],
        "LoadCredential": ["editor:/etc/opora/secrets/editor"],
        "InaccessiblePaths": ["-/etc/opora -/var/lib/opora -/var/lib/private"],
        "ReadWritePaths": [" ".join(f"-/srv/opora/content/{name}" for name in WRITTEN)],
        "RestrictAddressFamilies": ["AF_UNIX AF_INET AF_INET6"],
        "IPAddressDeny": ["any"],
        "IPAddressAllow": ["localhost"],
        "MemoryMax": ["1500M"],
    },
}


def lines_of(file: Path) -> dict[str, list[str]]:
    """The settings of a unit's [Service] section, each with all its values, but the command."""
    (section,) = re.findall(r"^\[Service\]\n(.*?)(?=^\[|\Z)", file.read_text(), re.M | re.S)
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r"^(\w+)=(.*)$", section, re.M):
        found.setdefault(name, []).append(value)
    found.pop("ExecStart", None)
    return found


def test_what_every_unit_is_shut_from() -> None:
    """No line is lost, and none is loosened."""
    assert lines_of(UNITS / "opora-.service.d" / "hardening.conf") == OF_ALL


@pytest.mark.parametrize("name", SERVICES)
def test_what_each_unit_may(name: str) -> None:
    """Letters and keys are their own user's alone; who needs no network has none."""
    assert lines_of(UNITS / f"{name}.service") == SERVICES[name]


def test_no_unit_is_forgotten() -> None:
    """Each service stands in the tables above."""
    assert {file.stem for file in UNITS.glob("*.service")} == set(SERVICES)


def test_web_servers_leave_no_letter_on_the_disk() -> None:
    """A letter passes through their memory."""
    of_memory = {"LimitCORE": ["0"], "MemorySwapMax": ["0"]}
    assert lines_of(UNITS / "web-server.conf") == of_memory


def test_caddy_starts_whatever_becomes_of_its_words() -> None:
    """They are chosen as root before it starts (`+`), and a failure stops nothing (`-`)."""
    chosen = {"ExecStartPre": ["-+/opt/opora/current/deploy/caddy/choose"]}
    assert lines_of(UNITS / "caddy-words.conf") == chosen


@pytest.mark.parametrize(
    ("name", "when"),
    [
        ("opora-heartbeat", "*-*-* 06:40"),
        ("opora-build", "Mon *-*-* 04:20"),
        ("opora-todo", "*-*-01..07 07:30"),
    ],
)
def test_when_timers_go(name: str, when: str) -> None:
    """A trial letter each morning, a new site each week, the list early in each month;
    what a machine slept through, after.
    """
    timer = (UNITS / f"{name}.timer").read_text(encoding="utf-8").splitlines()
    assert [line for line in timer if line.startswith("On")] == [f"OnCalendar={when}"]
    assert "Persistent=yes" in timer


def test_a_build_is_made_when_the_editor_asks() -> None:
    """Once for each wish, which the build takes away as it begins; and only while there is an
    editor: an older release that knows no wishes would build for ever.
    """
    path = (UNITS / "opora-build.path").read_text(encoding="utf-8").splitlines()
    assert "PathExists=/var/lib/opora-edit/wanted" in path
    assert "BindsTo=opora-edit.service" in path
    editor = (UNITS / "opora-edit.service").read_text(encoding="utf-8")
    assert re.search("^Wants=.*opora-build.path", editor, re.M)


def test_systemd_knows_every_line_and_reckons_little_exposure(tmp_path: Path) -> None:
    """Offline, with the drop-in: at most what the guide says, and no line is passed over."""
    folder = tmp_path / "etc" / "systemd" / "system"
    shutil.copytree(UNITS, folder)
    guide = (ROOT / "docs" / "guide" / "install.md").read_text(encoding="utf-8")
    promised = dict(SCORE.findall(guide))
    assert {unit.removesuffix(".service") for unit in promised} == set(SERVICES)
    for unit, most in promised.items():
        done = _systemd_analyze("security", "--offline=yes", f"--root={tmp_path}", unit)
        (score,) = re.findall(r"Overall exposure level for \S+ ([0-9.]+)", done.stdout)
        assert float(score) <= float(most), done.stdout
        assert done.stderr == ""


def _systemd_analyze(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Of systemd 250 or newer, which reckons from files alone."""
    command = ["systemd-analyze", "--no-pager"]
    if shutil.which(command[0]) is None:
        skip_or_fail("no systemd-analyze here")
    said = subprocess.run([*command, "--version"], capture_output=True, text=True, check=True)
    if int(re.findall(r"systemd (\d+)", said.stdout)[0]) < 250:
        skip_or_fail("this systemd-analyze is older than 250")
    return subprocess.run([*command, *arguments], capture_output=True, text=True, check=True)
