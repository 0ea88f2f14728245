"""A server below another root: the kit's real shell, and a `systemctl` that obeys it."""

from __future__ import annotations

import compileall
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contact_service.outbox.tables import NEWEST_VERSION
from tests.support.project import ROOT, free_port
from tests.support.shared import made_once
from tests.support.waiting import PATIENCE, wait_for

PARTS = ("contact_service", "service_admin", "site_model", "site_build", "locale", "deploy")
TABLES_MORE = """\
import sqlalchemy as sa
from alembic import op

revision = "{new}"
down_revision = "{old}"


def upgrade() -> None:
    op.create_table("more", sa.Column("id", sa.Integer, primary_key=True))
    with op.batch_alter_table("deliveries") as table:
        table.add_column(sa.Column("more", sa.Integer, nullable=False, server_default="1"))


def downgrade() -> None:
    op.drop_table("more")
    with op.batch_alter_table("deliveries") as table:
        table.drop_column("more")
"""
"""A migration of a release that does not exist yet."""

SYSTEMCTL = '''\
#!{python}
"""Starts and stops what the unit files say; kills the shell above it where a test wants that."""
import os, re, signal, subprocess, sys, time
from contextlib import suppress
from pathlib import Path

root, WATCH = Path("{root}"), "opora-watch.service"
calls = root / "calls"
with calls.open("a") as log:
    print(*sys.argv[1:], file=log)
at = root / "kill-at"
if at.exists() and len(calls.read_text().splitlines()) >= int(at.read_text()):
    at.unlink()
    os.kill(os.getppid(), signal.SIGKILL)
    sys.exit(1)
verb, *units = [word for word in sys.argv[1:] if not word.startswith("-")]


def pid_of(unit):
    try:
        pid = int((root / "run" / unit).read_text())
        state = Path(f"/proc/{{pid}}/stat").read_text().rpartition(")")[2].split()[0]
        return None if state == "Z" else pid
    except (OSError, ValueError):
        return None


def beside(unit, word, other):
    """Whether the file of a unit names another one so."""
    file = root / "etc/systemd/system" / unit
    lines = re.findall(f"^{{word}}=(.*)$", file.read_text(), re.M) if file.exists() else []
    return other in " ".join(lines).split()


def stop(unit):
    if unit != WATCH and beside(WATCH, "PartOf", unit):
        stop(WATCH)
    while pid := pid_of(unit):
        with suppress(ProcessLookupError):  # it ended since the look
            os.kill(pid, signal.SIGTERM)
        time.sleep(0.1)


def start(unit):
    text = (root / "etc/systemd/system" / unit).read_text()
    command = re.search("^ExecStart=(.*)$", text, re.M)[1]
    here = root / "opt/opora/current"
    with (root / "log").open("a") as log:
        started = subprocess.Popen(
            command.replace("/opt/opora/current", str(here)).split(),
            cwd=here.resolve(), stdout=log, stderr=log, stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=lambda: signal.signal(signal.SIGTERM, signal.SIG_DFL),
            env=os.environ | {{"OPORA_SETTINGS": str(root / "etc/opora/service.toml")}},
        )
    (root / "run" / unit).write_text(str(started.pid))
    if beside(unit, "Wants", WATCH) and not pid_of(WATCH):
        start(WATCH)


code = 0
for unit in units:
    known = (root / "etc/systemd/system" / unit).exists()
    match verb:
        case "is-active":
            code |= not pid_of(unit)
        case "is-enabled":
            code |= unit.endswith(".timer") or not known
        case "start" | "restart" | "try-restart" | "stop" if not known:
            code |= 5
        case "stop":
            stop(unit)
        case "start" | "restart" | "try-restart":
            if verb != "try-restart" or pid_of(unit):
                stop(unit)
                start(unit)
sys.exit(code)
'''


def _release(folder: Path) -> None:
    """What all releases have, with byte code, as the one who installs it lets it be compiled."""
    for part in PARTS:
        shutil.copytree(ROOT / part, folder / part)
        assert compileall.compile_dir(folder / part, quiet=1)


def _compile(file: Path) -> None:
    assert file.suffix != ".py" or compileall.compile_file(file, quiet=1)


