"""What was written is gone from memory: no process that lives on ever held it."""

from __future__ import annotations

import email
import http.client
import os
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from email.policy import default
from pathlib import Path

import pytest
from pysequoia import Profile, Tsk

from contact_service.box import read_code
from contact_service.web.receipts import ReceiptTokens
from tests.support.processes import started
from tests.support.project import ROOT, free_port, skip_or_fail
from tests.support.service.service_parts import FORM_TYPE, SECRET, Instance
from tests.support.waiting import PATIENCE, wait_for
from tools.torture.parts import post
from tools.torture.processes import children

PATH = "/send/bg/harmanli/contact"
LETTER = {
    "danger": "no",
    "writer": "child",
    "name": "Канаринчо",
    "contact_way": "call",
    "phone": "0888 765 432",
    "safe_time": "докато канарчето спи",
    "message": "Канарче-писмо, което никой не бива да намери.",
    "understood": "y",
}
KNOWN = "Център за обществена подкрепа"  # stands in the memory of every process of the service


@contextmanager
def web(instance: Instance, *options: str) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    """The real web process, as an operator starts it, and its port."""
    file = instance.folder / "service.toml"
    file.write_text(instance.toml)
    port, environment = free_port(), os.environ | {"OPORA_SECRET": SECRET}
    base = [sys.executable, "-m", "contact_service", "--settings", str(file)]
    command = [*base, "web", "--bind", f"127.0.0.1:{port}", *options]
    with (
        (instance.folder / "web.log").open("wb") as said,
        started(command, cwd=ROOT, env=environment, stderr=said) as process,
    ):
        wait_for(lambda: post(port, PATH, b"")[0] == 422)
        yield process, port


def letter(number: int) -> bytes:
    return urllib.parse.urlencode(LETTER | {"settlement": f"село {number}"}).encode()


def times_in_memory(pid: int, words: str) -> int:
    """How often words stand in a process's memory: as text, as Python holds it, as it was sent."""
    forms = {words.encode(), words.encode("utf-16-le"), urllib.parse.quote_plus(words).encode()}
    found = 0
    try:
        with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
            for area in Path(f"/proc/{pid}/maps").read_text().splitlines():
                start, end, rights = re.match(r"(\w+)-(\w+) (\S+)", area).groups()  # type: ignore[union-attr]
                if not rights.startswith("rw") or "[vvar" in area:
                    continue
                memory.seek(int(start, 16))
                content = memory.read(int(end, 16) - int(start, 16))
                found += sum(content.count(form) for form in forms)
    except PermissionError:
        skip_or_fail("root is needed to look into a process that is not dumpable")
    return found


def processes_of(pid: int) -> list[int]:
    """The process, its children and theirs, without those that have ended."""
    return [pid, *(one for child in children(pid) for one in processes_of(child))]


def those_that_stay(pid: int) -> list[int]:
    """Master and worker, once the children have ended."""
    wait_for(lambda: len(processes_of(pid)) <= 2)
    return processes_of(pid)


def test_what_was_written_is_in_no_process_that_lives_on(instance: Instance) -> None:
    """Letters that were accepted, refused for a missing answer, or too long: none is left."""
    with web(instance) as (process, port):
        assert post(port, PATH, letter(1))[0] == 303
        assert post(port, PATH, letter(2))[0] == 303
        assert post(port, PATH, letter(3).replace(b"understood=y", b""))[0] == 422
        assert post(port, PATH, letter(4) + b"&x=" + b"x" * 2_000_000)[0] == 413
        living = those_that_stay(process.pid)
        assert all(times_in_memory(pid, KNOWN) for pid in living)  # the look itself works
        for words in ("Канарче-писмо", "канарчето спи", "Канаринчо", "0888 765 432"):
            assert [times_in_memory(pid, words) for pid in living] == [0] * len(living), words


def test_no_code_of_a_box_is_in_a_process_that_lives_on(instance: Instance) -> None:
    """Neither the receipt's nor that of the link in the letter, with the receipt shown."""
    with web(instance) as (process, port):
        status, where = post(port, PATH, letter(1))
        assert status == 303
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        line.request("GET", urllib.parse.urlsplit(where).path)
        assert line.getresponse().status == 200
        line.close()
        receipt = ReceiptTokens(SECRET).read(where.rpartition("/")[2])
        parcel = instance.outbox().lease(datetime.now(UTC))
        assert receipt and parcel
        sheet = instance.open(email.message_from_bytes(parcel.content, policy=default))
        [answer_code] = re.findall(r"/otgovori/(\S+)", sheet)
        living = those_that_stay(process.pid)
        assert all(times_in_memory(pid, KNOWN) for pid in living)
        for code in (read_code(receipt.code), read_code(answer_code)):
            for written in (code, code.replace("-", ""), code[:11]):
                assert [times_in_memory(pid, written) for pid in living] == [0] * len(living)


