"""The operator turns the editor on and off, and `doctor` knows whether it works."""

from __future__ import annotations

import stat
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from contact_service.settings.service import read_settings
from service_admin.__main__ import main
from service_admin.editor import look, turn
from site_editor.server.own_facts import WRITTEN
from tests.support.processes import answering
from tests.support.project import ROOT, free_port
from tests.support.service.server_kit import Kit
from tests.support.service.service_parts import SECRET, Instance
from tests.support.waiting import wait_for

NOW = datetime(2026, 11, 22, tzinfo=UTC)
OPORA = "/opt/opora/current/deploy/opora"
ENVIRONMENT = {"OPORA_SECRET": SECRET}


@pytest.fixture
def settings(instance: Instance) -> Path:
    file = instance.folder / "service.toml"
    file.write_text(f"# Наш ред.\n{instance.toml}")
    return file


def test_turned_on_service_and_editor_share_a_secret(settings: Path) -> None:
    """It is in a file of root's alone that the settings name; all else in them stays, and what is
    done twice is done once.
    """
    before = settings.read_text()
    assert turn(settings, ENVIRONMENT, on=True) == 0
    secret = settings.parent / "secrets" / "editor"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600
    told = read_settings(settings, ENVIRONMENT).editor_secret
    assert told is not None
    assert told.get_secret_value() == secret.read_text().strip()
    assert len(told.get_secret_value()) == 64
    lines = settings.read_text().splitlines()
    assert [line for line in lines if line not in before.splitlines()] == [
        'editor_secret_file = "secrets/editor"'
    ]
    text, key = settings.read_text(), secret.read_text()
    assert turn(settings, ENVIRONMENT, on=True) == 0
    assert (settings.read_text(), secret.read_text()) == (text, key)


def test_turned_off_nothing_is_left(settings: Path) -> None:
    """As before, but for a secret that nobody shares any more."""
    before = settings.read_text()
    turn(settings, ENVIRONMENT, on=True)
    for _ in range(2):
        assert turn(settings, ENVIRONMENT, on=False) == 0
        assert settings.read_text() == before
        assert not (settings.parent / "secrets" / "editor").exists()
    assert read_settings(settings, ENVIRONMENT).editor_secret is None


