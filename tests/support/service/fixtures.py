"""The fixtures of the service's tests; their parts are in service_parts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from pysequoia import Profile, Tsk

from tests.support.postgres import database_url, debian, new_database, postgres, postgresql  # noqa: F401
from tests.support.project import ROOT, free_port
from tests.support.service.running_service import running  # noqa: F401
from tests.support.service.service_parts import Instance, SmtpServer
from tests.support.terminal import AtTerminal, Person


@pytest.fixture
def smtp_server() -> Iterator[SmtpServer]:
    handler = SmtpServer(port=free_port())
    controller = Controller(handler, hostname="127.0.0.1", port=handler.port)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture(scope="session")
def secret_key() -> Tsk:
    """A key as GnuPG makes them (version 4), so that GnuPG can open what was sealed to it."""
    return Tsk.generate(user_id="Centre <centre@example.org>", profile=Profile.RFC4880)


@pytest.fixture
def opened() -> Iterator[ExitStack]:
    """Takes what the test opens, and closes it when the test ends."""
    with ExitStack() as opened:
        yield opened


@pytest.fixture
def at_terminal(opened: ExitStack) -> AtTerminal:
    """What is begun there ends with the test."""
    return lambda module, *arguments: opened.enter_context(Person(module, *arguments))


@pytest.fixture
def instance(
    tmp_path: Path, site: Path, secret_key: Tsk, smtp_server: SmtpServer, opened: ExitStack
) -> Instance:
    (tmp_path / "centre.asc").write_text(str(secret_key.extract_certificate()))
    recipients = "".join(
        f'[[centres.{name}.recipients]]\naddress = "{name}@example.org"\n'
        'seal = "openpgp"\nkey = "centre.asc"\n'
        for name in ("harmanli", "sopot")
    )
    toml = (
        f'site_folder = "{site}"\n'
        f'content_folder = "{ROOT / "content"}"\n'
        f'database = "sqlite:///{tmp_path / "outbox.sqlite3"}"\ntrusted_proxies = 1\n'
        f'[smtp]\nhost = "127.0.0.1"\nport = {smtp_server.port}\nsecurity = "none"\n'
        f'sender = "opora@example.org"\ntimeout_seconds = 5\n{recipients}'
    )
    return Instance(tmp_path, toml, secret_key, opened)


@pytest.fixture
def letter() -> dict[str, Any]:
    """A complete contact form."""
    return {
        "danger": "no",
        "writer": "parent",
        "name": "Мария",
        "contact_way": "call",
        "phone": "0888 123 456",
        "safe_time": "в делник до обяд",
        "services": ["psychological", "social"],
        "settlement": "Харманли",
        "message": "Синът ми не иска да ходи на училище.\nНе знам какво да правя.",
        "understood": "y",
    }


@pytest.fixture
def school_referral() -> dict[str, Any]:
    """A complete referral by a school, whose answers were looked at once more."""
    return {
        "reviewed": "y",
        "danger": "no",
        "institution_kind": "school",
        "institution": "СУ „Иван Вазов“",
        "sender_name": "Петя Иванова",
        "post": "педагогически съветник",
        "phone": "03134 12 34",
        "email": "petya@school.example.org",
        "child": "М. П.",
        "age": "age_11_13",
        "settlement": "Сопот",
        "groups": ["school"],
        "services": ["individual"],
        "programmes": ["back_to_class"],
        "need": "Отсъства от месец, семейството търси помощ.",
        "family_knows": "yes",
        "reported": "yes",
        "reported_on": "02.11.2026",
        "understood": "y",
    }
