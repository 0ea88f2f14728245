"""The doctor: everything in order is ok; each broken thing is named with its fix."""

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

from contact_service.outbox.outbox import Accepted
from contact_service.sealing import SealedMail
from service_admin.doctor import FIXES, LOOKS, State, checks, doctor
from tests.support.postgres import Postgres
from tests.support.project import free_port
from tests.support.service.doctor_looks import look, not_ok, sentences
from tests.support.service.service_parts import SECRET, Instance, tls_context

Break = Callable[[Instance], str]


def test_all_in_order(instance: Instance) -> None:
    """On a working instance every check is ok, and all of them are there."""
    found = look(instance)
    assert not_ok(found) == []
    names = {check.name for check in found}
    assert names == {"настройки", *LOOKS}


def test_exit_codes(instance: Instance, capsys: pytest.CaptureFixture[str]) -> None:
    """0 when nothing is wrong, 1 otherwise; each check is a line."""
    look(instance)
    file = instance.folder / "service.toml"
    assert doctor(file, {"OPORA_SECRET": SECRET}) == 0
    assert capsys.readouterr().out.count("наред") == len(look(instance))
    assert doctor(instance.folder / "none.toml", {}) == 1
    assert "грешно    настройки: Няма файл" in capsys.readouterr().out


def test_examples_that_were_left_are_named(instance: Instance) -> None:
    """The address that every new site has is a fault; mailboxes of our examples are named."""
    content = Path(instance.settings().content_folder)
    (instance.folder / "service.toml").write_text(instance.toml)
    found = checks(instance.folder / "service.toml", {"OPORA_SECRET": SECRET}, datetime.now(UTC))
    said = [(check.state, check.sentence) for check in found if check.name == "примери"]
    assert "https://opora.example/" in (content / "site.yml").read_text()
    assert [state for state, _ in said] == ["wrong", "warn", "warn", "warn"]
    assert "content/site.yml, url: https://opora.example/ е само пример" in said[0][1]
    assert "smtp.sender: example.org" in said[1][1]
    assert "centres.sopot.recipients[1].address: example.org" in said[3][1]


def test_the_demos_key_is_a_fault(instance: Instance) -> None:
    """What is sealed to it nobody can ever read."""
    demo = Tsk.generate(user_id="Opora demo <demo@example.org>", profile=Profile.RFC4880)
    (instance.folder / "demo.asc").write_text(str(demo.extract_certificate()))
    found = look(instance, instance.toml.replace("centre.asc", "demo.asc", 1))
    assert not_ok(found) == [("wrong", "примери")]
    assert "harmanli, harmanli@tsop-proba.bg: ключът е от демото" in "".join(
        check.sentence for check in found
    )


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
    ("broken", "found", "fix"),
    [
        (open_secret, [("wrong", "настройки")], "chmod 600"),
        (no_site, [("wrong", "сайт")], "make build"),
        (unknown_centre, [("wrong", "сайт"), ("warn", "сайт")], "centres.sopott"),
        (no_key, [("wrong", "ключ"), ("wrong", "ключ")], "годен ключ"),
        (
            no_such_host,
            [("warn", "примери"), ("wrong", "DNS"), ("wrong", "поща")],
            "Проверете smtp.host",
        ),
        (closed_port, [("wrong", "поща")], "Проверете smtp.port"),
        (no_database, [("wrong", "диск"), ("wrong", "база")], "Проверете database"),
    ],
)
def test_broken_thing_is_named(
    instance: Instance, broken: Break, found: list[tuple[str, str]], fix: str
) -> None:
    """Only what is broken is said to be, and the sentence holds the fix."""
    seen = look(instance, broken(instance))
    assert not_ok(seen) == found
    assert fix in "".join(check.sentence for check in seen if check.state != "ok")


def test_settings_that_are_gone(instance: Instance) -> None:
    """A line that an earlier version knew is a hint, since it changes nothing any more."""
    seen = look(instance, f"proof_of_work = true\n{instance.toml}")
    assert not_ok(seen) == [("warn", "настройки")]
    assert "proof_of_work вече не се ползва" in seen[1].sentence


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
    counts, alarm = sentences(found, "база")
    assert "недоставими: 1" in counts
    assert "retry" in alarm


def test_old_database_server(
    instance: Instance, debian: Postgres, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Debian's PostgreSQL is well; one below the least version, raised here, is a warning."""
    url = debian.new_database()
    assert not_ok(look(instance, OPORA_DATABASE=url)) == []
    monkeypatch.setattr("service_admin.doctor.LEAST_POSTGRESQL", 1000)
    found = look(instance, OPORA_DATABASE=url)
    assert not_ok(found) == [("warn", "база")]
    assert "по-стар от 1000. Обновете" in sentences(found, "база")[-1]


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
    monkeypatch.setattr("service_admin.doctor.FREE_MEGABYTES", 2**40)
    assert not_ok(look(replace(instance))) == [("wrong", "диск")]


@pytest.mark.parametrize("name", list(LOOKS))
def test_a_look_that_raises_is_a_line(
    instance: Instance, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a look raises: „грешно“ with kind, place and fix, no text, and all others."""

    def fail(*_arguments: object) -> Iterator[tuple[State, str]]:
        yield "ok", "първото"
        raise RuntimeError("a secret")

    monkeypatch.setitem(LOOKS, name, fail)  # type: ignore[arg-type]
    found = look(instance)
    assert not_ok(found) == [("wrong", name)]
    assert {check.name for check in found} == {"настройки", *LOOKS}
    [said] = [check.sentence for check in found if check.state == "wrong"]
    assert "RuntimeError at test_doctor.py" in said
    assert FIXES[name] in said
    assert "a secret" not in said


@pytest.mark.parametrize(
    "content", [b"\xff\xfe\x00", b"a = \x00", b"smtp = 1\n", b"secret = []\n", b"= = =", None]
)
def test_settings_of_any_kind_are_a_line(
    instance: Instance, content: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    """Bytes that are no text, wrong tables, a folder in the file's place: one „грешно“ line."""
    file = instance.folder / "service.toml"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    assert doctor(file, {"OPORA_SECRET": SECRET}) == 1
    assert capsys.readouterr().out.startswith("грешно    настройки: ")
