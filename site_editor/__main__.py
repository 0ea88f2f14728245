"""`python -m site_editor`: change the facts of a site in a browser on this computer."""

from __future__ import annotations

import argparse
import logging
import os
import socket
import sys
from pathlib import Path

from werkzeug.serving import BaseWSGIServer, make_server

from site_build.authoring.new_project import is_project
from site_build.command_line import FOLDER
from site_build.project import Project
from site_editor.web.app import create_app
from site_model.command_line import Parser

HERE = "127.0.0.1"
PORT = 8010
FIRST = "Първият център, а с него и сайтът, се започва с make new-centre."


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl-C; returns the exit code."""
    options = _parser().parse_args(arguments)
    root = options.project.resolve()
    if not is_project(root):
        print(f"В {root} няма сайт. Проверете папката (PROJECT). {FIRST}", file=sys.stderr)
        return 1
    if not any((root / "content" / "centres").glob("*.yml")):
        print(f"В сайта още няма център. {FIRST}", file=sys.stderr)
        return 1
    if not 0 <= options.port <= 65535:
        print("Портът е число от 1 до 65535.", file=sys.stderr)
        return 1
    if not _is_free(options.port):
        print(
            f"Порт {options.port} е зает, може би от друг отворен редактор. Спрете го с Ctrl-C или "
            f"изберете друг порт: make edit EDITOR_PORT={min(options.port + 1, 65535)}",
            file=sys.stderr,
        )
        return 1
    _serve(root, options.port)
    return 0


def _serve(root: Path, port: int) -> None:
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    hosts: set[str] = set()
    app = create_app(lambda: Project(root), hosts)
    server: BaseWSGIServer = make_server(HERE, port, app, threaded=True)
    hosts |= {f"{name}:{server.port}" for name in (HERE, "localhost")}
    print(f"Отворете в браузъра:  http://{HERE}:{server.port}/", flush=True)
    print("Редакторът работи, докато този прозорец е отворен. Ctrl-C го спира.", flush=True)
    server.serve_forever()  # returns at Ctrl-C
    publishing = app.extensions["publishing"]
    print(flush=True)
    if publishing.is_at_work:
        print("Довършва се започнатото публикуване …", flush=True)
    publishing.end()
    print("Спряно.")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        if os.name == "posix":  # on Windows this would take a port from another program
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HERE, port))
        except OSError:
            return False
    return True


def _parser() -> argparse.ArgumentParser:
    description = "Опора: сменя фактите на сайта в браузър, само на този компютър."
    parser = Parser(prog="python -m site_editor", description=description)
    parser.add_argument("--project", default=Path.cwd(), **FOLDER)
    words = f"на кой порт отговаря (иначе {PORT})"
    parser.add_argument("--port", type=int, default=PORT, metavar="ПОРТ", help=words)
    return parser


if __name__ == "__main__":
    sys.exit(main())
