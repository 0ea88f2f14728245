"""`python -m contact_service`: the web process, the delivery process."""

from __future__ import annotations

import argparse
import logging
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from contact_service.delivery import deliver_for_ever
from contact_service.outbox import Outbox
from contact_service.settings import Settings, SettingsError, read_settings
from contact_service.web import create_app
from site_model.problems import ContentError


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


def main(arguments: list[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s %(message)s")
    try:
        settings = read_settings(options.settings, os.environ)
        if options.command == "check":
            create_app(settings)
            print("Настройките са наред.")
        elif options.command == "web":
            create_app(settings)  # says what is wrong before any worker starts
            _Gunicorn(settings, {"bind": options.bind, "workers": options.workers}).run()
        else:
            _deliver(settings)
    except (SettingsError, ContentError) as error:
        print(f"Услугата не тръгва. За поправяне:\n{error}", file=sys.stderr)
        return 1
    return 0


def _deliver(settings: Settings) -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    deliver_for_ever(Outbox(settings.database), settings.smtp, stop)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m contact_service", description=__doc__)
    parser.add_argument(
        "--settings",
        type=Path,
        default=Path(os.environ.get("OPORA_SETTINGS", "instance/service.toml")),
        metavar="FILE",
        help="the settings file (default: OPORA_SETTINGS or instance/service.toml)",
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("check", help="only read the settings and say what is wrong")
    web = commands.add_parser("web", help="answer browsers")
    web.add_argument("--bind", default="127.0.0.1:8010", help="address and port")
    web.add_argument("--workers", type=int, default=2, help="number of processes")
    commands.add_parser("deliver", help="send what is in the outbox, until stopped")
    return parser


if __name__ == "__main__":
    sys.exit(main())
