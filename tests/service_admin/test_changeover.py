"""From one release to another and back, with the kit's own shell: no letter is lost or doubled."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from pysequoia import Tsk

from tests.support.machine.guide import commands
from tests.support.postgres import Postgres
from tests.support.service.server_kit import Kit
from tests.support.service.service_parts import SECRET, Instance, SmtpServer
from tests.support.waiting import wait_for

SETTINGS = """\
site_folder = "../../srv/opora/site"
content_folder = "../../srv/opora/content"
database = "{database}"
secret_file = "secrets/secret"
watch_port = {watch}
messages_per_hour = 1000

[smtp]
host = "127.0.0.1"
port = {port}
security = "none"
sender = "opora@example.org"

[[centres.harmanli.recipients]]
address = "harmanli@example.org"
seal = "openpgp"
key = "centre.asc"
"""
OLD, NEW = "0.1.0", "0.2.0"  # the versions that the guide names
UPDATE, BACK = (commands("ustanovyavane.md", "9. ")[n].splitlines()[-1] for n in (0, 1))
NEVER_WELL = {"contact_service/web/views.py": ("self._outbox.counts()", "abort(503)")}


@pytest.fixture
def kit(tmp_path: Path, site: Path, secret_key: Tsk, smtp_server: SmtpServer) -> Iterator[Kit]:
    """A server without a release; the mail server takes nothing yet."""
    smtp_server.answer = lambda _envelope: "451 later"
    kit = Kit(tmp_path / "server", site)
    etc = kit.root / "etc" / "opora"
    (etc / "secrets" / "secret").write_text(SECRET)
    (etc / "secrets" / "secret").chmod(0o600)
    (etc / "centre.asc").write_text(str(secret_key.extract_certificate()))
    set_database(kit, smtp_server, f"sqlite:///{kit.root}/outbox.sqlite3")
    yield kit
    kit.end()


def set_database(kit: Kit, server: SmtpServer, url: str) -> None:
    text = SETTINGS.format(database=url, watch=kit.watch, port=server.port)
    (kit.root / "etc" / "opora" / "service.toml").write_text(text)


class Mailbox:
    """What the mail server took, opened with the centre's key."""

    def __init__(self, server: SmtpServer, key: Tsk) -> None:
        self._server, self._opener = server, Instance(Path(), "", key, ExitStack())

    def opens(self) -> None:
        self._server.answer = lambda _envelope: "250 OK"

    def messages(self) -> list[str]:
        opened = [self._opener.open(mail) for _, mail in self._server.taken]
        return sorted(found for text in opened for found in re.findall(r"Писмо \d+", text))

    def gets(self, kit: Kit, *messages: str) -> None:
        """All of them arrive, each once, when what waits is sent at once."""
        self.opens()
        code = 'release="$1"; . "$release/deploy/parts.sh"; service_of "$release" retry --all'
        current = kit.root / "opt" / "opora" / "current"
        ended, said = kit.types(f"set -- {current}; {code}")
        assert ended == 0, said
        wait_for(lambda: len(self.messages()) >= len(messages), seconds=400)
        assert self.messages() == sorted(messages)
        names = [mail["Message-ID"] for _, mail in self._server.taken]
        assert len(names) == len(set(names))


@pytest.fixture
def mailbox(smtp_server: SmtpServer, secret_key: Tsk) -> Mailbox:
    return Mailbox(smtp_server, secret_key)


def test_a_good_version_stays(kit: Kit, mailbox: Mailbox, letter: dict[str, Any]) -> None:
    """However the facts spell the service's address; what waited and what comes later arrives."""
    facts = kit.root / "srv" / "opora" / "content" / "site.yml"
    text = facts.read_text()
    assert "service_path: /send\n" in text
    facts.write_text(text.replace("service_path: /send\n", 'service_path: "/send"  # as ever\n'))
    kit.begin(kit.release(OLD))
    kit.writes(letter, "Писмо 1")
    kit.release_with_more_tables(NEW)
    code, said = kit.types(UPDATE)
    assert code == 0, said + kit.log()
    assert f"Работи версия {NEW}" in said
    assert kit.runs() == NEW
    kit.writes(letter, "Писмо 2")
    mailbox.gets(kit, "Писмо 1", "Писмо 2")
    assert "вече работи" in kit.types(UPDATE)[1]


