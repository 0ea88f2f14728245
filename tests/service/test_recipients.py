"""Keys that change while the service runs: the new one counts from the next letter on."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest
from flask.testing import FlaskClient
from pysequoia import Cert, Profile, Tsk, decrypt
from service_parts import Instance

from contact_service.doctor import checks
from contact_service.outbox import Outbox

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
    outbox.delivered(parcel)
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


@pytest.mark.parametrize("harm", ["half", "missing"])
def test_broken_key_leaves_the_last_good_one(
    harm: str,
    instance: Instance,
    sender: Sender,
    outbox: Outbox,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Letters go on to the key of before, the log says so once, and `doctor` names it."""
    file = instance.folder / "centre.asc"
    whole = file.read_text()
    if harm == "half":
        put_in_place(instance, whole[: len(whole) // 2])
    else:
        file.unlink()
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


def test_mended_key_opens_the_form(
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


def test_mend_that_changes_no_byte(instance: Instance, letter: dict[str, Any]) -> None:
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
    """Whoever revokes a key wants nothing more sealed to it: the older copy is not used either."""
    certificate = instance.key.extract_certificate()
    assert sender.send() == 303
    revocation = certificate.revoke(instance.key.certifier())
    put_in_place(instance, str(Cert.from_bytes(bytes(certificate) + bytes(revocation))))
    assert sender.send() == 503
    assert outbox.counts()["waiting"] == 1
