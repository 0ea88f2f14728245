"""Keys that change while the service runs: the new one counts from the next letter on."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from flask.testing import FlaskClient
from pysequoia import Cert, Profile, Tsk, decrypt

from contact_service.outbox.outbox import Outbox
from service_admin.doctor import checks
from service_admin.monitoring.watcher import key_states
from tests.support.service.bad_keys import weak
from tests.support.service.service_parts import Instance

CONTACT = "/send/bg/harmanli/contact"


@pytest.fixture
def outbox(instance: Instance) -> Iterator[Outbox]:
    with closing(instance.outbox()) as outbox:
        yield outbox


class Sender:
    """A browser that sends other letters to one running service."""

    def __init__(self, client: FlaskClient, letter: dict[str, Any]) -> None:
        self._client, self._letter, self._number = client, letter, count()

    def send(self) -> int:
        answers = {**self._letter, "name": f"Мария {next(self._number)}"}
        return self._client.post(CONTACT, data=answers).status_code


@pytest.fixture
def sender(instance: Instance, letter: dict[str, Any]) -> Sender:
    return Sender(instance.client(), letter)


def new_key() -> Tsk:
    return Tsk.generate(user_id="New <new@example.org>", profile=Profile.RFC4880)


def put_in_place(instance: Instance, content: str) -> None:
    """Replace the certificate as it should be done: at one stroke."""
    new = instance.folder / "new.asc"
    new.write_text(content)
    new.replace(instance.folder / "centre.asc")


def opens(key: Tsk, outbox: Outbox) -> bool:
    """Whether this key opens the letter that waits; takes it out."""
    parcel = outbox.lease(datetime.now(UTC))
    assert parcel
    armoured = parcel.content[parcel.content.index(b"-----BEGIN") :].partition(b"\r\n\r\n--")[0]
    outbox.forget(parcel)
    try:
        return bool(decrypt(armoured, decryptor=key.decryptor()).bytes)
    except Exception:  # pysequoia raises its errors as plain Exception
        return False


def test_changed_key_counts_from_the_next_letter(
    instance: Instance, sender: Sender, outbox: Outbox
) -> None:
    """Without a restart a letter is sealed to the certificate that lies there now."""
    new = new_key()
    assert sender.send() == 303
    assert opens(instance.key, outbox)
    put_in_place(instance, str(new.extract_certificate()))
    assert sender.send() == 303
    assert opens(new, outbox)


HARMS: dict[str, Callable[[str], str]] = {
    "half": lambda whole: whole[: len(whole) // 2],
    "nothing": lambda _: "",
    "weak": lambda _: weak(),
    "two": lambda whole: whole + whole,
    "tsk": lambda _: str(new_key()),
}


@pytest.mark.parametrize("harm", [*HARMS, "missing"])
def test_broken_key_leaves_the_last_good_one(
    harm: str,
    instance: Instance,
    sender: Sender,
    outbox: Outbox,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Letters go on to the previous key, the log says so once, and `doctor` names it."""
    file = instance.folder / "centre.asc"
    whole = file.read_text()
    if harm == "missing":
        file.unlink()
    else:
        put_in_place(instance, HARMS[harm](whole))
    with caplog.at_level(logging.ERROR, "opora.recipients"):
        assert (sender.send(), sender.send()) == (303, 303)
    assert opens(instance.key, outbox)
    [said] = [record.msg for record in caplog.records]
    assert (said["event"], said["older_used"]) == ("key unusable", True)
    assert "@" not in said["reason"]
    settings = instance.folder / "service.toml"
    settings.write_text(instance.toml)
    environment = {"OPORA_SECRET": "a secret for tests only, 32 signs or more"}
    found = [c for c in checks(settings, environment, datetime.now(UTC)) if c.name == "ключ"]
    assert {check.state for check in found} == {"wrong"}
    put_in_place(instance, whole)
    assert sender.send() == 303


def test_fixed_key_opens_the_form(
    instance: Instance, letter: dict[str, Any], outbox: Outbox
) -> None:
    """A service that started without a usable key takes letters as soon as there is one."""
    file = instance.folder / "centre.asc"
    good = file.read_text()
    file.write_text("no key")
    sender = Sender(instance.client(), letter)
    assert sender.send() == 503
    put_in_place(instance, good)
    assert sender.send() == 303
    assert opens(instance.key, outbox)


def test_fix_that_changes_no_byte(instance: Instance, letter: dict[str, Any]) -> None:
    """A password that others may read opens nothing until `chmod`, which leaves the file's time."""
    password = instance.folder / "password"
    password.write_text("a password for tests")
    password.chmod(0o644)
    instance.promise("password")
    instance.toml = instance.toml.replace(
        'seal = "openpgp"\nkey = "centre.asc"', 'seal = "pdf"\npassword_file = "password"', 1
    )
    sender = Sender(instance.client(), letter)
    assert sender.send() == 503
    password.chmod(0o600)
    assert sender.send() == 303


def test_revoked_key_is_not_used_any_more(
    instance: Instance, sender: Sender, outbox: Outbox
) -> None:
    """The owner who revokes a key wants nothing more sealed to it, by an older copy either."""
    certificate = instance.key.extract_certificate()
    assert sender.send() == 303
    revocation = certificate.revoke(instance.key.certifier())
    put_in_place(instance, str(Cert.from_bytes(bytes(certificate) + bytes(revocation))))
    assert sender.send() == 503
    assert outbox.counts()["waiting"] == 1


def test_bad_key_costs_its_own_recipient_alone(
    instance: Instance, letter: dict[str, Any], outbox: Outbox, caplog: pytest.LogCaptureFixture
) -> None:
    """A service that starts beside a weak key takes letters for the centre's other recipient,
    and for every other centre; the log says which recipient gets none."""
    bad = instance.folder / "bad.asc"
    bad.write_text(weak())
    instance.toml = instance.toml.replace(
        "[[centres.harmanli.recipients]]",
        '[[centres.harmanli.recipients]]\naddress = "bad@example.org"\nseal = "openpgp"\n'
        'key = "bad.asc"\n[[centres.harmanli.recipients]]',
        1,
    )
    with caplog.at_level(logging.ERROR, "opora.recipients"):
        sender = Sender(instance.client(), letter)
        assert sender.send() == 303
    assert opens(instance.key, outbox)
    assert outbox.counts()["waiting"] == 0
    said = [record.msg for record in caplog.records]
    assert {(one["event"], one["recipient"]) for one in said} == {("key unusable", 1)}
    assert all("SHA-1" in one["reason"] and "@" not in one["reason"] for one in said)
    [state, *others] = key_states(instance.settings(), datetime.now(UTC))
    assert "SHA-1" in state.wrong
    assert not any(other.wrong for other in others)
