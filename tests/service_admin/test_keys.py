"""Keys: who has which, what waits for them, and a new key or secret while letters wait."""

from __future__ import annotations

import io
import re
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from pysequoia import Profile, Tsk

from contact_service.delivery.worker import deliver_due
from contact_service.outbox.outbox import Outbox
from contact_service.settings.private_files import write_whole
from service_admin.__main__ import main
from tests.support.service.bad_keys import weak
from tests.support.service.service_parts import SECRET, Instance, SmtpServer

CONTACT = "/send/bg/harmanli/contact"


@pytest.fixture
def program(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Runs a command with the instance's settings, and with lines on standard input."""
    monkeypatch.setenv("OPORA_SECRET", SECRET)
    file = instance.folder / "service.toml"
    file.write_text(instance.toml, encoding="utf-8")

    def run(*arguments: str, typed: str = "") -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(typed))
        return main(["--settings", str(file), *arguments])

    return run


def new_key(folder: Path, name: str) -> tuple[Tsk, Path]:
    key = Tsk.generate(user_id="New <harmanli@example.org>", profile=Profile.RFC4880)
    file = folder / name
    file.write_text(str(key.extract_certificate()))
    return key, file


def test_keys_are_listed_with_what_waits(
    instance: Instance, program: Any, letter: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> None:
    """Way, fingerprint in fours, end and waiting letters of each; also of who is there no more."""
    instance.client().post(CONTACT, data=letter)
    assert program("keys") == 0
    said = capsys.readouterr().out
    fours = " ".join(re.findall("....", instance.key.extract_certificate().fingerprint.upper()))
    assert f"harmanli, harmanli@example.org: ключ OpenPGP\n  отпечатък: {fours}\n" in said
    assert "годен до: без край\n  чакат: 1, недоставими: 0\nsopot" in said
    moved = instance.toml.replace("harmanli@example.org", "new@example.org")
    (instance.folder / "service.toml").write_text(moved)
    program("keys")
    said = capsys.readouterr().out
    assert "harmanli@example.org: вече не е в настройките\n  чакат: 1, недоставими: 0\n" in said


def test_key_that_cannot_be_used_ends_with_1(
    instance: Instance, program: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """The reason stands beside the recipient."""
    (instance.folder / "centre.asc").write_text("no key")
    assert program("keys") == 1
    said = capsys.readouterr().out
    assert "не може да се ползва" in said
    assert "годен до" not in said


def test_new_key_while_a_letter_waits(
    instance: Instance,
    program: Any,
    letter: dict[str, Any],
    smtp_server: SmtpServer,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The count is said; the old letter opens with the old key, the next one with the new one."""
    instance.client().post(CONTACT, data=letter)
    key, file = new_key(instance.folder, "new.asc")
    assert program("replace-key", "harmanli", "harmanli@example.org", str(file)) == 0
    said = capsys.readouterr().out
    assert "За стария: чакат: 1, недоставими: 0" in said
    assert "пазете стария таен ключ" in said
    assert "Същият файл важи и за: sopot, sopot@example.org\n" in said
    instance.client().post(CONTACT, data=letter | {"name": "Ана"})
    with closing(instance.outbox()) as outbox:
        deliver_due(outbox, instance.settings().smtp, threading.Event())
    first, second = (mail for _, mail in smtp_server.taken)
    assert "Мария" in instance.open(first)
    assert "Ана" in replace(instance, key=key).open(second)
    with pytest.raises(Exception, match=r"(?i)key|decrypt"):  # pysequoia raises plain Exception
        instance.open(second)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("harmanli", "harmanli@example.org", "bad.asc"), "не е ключ OpenPGP"),
        (("harmanli", "harmanli@example.org"), "кажете и файла"),
        (("harmanli", "other@example.org", "bad.asc"), "няма получател"),
        (("varna", "harmanli@example.org", "bad.asc"), "няма получател"),
        (("harmanli", "harmanli@example.org", "weak.asc"), "SHA-1"),
        (("harmanli", "harmanli@example.org", "both.asc"), "няколко ключа"),
        (("harmanli", "harmanli@example.org", "/"), "не е обикновен файл"),
    ],
)
def test_bad_new_key_changes_nothing(
    instance: Instance,
    program: Any,
    arguments: tuple[str, ...],
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """The old key stays until the new one has proved usable."""
    (instance.folder / "bad.asc").write_text("no key")
    (instance.folder / "both.asc").write_text(2 * (instance.folder / "centre.asc").read_text())
    if "weak.asc" in arguments:
        (instance.folder / "weak.asc").write_text(weak())
    before = (instance.folder / "centre.asc").read_bytes()
    whole = [str(instance.folder / a) if a.endswith(".asc") else a for a in arguments]
    assert program("replace-key", *whole) == 1
    assert words in capsys.readouterr().err
    assert (instance.folder / "centre.asc").read_bytes() == before


def test_new_password_is_made_or_typed(
    instance: Instance, program: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    """A typed one is not shown, a made one is, once; the file stays private."""
    file = instance.folder / "one.password"
    write_whole(file, b"the old password")
    settings = instance.folder / "service.toml"
    toml = instance.toml.replace(
        'seal = "openpgp"\nkey = "centre.asc"', 'seal = "pdf"\npassword_file = "one.password"', 1
    )
    settings.write_text(toml)
    who = ("replace-key", "harmanli", "harmanli@example.org")
    assert program(*who, typed="a typed password\n") == 0
    assert file.read_text() == "a typed password\n"
    assert "a typed password" not in capsys.readouterr().out
    assert program(*who) == 0
    assert file.read_text().strip() in capsys.readouterr().out
    assert file.stat().st_mode & 0o777 == 0o600
    assert program(*who, typed="short\n") == 1


def test_new_secret_ends_receipts_and_no_letter(
    instance: Instance,
    program: Any,
    letter: dict[str, Any],
    smtp_server: SmtpServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After another secret old check codes are no longer known; waiting letters arrive all the
    same, and the centre reads them."""
    page = instance.client().post(CONTACT, data=letter, follow_redirects=True).text
    [code] = set(re.findall(r"\b[DFGJLNRUVW24579]{4}-[DFGJLNRUVW24579]{4}\b", page))
    [reference] = set(re.findall(r"\b[DFGJLNRUVW24579]{5}-[DFGJLNRUVW24579]{5}\b", page))
    [when] = set(re.findall(r"\d\d\.\d\d\.\d{4} г\., \d\d:\d\d ч\.", page))
    receipt = ("verify", reference, "harmanli", "contact", when, code)
    assert program(*receipt) == 0
    monkeypatch.setenv("OPORA_SECRET", "another secret for tests, 32 signs or more")
    assert program(*receipt) == 1
    with closing(Outbox(instance.settings().database)) as outbox:
        assert deliver_due(outbox, instance.settings().smtp, threading.Event()) == 1
    assert "Мария" in instance.open(smtp_server.taken[0][1])
