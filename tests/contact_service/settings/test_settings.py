"""Settings: each wrong one is named with its fix, and nothing starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from contact_service.settings.service import SettingsError, load_settings, read_settings
from service_admin.__main__ import main
from tests.support.service.service_parts import GOOD


def test_good_settings_have_absolute_paths(tmp_path: Path) -> None:
    """Paths are taken from the folder of the file."""
    settings = load_settings(GOOD, {}, tmp_path)
    assert settings.site_folder == tmp_path / "site"
    assert settings.centres["harmanli"].recipients[0].key == tmp_path / "centre.asc"


def test_environment_wins(tmp_path: Path) -> None:
    """A secret from the environment replaces the one in the file."""
    settings = load_settings(GOOD, {"OPORA_SECRET": "e" * 32}, tmp_path)
    assert settings.secret.get_secret_value() == "e" * 32


@pytest.mark.parametrize("line", ["proof_of_work = true", 'rate_storage = "redis://127.0.0.1"'])
def test_settings_that_are_gone_stop_nothing(tmp_path: Path, line: str) -> None:
    """A line that an earlier version knew is passed over, so an update does not stop letters."""
    assert load_settings(f"{line}\n{GOOD}", {}, tmp_path) == load_settings(GOOD, {}, tmp_path)


@pytest.mark.parametrize(
    ("line", "replacement", "name", "words"),
    [
        ('secret = "0123456789abcdef0123456789abcdef"', "", "secret", "OPORA_SECRET"),
        ("0123456789abcdef0123456789abcdef", "x" * 31, "secret", "32 знака"),
        ('host = "mail.example.org"', "", "smtp.host", "липсва"),
        ("port = 587", "port = 99999", "smtp.port", "най-много 65535"),
        ('"starttls"', '"none"', "smtp", "само към тази машина"),
        ('"starttls"', '"ssl"', "smtp.security", "'tls', 'starttls' или 'none'"),
        ("opora@example.org", "opora", "smtp.sender", "имейл"),
        ("port = 587", 'port = 587\nuser = "opora"', "smtp", "password_file"),
        ('site_folder = "site"', 'site_foldr = "site"', "site_foldr", "„site_folder“"),
        ('key = "centre.asc"', "", "centres.harmanli.recipients.0.openpgp.key", "липсва"),
        (
            "[[centres.harmanli.recipients]]",
            '[[centres.harmanli.recipients]]\naddress = "centre@example.org"\nseal = "openpgp"\n'
            'key = "other.asc"\n[[centres.harmanli.recipients]]',
            "centres.harmanli",
            "получател „centre@example.org“: написано е два пъти",
        ),
        ("[smtp]", "[smtp", "service.toml", "прегледайте кавичките, скобите"),
        ('"openpgp"', '"plain"', "centres.harmanli.recipients.0", "„pdf“ или „openpgp“"),
        ("[smtp]", 'at_rest_identity = "x"\n[smtp]', "at_rest_identity", "само тя ги отваря"),
    ],
)
def test_wrong_setting_is_named(
    tmp_path: Path, line: str, replacement: str, name: str, words: str
) -> None:
    """The message holds the name of the setting and what to do."""
    assert line in GOOD
    with pytest.raises(SettingsError) as caught:
        load_settings(GOOD.replace(line, replacement), {}, tmp_path)
    assert name in str(caught.value)
    assert words in str(caught.value)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///outbox.sqlite3",
        "sqlite:////srv/писма.sqlite3?timeout=5",
        "postgresql+psycopg:///opora?host=/run/postgresql",
        "postgresql+psycopg://opora:p/w#x@db:5432/opora",
        "postgresql+psycopg://[::1]:5432/opora",
    ],
)
def test_databases_that_are_known(tmp_path: Path, url: str) -> None:
    """A file of SQLite, or a PostgreSQL server by name, address or socket."""
    assert load_settings(GOOD, {"OPORA_DATABASE": url}, tmp_path).database == url


@pytest.mark.parametrize(
    "url",
    [
        "",
        "outbox.sqlite3",
        "sqlite://",
        "sqlite:///",
        "sqlite:///?a=b",
        "sqlite:///:memory:",
        "sqlite://canary@host/outbox.sqlite3",
        "mysql://opora:canary@db/opora",
        "postgresql://opora:canary@db/opora",
        "postgresql+psycopg2://opora:canary@db/opora",
        "postgresql+psycopg://opora:canary@db:port/opora",
        "postgresql+psycopg:/opora:canary@db/opora",
    ],
)
def test_other_databases_are_refused(tmp_path: Path, url: str) -> None:
    """In words that show what can be written, and repeat no password."""
    with pytest.raises(SettingsError, match=r"database.*sqlite:///път") as caught:
        load_settings(GOOD, {"OPORA_DATABASE": url}, tmp_path)
    assert "canary" not in str(caught.value)


def test_all_wrong_settings_at_once(tmp_path: Path) -> None:
    """Two mistakes are two lines."""
    broken = GOOD.replace('host = "mail.example.org"', "").replace("587", "0")
    with pytest.raises(SettingsError) as caught:
        load_settings(broken, {}, tmp_path)
    assert len(str(caught.value).splitlines()) == 2


def test_the_mark_of_notepad_is_passed_over(tmp_path: Path) -> None:
    """A file that was saved on Windows as „UTF-8 with BOM“ is read as any other."""
    file = tmp_path / "service.toml"
    file.write_text(GOOD, encoding="utf-8-sig")
    assert read_settings(file, {}).smtp.sender == "opora@example.org"


def test_missing_file_is_named(tmp_path: Path) -> None:
    """Without a file the message says which one is wanted."""
    with pytest.raises(SettingsError, match=r"service\.toml"):
        read_settings(tmp_path / "service.toml", {})


def test_start_stops_with_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The program ends with 1 and the message, not with a traceback."""
    assert main(["--settings", str(tmp_path / "none.toml"), "status"]) == 1
    assert "none.toml" in capsys.readouterr().err
