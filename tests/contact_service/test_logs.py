"""Logs: one event a line, exceptions without their text, no client's address."""

from __future__ import annotations

import json
import os
import pty
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.support.project import ROOT
from tests.support.waiting import PATIENCE, wait_for

SCRIPT = """
import logging, sys, threading
from contact_service.logs import get_logger, set_up
set_up()
log = get_logger("opora.test")
log.info("delivered", reference="DF4GJ-2UV79", reason="two\\nlines")
logging.getLogger("opora.web").warning("plain %s", "words")
logging.getLogger("gunicorn.error").warning("Invalid request from ip=192.0.2.7: b'канарче'")
gunicorn = logging.getLogger("gunicorn.error")
gunicorn.error("Worker (pid:%s) was sent %s!%s", 42, "SIGKILL", " канарче")
logging.getLogger("alembic.runtime").info("not worth a line")
def fail():
    answer = "канарче-в-изключение"
    raise ValueError(answer)
try:
    fail()
except ValueError:
    log.exception("unexpected")
    logging.getLogger("gunicorn.error").exception("Error handling request %s", "/receipt/token")
thread = threading.Thread(target=fail)
thread.start()
thread.join()
fail()
"""


def run(stderr: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-c", SCRIPT], cwd=ROOT, stderr=stderr)


def test_each_event_is_a_line_of_json() -> None:
    """Time, level, logger, event and values; whatever the value, one line."""
    process = run(subprocess.PIPE)
    lines = [json.loads(line) for line in process.communicate(timeout=PATIENCE)[1].splitlines()]
    for line in lines:
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00", line.pop("at"))
    place = "ValueError at <string>:14"
    gunicorn = {"logger": "gunicorn.error"}
    assert lines == [
        {
            "level": "info",
            "logger": "opora.test",
            "event": "delivered",
            "reference": "DF4GJ-2UV79",
            "reason": "two\nlines",
        },
        {"level": "warning", "logger": "opora.web", "event": "plain words"},
        {"level": "warning", **gunicorn, "event": "Invalid request"},
        {"level": "error", **gunicorn, "event": "Worker (pid:42) was sent SIGKILL!…"},
        {"level": "error", "logger": "opora.test", "event": "unexpected", "error": place},
        {"level": "error", **gunicorn, "event": "Error handling request …", "error": place},
        *[
            {"level": "critical", "logger": "opora", "event": "ended by an error", "error": place}
            for _ in range(2)
        ],
    ]
    assert lines[4]["error"] == place
    assert process.returncode == 1


def test_no_exception_shows_its_text() -> None:
    """Neither the message nor the variables of an exception reach the log, on any way."""
    said = run(subprocess.PIPE).communicate(timeout=PATIENCE)[1].decode()
    assert "канарче" not in said
    assert "Traceback" not in said
    assert "192.0.2.7" not in said


def test_terminal_gets_key_and_value() -> None:
    """A person who looks on sees key=value, one event a line."""
    ours, theirs = pty.openpty()
    process = run(theirs)
    os.close(theirs)
    said = b""
    try:
        while part := os.read(ours, 65536):
            said += part
    except OSError:  # how a terminal ends
        pass
    process.wait(timeout=PATIENCE)
    os.close(ours)
    lines = said.decode().splitlines()
    assert len(lines) == 8
    assert "level='info' logger='opora.test' event='delivered' reference=" in lines[0]


def send_raw(url: str, request: bytes) -> bytes:
    """What the service answers to bytes that no browser sends."""
    host, port = re.findall(r"//([\d.]+):(\d+)", url)[0]
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as line:
        line.sendall(request)
        return line.recv(4096)


def test_garbage_leaves_no_address_in_the_log(running: tuple[str, Path]) -> None:
    """gunicorn's warnings on broken requests say neither who sent them nor what."""
    url, folder = running
    log = folder / "web.log"
    for request in (
        b"kanarche-line\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: x\r\n\r\n",
        b"POST /send HTTP/1.1\r\nHost: x\r\nkanarche header: x\r\n\r\n",
        b"POST /send HTTP/1.1\r\nHost: x\r\nContent-Length: kanarche\r\n\r\n",
    ):
        assert b" 400 " in send_raw(url, request)
    wait_for(lambda: log.read_text().count("Invalid request") == 4)
    said = log.read_text()
    assert "kanarche" not in said
    assert "ip=" not in said
    assert not re.search(r"127\.0\.0\.1(?!:\d)", said)
    assert all(json.loads(line)["event"] for line in said.splitlines())


def limits_of_those_with(words: bytes) -> Iterator[tuple[str, str]]:
    """The processes with these words in their command lines, and their limits (proc(5))."""
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # ended meanwhile
            if words in (process / "cmdline").read_bytes():
                yield process.name, (process / "limits").read_text()


def open_files(pid: str) -> Iterator[str]:
    with suppress(OSError):  # ended meanwhile
        for file in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):  # closed meanwhile
                yield str(file.readlink())


def test_no_core_dumps_and_no_control_socket(running: tuple[str, Path]) -> None:
    """Every running process, workers too, may leave no core dump; nothing listens but the port."""
    limits: dict[str, str] = {}

    def all_are_shut() -> bool:
        limits.clear()
        limits.update(limits_of_those_with(bytes(running[1])))
        # Gunicorn, its worker, delivery, watch; and who answers just now.
        return len(limits) >= 4 and all(
            re.search(r"Max core file size +0 +0 ", text) for text in limits.values()
        )

    wait_for(all_are_shut, said=lambda: limits)  # each shuts itself when it begins
    held = {file for pid in limits for file in open_files(pid)}
    sockets = Path("/proc/net/unix").read_text().splitlines()
    control = {f"socket:[{line.split()[6]}]" for line in sockets if "gunicorn.ctl" in line}
    assert not held & control
