"""`python -m site_editor.server`: the editor behind a web server, for the people of the centres."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from contact_service.errors import CommandError
from contact_service.logs import get_logger, set_up
from contact_service.settings.private_files import read_secret
from site_build.authoring.new_project import is_project
from site_build.project import Project
from site_editor.server.access import Access
from site_editor.server.app import NotHereError, create_app, on_the_site
from site_editor.server.builds import LONG, Builds
from site_editor.server.letters import Letters
from site_editor.server.own_facts import WRITTEN
from site_model.command_line import Parser
from site_model.problems import ContentError
from site_model.urls import EDITOR_BIND

SERVICE = "127.0.0.1:8010"

log = get_logger("opora.edit")


def main(arguments: list[str] | None = None, environment: Mapping[str, str] = os.environ) -> int:
    """Serve until told to stop; returns the exit code."""
    options = _parser(environment).parse_args(arguments)
    root = options.project.resolve()
    if not is_project(root):
        return _said(f"В {root} няма сайт. Проверете --project.")
    try:
        secret = read_secret(options.secret_file)
        access, builds = Access(), Builds(options.folder)
        letters = Letters(options.service, secret, access)
        app = create_app(root, options.folder, access, letters.send)
    except CommandError as error:
        return _said(f"{error}.")
    except ContentError as error:
        return _said(str(error))
    except NotHereError as error:
        return _said(f"Редакторът иска сайт с https, а адресът му е {error}.")
    _Gunicorn(on_the_site(app, lambda: faults(root, builds, letters)), options.bind).run()
    return 0


def faults(root: Path, builds: Builds, letters: Letters) -> list[str]:
    """What keeps people from editing: a sentence with its fix for each."""
    project = Project(root)
    again = "Напишете: opora editor on"
    found = [
        f"редакторът не може да пише в {folder}. {again}"
        for folder in (project.content / name for name in WRITTEN)
        if not os.access(folder, os.W_OK | os.X_OK)
    ]
    if not letters.check_secret():
        found.append(f"услугата не праща връзки за вход. {again}")
    if (builds.waits(project) or 0) > LONG:
        found.append("сайтът не е направен след последната промяна. Напишете: opora build")
    return found


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    """One process, because it keeps who is let in; threads, because publishing takes a while."""

    def __init__(self, app: Any, bind: str) -> None:
        self._app, self._bind = app, bind
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": self._bind,
            "workers": 1,
            "threads": 16,
            "timeout": 0,
            "keepalive": 0,
            "graceful_timeout": 60,
            "logger_class": _Logger,
            "loglevel": "warning",
            "when_ready": lambda _: log.info("listening", address=self._bind),
            "control_socket_disable": True,
            "forwarder_headers": "",
            "secure_scheme_headers": {},
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self._app


class _Logger(Logger):  # type: ignore[misc]
    """gunicorn's events go the way of all others, where `logs` takes clients' addresses out."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


def _said(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


def _parser(environment: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = Parser(
        prog="python -m site_editor.server",
        description="Опора: редакторът за хората от центровете, зад уеб сървър.",
    )
    add = parser.add_argument
    folder = Path(environment.get("STATE_DIRECTORY", "instance/editor"))
    secret = Path(environment.get("CREDENTIALS_DIRECTORY", "instance/secrets"), "editor")
    add("--project", type=Path, default=Path.cwd(), metavar="ПАПКА", help="папката на сайта")
    add("--folder", type=Path, default=folder, metavar="ПАПКА", help="за промените досега")
    add("--secret-file", type=Path, default=secret, metavar="ФАЙЛ", help="общата с услугата тайна")
    add("--bind", default=EDITOR_BIND, metavar="АДРЕС", help=f"къде отговаря (иначе {EDITOR_BIND})")
    add("--service", default=SERVICE, metavar="АДРЕС", help="къде е услугата, която праща писмата")
    return parser


if __name__ == "__main__":
    set_up()
    sys.exit(main())
