"""Backup and restore: everything comes back, no letter is lost, none is sent twice."""

from __future__ import annotations

import io
import re
import shutil
import sqlite3
import subprocess
import tarfile
import threading
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage  # type: ignore[import-untyped]
import pytest
from pysequoia import Tsk

from contact_service.box import Box
from contact_service.delivery.worker import deliver_due
from contact_service.outbox.given_up import GivenUpMails
from contact_service.outbox.outbox import BACKUP, Accepted, Outbox
from contact_service.sealing import SealedMail
from contact_service.settings.private_files import write_whole
from contact_service.settings.service import read_settings
from service_admin.__main__ import main
from service_admin.backup.archive import ArchiveError, encrypt, pack, unpack
from service_admin.backup.outbox_copy import OutboxState, Return, copy_database, decide
from tests.support.postgres import Postgres
from tests.support.project import ROOT
from tests.support.service.first_version import make_first
from tests.support.service.service_parts import SECRET, Instance, SmtpServer
from tests.support.terminal import AtTerminal

CONTACT = "/send/bg/harmanli/contact"
IDENTITY = pyrage.x25519.Identity.generate()
PASSPHRASE = "четири думи за проба"
NOW = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)


@dataclass
class Server:
    """A machine's folder: settings with keys and secrets beside them, and an outbox elsewhere."""

    folder: Path
    site: Path
    smtp_port: int
    key: Tsk
    monkeypatch: pytest.MonkeyPatch
    opened: ExitStack

    @property
    def file(self) -> Path:
        return self.folder / "etc" / "service.toml"

    @property
    def outbox_file(self) -> Path:
        return self.folder / "var" / "outbox.sqlite3"

    def install(self) -> None:
        """What an operator has after the set-up."""
        toml = (
            f'site_folder = "{self.site}"\ncontent_folder = "{ROOT / "content"}"\n'
            f'database = "sqlite:////nowhere"\nsecret_file = "secrets/secret"\n'
            f'watch_port = 0\n[smtp]\nhost = "127.0.0.1"\nport = {self.smtp_port}\n'
            'security = "none"\nsender = "opora@example.org"\ntimeout_seconds = 5\n'
            'password_file = "secrets/smtp-password"\n'
            '[[centres.harmanli.recipients]]\naddress = "harmanli@example.org"\n'
            'seal = "openpgp"\nkey = "keys/harmanli.asc"\n'
        )
        write_whole(self.file, toml.encode(), 0o644)
        key = str(self.key.extract_certificate()).encode()
        write_whole(self.file.with_name("keys") / "harmanli.asc", key, 0o644)
        write_whole(self.file.with_name("secrets") / "secret", SECRET.encode())
        write_whole(self.file.with_name("secrets") / "smtp-password", b"mail password canary")
        self.outbox_file.parent.mkdir()

    def run(self, *arguments: str, typed: str | None = None) -> int:
        """A command with what is typed on its standard input.

        Without it copies are closed to a key: a passphrase costs seconds of a processor.
        """
        if typed is None:
            write_whole(self.folder.parent / "identity.txt", str(IDENTITY).encode())
            key = ("--identity", str(self.folder.parent / "identity.txt"))
            more = {"backup": ("--to", str(IDENTITY.to_public())), "restore": key}
            arguments += more.get(arguments[0], ())
        self.monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
        self.monkeypatch.setenv("OPORA_DATABASE", f"sqlite:///{self.outbox_file}")
        return main(["--settings", str(self.file), *arguments])

    def instance(self) -> Instance:
        toml = self.file.read_text().replace("sqlite:////nowhere", f"sqlite:///{self.outbox_file}")
        return Instance(self.file.parent, toml, self.key, self.opened)

    def files(self) -> dict[str, tuple[bytes, int]]:
        return {
            path.relative_to(self.file.parent).as_posix(): (path.read_bytes(), path.stat().st_mode)
            for path in self.file.parent.rglob("*")
            if path.is_file()
        }

    def deliver(self) -> int:
        settings = self.instance().settings()
        with closing(Outbox(settings.database)) as outbox:
            return deliver_due(outbox, settings.smtp, threading.Event())

    def counts(self) -> dict[str, int]:
        with closing(Outbox(f"sqlite:///{self.outbox_file}")) as outbox:
            return outbox.counts()


MakeServer = Callable[[str], Server]


