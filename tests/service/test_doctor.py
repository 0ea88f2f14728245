"""The doctor: everything in order is ok; each broken thing is named with its mend."""

from __future__ import annotations

import os
import shutil
import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword
from pysequoia import Profile, Tsk
from service_parts import SECRET, Instance, tls_context
from support import free_port

from contact_service.doctor import Check, checks, doctor
from contact_service.outbox import Accepted
from contact_service.sealing import SealedMail

Break = Callable[[Instance], str]


def look(instance: Instance, toml: str | None = None, **environment: str) -> list[Check]:
    file = instance.folder / "service.toml"
    file.write_text(toml or instance.toml, encoding="utf-8")
    file.chmod(0o640)
    return list(checks(file, {"OPORA_SECRET": SECRET, **environment}, datetime.now(UTC)))


def not_ok(found: list[Check]) -> list[tuple[str, str]]:
    return [(check.state, check.name) for check in found if check.state != "ok"]


def test_all_in_order(instance: Instance) -> None:
    """On a working instance every check is ok, and all of them are there."""
    found = look(instance)
    assert not_ok(found) == []
    names = {check.name for check in found}
    assert names == {"настройки", "часовник", "сайт", "ключ", "DNS", "поща", "диск", "база"}


def test_exit_codes(instance: Instance, capsys: pytest.CaptureFixture[str]) -> None:
    """0 when nothing is wrong, 1 otherwise; each check is a line."""
    look(instance)
    file = instance.folder / "service.toml"
    assert doctor(file, {"OPORA_SECRET": SECRET}) == 0
    assert capsys.readouterr().out.count("наред") == len(look(instance))
    assert doctor(instance.folder / "none.toml", {}) == 1
    assert "грешно    настройки: Няма файл" in capsys.readouterr().out


def open_secret(instance: Instance) -> str:
    return f'secret = "{SECRET}"\n{instance.toml}'


def no_site(instance: Instance) -> str:
    return instance.toml.replace('site_folder = "', 'site_folder = "/nowhere')


def unknown_centre(instance: Instance) -> str:
    return instance.toml.replace("centres.sopot", "centres.sopott")


def no_key(instance: Instance) -> str:
    (instance.folder / "centre.asc").unlink()
    return instance.toml


def no_such_host(instance: Instance) -> str:
    return instance.toml.replace('"127.0.0.1"', '"nosuch.invalid"').replace('"none"', '"tls"')


def closed_port(instance: Instance) -> str:
    return instance.toml.replace(f"port = {instance.settings().smtp.port}", "port = 1")


def no_database(instance: Instance) -> str:
    return instance.toml.replace("sqlite:///", "sqlite:////nowhere")


@pytest.mark.parametrize(
    ("broken", "found", "mend"),
    [
        (open_secret, [("wrong", "настройки")], "chmod 600"),
        (no_site, [("wrong", "сайт")], "make build"),
        (unknown_centre, [("wrong", "сайт"), ("warn", "сайт")], "centres.sopott"),
        (no_key, [("wrong", "ключ"), ("wrong", "ключ")], "годен ключ"),
        (no_such_host, [("wrong", "DNS"), ("wrong", "поща")], "Проверете smtp.host"),
        (closed_port, [("wrong", "поща")], "Проверете smtp.port"),
        (no_database, [("wrong", "диск"), ("wrong", "база")], "Проверете database"),
    ],
)
def test_broken_thing_is_named(
    instance: Instance, broken: Break, found: list[tuple[str, str]], mend: str
) -> None:
    """Only what is broken is said to be, and the sentence holds the mend."""
    seen = look(instance, broken(instance))
    assert not_ok(seen) == found
    assert mend in "".join(check.sentence for check in seen if check.state != "ok")


def test_key_that_ends_soon(instance: Instance) -> None:
    """A key with less than 30 days left is a warning, not yet a fault."""
    ending = Tsk.generate(
        user_id="Centre <c@example.org>", profile=Profile.RFC4880, validity_seconds=29 * 24 * 3600
    )
    (instance.folder / "ending.asc").write_text(str(ending.extract_certificate()))
    toml = instance.toml.replace("centre.asc", "ending.asc", 1)
    assert not_ok(look(instance, toml)) == [("warn", "ключ")]


