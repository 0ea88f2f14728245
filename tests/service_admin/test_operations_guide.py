"""The operator's guide: every sequence of commands is typed, on two machines."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from pysequoia import Profile, Tsk, decrypt

from site_model.loading.placeholders import with_address
from tests.support.project import ROOT, free_port
from tests.support.service.letters import code_in
from tests.support.service.service_parts import SmtpServer, text_of
from tests.support.waiting import PATIENCE, wait_for

GUIDES = [ROOT / "docs" / "guide" / name for name in ("podrazhka.md", "operations.md")]
BULGARIAN, ENGLISH = (
    re.findall(r"^```sh\n(.*?)^```$", guide.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    for guide in GUIDES
)
PASSPHRASE = "парола на копието"

# What a server has under these names: the program, and what starts and stops it.
OPORA = """#!/bin/sh
export OPORA_SETTINGS={root}/etc/opora/service.toml
export OPORA_DATABASE=${{OPORA_DATABASE:-sqlite:///{root}/outbox.sqlite3}}
cd {code}
start() {{
  module=$1; shift
  {python} -m "$module" "$@" </dev/null >>{root}/log 2>&1 &
  echo $! >>{root}/pids
}}
if [ "$1" = restart ]; then
  {root}/bin/systemctl stop
  start contact_service web --bind 127.0.0.1:{port} --workers 1
  start contact_service deliver
  start service_admin watch
  exit 0
fi
exec {python} -m service_admin "$@"
"""
SYSTEMCTL = """#!/bin/sh
[ "$1" = stop ] || exit 1
[ -e {root}/pids ] || exit 0
for pid in $(cat {root}/pids); do
  kill "$pid" 2>/dev/null
  while kill -0 "$pid" 2>/dev/null; do sleep 0.1; done
done
rm {root}/pids
"""

Typed = str | Callable[[], str]


class Machine:
    """A server's folders with `opora` and `systemctl` for them, and who types the guide's lines."""

    def __init__(self, root: Path, project: Path) -> None:
        self.root, self.project, self.port = root, project, free_port()
        for name in ("root", "bin"):
            (root / name).mkdir(parents=True)
        values = {"root": root, "python": sys.executable, "code": ROOT, "port": self.port}
        for name, text in (("opora", OPORA), ("systemctl", SYSTEMCTL)):
            (root / "bin" / name).write_text(text.format(**values))
            (root / "bin" / name).chmod(0o755)

    def types(self, block: str, *answers: Typed) -> str:
        """Run the lines of a block, stop at the first that fails; returns what they say."""
        lines = re.sub(r"(?<![\w.])/(root|etc/opora)(?=[/ \n])", rf"{self.root}/\1", block)
        lines = lines.replace("opora init", f"opora init --project {self.project}")
        with subprocess.Popen(
            ["sh", "-eu", "-c", lines],
            cwd=self.root,
            env={"PATH": f"{self.root}/bin:{os.environ['PATH']}", "PYTHONUTF8": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as process:
            assert process.stdin is not None
            for answer in answers:
                process.stdin.write(f"{answer if isinstance(answer, str) else answer()}\n")
                process.stdin.flush()
            said, _ = process.communicate(timeout=300)
        assert process.returncode == 0, f"{block}\n{said}"
        return said

    def send(self, letter: dict[str, Any]) -> str:
        """Somebody writes; returns the number on the receipt."""
        address = f"http://127.0.0.1:{self.port}/send"
        wait_for(lambda: _answers(f"{address}/health"))
        data = urllib.parse.urlencode(letter, doseq=True).encode()
        with urllib.request.urlopen(
            f"{address}/bg/harmanli/contact", data, timeout=PATIENCE
        ) as answer:
            page = answer.read().decode()
        [reference] = set(re.findall(r"\b[DFGJLNRUVW24579]{5}-[DFGJLNRUVW24579]{5}\b", page))
        return str(reference)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE):
            return True
    except OSError:
        return False


@pytest.fixture
def make_machine(tmp_path: Path, site: Path) -> Iterator[Callable[[str], Machine]]:
    project = tmp_path / "srv"
    for name in ("content", "locale"):
        shutil.copytree(ROOT / name, project / name)
    (project / "site").symlink_to(site, target_is_directory=True)
    settings = project / "content" / "site.yml"
    settings.write_text(with_address(settings.read_text(), "https://tsop-proba.bg/"))
    made = []

    def make(name: str) -> Machine:
        made.append(Machine(tmp_path / name, project))
        return made[-1]

    yield make
    for machine in made:
        machine.types("systemctl stop opora-web opora-deliver")


def test_both_guides_have_the_same_commands() -> None:
    """The English guide says nothing else than the Bulgarian one."""
    assert BULGARIAN == ENGLISH
    sections = [re.findall(r"^#+", guide.read_text(), re.MULTILINE) for guide in GUIDES]
    assert sections[0] == sections[1]


def test_every_command_and_alarm_of_the_guide_exists() -> None:
    """What stands in the text is a command of the program; every alert rule is explained."""
    from service_admin.__main__ import main

    text = GUIDES[0].read_text(encoding="utf-8")
    script = (ROOT / "deploy" / "opora").read_text(encoding="utf-8")
    of_the_server = set(
        re.findall(r"[a-z-]+", "".join(re.findall(r"^  [a-z |-]+\)", script, re.M)))
    )
    named = set(re.findall(r"`?opora (?:--settings \S+ )?([a-z-]+)", text)) - of_the_server
    assert {"init", "backup", "restore", "keys", "replace-key", "test-letter"} <= named
    for command in named:
        with pytest.raises(SystemExit) as ended:
            main([command, "-h"])
        assert ended.value.code == 0, command
    rules = re.findall(r"alert: (\w+)", (ROOT / "deploy" / "alerts.yml").read_text())
    for guide in GUIDES:
        assert set(re.findall(r"`(Opora\w+)`", guide.read_text())) == set(rules)


def test_the_guide_from_first_settings_to_another_machine(
    make_machine: Callable[[str], Machine], smtp_server: SmtpServer, letter: dict[str, Any]
) -> None:
    """Set up, tried, copied, restored, moved and with a new key; the waiting letter comes once."""
    # An editor has a user and a web server of its own: tests/system/test_install.py turns it on.
    of_letters = [one for one in BULGARIAN if "opora editor" not in one]
    init, trial, backup, look, restore, move, keys, new_key, secret, by_hand = of_letters
    held: list[str] = []
    smtp_server.answer = lambda envelope: (
        "451 later" if any(one.encode() in envelope.content for one in held) else "250 OK"
    )
    old_key, key = (Tsk.generate(user_id=n, profile=Profile.RFC4880) for n in ("old", "new"))
    one = make_machine("one")
    (one.root / "root" / "old.asc").write_text(str(old_key.extract_certificate()))
    (one.root / "root" / "new.asc").write_text(str(key.extract_certificate()))

    def code(opener: Tsk) -> Callable[[], str]:
        return code_of(smtp_server, opener)

    mail = ["127.0.0.1", "none", str(smtp_server.port), "opora@example.org", ""]
    centre = ["harmanli", "centre@example.org", "openpgp", str(one.root / "root" / "old.asc"), ""]
    said = one.types(init, *mail, "it@example.org", *centre, "не", code(old_key))
    assert "Готово: всичко е наред" in said
    assert "потвърдено" in one.types(trial, code(old_key))

    held.append("Subject: =?utf-8?b?")  # every mail waits until the letter's number is known
    one.types("opora restart\n")
    reference = one.send(letter)
    held[:] = [reference]
    assert "чакат: 1" in one.types(keys)
    one.types(backup, PASSPHRASE)
    assert "Чакат: 1" in one.types(look, PASSPHRASE)
    assert not (one.root / "root" / "proba").exists()
    assert "не се праща отново" in one.types(restore, PASSPHRASE)

    assert re.search("чакат: 1.*потвърдено", one.types(new_key, code(key)), re.DOTALL)
    one.types(move, PASSPHRASE)
    two = make_machine("two")
    shutil.copy(one.root / "root" / "opora.age", two.root / "root")
    assert "Чакат: 1" in two.types(restore, PASSPHRASE)
    held.clear()
    assert "Пуснати отново: 1" in two.types(by_hand)
    wait_for(lambda: received(smtp_server, reference))
    file = two.root / "etc" / "opora" / "secrets" / "secret"
    before = file.read_text()
    two.types(secret)
    assert file.read_text() != before
    assert file.stat().st_mode & 0o777 == 0o600
    assert "чакат: 0" in two.types(keys)
    [arrived] = received(smtp_server, reference)
    assert "Мария" in opened(arrived, old_key)


def code_of(server: SmtpServer, key: Tsk) -> Callable[[], str]:
    """Reads the next test letter when it is there, and gives its code."""
    seen = len(server.taken)

    def read() -> str:
        wait_for(lambda: len(server.taken) > seen)
        return code_in(opened(server.taken[seen][1], key))

    return read


def received(server: SmtpServer, reference: str) -> list[Any]:
    return [mail for _, mail in server.taken if reference in mail["Subject"]]


def opened(mail: Any, key: Tsk) -> str:
    armoured = list(mail.iter_parts())[1].get_content()
    clear = decrypt(armoured, decryptor=key.decryptor()).bytes
    assert clear is not None
    return text_of(clear)
