"""Settings: each wrong one is named with its mend, and nothing starts."""

from __future__ import annotations

from pathlib import Path

import pytest

from contact_service.__main__ import main
from contact_service.settings import SettingsError, load_settings, read_settings

GOOD = """
site_folder = "site"
content_folder = "content"
database = "sqlite:///outbox.sqlite3"
secret = "0123456789abcdef0123456789abcdef"
[smtp]
host = "mail.example.org"
port = 587
security = "starttls"
sender = "opora@example.org"
[[centres.harmanli.recipients]]
address = "centre@example.org"
seal = "openpgp"
key = "centre.asc"
"""


def test_good_settings_have_absolute_paths(tmp_path: Path) -> None:
    """Paths are taken from the folder of the file."""
    settings = load_settings(GOOD, {}, tmp_path)
    assert settings.site_folder == tmp_path / "site"
    assert settings.centres["harmanli"].recipients[0].key == tmp_path / "centre.asc"


def test_environment_wins(tmp_path: Path) -> None:
    """A secret from the environment replaces the one in the file."""
    settings = load_settings(GOOD, {"OPORA_SECRET": "e" * 32}, tmp_path)
    assert settings.secret.get_secret_value() == "e" * 32


@pytest.mark.parametrize(
    ("line", "replacement", "name", "words"),
    [
        ('secret = "0123456789abcdef0123456789abcdef"', "", "secret", "OPORA_SECRET"),
        ("0123456789abcdef0123456789abcdef", "short", "secret", "32 знака"),
        ('host = "mail.example.org"', "", "smtp.host", "липсва"),
        ("port = 587", "port = 99999", "smtp.port", "извън границата 65535"),
        ('"starttls"', '"none"', "smtp", "само към тази машина"),
        ('"starttls"', '"ssl"', "smtp.security", "'tls', 'starttls' или 'none'"),
        ("opora@example.org", "opora", "smtp.sender", "имейл"),
        ('site_folder = "site"', 'site_foldr = "site"', "site_foldr", "„site_folder“"),
        ('key = "centre.asc"', "", "centres.harmanli.recipients.0.openpgp.key", "липсва"),
        ("[smtp]", "[smtp", "service.toml", "не може да се прочете"),
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


def test_all_wrong_settings_at_once(tmp_path: Path) -> None:
    """Two mistakes are two lines."""
    broken = GOOD.replace('host = "mail.example.org"', "").replace("587", "0")
    with pytest.raises(SettingsError) as caught:
        load_settings(broken, {}, tmp_path)
    assert len(str(caught.value).splitlines()) == 2


def test_missing_file_is_named(tmp_path: Path) -> None:
    """Without a file the message says which one is wanted."""
    with pytest.raises(SettingsError, match=r"service\.toml"):
        read_settings(tmp_path / "service.toml", {})


def test_start_stops_with_message(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The program ends with 1 and the message, not with a traceback."""
    assert main(["--settings", str(tmp_path / "none.toml"), "status"]) == 1
    assert "none.toml" in capsys.readouterr().err
