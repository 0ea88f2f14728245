"""`make run`: builds the site, makes a demo key, starts everything, stops it all on Ctrl-C."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from pysequoia import Profile, Tsk

from site_model.loader import load_content

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "instance" / "demo"
PROJECT = Path(os.environ.get("PROJECT") or ROOT).resolve()
"""The folder of the site that is shown; another than this one for a site begun elsewhere."""


class DemoError(Exception):
    """The demo cannot start or go on; the text says what to do."""


def main() -> int:
    port, mailbox_port = _port("PORT", 8000), _port("MAILBOX_PORT", 8025)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        for number, name in ((port, "PORT"), (mailbox_port, "MAILBOX_PORT")):
            _require_free(number, name)
        with ExitStack() as stack:
            _run(stack, port, mailbox_port)
    except DemoError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nСпряно.")
    return 0


def _run(stack: ExitStack, port: int, mailbox_port: int) -> None:
    build = [sys.executable, "-m", "site_build", "--project", str(PROJECT)]
    if subprocess.run(build, cwd=ROOT, check=False).returncode:
        raise DemoError("Сайтът не е построен, затова демото не тръгва.")
    smtp_port = _free_port()
    key = _make_instance(smtp_port)
    environment = {**os.environ, "OPORA_SETTINGS": str(FOLDER / "service.toml")}
    python = [sys.executable, "-m"]
    gunicorn = ["gunicorn", "--workers", "2", "--log-level", "warning", "demo.origin:origin()"]
    commands = {
        "пощенска кутия": [*python, "demo.mailbox", str(smtp_port), str(mailbox_port), str(key)],
        "сайт и услуга": [*python, *gunicorn, "--bind", f"127.0.0.1:{port}"],
        "доставка": [*python, "contact_service", "deliver"],
    }
    processes = {
        name: stack.enter_context(_process(command, environment))
        for name, command in commands.items()
    }
    _wait_until_up({"PORT": port, "MAILBOX_PORT": mailbox_port}, processes)
    print(f"Сайт:           http://127.0.0.1:{port}/")
    print(f"Пощенска кутия: http://127.0.0.1:{mailbox_port}/")
    print("Ctrl-C спира всичко.", flush=True)
    while True:
        _require_alive(processes)
        time.sleep(0.3)


def _make_instance(smtp_port: int) -> Path:
    """Fresh settings and a fresh key pair; the service gets the public half only."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    secret_key = FOLDER / "demo-secret-key.asc"
    key = Tsk.generate(user_id="Opora demo <demo@example.org>", profile=Profile.RFC4880)
    secret_key.touch(mode=0o600)
    secret_key.write_text(str(key), encoding="utf-8")
    (FOLDER / "demo.asc").write_text(str(key.extract_certificate()), encoding="utf-8")
    lines = [
        f"site_folder = {json.dumps(str(PROJECT / 'site'))}",
        f"content_folder = {json.dumps(str(PROJECT / 'content'))}",
        f'database = "sqlite:///{FOLDER / "outbox.sqlite3"}"',
        f'secret = "{secrets.token_hex(32)}"',
        "watch_port = 0",
        "messages_per_hour = 1000",  # everybody who tries the demo comes from one address
        "[smtp]",
        'host = "127.0.0.1"',
        f"port = {smtp_port}",
        'security = "none"',
        'sender = "opora@example.org"',
    ]
    for centre in load_content(PROJECT / "content").centres:
        lines += [
            f"[[centres.{centre}.recipients]]",
            f'address = "{centre}@example.org"',
            'seal = "openpgp"',
            'key = "demo.asc"',
        ]
    (FOLDER / "service.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return secret_key


@contextmanager
def _process(
    command: list[str], environment: Mapping[str, str]
) -> Iterator[subprocess.Popen[bytes]]:
    """A child in a session of its own, so that Ctrl-C reaches it only through us, in order."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment, start_new_session=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until_up(
    ports: Mapping[str, int], processes: Mapping[str, subprocess.Popen[bytes]]
) -> None:
    deadline = time.monotonic() + 60
    for number in ports.values():
        while not _answers(number):
            _require_alive(processes)
            if time.monotonic() > deadline:
                raise DemoError(f"Порт {number} не отговаря цяла минута.")
            time.sleep(0.1)


def _require_alive(processes: Mapping[str, subprocess.Popen[bytes]]) -> None:
    for name, process in processes.items():
        if process.poll() is not None:
            raise DemoError(f"„{name}“ спря с код {process.returncode}; спирам и останалото.")


def _require_free(port: int, name: str) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            raise DemoError(
                f"Порт {port} е зает. Изберете друг: make run {name}={port + 1}"
            ) from None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5):
            return True
    except OSError:
        return False


def _port(name: str, usual: int) -> int:
    written = os.environ.get(name, str(usual))
    if not (written.isdigit() and 0 < int(written) < 65536):
        raise SystemExit(f"{name}={written} не е номер на порт (1–65535).")
    return int(written)


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