def test_letters_of_a_version_that_is_taken_back_stay(
    kit: Kit, mailbox: Mailbox, smtp_server: SmtpServer, letter: dict[str, Any]
) -> None:
    """Taken or delivered while it was judged: the first arrive later, the second never again."""
    kit.begin(kit.release(OLD))
    kit.writes(letter, "Писмо 1")
    kit.release_with_more_tables(NEW, changes=NEVER_WELL)
    ended: list[tuple[int, str]] = []
    updating = threading.Thread(target=lambda: ended.append(kit.types(UPDATE)))
    updating.start()
    wait_for(lambda: kit.runs() == NEW, seconds=400)
    kit.writes(letter, "Писмо 2")
    mailbox.opens()
    kit.writes(letter, "Писмо 3")
    wait_for(lambda: "Писмо 3" in mailbox.messages(), seconds=400)
    smtp_server.answer = lambda _envelope: "451 later"
    kit.writes(letter, "Писмо 4")
    updating.join()
    [(code, said)] = ended
    assert code == 1
    assert f"Работи пак версия {OLD}" in said
    assert kit.runs() == OLD
    kit.writes(letter, "Писмо 5")
    mailbox.gets(kit, *(f"Писмо {number}" for number in range(1, 6)))


def test_a_version_that_cannot_start_changes_nothing(kit: Kit) -> None:
    """Its libraries are fetched, and it is asked about the settings, before anything is stopped."""
    kit.begin(kit.release(OLD))
    text = (kit.root / "opt/opora" / OLD / "contact_service/settings/service.py").read_text()
    line = next(line for line in text.splitlines() if line.startswith("    sender: "))
    strict = (line, f"{line}\n    moon: str")
    new = kit.release(NEW, {"contact_service/settings/service.py": strict})
    calls = kit.root / "calls"
    before = calls.read_text()
    code, said = kit.types(UPDATE)
    assert code == 1
    assert "smtp.moon" in said
    assert "нищо не е сменено" in said
    assert (calls.read_text(), kit.runs()) == (before, OLD)
    (new / ".venv" / "opora-ready").unlink()
    (new / "requirements.txt").write_text(f"{new}/none-1-py3-none-any.whl --hash=sha256:{'0' * 64}")
    code, said = kit.types(UPDATE)
    assert code == 1
    assert "Библиотеките не се изтеглиха" in said
    assert not (new / ".venv" / "opora-ready").exists()
    assert (calls.read_text(), kit.runs()) == (before, OLD)


def test_going_back_on_purpose(
    kit: Kit,
    mailbox: Mailbox,
    smtp_server: SmtpServer,
    letter: dict[str, Any],
    postgresql: Postgres,
) -> None:
    """As the guide says it, on PostgreSQL (the next one does it on SQLite); then forward again."""
    set_database(kit, smtp_server, postgresql.new_database())
    kit.release(OLD)
    kit.begin(kit.release_with_more_tables(NEW))
    kit.writes(letter, "Писмо 1")
    code, said = kit.types(BACK)
    assert code == 0, said + kit.log()
    assert f"Работи версия {OLD}" in said
    assert kit.runs() == OLD
    kit.writes(letter, "Писмо 2")
    assert kit.types(UPDATE)[0] == 0
    assert kit.runs() == NEW
    mailbox.gets(kit, "Писмо 1", "Писмо 2")


def test_killed_in_the_middle_it_is_repeated(
    kit: Kit, mailbox: Mailbox, letter: dict[str, Any]
) -> None:
    """Whatever step it died at, and if it died twice, the same command brings it to its end."""
    old = kit.release(OLD)
    kit.release_with_more_tables(NEW)
    kit.begin(old)
    kit.writes(letter, "Писмо 1")
    for command, steps, runs in ((UPDATE, (4, 9), NEW), (BACK, (11,), OLD)):
        for step in steps:
            dies(kit, command, step)
        code, said = kit.types(command)
        assert code == 0, said + kit.log()
        assert kit.runs() == runs
    mailbox.gets(kit, "Писмо 1")


def dies(kit: Kit, command: str, step: int) -> None:
    """It is killed at this call of systemctl: among those that stop the services (the first five),
    before delivery is looked at (9), or when only the web process is left to start (11).
    """
    done = len((kit.root / "calls").read_text().splitlines())
    (kit.root / "kill-at").write_text(str(done + step))
    code, said = kit.types(command)
    assert code != 0, said
    assert not (kit.root / "kill-at").exists()
