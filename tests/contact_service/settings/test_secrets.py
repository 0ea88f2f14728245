"""Secrets: from systemd's credentials, from files, from the environment, in this order."""

from __future__ import annotations

import email
import os
from datetime import UTC, datetime
from email.policy import default
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from contact_service.sealing import KeyUnusableError, load_sealer
from contact_service.settings.private_files import PrivateFileError, read_secret, write_whole
from contact_service.settings.service import PdfRecipient, Settings, SettingsError, load_settings
from tests.support.service.sealed import submission
from tests.support.service.service_parts import GOOD

FROM_CREDENTIAL, FROM_FILE, FROM_VARIABLE, INLINE = ("cfvi"[n] * 32 for n in range(4))
NAMED = GOOD.replace("[smtp]", '[smtp]\npassword_file = "secrets/smtp-password"').replace(
    'secret = "0123456789abcdef0123456789abcdef"',
    f'secret = "{INLINE}"\nsecret_file = "secrets/secret"',
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of settings with files of secrets."""
    write_whole(tmp_path / "secrets/secret", f"{FROM_FILE}\n".encode())
    write_whole(tmp_path / "secrets/smtp-password", b"p f\n")
    return tmp_path


@pytest.fixture
def credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """An environment with a folder as systemd makes it: its access list shows as mode 0440."""
    for name, secret in (("secret", FROM_CREDENTIAL), ("smtp-password", "p c")):
        write_whole(tmp_path / "credentials" / name, secret.encode(), mode=0o440)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "credentials"))
    return {"CREDENTIALS_DIRECTORY": str(tmp_path / "credentials")}


def secrets_of(settings: Settings) -> tuple[str, str | None]:
    password = settings.smtp.password
    return settings.secret.get_secret_value(), password and password.get_secret_value()


def test_precedence(folder: Path, credentials: dict[str, str]) -> None:
    """Credential before file before environment before the setting itself."""
    variables = {"OPORA_SECRET": FROM_VARIABLE, "OPORA_SMTP_PASSWORD": "p v"}
    inline = NAMED.replace('secret_file = "secrets/secret"', "").replace(
        'password_file = "secrets/smtp-password"', 'password = "p i"'
    )
    for toml, environment, expected in (
        (NAMED, variables | credentials, (FROM_CREDENTIAL, "p c")),
        (NAMED, variables, (FROM_FILE, "p f")),
        (inline, variables, (FROM_VARIABLE, "p v")),
        (inline, {}, (INLINE, "p i")),
    ):
        assert secrets_of(load_settings(toml, environment, folder)) == expected


@pytest.mark.parametrize("name", ["secret", "smtp-password"])
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644])
def test_file_that_others_can_read_is_refused(folder: Path, name: str, mode: int) -> None:
    """Nothing starts; the sentence names the setting's file and the command that fixes it."""
    file = folder / "secrets" / name
    file.chmod(mode)
    with pytest.raises(SettingsError) as caught:
        load_settings(NAMED, {}, folder)
    assert f"chmod 600 {file}" in str(caught.value)


def test_credentials_elsewhere_do_not_open_other_files(
    folder: Path, credentials: dict[str, str]
) -> None:
    """The right of the group is let pass in systemd's folder only."""
    (folder / "credentials" / "secret").unlink()
    (folder / "secrets" / "secret").chmod(0o440)
    with pytest.raises(SettingsError, match="chmod 600"):
        load_settings(NAMED, credentials, folder)


def test_missing_file_is_named(folder: Path) -> None:
    """A file that the settings name and that is not there is never passed over in silence."""
    (folder / "secrets" / "secret").unlink()
    with pytest.raises(SettingsError, match=r"няма файл .*secrets/secret"):
        load_settings(NAMED, {"OPORA_SECRET": FROM_VARIABLE}, folder)


@pytest.mark.parametrize(
    "junk", ["\ufeff", " ", "\t", "\xa0", "\u200b", "\r\n", "\u2060\n", "\u3164"]
)
def test_what_nobody_sees_around_a_secret_is_no_part_of_it(folder: Path, junk: str) -> None:
    """A byte order mark, white space and invisible signs at both ends come from editors."""
    write_whole(folder / "secrets/smtp-password", f"{junk}парола и нещо{junk}\n".encode())
    assert read_secret(folder / "secrets/smtp-password") == "парола и нещо"
    variables = {"OPORA_SECRET": f"{junk}{FROM_VARIABLE}{junk}"}
    inline = NAMED.replace('secret_file = "secrets/secret"', "")
    expected = (FROM_VARIABLE, "парола и нещо")
    assert secrets_of(load_settings(inline, variables, folder)) == expected


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"one\ntwo\n", "един ред"),
        ("one\u2028two".encode(), "един ред"),
        (b"one\x0ctwo", "един ред"),
        (b"one\x00two", "знак, който не се пише"),
        (b"one\ttwo", "знак, който не се пише"),
        (b"\xef\xbb\xbf \n", "празен"),
        ("парола".encode("cp1251"), "UTF-8"),
        ("парола".encode("utf-16"), "UTF-8"),
    ],
)
def test_secret_that_is_not_one_line_of_text_is_refused(
    folder: Path, content: bytes, words: str
) -> None:
    """The sentence names the file and says what to fix; it never repeats the secret."""
    file = folder / "secrets/smtp-password"
    write_whole(file, content)
    for read in (lambda: read_secret(file), lambda: load_settings(NAMED, {}, folder)):
        with pytest.raises((PrivateFileError, SettingsError)) as caught:
            read()
        assert str(file) in str(caught.value)
        assert words in str(caught.value)
        assert "two" not in str(caught.value)


