"""Addresses and servers of the settings: what mail can carry, or a sentence that says why not."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contact_service.delivery.worker import deliver_due
from contact_service.settings.mail_names import mail_address, mail_host
from contact_service.settings.service import SettingsError
from service_admin.doctor import LOOKS, checks
from service_admin.keys import replace_key
from service_admin.monitoring.alarms import Alarm
from service_admin.monitoring.watcher import Watch
from site_model.prompts import Asker
from tests.support.service.service_parts import Instance, SmtpServer

CYRILLIC, CARRIED = "priem@център.бг", "priem@xn--e1aqjhr1a.xn--90ae"


@pytest.mark.parametrize(
    ("told", "address"),
    [
        ("opora@example.org", "opora@example.org"),
        (CYRILLIC, CARRIED),
        (CARRIED, CARRIED),
        ("\ufeffPriem@ЦЕНТЪР.БГ\u200b ", "Priem@xn--e1aqjhr1a.xn--90ae"),
        ("a@faß.de", "a@xn--fa-hia.de"),  # IDNA 2008; IDNA 2003 made „fass“ of it
        ("a@ＥＸＡＭＰＬＥ。org", "a@example.org"),
        ("o'b+x-1@example.org", "o'b+x-1@example.org"),
    ],
)
def test_address_as_mail_carries_it(told: str, address: str) -> None:
    """The domain in A-labels and small letters; nothing unseen around it."""
    assert mail_address(told) == address


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ("прием@center.bg", "„п“"),
        ("p\u0430@center.bg", "„\u0430“"),  # Cyrillic, and looks like the Latin letter
        ("a\u200b@example.org", "латински"),
        ("Център <a@example.org>", "имейл"),
        ("Opora <a@example.org>", "имейл"),
        ("a@example.org, b@example.org", "имейл"),
        ("a@example.org\r\nBcc: b@example.org", "имейл"),
        ("a@example.org.", "имейл"),
        ("a@example..org", "имейл"),
        ("a@exa\u200bmple.org", "имейл"),
        ('"a b"@example.org', "имейл"),
        ("a b@example.org", "имейл"),
        ("a@[127.0.0.1]", "имейл"),
        ("a@127.0.0.1", "имейл"),
        ("a@localhost", "имейл"),
        ("a@xn--0.org", "имейл"),
        (f"{'a' * 65}@example.org", "имейл"),
        (f"a@{'ж' * 63}.bg", "имейл"),
        (f"a@{'.'.join(['жж'] * 40)}.bg", "имейл"),
        ("", "имейл"),
    ],
)
def test_address_that_mail_does_not_carry(told: str, words: str) -> None:
    """Refused with a sentence, not when the first letter comes."""
    with pytest.raises(ValueError, match=words):
        mail_address(told)


@pytest.mark.parametrize(
    ("told", "host"),
    [
        ("Mail.Example.org.", "mail.example.org"),
        ("поща.център.бг", "xn--80a1ac5b.xn--e1aqjhr1a.xn--90ae"),
        ("\ufeffmail.example.org\n", "mail.example.org"),
        ("localhost", "localhost"),
        ("mail_server", "mail_server"),  # as containers name each other
        ("127.0.0.1", "127.0.0.1"),
        ("::1", "::1"),
    ],
)
def test_host(told: str, host: str) -> None:
    """A name in A-labels, or an IP address."""
    assert mail_host(told) == host


@pytest.mark.parametrize(
    "told",
    [
        *("mail..example.org", ".example.org", "a b", "mail.example.org:587", "smtp://example.org"),
        *("[::1]", "256.1.1.1", "-mail.example.org", f"{'a' * 64}.org", "център..бг", "", "."),
        *("a\0b", "a." * 127 + "org"),
    ],
)
def test_no_host(told: str) -> None:
    """What DNS cannot ask for is refused when settings are read."""
    with pytest.raises(ValueError, match="не е име на сървър"):
        mail_host(told)


def test_a_host_has_253_signs_at_most() -> None:
    """RFC 1035, 2.3.4: 255 bytes with the length of each label and the root."""
    longest = ".".join(["a" * 63, "a" * 63, "a" * 63, "a" * 57, "org"])
    assert mail_host(longest) == longest
    with pytest.raises(ValueError, match="не е име на сървър"):
        mail_host(longest.replace("a.org", "aa.org"))


@pytest.mark.parametrize(
    ("line", "wrong", "name"),
    [
        ('host = "127.0.0.1"', 'host = "mail..example.org"', "smtp.host"),
        ("opora@example.org", "опора@example.org", "smtp.sender"),
        ("harmanli@example.org", "х@example.org", "centres.harmanli.recipients.0"),
        ("site_folder", 'alarm_address = "х@example.org"\nsite_folder', "alarm_address"),
    ],
)
def test_settings_refuse_it_by_name(instance: Instance, line: str, wrong: str, name: str) -> None:
    """Nothing starts, and the sentence names the setting."""
    with pytest.raises(SettingsError, match=rf"^{name}.*: .*(„х“|„о“|не е име)"):
        replace(instance, toml=instance.toml.replace(line, wrong, 1)).settings()


def test_letters_and_alarms_travel_to_cyrillic_domains(
    instance: Instance, smtp_server: SmtpServer, letter: dict[str, Any]
) -> None:
    """Recipient, sender and alarm address: in envelope and headers stands what mail carries."""
    toml = instance.toml.replace("harmanli@example.org", CYRILLIC)
    toml = toml.replace("opora@example.org", "opora@център.бг")
    instance = replace(instance, toml=f'alarm_address = "{CYRILLIC}"\n{toml}')
    assert instance.client().post("/send/bg/harmanli/contact", data=letter).status_code == 303
    settings, outbox = instance.settings(), instance.outbox()
    deliver_due(outbox, settings.smtp, threading.Event())
    Watch(settings, outbox).tell([Alarm("test", "Проба.")], datetime.now(UTC))
    outbox.close()
    assert [to for to, _ in smtp_server.taken] == [[CARRIED], [CARRIED]]
    for _, mail in smtp_server.taken:
        assert mail["To"] == CARRIED
        assert mail["From"] == "opora@xn--e1aqjhr1a.xn--90ae"
        assert mail["Message-ID"].endswith("@xn--e1aqjhr1a.xn--90ae>")


def test_key_is_replaced_for_the_address_as_people_write_it(
    instance: Instance, tmp_path: Path
) -> None:
    """`replace-key harmanli priem@център.бг` finds the recipient whose address is stored so."""
    instance.toml = instance.toml.replace("harmanli@example.org", CYRILLIC)
    new = tmp_path / "new.asc"
    new.write_bytes((instance.folder / "centre.asc").read_bytes())
    settings = instance.settings()
    assert replace_key(settings, Asker(), "harmanli", CYRILLIC, new) == 0


def test_doctor_goes_through_with_cyrillic_domains(instance: Instance) -> None:
    """Every look of `doctor` is taken, and the recipient's is good."""
    instance.toml = instance.toml.replace("harmanli@example.org", CYRILLIC)
    (instance.folder / "service.toml").write_text(instance.toml)
    environment = {"OPORA_SECRET": "a secret for tests only, 32 signs or more"}
    found = list(checks(instance.folder / "service.toml", environment, datetime.now(UTC)))
    assert {check.name for check in found} == {"настройки", *LOOKS}
    assert any(CARRIED in check.sentence for check in found if check.state == "ok")
