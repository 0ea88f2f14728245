"""The local port for the operator's monitoring: /health, /ready, /metrics (Prometheus), /status."""

from __future__ import annotations

import math
import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask, Response
from prometheus_client import CollectorRegistry, Gauge, generate_latest
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server

from contact_service.delivery.worker import DELIVERING, HEARTBEAT
from contact_service.logs import get_logger, kind_and_place
from contact_service.outbox.errors import OutboxUnavailableError
from contact_service.outbox.outbox import BACKUP, LATE, Outbox
from service_admin.monitoring.alarms import SILENT, KeyState
from service_admin.monitoring.status_page import REFRESH_SECONDS, status_page
from service_admin.monitoring.watcher import Watch

PLAIN = "text/plain; version=0.0.4; charset=utf-8"
POLICY = "default-src 'none'; style-src 'unsafe-inline'"

log = get_logger("opora.watch")


def create_app(watch: Watch, outbox: Outbox) -> Flask:
    """No answer holds an address, a reference or a word of a letter.

    A letter that is soon delivered shows in none: only what is late or was given up counts.
    """
    app = Flask(__name__, static_folder=None)
    numbers = _numbers(watch, outbox)

    @app.get("/health")
    def health() -> Response:
        age = _age(outbox.last_mark(DELIVERING, datetime.now(UTC)))
        if not age <= SILENT.total_seconds():  # without any mark the age is NaN
            return _plain("delivery is silent\n", 503)
        return _plain("ok\n")

    @app.get("/ready")
    def ready() -> Response:
        outbox.counts()
        keys = [key for key in watch.keys if key.centre != HEARTBEAT]
        usable = {key.centre for key in keys if not key.wrong}
        if missing := sorted({key.centre for key in keys} - usable):
            return _plain(f"no usable key: {', '.join(missing)}\n", 503)
        return _plain("ready\n")

    @app.get("/metrics")
    def metrics() -> Response:
        return _plain(generate_latest(numbers))

    @app.get("/status", defaults={"refreshes": True})
    @app.get("/status/still", defaults={"refreshes": False})
    def status(*, refreshes: bool) -> Response:
        page = Response(status_page(watch.snapshot(datetime.now(UTC)), refreshes=refreshes))
        page.headers |= {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        if refreshes:
            page.headers["Refresh"] = str(REFRESH_SECONDS)
        return page

    app.register_error_handler(Exception, _failed)
    return app


def _failed(error: Exception) -> Response:
    match error:
        case OutboxUnavailableError():
            return _plain("outbox not reachable\n", 503)
        case HTTPException():
            return _plain("not found\n", error.code or 404)
    log.error("unexpected", error=kind_and_place(error))
    return _plain("fault\n", 500)


def _plain(body: str | bytes, status: int = 200) -> Response:
    return Response(body, status, content_type=PLAIN)


def _age(since: datetime | None) -> float:
    """In seconds."""
    return (datetime.now(UTC) - since).total_seconds() if since else math.nan


def _numbers(watch: Watch, outbox: Outbox) -> CollectorRegistry:
    """What Prometheus asks for, looked up when it asks."""
    registry = CollectorRegistry()

    def mark_age(name: str) -> float:
        return _age(outbox.last_mark(name, datetime.now(UTC)))

    def oldest() -> float:
        return _age(outbox.oldest_waiting()) if outbox.late(datetime.now(UTC)) else math.nan

    def gauge(name: str, meaning: str, value: Callable[[], float]) -> None:
        Gauge(f"opora_{name}", meaning, registry=registry).set_function(value)

    minutes = LATE.seconds // 60
    gauge("late", f"Mails over {minutes} minutes old", lambda: outbox.late(datetime.now(UTC)))
    gauge("given_up", "Mails that were given up", lambda: outbox.counts()["given_up"])
    gauge("oldest_seconds", "Age of the oldest that is late", oldest)
    gauge("delivery_age_seconds", "Since delivery gave a sign", lambda: mark_age(DELIVERING))
    gauge("heartbeat_age_seconds", "Since the last", lambda: mark_age(HEARTBEAT))
    gauge("backup_age_seconds", "Since the last backup", lambda: mark_age(BACKUP))
    gauge("keys_unusable", "Keys that nothing can be sealed to", lambda: len(_unusable(watch)))
    gauge("key_ends_seconds", "Until the first key ends", lambda: _first_end(watch))
    return registry


def _unusable(watch: Watch) -> list[KeyState]:
    return [key for key in watch.keys if key.wrong]


def _first_end(watch: Watch) -> float:
    """Seconds until the first of the keys ends; NaN where none does."""
    ends = [key.ends for key in watch.keys if key.ends]
    return (min(ends) - datetime.now(UTC)).total_seconds() if ends else math.nan


class _Silent(WSGIRequestHandler):
    """Logs no request: monitoring asks all day."""

    timeout = 10

    def log(self, type: str, message: str, *args: object) -> None:
        pass


def serve(port: int, watch: Watch, outbox: Outbox) -> None:
    """Answer this machine alone, in a thread until the process ends; 0 is no port at all."""
    if port == 0:
        return
    try:
        line = socket.create_server(("127.0.0.1", port))
    except OSError as error:  # mail is more important than its watching
        log.error("watch port not available", port=port, reason=type(error).__name__)
        return
    with line:  # Werkzeug takes a copy; where it opens a port itself, a taken one ends the process
        app, fd = create_app(watch, outbox), line.fileno()
        server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Silent, fd=fd)
    threading.Thread(target=server.serve_forever, daemon=True).start()
