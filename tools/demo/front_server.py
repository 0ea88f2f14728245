"""One origin for the demo: the built site from its folder, the form paths from the service."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Flask, request, send_from_directory
from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join
from werkzeug.wrappers import Response

from contact_service.settings.service import read_settings
from contact_service.web.views import create_app
from site_model.loading.loader import load_content
from site_model.types import SOURCE_LANGUAGE
from site_model.urls import site_root

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def static_site(folder: Path) -> Flask:
    """The files of the site, a folder's index.html for its path; for all else the 404.html of the
    language that the address begins with, or the Bulgarian one.
    """
    app = Flask(__name__, static_folder=None)

    @app.get("/", defaults={"path": ""})
    @app.get("/<path:path>")
    def page(path: str) -> Response:
        return send_from_directory(folder, path + "index.html" if path[-1:] in "/" else path)

    @app.errorhandler(NotFound)
    def missing(_: NotFound) -> tuple[str, int]:
        own = safe_join(str(folder), request.path.split("/")[1], "404.html")
        file = Path(own) if own and Path(own).exists() else folder / "404.html"
        return file.read_text(encoding="utf-8"), 404

    return app


def origin() -> Flask:
    """Both as one application; OPORA_SETTINGS names the settings file."""
    settings = read_settings(Path(os.environ["OPORA_SETTINGS"]), os.environ)
    site = static_site(settings.site_folder)
    addresses = load_content(settings.content_folder).site
    service = create_app(settings) if addresses.takes_letters else site
    service_path, root = addresses.service_path + "/", site_root(addresses, SOURCE_LANGUAGE)
    letters, pages = service.wsgi_app, site.wsgi_app

    def both(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path.startswith(service_path):
            return letters(environ, start_response)
        if path.startswith(root):
            environ = environ | {"PATH_INFO": f"/{path.removeprefix(root)}"}
        return pages(environ, start_response)

    site.wsgi_app = both  # type: ignore[method-assign]
    site.extensions |= service.extensions
    return site
