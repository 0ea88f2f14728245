"""`python -m site_editor`: what it says, where it listens, and how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from lxml import html

from site_build.authoring.new_project import begin_project
from site_build.locking import only_writer
from tests.support.project import ROOT, copy_project, free_port
from tests.support.waiting import PATIENCE, wait_for


def command(*words: str | Path) -> list[str]:
    return [sys.executable, "-m", "site_editor", *map(str, words)]


def say(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words), cwd=ROOT, capture_output=True, text=True, check=False, timeout=PATIENCE
    )


def test_it_explains_itself_in_bulgarian() -> None:
    """`--help` names what can be said; a slip is told without a traceback."""
    told = say("--help")
    assert told.returncode == 0
    assert "--project" in told.stdout and "--port" in told.stdout and "usage" not in told.stdout
    slip = say("--port", "много")
    assert slip.returncode == 2
    assert "--port не може да е „много“" in slip.stderr


@pytest.mark.parametrize("port", ["-1", "65536"])
def test_port_out_of_range_is_told(port: str) -> None:
    told = say(f"--port={port}")
    assert (told.returncode, told.stderr) == (1, "Портът е число от 1 до 65535.\n")


def test_folder_without_a_site_is_told(tmp_path: Path) -> None:
    told = say("--project", tmp_path)
    assert told.returncode == 1
    assert f"В {tmp_path} няма сайт" in told.stderr
    assert "make new-centre" in told.stderr


def test_site_without_a_centre_is_told(tmp_path: Path) -> None:
    begin_project(tmp_path)
    told = say("--project", tmp_path)
    assert told.returncode == 1
    assert "още няма център" in told.stderr and "make new-centre" in told.stderr


def test_busy_port_is_told_with_the_fix() -> None:
    """Another program has the port: the sentence names one to try."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        told = say("--port", str(port))
    assert told.returncode == 1
    assert f"Порт {port} е зает" in told.stderr
    assert f"EDITOR_PORT={port + 1}" in told.stderr


def test_it_listens_here_alone_and_ends_quietly(tmp_path: Path) -> None:
    """It says its address, answers there by its own name only, and Ctrl-C leaves no traceback."""
    project, port = copy_project(tmp_path / "site"), free_port()
    with subprocess.Popen(
        command("--project", project.root, "--port", str(port)),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().split()[-1]
            assert address == f"http://127.0.0.1:{port}/"
            process.stdout.readline()
            with urllib.request.urlopen(address) as page:
                assert "Кой център?" in page.read().decode()
            other = urllib.request.Request(address, headers={"Host": f"evil.example:{port}"})
            with pytest.raises(urllib.error.HTTPError, match="403") as refused:
                urllib.request.urlopen(other)
            refused.value.close()
            sockets = Path(f"/proc/{process.pid}/net/tcp").read_text()
            assert f"0100007F:{port:04X} 00000000:0000 0A" in sockets
        finally:
            process.send_signal(signal.SIGINT)
        said, wrong = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said, wrong) == (0, "\nСпряно.\n", "")


def test_what_was_begun_is_brought_to_its_end(tmp_path: Path) -> None:
    """Stopped while a change is being published, it says so and ends when the change is there."""
    project, port = copy_project(tmp_path / "site"), free_port()
    address, ours = f"http://127.0.0.1:{port}", {"Origin": f"http://127.0.0.1:{port}"}
    with subprocess.Popen(
        command("--project", project.root, "--port", str(port)),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.readline()
        with urllib.request.urlopen(f"{address}/harmanli/") as page:
            (form, *_) = html.fromstring(page.read().decode()).xpath(
                "//form[.//input[@name='what']]"
            )
        sent = urlencode(dict(form.form_values())).encode()
        with only_writer(project.lock):
            asked = urllib.request.Request(address + form.get("action"), sent, ours)
            with urllib.request.build_opener(Here).open(asked) as answer:
                assert answer.headers["Location"] == "/harmanli/publikuvane/"
            process.send_signal(signal.SIGINT)
            process.stdout.readline()
            assert "Довършва се" in process.stdout.readline()
        said, _ = process.communicate(timeout=PATIENCE)
    assert (process.returncode, said) == (0, "Спряно.\n")
    today = "checked_on: 2026-11-22"
    assert today in (project.content / "centres" / "harmanli.yml").read_text(encoding="utf-8")
    assert (project.site / "harmanli" / "index.html").exists()


LINUX_ALONE = """
import sys
for name in ("fcntl", "grp", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
"""


def test_it_publishes_without_what_linux_alone_has(tmp_path: Path) -> None:
    """Modules that Windows has not are in none of its processes, as far as Linux can show it."""
    project, port = copy_project(tmp_path / "site"), free_port()
    (tmp_path / "sitecustomize.py").write_text(LINUX_ALONE)
    address, ours = f"http://127.0.0.1:{port}", {"Origin": f"http://127.0.0.1:{port}"}
    with subprocess.Popen(
        command("--project", project.root, "--port", str(port)),
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            process.stdout.readline()
            process.stdout.readline()
            with urllib.request.urlopen(f"{address}/harmanli/") as page:
                (form, *_) = html.fromstring(page.read().decode()).xpath(
                    "//form[.//input[@name='what']]"
                )
            sent = urlencode(dict(form.form_values())).encode()
            asked = urllib.request.Request(address + form.get("action"), sent, ours)
            with urllib.request.build_opener(Here).open(asked):
                pass
            wait_for((project.site / "harmanli" / "index.html").exists)
        finally:
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=PATIENCE)
    today = f"checked_on: {project.today}"
    assert today in (project.content / "centres" / "harmanli.yml").read_text(encoding="utf-8")


class Here(urllib.request.HTTPRedirectHandler):
    """Looks at the answer itself, and not where it leads."""

    def http_error_303(self, _request: Any, answer: Any, *_: Any) -> Any:
        return answer