@pytest.fixture
def make_server(
    *,
    tmp_path: Path,
    site: Path,
    secret_key: Tsk,
    smtp_server: SmtpServer,
    monkeypatch: pytest.MonkeyPatch,
    opened: ExitStack,
) -> MakeServer:
    def make(name: str) -> Server:
        (tmp_path / name).mkdir()
        return Server(tmp_path / name, site, smtp_server.port, secret_key, monkeypatch, opened)

    return make


@pytest.fixture
def old(make_server: MakeServer, letter: dict[str, Any]) -> Server:
    """A server on which one letter waits."""
    server = make_server("old")
    server.install()
    client = server.instance().client()
    assert client.post(CONTACT, data=letter).status_code == 303
    return server


def test_waiting_letter_is_delivered_once_by_another_machine(
    old: Server, make_server: MakeServer, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    """The machine is gone: from the file alone comes all of it, and the centre reads the letter."""
    file = tmp_path / "opora.age"
    assert old.run("backup", str(file), typed=PASSPHRASE) == 0
    new = make_server("new")
    assert new.run("restore", str(file), typed=PASSPHRASE) == 0
    assert new.files() == old.files()
    assert new.counts() == {"waiting": 1, "given_up": 0}
    assert new.deliver() == 1
    assert new.deliver() == 0
    [(recipients, mail)] = smtp_server.taken
    assert recipients == ["harmanli@example.org"]
    assert "Мария" in new.instance().open(mail)
    assert [path.name for path in new.outbox_file.parent.iterdir()] == ["outbox.sqlite3"]


def test_file_is_private_and_closed(old: Server, tmp_path: Path) -> None:
    """Only the owner reads it, nothing is beside it, and nothing in it can be read."""
    folder = tmp_path / "copies"
    file = folder / "opora.age"
    assert old.run("backup", str(file)) == 0
    assert old.run("backup", str(file)) == 0  # the next copy takes its place
    assert [path.name for path in folder.iterdir()] == ["opora.age"]
    assert file.stat().st_mode & 0o777 == 0o600
    content = file.read_bytes()
    for word in (SECRET.encode(), b"canary", b"harmanli", b"SQLite"):
        assert word not in content
    assert SECRET.encode() in pyrage.decrypt(content, [IDENTITY])


def test_backup_counts_only_when_it_is_written(old: Server, tmp_path: Path) -> None:
    """The watch sees the age of a copy that exists, not of one that failed."""
    (tmp_path / "file").touch()
    assert old.run("backup", str(tmp_path / "file" / "opora.age")) == 1
    with closing(Outbox(f"sqlite:///{old.outbox_file}")) as outbox:
        assert outbox.last_mark(BACKUP, datetime.now(UTC)) is None
        assert old.run("backup", str(tmp_path / "opora.age")) == 0
        assert outbox.last_mark(BACKUP, datetime.now(UTC)) is not None


def test_backup_is_of_the_files_and_not_of_credentials(old: Server, tmp_path: Path) -> None:
    """What systemd gave a unit is a passing copy: the files that it came from are kept."""
    write_whole(tmp_path / "credentials" / "secret", b"c" * 32)
    old.monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path / "credentials"))
    assert old.run("backup", str(tmp_path / "opora.age")) == 0
    content = pyrage.decrypt((tmp_path / "opora.age").read_bytes(), [IDENTITY])
    assert unpack(content).files["secrets/secret"].content == SECRET.encode()