def test_other_programs_of_the_same_user_cannot_look_into_it(instance: Instance) -> None:
    """Before it serves, the process is made not dumpable (prctl(2), PR_GET_DUMPABLE)."""
    file = instance.folder / "service.toml"
    file.write_text(instance.toml)
    asked = (
        "import ctypes, contact_service.__main__ as program\n"
        "from contact_service.web import server as web_server\n"
        "web_server.serve = lambda *_: print(ctypes.CDLL(None).prctl(3, 0, 0, 0, 0))\n"
        f"program.main(['--settings', {str(file)!r}, 'web'])"
    )
    environment = os.environ | {"OPORA_SECRET": SECRET}
    said = subprocess.run(
        [sys.executable, "-c", asked], cwd=ROOT, env=environment, capture_output=True, check=True
    )
    assert said.stdout == b"0\n"


@pytest.mark.parametrize("sent", [signal.SIGTERM, signal.SIGINT])
def test_a_letter_that_has_come_is_stored_before_the_end(
    instance: Instance, sent: signal.Signals
) -> None:
    """A stop in the middle of a letter waits for it: the sender has a receipt, the outbox it."""
    with web(instance) as (process, port):
        those_that_stay(process.pid)
        body = letter(5)
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
            head = (
                f"POST {PATH} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                f"Content-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            ).encode()
            line.sendall(head + body[:50])
            wait_for(lambda: len(processes_of(process.pid)) >= 3)  # its child has it in hand
            for pid in processes_of(process.pid):
                os.kill(pid, sent)
            time.sleep(0.2)
            line.sendall(body[50:])
            assert line.recv(100).startswith(b"HTTP/1.1 303")
        assert instance.outbox().counts()["waiting"] == 1


def test_the_last_good_key_is_the_last_one_that_lay_there(
    instance: Instance, tmp_path: Path
) -> None:
    """Replaced while the service runs, and then by what is no key: the replacement is used."""
    second = Tsk.generate(user_id="Centre <centre@example.org>", profile=Profile.RFC4880)
    key = instance.folder / "centre.asc"
    (tmp_path / "new.asc").write_text(str(second.extract_certificate()))
    (tmp_path / "none.asc").write_text("не е ключ")
    with web(instance) as (_, port):
        log = instance.folder / "web.log"
        at_the_start = log.read_text().count("key read")
        (tmp_path / "new.asc").rename(key)
        wait_for(lambda: log.read_text().count("key read") > at_the_start)
        (tmp_path / "none.asc").rename(key)
        assert post(port, PATH, letter(1))[0] == 303
    parcel = instance.outbox().lease(datetime.now(UTC))
    assert parcel
    assert "Канарче-писмо" in replace(instance, key=second).open(
        email.message_from_bytes(parcel.content, policy=default)
    )


def test_a_rehearsed_service_has_loaded_what_a_letter_needs(instance: Instance) -> None:
    """Before it serves, it goes a letter's way: nothing is stored, no connection is left open."""
    file = instance.folder / "service.toml"
    file.write_text(instance.toml)
    asked = f"""
import os, sys
from pathlib import Path
from contact_service.outbox.outbox import Outbox
from contact_service.settings.service import read_settings
from contact_service.web.views import create_app
app = create_app(read_settings(Path({str(file)!r}), os.environ))
if sys.argv[1] == "rehearsed":
    app.extensions["rehearse"]()
    files = [os.readlink(f) for f in Path("/proc/self/fd").iterdir() if f.exists()]
    assert not [name for name in files if "outbox" in name], files
    assert Outbox({f"sqlite:///{instance.folder / 'outbox.sqlite3'}"!r}).counts()["waiting"] == 0
client = app.test_client()  # brings modules of its own
before = set(sys.modules)
assert client.post({PATH!r}, data={LETTER!r}).status_code == 303
print(*sorted(set(sys.modules) - before))
"""
    environment = os.environ | {"OPORA_SECRET": SECRET}
    found = [
        subprocess.run(
            [sys.executable, "-c", asked, way],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
        ).stdout.split()
        for way in ("rehearsed", "cold")
    ]
    assert found[0] == []
    assert found[1]


def test_a_database_that_stays_locked_is_an_answer_in_time(instance: Instance) -> None:
    """Several letters at once meet a lock that does not end: each comes back with its answers."""
    answers: list[tuple[int, bool]] = []

    def send(port: int, number: int) -> None:
        line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        line.request("POST", PATH, letter(number), {"Content-Type": FORM_TYPE})
        answer = line.getresponse()
        kept = LETTER["message"] in answer.read().decode()
        answers.append((answer.status, kept))
        line.close()

    with web(instance) as (_, port):
        file = instance.outbox().engine.url.database
        with closing(sqlite3.connect(str(file), isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            senders = [threading.Thread(target=send, args=(port, n)) for n in range(4)]
            for sender in senders:
                sender.start()
            for sender in senders:
                sender.join()
    assert answers == [(503, True)] * 4


def test_a_link_that_leads_to_itself_costs_its_own_centre_alone(instance: Instance) -> None:
    """Also at the start, where every path of the settings is looked at."""
    (instance.folder / "loop.asc").symlink_to(instance.folder / "loop.asc")
    instance.toml += (
        '[[centres.harmanli.recipients]]\naddress = "second@example.org"\n'
        'seal = "openpgp"\nkey = "loop.asc"\n'
    )
    with web(instance) as (_, port):
        assert post(port, PATH, letter(1))[0] == 303
    assert instance.outbox().counts()["waiting"] == 1