def test_settings_that_are_wrong_stay_as_they_are(
    settings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sentence names what is to be fixed first."""
    monkeypatch.setenv("OPORA_SECRET", SECRET)
    settings.write_text("messages_per_hour = 0\n" + settings.read_text())
    before = settings.read_text()
    assert main(["--settings", str(settings), "editor-secret", "on"]) == 1
    assert "messages_per_hour" in capsys.readouterr().err
    assert settings.read_text() == before


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.mark.parametrize(
    ("status", "said", "expected"),
    [
        ("200 OK", "ok", [("ok", "включен и работи")]),
        (
            "503 No",
            "едно. Напишете: а\nдруго",
            [("wrong", "едно. Напишете: а"), ("wrong", "друго")],
        ),
    ],
)
def test_doctor_says_what_the_editor_says(
    instance: Instance, status: str, said: str, expected: list[tuple[str, str]]
) -> None:
    """Each fault a line of its own."""

    def app(environ: object, start: object) -> Iterator[bytes]:
        start(status, [("Content-Type", "text/plain")])  # type: ignore[operator]
        yield said.encode()

    instance.toml = f'editor_secret = "{SECRET}"\n{instance.toml}'
    with answering(make_server("127.0.0.1", 0, app, handler_class=_Quiet)) as port:
        found = list(look(instance.settings(), NOW, f"127.0.0.1:{port}"))
    assert found == expected


def test_doctor_tells_off_from_broken(instance: Instance) -> None:
    """An editor that nobody turned on is no fault; one that is on and silent is one."""
    nowhere = f"127.0.0.1:{free_port()}"
    assert list(look(instance.settings(), NOW, nowhere)) == [("ok", "изключен")]
    instance.toml = f'editor_secret = "{SECRET}"\n{instance.toml}'
    ((state, said),) = look(instance.settings(), NOW, nowhere)
    assert state == "wrong"
    assert "journalctl -u opora-edit" in said


@pytest.fixture
def kit(tmp_path: Path, site: Path, instance: Instance) -> Iterator[Kit]:
    """A server whose service is set up and runs, without the editor."""
    kit = Kit(tmp_path / "server", site)
    for name, status in (("useradd", 0), ("chown", 0), ("id", 1)):  # no user is made here
        program = kit.root / "bin" / name
        program.write_text(f'#!/bin/sh\necho {name} "$@" >>{kit.root}/users\nexit {status}\n')
        program.chmod(0o755)
    etc = kit.root / "etc" / "opora"
    (etc / "secrets" / "secret").write_text(SECRET)
    (etc / "secrets" / "secret").chmod(0o600)
    (etc / "centre.asc").write_text((instance.folder / "centre.asc").read_text())
    toml = instance.toml.replace(str(tmp_path / "outbox"), str(kit.root / "outbox"))
    (etc / "service.toml").write_text(
        f'secret_file = "secrets/secret"\nwatch_port = {kit.watch}\n{toml}'
    )
    kit.begin(kit.release("0.1.0"))
    opora = kit.root / OPORA.lstrip("/")
    opora.write_text(opora.read_text().replace("release=/opt", f"release={kit.root}/opt"))
    yield kit
    kit.types("systemctl stop opora-edit.service")
    kit.end()


def test_one_command_turns_it_on_and_one_off(kit: Kit) -> None:
    """The folders of facts are the editor's to write, the web servers lead there, the service
    knows its secret; turned off, nothing of that is left, and letters go on.
    """
    etc = kit.root / "etc" / "opora"
    before = (etc / "service.toml").read_text()
    code, said = kit.types(f"{OPORA} editor on")
    assert code == 0, said + kit.log()
    assert "/edit/" in said
    users = (kit.root / "users").read_text()
    assert "useradd --system --gid opora-site" in users and "opora-edit" in users
    content = kit.root / "srv/opora/content"
    for name in WRITTEN:
        assert stat.S_IMODE((content / name).stat().st_mode) == 0o775
        assert f"chown opora-site:opora-site {content / name}" in users
    assert stat.S_IMODE((content / "forms").stat().st_mode) & 0o022 == 0
    assert {file.name for file in (etc / "headers").glob("editor*")} == {
        "editor.caddy",
        "editor.nginx.conf",
    }
    web = kit.root / "etc/systemd/system/opora-web.service.d/secrets.conf"
    assert f"LoadCredential=editor:{etc}/secrets/editor" in web.read_text()
    assert (kit.root / "etc/systemd/system/opora-build.path").exists()
    calls = (kit.root / "calls").read_text().splitlines()
    assert "enable --quiet opora-edit.service" in calls

    code, said = kit.types(f"{OPORA} editor off")
    assert code == 0, said + kit.log()
    assert (etc / "service.toml").read_text() == before
    assert not [*(etc / "headers").glob("editor*"), *(etc / "secrets").glob("editor")]
    assert "editor" not in web.read_text()
    assert "disable --quiet --now opora-edit.service" in (kit.root / "calls").read_text()
    wait_for(kit.listens)


@pytest.mark.parametrize("words", [[], ["maybe"]], ids=str)
def test_only_on_and_off_are_known(words: list[str], tmp_path: Path) -> None:
    """Without a word, too, nothing happens but a sentence."""
    script = tmp_path / "opora"
    text = (ROOT / "deploy" / "opora").read_text()
    script.write_text(text.replace("release=/opt/opora/current", f"release={ROOT}"))
    command = ["sh", script, "editor", *words]
    root = {"OPORA_ROOT": str(tmp_path), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, env=root, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == "Напишете: opora editor on или opora editor off\n"
    assert [file.name for file in tmp_path.iterdir()] == ["opora"]


def test_a_build_takes_the_wish_away_as_it_begins(tmp_path: Path) -> None:
    """Also a second time, and where there is none."""
    wishes = tmp_path / "var/lib/opora-edit"
    wishes.mkdir(parents=True)
    root = {"OPORA_ROOT": str(tmp_path), "PATH": "/usr/bin:/bin"}
    script = f'release={ROOT}; . "$release/deploy/parts.sh"; take_wish'
    for wanted in (True, True, False):
        if wanted:
            (wishes / "wanted").touch()
        subprocess.run(["sh", "-euc", script], env=root, check=True)
        assert [file.name for file in wishes.iterdir()] == ["begun"]


def test_an_older_release_without_it_comes_back(kit: Kit) -> None:
    """Going back on purpose turns it off first: the older service would not know its setting."""
    kit.release("0.2.0")
    code, said = kit.types("/opt/opora/0.2.0/deploy/update")
    assert code == 0, said + kit.log()
    opora = kit.root / "opt/opora/0.2.0/deploy/opora"
    opora.write_text(opora.read_text().replace("release=/opt", f"release={kit.root}/opt"))
    code, said = kit.types(f"{OPORA} editor on")
    assert code == 0, said + kit.log()
    code, said = kit.types("/opt/opora/0.2.0/deploy/update --back 0.1.0")
    assert code == 0, said + kit.log()
    assert "затова се изключва" in said
    assert kit.runs() == "0.1.0"
    etc = kit.root / "etc" / "opora"
    assert "editor_secret" not in (etc / "service.toml").read_text()
    assert not [*(etc / "headers").glob("editor*"), *(etc / "secrets").glob("editor")]