def test_backup_never_overwrites_something_else(
    old: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A mistyped name costs nobody a file; a short passphrase is refused."""
    other = tmp_path / "thesis.odt"
    other.write_bytes(b"years of work")
    assert old.run("backup", str(other)) == 1
    assert other.read_bytes() == b"years of work"
    assert "Изберете друго име" in capsys.readouterr().err
    assert old.run("backup", str(tmp_path / "new.age"), typed="short") == 1
    assert not (tmp_path / "new.age").exists()
    assert "12 знака" in capsys.readouterr().err


def test_backup_to_a_public_key(
    old: Server, make_server: MakeServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Nobody types anything, so a timer can do it; the secret key opens it, another does not."""
    identity, other = (pyrage.x25519.Identity.generate() for _ in range(2))
    write_whole(tmp_path / "identity.txt", f"# created\n{identity}\n".encode())
    write_whole(tmp_path / "other.txt", str(other).encode())
    file = tmp_path / "opora.age"
    assert old.run("backup", str(file), "--to", str(identity.to_public()), typed="") == 0
    new = make_server("new")
    assert new.run("restore", str(file), typed="") == 1
    assert "--identity" in capsys.readouterr().err
    assert new.run("restore", str(file), "--identity", str(tmp_path / "other.txt"), typed="") == 1
    assert "не се отваря с този ключ" in capsys.readouterr().err
    assert not list(new.folder.rglob("*"))
    assert (
        new.run("restore", str(file), "--identity", str(tmp_path / "identity.txt"), typed="") == 0
    )
    assert new.files() == old.files()
    assert old.run("backup", str(file), "--to", "age1nonsense", typed="") == 1


@pytest.mark.parametrize("damage", ["cut", "bit", "passphrase", "not age"])
def test_damaged_file_changes_nothing(
    old: Server,
    make_server: MakeServer,
    tmp_path: Path,
    damage: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A file that is cut short, altered or closed with another passphrase is refused whole."""
    file = tmp_path / "opora.age"
    typed = PASSPHRASE if damage == "passphrase" else None
    old.run("backup", str(file), typed=typed)
    content = bytearray(file.read_bytes())
    if damage == "cut":
        del content[-1000:]
    elif damage == "bit":
        content[len(content) // 2] ^= 1
    elif damage == "not age":
        content = bytearray(b"something else")
    file.write_bytes(content)
    new = make_server("new")
    typed = "another passphrase" if damage == "passphrase" else None
    assert new.run("restore", str(file), typed=typed) == 1
    assert "Не стана" in capsys.readouterr().err
    assert not list(new.folder.rglob("*"))


def test_passphrase_that_is_too_much_work_for_this_machine(
    old: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """That is another fault than a wrong passphrase, and is said as such."""
    file = tmp_path / "opora.age"
    old.run("backup", str(file), typed=PASSPHRASE)
    harder = re.sub(rb"(-> scrypt \S+) \d+", rb"\1 30", file.read_bytes(), count=1)
    file.write_bytes(harder)
    assert old.run("restore", str(file), typed=PASSPHRASE) == 1
    assert "твърде бавна или натоварена" in capsys.readouterr().err


def test_what_was_delivered_since_does_not_come_again(
    old: Server, smtp_server: SmtpServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The outbox that lived on after the copy stays: it knows what has been delivered."""
    file = tmp_path / "opora.age"
    old.run("backup", str(file))
    assert old.deliver() == 1
    assert old.run("restore", str(file)) == 0
    assert "не се праща отново" in capsys.readouterr().out
    assert old.deliver() == 0
    assert len(smtp_server.taken) == 1


def test_second_restore_sends_nothing_twice(
    old: Server, make_server: MakeServer, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    """A copy that was brought back and delivered may be brought back again without harm."""
    file = tmp_path / "opora.age"
    old.run("backup", str(file))
    new = make_server("new")
    for _ in range(2):
        assert new.run("restore", str(file)) == 0
        new.deliver()
    assert len(smtp_server.taken) == 1


def test_letter_sent_again_has_the_same_message_id(
    old: Server, make_server: MakeServer, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    """Where the machine that delivered is lost, the mailbox can tell that it is the same mail."""
    file = tmp_path / "opora.age"
    old.run("backup", str(file))
    old.deliver()
    new = make_server("new")
    new.run("restore", str(file))
    new.deliver()
    first, second = (mail["Message-ID"] for _, mail in smtp_server.taken)
    assert first == second


def test_answers_come_back_and_are_not_overwritten(
    old: Server,
    make_server: MakeServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A copy holds boxes with what waits in them; those that are here are kept, untold and told."""
    boxes = [Box(b"place %d" % n, b"slot %d" % n, b"note") for n in range(2)]

    def found(file: Path) -> list[list[bytes] | None]:
        with closing(Outbox(f"sqlite:///{file}")) as outbox:
            return [outbox.answers_at(box.place, datetime.now(UTC)) for box in boxes]

    def put(server: Server, box: Box) -> None:
        with closing(Outbox(f"sqlite:///{server.outbox_file}")) as outbox:
            now, mail = datetime.now(UTC), SealedMail("<1@example.org>", "a@example.org", b"sealed")
            outbox.accept(Accepted("A", "harmanli", 1, box.place, [mail], "", box), now)
            assert outbox.put_answer(box.place, b"answer", now)
            GivenUpMails(outbox).withdraw("A")

    put(old, boxes[0])
    file = tmp_path / "opora.age"
    old.run("backup", str(file))
    new = make_server("new")
    assert new.run("restore", str(file)) == 0
    assert found(new.outbox_file) == [[b"answer"], None]
    another = make_server("another")
    another.install()
    put(another, boxes[1])  # no letter waits here any more
    capsys.readouterr()
    assert another.run("restore", str(file)) == 1
    assert "кутии за отговори: 1" in capsys.readouterr().err
    assert found(another.outbox_file) == [None, [b"answer"]]
    assert another.run("restore", str(file), "--replace-outbox") == 0
    assert found(another.outbox_file) == [[b"answer"], None]
    [aside] = another.outbox_file.parent.glob("*.old")
    assert found(aside) == [None, [b"answer"]]


def test_other_waiting_letters_are_not_overwritten(
    old: Server,
    make_server: MakeServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Refused with nothing changed; when told, the old outbox is kept beside the new one."""
    file = tmp_path / "opora.age"
    old.run("backup", str(file))
    new = make_server("new")
    new.install()
    with closing(Outbox(f"sqlite:///{new.outbox_file}")) as outbox:
        for reference in ("AAAAA-AAAAA", "BBBBB-BBBBB"):
            mail = SealedMail("<1@example.org>", "harmanli@example.org", b"sealed")
            outbox.accept(Accepted(reference, "harmanli", 1, reference.encode(), [mail]), NOW)
    before = new.files()
    assert new.run("restore", str(file)) == 1
    assert "Чакат: 2" in capsys.readouterr().err
    assert (new.files(), new.counts()) == (before, {"waiting": 2, "given_up": 0})
    assert new.run("restore", str(file), "--replace-outbox") == 0
    assert new.counts() == {"waiting": 1, "given_up": 0}
    [kept] = new.outbox_file.parent.glob("*.old")
    with closing(Outbox(f"sqlite:///{kept}")) as aside:
        assert aside.counts() == {"waiting": 2, "given_up": 0}


def test_other_settings_are_not_overwritten(
    old: Server, make_server: MakeServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files that are here and differ are named, and replaced only when told."""
    file = tmp_path / "opora.age"
    old.run("backup", str(file))
    new = make_server("new")
    new.install()
    write_whole(new.file.with_name("secrets") / "secret", b"another secret of 32 signs or more")
    before = new.files()
    assert new.run("restore", str(file)) == 1
    assert "secrets/secret" in capsys.readouterr().err
    assert new.files() == before
    assert not new.outbox_file.exists()
    assert new.run("restore", str(file), "--replace") == 0
    assert new.files() == old.files()


@pytest.mark.parametrize("in_the_way", ["keys", "keys/harmanli.asc/", "secrets", "service.toml/"])
def test_files_that_cannot_be_written_change_nothing(
    old: Server, tmp_path: Path, in_the_way: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file in a folder's place, or the other way round, is named before anything changes."""
    copy = tmp_path / "opora.age"
    old.run("backup", str(copy))
    etc = old.file.parent
    shutil.rmtree(etc)
    if in_the_way.endswith("/"):
        (etc / in_the_way).mkdir(parents=True)
    else:
        write_whole(etc / in_the_way, b"in the way")
    before = sorted(old.folder.rglob("*")), old.outbox_file.read_bytes()
    assert old.run("restore", str(copy), "--replace", "--replace-outbox") == 1
    said = capsys.readouterr().err
    assert in_the_way.strip("/") in said
    assert "Нищо не е променено" in said
    assert (sorted(old.folder.rglob("*")), old.outbox_file.read_bytes()) == before


def test_outbox_in_use_is_not_replaced(
    old: Server, make_server: MakeServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """While a process has the outbox open, the operator is told to stop it first."""
    file = tmp_path / "opora.age"
    old.run("backup", str(file))
    new = make_server("new")
    new.install()
    with closing(Outbox(f"sqlite:///{new.outbox_file}")) as running:
        assert running.lease(NOW) is None
        assert new.run("restore", str(file)) == 1
        assert "Спрете процесите" in capsys.readouterr().err
        assert running.counts()["waiting"] == 0
    assert new.run("restore", str(file)) == 0
    assert new.counts()["waiting"] == 1


def test_broken_outbox_is_kept_aside(
    old: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A file that no longer opens gives way only when told, and is not thrown away."""
    file = tmp_path / "opora.age"
    old.run("backup", str(file))
    for path in old.outbox_file.parent.iterdir():
        path.unlink()
    old.outbox_file.write_bytes(b"broken " * 1000)
    assert old.run("restore", str(file)) == 1
    assert "--replace-outbox" in capsys.readouterr().err
    assert old.run("restore", str(file), "--replace-outbox") == 0
    assert old.counts()["waiting"] == 1
    [kept] = old.outbox_file.parent.glob("*.old")
    assert kept.read_bytes() == b"broken " * 1000


def test_outbox_of_the_first_version_comes_up(
    old: Server, make_server: MakeServer, smtp_server: SmtpServer, tmp_path: Path
) -> None:
    """A copy with an older schema is brought to the newest one, and its letter is delivered."""
    file = tmp_path / "opora.age"
    old.run("backup", str(file))
    make_first(f"sqlite:///{tmp_path / 'first.sqlite3'}")
    archive = unpack(bytes(pyrage.decrypt(file.read_bytes(), [IDENTITY])))
    with closing(sqlite3.connect(tmp_path / "first.sqlite3")) as first:
        first.execute("PRAGMA journal_mode=DELETE")
    archive = replace(archive, outbox=(tmp_path / "first.sqlite3").read_bytes())
    write_whole(file, encrypt(pack(archive), [str(IDENTITY.to_public())], ""))
    new = make_server("new")
    assert new.run("restore", str(file)) == 0
    assert new.counts() == {"waiting": 1, "given_up": 1}


def test_copy_is_consistent_while_letters_come(tmp_path: Path) -> None:
    """Each copy made beside a busy writer is whole, and has each submission with both mails."""
    file = tmp_path / "outbox.sqlite3"
    outbox = Outbox(f"sqlite:///{file}")
    stop, stored = threading.Event(), []

    def write() -> None:
        while not stop.is_set():
            reference = f"{len(stored):05}"
            mails = [SealedMail(f"<{n}>", f"{n}@example.org", b"x" * 9000) for n in range(2)]
            accepted = Accepted(reference, "sopot", 1, reference.encode(), mails)
            outbox.accept(accepted, datetime.now(UTC))
            stored.append(reference)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        sizes: list[int] = []
        while len(sizes) < 10 or sizes[-1] == sizes[0]:  # on a slow disk one letter takes longer
            assert writer.is_alive()
            before = len(stored)
            content, _state = copy_database(outbox, file, datetime.now(UTC))
            with closing(sqlite3.connect(":memory:")) as copy:
                copy.deserialize(content)
                assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
                rows = copy.execute("SELECT count(*) FROM deliveries GROUP BY reference").fetchall()
            assert set(rows) <= {(2,)}
            assert before <= len(rows)
            sizes.append(len(rows))
    finally:
        stop.set()
        writer.join()
        outbox.close()
    assert sizes[-1] > sizes[0]


STATE = OutboxState(0, 0, "outbox a", NOW)


@pytest.mark.parametrize(
    ("here", "expected"),
    [
        (None, Return.TAKE_COPY),
        (OutboxState(0, 0), Return.TAKE_COPY),
        (OutboxState(1, 0), Return.REFUSE),
        (OutboxState(0, 1), Return.REFUSE),
        (OutboxState(5, 0, "outbox b", NOW + timedelta(days=1)), Return.REFUSE),
        (OutboxState(0, 0, "outbox b", NOW + timedelta(days=1)), Return.TAKE_COPY),
        (STATE, Return.KEEP_NEWER),
        (replace(STATE, waiting=3, copied_at=NOW + timedelta(days=1)), Return.KEEP_NEWER),
        (replace(STATE, copied_at=NOW - timedelta(days=1)), Return.TAKE_COPY),
        (replace(STATE, waiting=1, copied_at=NOW - timedelta(days=1)), Return.REFUSE),
        (OutboxState(0, 0, boxes=1), Return.REFUSE),
    ],
)
def test_which_outbox_stays(here: OutboxState | None, expected: Return) -> None:
    """The table of what is here against a copy; who insists gets the copy."""
    assert decide(here, STATE, told=False) is expected
    assert decide(here, STATE, told=True) is Return.TAKE_COPY


@pytest.mark.parametrize("name", ["files/../../cron.d/x", "files//etc/x", "elsewhere"])
def test_archive_cannot_write_elsewhere(name: str) -> None:
    """A path that leads out of the folder of the settings is refused."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for entry, content in (
            ("about.json", b'{"format": 1, "made_at": "2026-11-21T20:00:00+00:00"}'),
            ("service.toml", b""),
            (name, b"x"),
        ):
            info = tarfile.TarInfo(entry)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
    with pytest.raises(ArchiveError, match="чуждо място"):
        unpack(stream.getvalue())


def test_what_does_not_come_along_is_said(
    old: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Files elsewhere and secrets of the environment are named, so that nobody relies on them."""
    toml = old.file.read_text().replace("[smtp]", f'[smtp]\nca_file = "{tmp_path}/ca.pem"')
    old.file.write_text(toml)
    assert old.run("backup", str(tmp_path / "opora.age")) == 0
    said = capsys.readouterr().out
    assert f"Не влиза: {tmp_path}/ca.pem" in said
    assert "OPORA_DATABASE" in said


def test_outbox_on_a_database_server(
    old: Server,
    postgres: Postgres,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Settings, keys and secrets are in the file; the commands that are named copy the rest."""
    url = postgres.new_database()
    lines = old.file.read_text().splitlines()
    lines[2] = f'database = "{url}"'
    old.file.write_text("\n".join(lines))
    to = ["--to", str(IDENTITY.to_public())]
    assert main(["--settings", str(old.file), "backup", str(tmp_path / "opora.age"), *to]) == 0
    said = capsys.readouterr().out
    dump, back = re.findall(r"pg_(?:dump|restore) [^)\n]*", said)
    assert read_settings(old.file, {}).database == url
    mail = SealedMail("<1@example.org>", "centre@example.org", b"sealed")
    with closing(Outbox(url)) as outbox:
        outbox.accept(Accepted("AAAAA-AAAAA", "sopot", 1, b"1", [mail]), NOW)
    type_command(postgres, dump, url, tmp_path)
    other = postgres.new_database()
    type_command(postgres, back, other, tmp_path)
    with closing(Outbox(other)) as outbox:
        parcel = outbox.lease(NOW)
    assert parcel is not None
    assert (parcel.reference, parcel.content) == ("AAAAA-AAAAA", b"sealed")


def type_command(server: Postgres, command: str, url: str, folder: Path) -> None:
    """Run what the program said, with the address in it, as PostgreSQL's own tools."""
    address = url.replace("postgresql+psycopg://", "postgresql://")
    name, *options = command.replace("АДРЕС", address).split()
    subprocess.run([server.programs / name, *options], cwd=folder, check=True)


def test_letters_do_not_vanish_on_the_way_to_another_kind_of_database(
    old: Server,
    make_server: MakeServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A copy with letters in SQLite is not taken as restored where the settings say PostgreSQL."""
    file = tmp_path / "opora.age"
    old.run("backup", str(file))
    new = make_server("new")
    old.monkeypatch.setenv("OPORA_DATABASE", "postgresql+psycopg://nobody@127.0.0.1/none")
    key = ["--identity", str(tmp_path / "identity.txt")]
    assert main(["--settings", str(new.file), "restore", str(file), *key]) == 1
    assert "sqlite:////" in capsys.readouterr().err
    assert not new.file.exists()


def test_person_is_asked_for_a_passphrase(
    old: Server, tmp_path: Path, at_terminal: AtTerminal
) -> None:
    """At a terminal: typed twice and not shown, or made and shown once; the copy opens with it."""
    old.monkeypatch.setenv("OPORA_DATABASE", f"sqlite:///{old.outbox_file}")
    arguments = ("service_admin", "--settings", str(old.file), "backup")
    person = at_terminal(*arguments, str(tmp_path / "one.age"))
    person.waits_for("Парола: ")
    person.types(f"{PASSPHRASE}\n")
    person.waits_for("Още веднъж: ")
    person.types("another passphrase\n")
    person.waits_for("двете пароли се различават")
    assert person.ends() == 1
    person = at_terminal(*arguments, str(tmp_path / "two.age"))
    person.waits_for("Парола: ")
    person.types("\n")
    person.waits_for("повече няма да се покаже")
    made = re.findall("Паролата е: ([A-Z0-9-]{29})", person.seen)
    person.waits_for("на различни места")
    assert person.ends() == 0
    assert pyrage.passphrase.decrypt((tmp_path / "two.age").read_bytes(), *made)
    assert [path.name for path in tmp_path.glob("*.age")] == ["two.age"]
