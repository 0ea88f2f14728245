"""The web process: gunicorn, which answers each request in a process of its own."""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from typing import Any

from gunicorn import util
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from gunicorn.workers.sync import SyncWorker

from contact_service.logs import get_logger
from contact_service.settings.service import Settings
from contact_service.web.views import HEADERS, create_app

log = get_logger("opora.web")

LONGEST_ANSWER_SECONDS = 30
LOOK_SECONDS = 10.0
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)


def serve(settings: Settings, bind: str, at_once: int) -> None:
    """Serve until told to stop, `at_once` requests side by side.

    Raises SettingsError or ContentError before it listens.
    """
    app = create_app(settings)
    app.extensions["rehearse"]()
    gc.collect()
    gc.freeze()  # the collector would write to every page, and each child get its own copy
    options = {
        "bind": bind,
        "workers": 1,
        "worker_connections": at_once,
        "worker_class": _ForkingWorker,
        "timeout": 0,  # the worker waits for children, and those end by themselves
        "logger_class": _GunicornLogger,
        "control_socket_disable": True,
        # A worker's beginning and end would tell that somebody wrote.
        "loglevel": "warning",
        "when_ready": lambda _: _ready(bind),
        # No header of a request says where the application stands, or by which scheme.
        "forwarder_headers": "",
        "secure_scheme_headers": {},
    }
    os.environ.pop("SCRIPT_NAME", None)
    util.write_error = partial(_write_error, app.extensions["refusal"])
    _Gunicorn(app, options).run()


def _ready(address: str) -> None:
    # gunicorn would start itself once more, which is no way to update: deploy/update is.
    signal.signal(signal.SIGUSR2, signal.SIG_IGN)
    log.info("listening", address=address)


def _write_error(
    page: Callable[[int], str], client: Any, status: int, reason: str, _said: str
) -> None:
    """The page for what gunicorn itself refuses, for which it has no setting."""
    body = page(status).encode()
    head = {"Content-Type": "text/html; charset=utf-8", **HEADERS, "Content-Length": len(body)}
    lines = [f"HTTP/1.1 {status} {reason}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in head.items()]
    util.write_nonblock(client, "\r\n".join((*lines, "", "")).encode() + body)


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


class _ForkingWorker(SyncWorker):  # type: ignore[misc]
    """Answers each request in a child that ends with it, and with the child what was written.

    Python cannot wipe a string: in a process that lives on, a letter stood in memory long after
    it was sealed. The loaded application is shared. `worker_connections` children may run side
    by side.
    """

    _running = 0
    _looked_at = 0.0

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        self._forget_ended(most=self.cfg.worker_connections - 1)
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        if os.fork() == 0:  # the signals stay blocked: a letter that has come is stored first
            signal.alarm(LONGEST_ANSWER_SECONDS)  # ends this process, whatever it waits for
            try:
                super().handle(listener, client, addr)
                sys.stderr.flush()
            finally:
                os._exit(0)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPPING)
        self._running += 1
        client.close()

    def notify(self) -> None:
        """Called at each turn of the loop, twice a second at least."""
        super().notify()
        self._forget_ended(most=self.cfg.worker_connections)
        # A child that finds a changed key forgets it; the last good one is remembered here.
        if time.monotonic() - self._looked_at > LOOK_SECONDS:
            self.wsgi.extensions["look_at_keys"]()
            self._looked_at = time.monotonic()

    def run(self) -> None:
        super().run()
        self._forget_ended(most=0)

    def _forget_ended(self, most: int) -> None:
        """Wait until no more than `most` children run."""
        while self._running and os.waitpid(-1, os.WNOHANG if self._running <= most else 0)[0]:
            self._running -= 1


class _GunicornLogger(Logger):  # type: ignore[misc]
    """gunicorn's events go the way of all others, where `logs` takes clients' addresses out."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True
