"""One origin for the demo: the built site from its folder, the form paths from the service."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import Flask, send_from_directory
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from contact_service.settings import read_settings
from contact_service.web import create_app
from site_model.loader import load_content

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


def static_site(folder: Path) -> Flask:
    """The files of the site, a folder's index.html for its path, 404.html for all else."""
    app = Flask(__name__, static_folder=None)

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def page(path: str) -> Response:
        return send_from_directory(folder, path + "index.html" if path[-1:] in "/" else path)

    @app.errorhandler(NotFound)
    def missing(_: NotFound) -> tuple[str, int]:
        return (folder / "404.html").read_text(encoding="utf-8"), 404

    return app


def origin() -> WSGIApplication:
    """The WSGI application; OPORA_SETTINGS names the settings file."""
    settings = read_settings(Path(os.environ["OPORA_SETTINGS"]), os.environ)
    service = create_app(settings)
    site = static_site(settings.site_folder)
    service_path = load_content(settings.content_folder).site.service_path + "/"

    def application(environ: WSGIEnvironment, start: StartResponse) -> Iterable[bytes]:
        app: Any = service if environ["PATH_INFO"].startswith(service_path) else site
        return app(environ, start)  # type: ignore[no-any-return]

    return application