def test_secret_of_two_lines_in_a_variable_is_refused(folder: Path) -> None:
    """The same rule where a secret comes from the environment; the setting is named."""
    variables = {"OPORA_SMTP_PASSWORD": "one\ntwo"}
    toml = NAMED.replace('password_file = "secrets/smtp-password"', "")
    with pytest.raises(SettingsError, match=r"smtp\.password.* един ред") as caught:
        load_settings(toml, variables, folder)
    assert "two" not in str(caught.value)


def test_passwords_of_recipients_come_as_credentials_too(
    folder: Path, credentials: dict[str, str]
) -> None:
    """A file of a secret that systemd gave under the same name is read from there."""
    toml = NAMED.replace('seal = "openpgp"\nkey = "centre.asc"', "").replace(
        'address = "centre@example.org"',
        'address = "centre@example.org"\nseal = "pdf"\npassword_file = "secrets/one.password"',
    )
    write_whole(folder / "secrets" / "one.password", b"password of the file")
    (folder / "secrets" / "one.password").chmod(0o644)
    settings = load_settings(toml, {}, folder)
    [recipient] = settings.centres["harmanli"].recipients
    assert isinstance(recipient, PdfRecipient)
    with pytest.raises(KeyUnusableError, match="chmod 600"):
        load_sealer(recipient, datetime.now(UTC))
    write_whole(folder / "credentials" / "one.password", b"password of systemd", mode=0o440)
    settings = load_settings(toml, credentials, folder)
    [recipient] = settings.centres["harmanli"].recipients
    assert isinstance(recipient, PdfRecipient)
    mail = load_sealer(recipient, datetime.now(UTC)).seal(submission(), "opora@example.org")
    [part] = email.message_from_bytes(mail.content, policy=default).iter_attachments()
    with pikepdf.open(BytesIO(part.get_content()), password="password of systemd") as pdf:
        assert pdf.pages


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give files away")
def test_file_of_root_belongs_to_who_owns_the_folder(tmp_path: Path) -> None:
    """What root brings back for a service with a user of its own can be used by that user."""
    folder = tmp_path / "state"
    folder.mkdir()
    os.chown(folder, 65534, 65534)
    write_whole(folder / "outbox.sqlite3", b"x")
    assert (folder / "outbox.sqlite3").stat().st_uid == 65534


def test_whole_file_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A write that fails leaves the old file as it was and nothing beside it."""
    file = tmp_path / "secret"
    write_whole(file, b"old")
    monkeypatch.setattr("os.fsync", lambda _file: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        write_whole(file, b"new")
    assert file.read_bytes() == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]
    assert file.stat().st_mode & 0o777 == 0o600
