"""The web process: gunicorn, whose workers share the memory of one application."""

from __future__ import annotations

import gc
from typing import Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from contact_service.settings import Settings
from contact_service.web import create_app


def serve(settings: Settings, bind: str, workers: int) -> None:
    """Serve until told to stop; raises SettingsError or ContentError before any worker starts."""
    app = create_app(settings)
    gc.collect()
    gc.freeze()  # the collector would write to every page, and each worker get its own copy
    options = {
        "bind": bind,
        "workers": workers,
        "logger_class": _GunicornLogger,
        "control_socket_disable": True,
    }
    _Gunicorn(app, options).run()


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    """gunicorn with its options from the command line of this program and from nowhere else."""

    def __init__(self, app: Any, options: dict[str, Any]) -> None:
        self._app, self._options = app, options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return self._app


class _GunicornLogger(Logger):  # type: ignore[misc]
    """gunicorn's events go the way of all others, where `logs` takes clients' addresses out."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