def test_clock_before_the_site_was_built(instance: Instance, site: Path, tmp_path: Path) -> None:
    """Pages from the future mean that the clock is late."""
    shutil.copytree(site, tmp_path / "site")
    soon = datetime.now(UTC).timestamp() + 3600
    os.utime(tmp_path / "site" / "index.html", (soon, soon))
    toml = instance.toml.replace(str(site), str(tmp_path / "site"))
    assert not_ok(look(instance, toml)) == [("wrong", "часовник")]


def test_outbox_says_what_an_alarm_would_say(instance: Instance) -> None:
    """A given-up mail is a warning with the commands that help."""
    outbox, now = instance.outbox(), datetime.now(UTC) - timedelta(days=1)
    mail = SealedMail("<1@example.org>", "centre@example.org", b"x")
    outbox.accept(Accepted("DF4GJ-2UV79", "harmanli", 1, b"", [mail]), now)
    parcel = outbox.lease(now)
    assert parcel is not None
    outbox.give_up(parcel)
    found = look(instance)
    assert not_ok(found) == [("warn", "база")]
    assert "retry" in found[-1].sentence
    assert "недоставими 1" in found[-2].sentence


@pytest.fixture
def login_server(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """An SMTP server for localhost that wants STARTTLS and one user's password."""
    context, certificate = tls_context(tmp_path, "localhost")

    def authenticate(_server: object, _session: object, _envelope: object, _how: str, who: object):  # type: ignore[no-untyped-def]
        return AuthResult(success=who == LoginPassword(b"opora", b"right"), handled=False)

    port = free_port()
    controller = Controller(
        object(),
        hostname="127.0.0.1",
        port=port,
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        authenticator=authenticate,
    )
    controller.start()
    yield port, certificate
    controller.stop()


def with_login(instance: Instance, port: int, ca_file: Path | None) -> str:
    smtp = instance.settings().smtp
    trust = f'\nca_file = "{ca_file}"' if ca_file else ""
    return (
        instance.toml.replace('host = "127.0.0.1"', 'host = "localhost"')
        .replace(f"port = {smtp.port}", f"port = {port}")
        .replace('security = "none"', f'security = "starttls"\nuser = "opora"{trust}')
    )


def test_login_and_certificate_days(instance: Instance, login_server: tuple[int, Path]) -> None:
    """The real way in works; a certificate of one day is a warning."""
    toml = with_login(instance, *login_server)
    found = look(instance, toml, OPORA_SMTP_PASSWORD="right")
    assert not_ok(found) == [("warn", "поща")]
    assert "изтича след 0 дни" in "".join(check.sentence for check in found)


def test_wrong_password(instance: Instance, login_server: tuple[int, Path]) -> None:
    """A refused log-in names the two settings, and not the password."""
    toml = with_login(instance, *login_server)
    [bad] = [c for c in look(instance, toml, OPORA_SMTP_PASSWORD="left-out") if c.state != "ok"]
    assert "OPORA_SMTP_PASSWORD" in bad.sentence
    assert "left-out" not in bad.sentence


def test_untrusted_certificate(instance: Instance, login_server: tuple[int, Path]) -> None:
    """A certificate of nobody we know is named with `ca_file`."""
    toml = with_login(instance, login_server[0], None)
    [bad] = [c for c in look(instance, toml, OPORA_SMTP_PASSWORD="right") if c.state != "ok"]
    assert (bad.name, bad.state) == ("поща", "wrong")
    assert "smtp.ca_file" in bad.sentence
    assert ssl.SSLCertVerificationError.__name__ in bad.sentence


def test_full_disk(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    """Under 100 MB is wrong: the limit is raised here above what any disk has."""
    monkeypatch.setattr("contact_service.doctor.FREE_MEGABYTES", 2**40)
    assert not_ok(look(replace(instance))) == [("wrong", "диск")]
