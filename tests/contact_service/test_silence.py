"""Silence: after success, error, refusal and crash, nothing on the disk can be read back."""

from __future__ import annotations

import hashlib
import ipaddress
import logging
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from contact_service.retries import PAUSES
from tests.support.service.running_service import AGENT, SENDER, SENDER_6, post
from tests.support.service.service_parts import Instance, SmtpServer
from tests.support.waiting import wait_for

# A canary in every free field.
CANARIES = {
    "name": "kanarche-imeto",
    "safe_time": "канарче-времето",
    "message": "Канарче-писмо, което никой не бива да намери.",
    "phone": "0888 765 432",
}
PROXY = "198.51.100.23"


NEVER = datetime.min.replace(tzinfo=UTC)


def in_half() -> datetime:
    """In half of the first pause."""
    return datetime.now(UTC) + PAUSES[0] / 2


def forms_of(address: str) -> Iterator[bytes]:
    """An address, its network and its hash, as a log or a table might hold them."""
    packed = ipaddress.ip_address(address).packed
    width = 24 if len(packed) == 4 else 64
    network = ipaddress.ip_network((address, width), strict=False).network_address
    texts = {
        address,
        ipaddress.ip_address(address).exploded,
        packed.hex(),
        str(int.from_bytes(packed)),
    }
    texts |= {str(network), network.exploded}
    texts |= {hashlib.new(name, address.encode()).hexdigest() for name in ("md5", "sha1", "sha256")}
    yield from (packed, *(text.encode() for text in texts))


NEEDLES = {
    **{
        canary: {canary.encode(), canary.encode("utf-16-le"), urllib.parse.quote(canary).encode()}
        for canary in (*CANARIES.values(), AGENT)
    },
    **{address: set(forms_of(address)) for address in (SENDER, SENDER_6, PROXY)},
}


def traces(folder: Path) -> list[str]:
    """Every canary and address that stands in any file below the folder, in any form."""
    found = []
    for path in folder.rglob("*"):
        if not path.is_file() or path.name in ("service.toml", "centre.asc"):
            continue
        content = path.read_bytes()
        if re.search(rb"127\.0\.0\.1(?!:\d)", content):  # who called; with a port, who listens
            found.append(f"{path.name}: 127.0.0.1")
        found += [
            f"{path.name}: {what}"
            for what, needles in NEEDLES.items()
            if any(needle in content for needle in needles)
        ]
    return found


def test_no_byte_of_a_letter_is_left(
    running: tuple[str, Path],
    instance: Instance,
    smtp_server: SmtpServer,
    letter: dict[str, Any],
) -> None:
    """Letters through success, error, refusal and kill; then every file is read."""
    url, folder = running
    letter |= CANARIES
    contact = f"{url}/bg/harmanli/contact"
    assert post(contact, letter) == 200
    by_ipv6 = {"X-Forwarded-For": SENDER_6}
    assert post(contact, {**letter, "danger": "yes"}, **by_ipv6) == 422
    assert post(contact, letter, Origin="https://evil.example") == 403
    assert post(contact, {**letter, "message": CANARIES["message"] * 4000}) == 413
    wait_for(lambda: len(smtp_server.taken) == 1)
    smtp_server.answer = lambda _envelope: "451 later"
    assert post(contact, {**letter, "settlement": "Любимец"}) == 200
    outbox = instance.outbox()
    wait_for(lambda: outbox.counts()["waiting"] == 1 and (outbox.next_due() or NEVER) > in_half())
    for name in ("deliver", "watch"):
        said = (folder / f"{name}.log").read_text()
        assert [line for line in said.splitlines() if "watch port" not in line] == []
    assert (folder / "outbox.sqlite3").stat().st_size > 0
    assert traces(folder) == []
    assert CANARIES["message"] in instance.open(smtp_server.taken[0][1])


@pytest.mark.parametrize(
    ("leak", "of"),
    [
        (f"error in {CANARIES['message']}", CANARIES["message"]),
        ('{"event": "taken", "of": "127.0.0.1"}', "127.0.0.1"),
        (f'{{"address":"{SENDER}"}}', SENDER),
        ("limit of 192.0.2.0/24", SENDER),
        ("c000024d", SENDER),
        ("2001:0db8:007c:0008:0000:0000:0000:0077", SENDER_6),
        ("2001:db8:7c:8::/64", SENDER_6),
        (hashlib.sha256(PROXY.encode()).hexdigest(), PROXY),
    ],
)
def test_the_search_finds_what_is_there(tmp_path: Path, leak: str, of: str) -> None:
    """The test above can fail: a file that holds a canary or an address in any form is found."""
    (tmp_path / "leak.log").write_text(leak, encoding="utf-8")
    assert traces(tmp_path) == [f"leak.log: {of}"]


def test_no_line_names_who_asked(
    instance: Instance,
    letter: dict[str, Any],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Whatever the answer is and no matter who else logs, nothing of a visitor is in any line."""
    client = instance.client()

    def answers(path: str = "/send/bg/harmanli/contact", **changes: str) -> int:
        got = {
            client.post(
                path,
                data={**letter, **CANARIES, **changes},
                headers={"X-Forwarded-For": sender, "User-Agent": AGENT},
                environ_base={"REMOTE_ADDR": PROXY},
            ).status_code
            for sender in (SENDER, SENDER_6)
        }
        return got.pop() if len(got) == 1 else 0

    with caplog.at_level(logging.DEBUG):
        assert answers() == answers(name="Втори") == 303
        assert answers(danger="yes") == 422
        assert answers("/send/bg/harmanli/kanarche-imeto") == 404
        assert answers(message=CANARIES["message"] * 4000) == 413
        with instance.outbox().engine.begin() as connection:
            connection.exec_driver_sql(
                "CREATE TRIGGER full BEFORE INSERT ON deliveries "
                "BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
            )
        assert answers(name="Трети") == 503
        monkeypatch.setattr("contact_service.intake.new_reference", _fails)
        assert answers(name="Четвърти") == 500
    lines = [f"{record.getMessage()} {vars(record)}" for record in caplog.records]
    assert any("ValueError" in line for line in lines)
    (tmp_path / "all.log").write_text("\n".join(lines))
    assert traces(tmp_path) == []


def _fails() -> str:
    raise ValueError(f"{SENDER} {CANARIES['name']}")
