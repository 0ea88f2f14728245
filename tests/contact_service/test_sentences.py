"""A command that cannot do its work ends with 1 and a sentence, and never with a traceback."""

from __future__ import annotations

import io
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from contact_service.__main__ import main as service_main
from contact_service.outbox.tables import deliveries
from service_admin.__main__ import main
from tests.support.project import ROOT, program_of
from tests.support.service.service_parts import SECRET, Instance
from tests.support.waiting import PATIENCE

Run = Callable[..., "tuple[int, str]"]


@pytest.fixture
def run(instance: Instance, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command as an operator does; gives what it ended with and all that it said."""
    file = tmp_path / "service.toml"
    if not file.exists():
        file.write_text(instance.toml, encoding="utf-8")

    def typed(*arguments: str, stdin: bytes = b"", settings: str = "", output: str = "") -> Any:
        if settings:
            file.write_text(settings, encoding="utf-8")
        program = program_of(arguments[0])
        command = [sys.executable, "-m", program, "--settings", str(file)]
        whole = [*map(os.fsencode, [*command, *arguments])]
        if output:
            whole = [b"sh", b"-c", f'"$@" {output}'.encode(), b"sh", *whole]
        done = subprocess.run(
            whole,
            cwd=ROOT,
            env={**os.environ, "OPORA_SECRET": SECRET},
            input=stdin,
            capture_output=True,
            check=False,
            timeout=PATIENCE,
        )
        said = (done.stdout + done.stderr).decode()
        assert "Traceback" not in said
        assert "ended by an error" not in said
        assert "None:" not in said
        return done.returncode, said

    return typed


NOT_UTF_8 = os.fsdecode("номер".encode("cp1251"))


def test_words_that_are_no_utf_8(run: Run, tmp_path: Path) -> None:
    """On the command line, and as a passphrase on standard input."""
    for command in (
        ("verify", NOT_UTF_8, "harmanli", "contact", "вчера", "DDDD-DDDD"),
        ("retry", NOT_UTF_8),
        ("test-letter", NOT_UTF_8),
        ("replace-key", NOT_UTF_8, NOT_UTF_8),
        ("backup", str(tmp_path / "copy.age"), "--to", NOT_UTF_8),
    ):
        code, said = run(*command)
        assert code == 1, command
        assert "Не стана" in said
    code, said = run(
        "backup", str(tmp_path / "copy.age"), stdin="четири думи за проба\n".encode("cp1251")
    )
    assert code == 1
    assert "UTF-8" in said
    assert not (tmp_path / "copy.age").exists()


def test_export_where_nothing_can_be_written(run: Run, tmp_path: Path) -> None:
    """A file in the folder's place, and a folder of the system."""
    (tmp_path / "file").write_text("")
    for folder in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/x")):
        code, said = run("export", str(folder))
        assert code == 1
        assert f"Не стана: {folder}" in said or f"Не стана: {folder.parent}" in said


def test_output_that_cannot_be_written(run: Run) -> None:
    """Full, a pipe without a reader, and closed before: the last is the operator's own wish."""
    code, said = run("status", output="> /dev/full")
    assert (code, said) == (1, "Не стана: на диска няма място. Освободете място и опитайте пак.\n")
    code, said = run("status", output=">&-")
    assert (code, said) == (0, "")


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (lambda _toml: "a = " + "[" * 3000 + "]" * 3000, "service.toml"),
        (lambda toml: toml.replace("sqlite:///", "mysql://"), "database"),
        (lambda toml: 'database = "sqlite://"\n' + without(toml, "database"), "database"),
        (lambda toml: 'database = "sqlite:///:memory:"\n' + without(toml, "database"), "database"),
        (
            lambda toml: 'database = "x://u:canary@h:port/b"\n' + without(toml, "database"),
            "database",
        ),
        (lambda toml: 'database = "postgresql://h/b"\n' + without(toml, "database"), "database"),
        (lambda toml: 'database = ""\n' + without(toml, "database"), "database"),
        (lambda toml: toml.replace("opora@example.org", f"opora@{LONG_DOMAIN}"), "smtp.sender"),
    ],
)
def test_settings_that_cannot_be_used(
    instance: Instance,
    change: Callable[[str], str],
    named: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """They are refused when they are read, by name, and no password is repeated."""
    monkeypatch.setenv("OPORA_SECRET", SECRET)
    file = instance.folder / "service.toml"
    file.write_text(change(instance.toml), encoding="utf-8")
    assert main(["--settings", str(file), "status"]) == 1
    said = capsys.readouterr().err
    assert "Услугата не тръгва" in said
    assert named in said
    assert "canary" not in said


def test_no_program_starts_with_them(run: Run, instance: Instance) -> None:
    """Neither the operator's nor one that serves; each reads them in the same way."""
    for command in ("status", "web", "deliver"):
        code, said = run(command, settings=instance.toml.replace("sqlite:///", "mysql://"))
        assert code == 1
        assert "Услугата не тръгва" in said


LONG_DOMAIN = ".".join(["a" * 60] * 3) + ".aaaaaaaaaaaaaaaaaaaaaaaaaaa.example.org"


def without(toml: str, name: str) -> str:
    return "".join(line for line in toml.splitlines(True) if not line.startswith(name))


@pytest.mark.parametrize(
    "before",
    [
        "# настройки\n".encode("cp1251"),
        b"smtp = 5\n",
        b"centres = 5\n",
        b"[centres]\nharmanli = 5\n",
        b"[centres.harmanli]\nrecipients = 5\n",
        b"[smtp]\nport = [[1]]\n",
        b"a = " + b"[" * 3000 + b"]" * 3000,
    ],
)
def test_init_beside_settings_that_are_none(
    tmp_path: Path,
    before: bytes,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It stops before it has changed anything, and says what to fix."""
    file = tmp_path / "service.toml"
    file.write_bytes(before)
    monkeypatch.setattr("sys.stdin", io.StringIO("mail.example.org\n" * 40))
    assert main(["--settings", str(file), "init", "--project", str(ROOT)]) == 1
    said = capsys.readouterr().err
    assert said
    assert "никой не е помислил" not in said
    assert file.read_bytes() == before


@pytest.mark.parametrize("column", ["accepted_ms", "reference", "content", "state"])
@pytest.mark.parametrize("value", [9 * 10**18, -(9 * 10**18), 1.5e300, "текст", b"\xff", "\ud800"])
def test_rows_that_are_damaged(  # noqa: PLR0917
    instance: Instance,
    column: str,
    value: Any,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    """A row that holds what no release writes costs no command its sentence."""
    instance.outbox().close()
    row: dict[str, Any] = {
        "reference": "DF4GJ-2UV79", "centre": "harmanli", "form_version": 1, "recipient": "a@b.c",
        "message_id": "<1@b.c>", "content": b"sealed", "accepted_ms": 1, "attempts": 1,
        "state": "given_up", "due_ms": 0,
    }  # fmt: skip
    with closing(sqlite3.connect(tmp_path / "outbox.sqlite3")) as connection:
        kind = "CAST(X'EDA080' AS TEXT)" if value == "\ud800" else ":value"
        names = [name for name in row if name != column]
        assert set(row) | {"id", "leased_until_ms"} == {c.name for c in deliveries.c}
        connection.execute(
            f"INSERT INTO deliveries ({', '.join(names)}, {column})"  # noqa: S608
            f" VALUES ({', '.join(f':{name}' for name in names)}, {kind})",
            {**row, "value": value},
        )
        connection.commit()
    monkeypatch.setenv("OPORA_SECRET", SECRET)
    file = tmp_path / "service.toml"
    file.write_text(instance.toml, encoding="utf-8")
    for command in (["status"], ["keys"], ["export", str(tmp_path / "out")], ["retry", "--all"]):
        assert main(["--settings", str(file), *command]) in (0, 1)
    assert "Traceback" not in capsys.readouterr().err


@pytest.mark.parametrize(
    "reference",
    ["../../outside", "/outside", "a/b", "..", "", "x" * 400, "a\0b", "-rf", "\x1b[2J", ".."],
)
def test_export_writes_nowhere_else(
    instance: Instance,
    reference: str,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Whatever an outbox calls a letter, its file lies in the folder and has a harmless name."""
    from tests.support.service.letters import give_up

    give_up(instance.outbox(), reference, b"sealed")
    monkeypatch.setenv("OPORA_SECRET", SECRET)
    file = tmp_path / "service.toml"
    file.write_text(instance.toml, encoding="utf-8")
    before = set(tmp_path.rglob("*"))
    assert main(["--settings", str(file), "export", str(tmp_path / "a" / "b")]) == 0
    new = {path.relative_to(tmp_path).as_posix() for path in set(tmp_path.rglob("*")) - before}
    [written] = [name for name in new if name not in ("a", "a/b") and "outbox" not in name]
    assert written.startswith("a/b/")
    assert set(written[4:]) <= set("abcdefghijklmnopqrstuvwxyz-_.0123456789J")
    assert (tmp_path / written).read_bytes() == b"sealed"


def test_test_letter_to_a_centre_that_is_none(run: Run) -> None:
    """A slip of the finger is no proof that letters are read."""
    code, said = run("test-letter", "harmanly")
    assert code == 1
    assert "harmanly" in said


@pytest.mark.parametrize(
    "option", [("--workers", "0"), ("--workers", "x"), ("--bind", "x:y"), ("--bind", "h:70000")]
)
def test_web_options_that_are_none(option: tuple[str, str], capsys: Any) -> None:
    """They are refused before anything starts."""
    with pytest.raises(SystemExit):
        service_main(["web", *option])
    assert option[1] in capsys.readouterr().err