@dataclass
class Kit:
    """A server on which the service is set up; releases are copies of this one, with changes."""

    root: Path
    site: Path
    web: int = field(default_factory=free_port)
    watch: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        for name in ("bin", "run", "opt/opora", "etc/systemd/system", "etc/opora/secrets"):
            (self.root / name).mkdir(parents=True)
        project = self.root / "srv" / "opora"
        shutil.copytree(ROOT / "content", project / "content")
        shutil.copytree(ROOT / "locale", project / "locale")
        shutil.copytree(self.site.parent / "build" / "headers", project / "build" / "headers")
        (project / "site").symlink_to(self.site, target_is_directory=True)
        # The build itself is no part of this: the pages are there.
        self._program("runuser", "#!/bin/sh\nexit 0\n")
        self._program("python3", f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        self._program("systemctl", SYSTEMCTL.format(python=sys.executable, root=self.root))

    def release(self, version: str, changes: Mapping[str, tuple[str, str]] | None = None) -> Path:
        """A release in its folder; in each file of `changes` one text has become another."""
        folder = self.root / "opt" / "opora" / version
        shutil.copytree(made_once("release", _release), folder)
        python = folder / ".venv" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
        python.chmod(0o755)
        (folder / ".venv" / "opora-ready").touch()
        port = {"8010": str(self.web)}
        own = {"deploy/systemd/opora-web.service": port, "contact_service/__main__.py": port}
        for name, (old, new) in (changes or {}).items():
            own.setdefault(name, {})[old] = new
        for name, texts in own.items():
            text = (folder / name).read_text()
            for old, new in texts.items():
                assert old in text, (name, old)
                text = text.replace(old, new)
            (folder / name).write_text(text)
            _compile(folder / name)
        return folder

    def release_with_more_tables(self, version: str, **more: Any) -> Path:
        new = f"{int(NEWEST_VERSION) + 1:04}"
        line = f'NEWEST_VERSION = "0001", "{NEWEST_VERSION}"'
        change = {"contact_service/outbox/tables.py": (line, line.replace(NEWEST_VERSION, new))}
        folder = self.release(version, change | more.get("changes", {}))
        migration = (
            folder / "contact_service" / "outbox" / "migrations" / "versions" / f"{new}_more.py"
        )
        migration.write_text(TABLES_MORE.format(new=new, old=NEWEST_VERSION))
        _compile(migration)
        return folder

    def types(self, command: str) -> tuple[int, str]:
        """Run a line of the guide; returns how it ended and what it said."""
        line = re.sub(r"(?<![\w.])/opt/opora/", f"{self.root}/opt/opora/", command)
        done = subprocess.run(
            ["sh", "-c", line],
            env={
                "PATH": f"{self.root}/bin:/usr/local/bin:/usr/bin:/bin",
                "OPORA_ROOT": str(self.root),
                "PYTHONUTF8": "1",
                "PYTHONDONTWRITEBYTECODE": "1",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=500,
            check=False,
        )
        return done.returncode, done.stdout

    def begin(self, folder: Path) -> None:
        """The services of a release run, as after the guide's step 7."""
        part = f'release={folder}; . "$release/deploy/parts.sh"; switch_to "$release"'
        start = 'ask_addresses && put_units "$release" && start_units && delivery_answers'
        web = "systemctl start opora-web.service && web_answers"
        code, said = self.types(f"{part} && {start} && {web}")
        assert code == 0, said + self.log()

    def writes(self, letter: Mapping[str, Any], message: str) -> None:
        """Somebody sends a letter once the service listens; it has to be accepted.

        A line that breaks while one release makes room for another is tried again, as people do.
        """
        wait_for(self.listens)
        address = f"http://127.0.0.1:{self.web}/send/bg/harmanli/contact"
        data = urllib.parse.urlencode({**letter, "message": message}, doseq=True).encode()
        try:
            with urllib.request.urlopen(address, data, timeout=PATIENCE) as answer:
                assert "/receipt/" in answer.url, answer.read().decode()
        except OSError as error:
            # urllib wraps what goes wrong until the letter is sent, and nothing after that.
            if not isinstance(getattr(error, "reason", error), ConnectionError):
                raise
            self.writes(letter, message)

    def listens(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.web}/", timeout=PATIENCE):
                return True
        except urllib.error.HTTPError as error:
            error.close()
            return True
        except OSError:
            return False

    def runs(self) -> str:
        return (self.root / "opt" / "opora" / "current").resolve().name

    def log(self) -> str:
        log = self.root / "log"
        return log.read_text() if log.exists() else ""

    def end(self) -> None:
        self.types("systemctl stop opora-web.service opora-deliver.service opora-watch.service")

    def _program(self, name: str, text: str) -> None:
        (self.root / "bin" / name).write_text(text)
        (self.root / "bin" / name).chmod(0o755)
