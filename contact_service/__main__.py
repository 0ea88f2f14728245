"""`python -m contact_service`: the web process, the delivery process, the operator's commands."""

from __future__ import annotations

import argparse
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from sqlalchemy.exc import SQLAlchemyError

from contact_service import operator
from contact_service.alarms import COMMAND
from contact_service.delivery import deliver_for_ever
from contact_service.doctor import doctor
from contact_service.logs import set_up
from contact_service.outbox import Outbox
from contact_service.sealing import KeyUnusableError
from contact_service.settings import Settings, SettingsError, read_settings
from contact_service.watch import Watch
from contact_service.watch_port import serve
from contact_service.web import create_app
from site_model.problems import ContentError

RECEIPT = ("reference", "centre", "form", "time", "code")  # as the receipt shows them


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    """gunicorn with its options from the command line of this program and from nowhere else."""

    def __init__(self, settings: Settings, options: dict[str, Any]) -> None:
        self._settings, self._options = settings, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return create_app(self._settings)


class _GunicornLogger(Logger):  # type: ignore[misc]
    """gunicorn's events go the way of all others, where `logs` takes clients' addresses out."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    if options.command == "doctor":
        return doctor(options.settings, os.environ)
    try:
        return _COMMANDS[options.command](read_settings(options.settings, os.environ), options)
    except (SettingsError, ContentError) as error:
        print(f"Услугата не тръгва. За поправяне:\n{error}", file=sys.stderr)
    except KeyUnusableError as error:
        print(f"Ключът не може да се ползва: {error}.", file=sys.stderr)
    except SQLAlchemyError as error:
        kind = type(error).__name__
        print(f"Базата не отговаря ({kind}). Вижте: {COMMAND} doctor", file=sys.stderr)
    return 1


def _web(settings: Settings, options: argparse.Namespace) -> int:
    _no_core_dumps()
    create_app(settings)  # says what is wrong before any worker starts
    chosen = {
        "bind": options.bind,
        "workers": options.workers,
        "logger_class": _GunicornLogger,
        "control_socket_disable": True,
    }
    _Gunicorn(settings, chosen).run()
    return 0


def _deliver(settings: Settings, _options: argparse.Namespace) -> int:
    _no_core_dumps()
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    outbox = Outbox(settings.database)
    watch = Watch(settings, outbox)
    serve(settings.watch_port, watch, outbox)
    threading.Thread(target=watch.for_ever, args=(stop,), daemon=True).start()
    deliver_for_ever(outbox, settings.smtp, stop, settings.at_rest_identity)
    return 0


def _no_core_dumps() -> None:
    """A dump of a crashed process would hold the letters in its memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


_COMMANDS: dict[str, Callable[[Settings, argparse.Namespace], int]] = {
    "web": _web,
    "deliver": _deliver,
    "status": lambda settings, _: operator.status(settings),
    "retry": lambda settings, given: operator.retry(settings, given.reference),
    "export": lambda settings, given: operator.export(settings, given.folder),
    "verify": lambda settings, given: operator.verify(
        settings, [getattr(given, word) for word in RECEIPT]
    ),
    "heartbeat": lambda settings, given: operator.heartbeat(settings, given.wait),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=COMMAND, description="Опора: писмата и грижата за тях")
    parser.add_argument(
        "--settings",
        type=Path,
        default=Path(os.environ.get("OPORA_SETTINGS", "instance/service.toml")),
        metavar="FILE",
        help="файлът с настройки (иначе OPORA_SETTINGS или instance/service.toml)",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    web = commands.add_parser("web", help="приема писма от сайта")
    web.add_argument("--bind", default="127.0.0.1:8010", help="адрес и порт")
    web.add_argument("--workers", type=int, default=2, help="брой процеси")
    commands.add_parser("deliver", help="праща приетото, докато не бъде спрян")
    commands.add_parser("doctor", help="преглежда всичко и казва кое как се поправя")
    commands.add_parser("status", help="казва какво чака и какво не може да се достави")
    retry = commands.add_parser("retry", help="пуска недоставимите отново")
    which = retry.add_mutually_exclusive_group(required=True)
    which.add_argument("reference", nargs="?", help="номерът от разписката")
    which.add_argument("--all", action="store_true", help="всички")
    export = commands.add_parser(
        "export", help="изнася недоставимите като .eml за предаване на ръка"
    )
    export.add_argument("folder", type=Path)
    verify = commands.add_parser("verify", help="казва дали разписка е издадена от нас")
    for word in RECEIPT:
        verify.add_argument(word)
    heartbeat = commands.add_parser("heartbeat", help="праща проба и чака да пристигне (за cron)")
    heartbeat.add_argument("--wait", type=float, default=60, metavar="SECONDS")
    return parser


if __name__ == "__main__":
    set_up()
    sys.exit(main())
