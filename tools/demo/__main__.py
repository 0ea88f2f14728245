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
from collections.abc import Container, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from pysequoia import Profile, Tsk

from site_model.content import Content
from site_model.loading.loader import load_content
from site_model.loading.placeholders import DEMO_KEY
from site_model.types import SOURCE_LANGUAGE
from site_model.urls import site_root

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "instance" / "demo"
PROJECT = Path(os.environ.get("PROJECT") or ROOT).resolve()
"""The folder of the site that is shown; another than this one for a site begun elsewhere."""


class DemoError(Exception):
    """The demo cannot start or go on; the text says what to do."""


def main() -> int:
    if sys.argv[1:]:
        print("make run: сайтът на този компютър, с формулярите и пощенска кутия за проба.")
        print("Портовете и папката са в PORT, MAILBOX_PORT и PROJECT.")
        return int(sys.argv[1:] != ["--help"])
    port, mailbox_port = _port("PORT", 8000), _port("MAILBOX_PORT", 8025)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        for number, name in ((port, "PORT"), (mailbox_port, "MAILBOX_PORT")):
            _require_free(number, name, {port, mailbox_port})
        with ExitStack() as stack:
            _run(stack, port, mailbox_port)
    except DemoError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nСпряно.")
    return 0


def _run(stack: ExitStack, port: int, mailbox_port: int) -> None:
    print("Сайтът се прави от фактите. Първия път това трае около минута …", flush=True)
    build = [sys.executable, "-m", "site_build", "--project", str(PROJECT)]
    if subprocess.run(build, cwd=ROOT, check=False).returncode:
        raise DemoError("Сайтът не е направен, затова демото не тръгва.")
    print("\nПускат се сайтът и всичко, през което минава едно писмо …", flush=True)
    content = load_content(PROJECT / "content")
    site = f"http://127.0.0.1:{port}{site_root(content.site, SOURCE_LANGUAGE)}"
    environment = {**os.environ, "OPORA_SETTINGS": str(FOLDER / "service.toml")}
    smtp_port = _free_port()
    key = _make_instance(smtp_port, content)
    ports, commands = {"PORT": port}, {"сайт и услуга": _gunicorn(port)}
    if content.site.takes_letters:
        ports["MAILBOX_PORT"] = mailbox_port
        commands |= {
            "пощенска кутия": [
                *(sys.executable, "-m", "tools.demo.mailbox", str(smtp_port), str(mailbox_port)),
                *(str(key), str(PROJECT / "site"), site),
            ],
            "доставка": [sys.executable, "-m", "contact_service", "deliver"],
            "наблюдение": [sys.executable, "-m", "service_admin", "watch"],
        }
    processes = {
        name: stack.enter_context(_process(command, environment))
        for name, command in commands.items()
    }
    _wait_until_up(ports, processes)
    mailbox = f"http://127.0.0.1:{mailbox_port}/"
    print("\n".join(["", *steps(content, site, mailbox), "", "Ctrl-C спира всичко."]), flush=True)
    while True:
        _require_alive(processes)
        time.sleep(0.3)


def _gunicorn(port: int) -> list[str]:
    command = [sys.executable, "-m", "gunicorn", "--workers", "2", "--log-level", "warning"]
    return [*command, "tools.demo.front_server:origin()", "--bind", f"127.0.0.1:{port}"]


def steps(content: Content, site: str, mailbox: str) -> Iterator[str]:
    """What there is to try, in its order, with the addresses."""
    yield f"1. Отворете сайта:        {site}"
    if not content.site.takes_letters:
        yield "Сайтът не приема писма (service: none в content/site.yml), затова кутия няма."
        return
    centre = content.centre_path(next(iter(content.centres)))
    yield f"2. Изпратете писмо:       {site}{centre}{content.forms['contact'].slug}/"
    yield f"3. Прочетете го тук:      {mailbox}"


def _make_instance(smtp_port: int, content: Content) -> Path:
    """Fresh settings and a fresh key pair; the service gets the public half only."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir(parents=True)
    secret_key = FOLDER / "demo-secret-key.asc"
    key = Tsk.generate(user_id=f"{DEMO_KEY} <demo@example.org>", profile=Profile.RFC4880)
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
    for centre in content.centres:
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


def _require_free(port: int, name: str, ours: Container[int]) -> None:
    """Raise DemoError with a port that is free, and that the rest of the demo does not take."""
    if _is_free(port):
        return
    free = (other for other in range(port + 1, 65536) if other not in ours and _is_free(other))
    raise DemoError(
        f"Порт {port} е зает. Изберете друг: make run {name}={next(free, _free_port())}"
    )


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


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
