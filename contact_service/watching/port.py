"""The local port for the operator's monitoring: /health, /ready, /metrics (Prometheus), /status."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from sqlalchemy.exc import SQLAlchemyError

from contact_service.delivery import ATTEMPTS, HEARTBEAT
from contact_service.logs import get_logger
from contact_service.outbox import BACKUP, Outbox
from contact_service.watching.alarms import KeyState
from contact_service.watching.status_page import REFRESH_SECONDS, status_page
from contact_service.watching.watch import Watch

PLAIN = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
HTML = {
    "Content-Type": "text/html; charset=utf-8",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
    "Cache-Control": "no-store",
}


@dataclass(frozen=True)
class Page:
    """An answer of the port."""

    status: HTTPStatus
    body: bytes
    headers: Mapping[str, str] = field(default_factory=lambda: PLAIN)


log = get_logger("opora.watch")


def pages(watch: Watch, outbox: Outbox) -> Mapping[str, Callable[[], Page]]:
    """What each address answers. None holds an address, a reference or an answer."""
    registry = CollectorRegistry()
    registry.register(ATTEMPTS)

    def age(since: datetime | None) -> float:
        return (datetime.now(UTC) - since).total_seconds() if since else math.nan

    def gauge(name: str, meaning: str, value: Callable[[], float]) -> None:
        Gauge(f"opora_{name}", meaning, registry=registry).set_function(value)

    gauge("waiting", "Mails that wait", lambda: outbox.counts()["waiting"])
    gauge("given_up", "Mails that were given up", lambda: outbox.counts()["given_up"])
    gauge("oldest_seconds", "Age of the oldest that waits", lambda: age(outbox.oldest_waiting()))
    gauge("heartbeat_age_seconds", "Since the last", lambda: age(outbox.marked(HEARTBEAT)))

    gauge("backup_age_seconds", "Since the last backup", lambda: age(outbox.marked(BACKUP)))
    gauge("keys_unusable", "Keys that nothing can be sealed to", lambda: len(_unusable(watch)))
    gauge("key_ends_seconds", "Until the first key ends", lambda: _first_end(watch))

    def status(*, refreshes: bool) -> Page:
        html = status_page(watch.snapshot(datetime.now(UTC)), refreshes=refreshes)
        anew = {"Refresh": str(REFRESH_SECONDS)} if refreshes else {}
        return Page(HTTPStatus.OK, html.encode(), HTML | anew)

    def ready() -> Page:
        outbox.counts()
        keys = [key for key in watch.keys if key.centre != HEARTBEAT]
        usable = {key.centre for key in keys if not key.wrong}
        if missing := sorted({key.centre for key in keys} - usable):
            said = f"no usable key: {', '.join(missing)}\n"
            return Page(HTTPStatus.SERVICE_UNAVAILABLE, said.encode())
        return Page(HTTPStatus.OK, b"ready\n")

    return {
        "/health": lambda: Page(HTTPStatus.OK, b"ok\n"),
        "/ready": ready,
        "/metrics": lambda: Page(HTTPStatus.OK, generate_latest(registry)),
        "/status": lambda: status(refreshes=True),
        "/status/still": lambda: status(refreshes=False),
    }


def _unusable(watch: Watch) -> list[KeyState]:
    return [key for key in watch.keys if key.wrong]


def _first_end(watch: Watch) -> float:
    """Seconds until the first of the keys ends; NaN where none does."""
    ends = [key.ends for key in watch.keys if key.ends]
    return (min(ends) - datetime.now(UTC)).total_seconds() if ends else math.nan


class WatchServer(ThreadingHTTPServer):
    """Serves `pages` on this machine only; logs no request."""

    daemon_threads = True

    def __init__(self, port: int, pages: Mapping[str, Callable[[], Page]]) -> None:
        self.pages = pages
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A caller that went away is its own matter."""


class _Handler(BaseHTTPRequestHandler):
    server: WatchServer
    timeout = 10

    def do_GET(self) -> None:
        page = self.server.pages.get(self.path)
        try:
            answer = page() if page else Page(HTTPStatus.NOT_FOUND, b"not found\n")
        except SQLAlchemyError:
            answer = Page(HTTPStatus.SERVICE_UNAVAILABLE, b"outbox not reachable\n")
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *_values: object) -> None:
        """Say nothing: monitoring asks all day."""


def serve(port: int, watch: Watch, outbox: Outbox) -> None:
    """Answer in a thread until the process ends; 0 is no port at all."""
    if port == 0:
        return
    try:
        server = WatchServer(port, pages(watch, outbox))
    except OSError as error:  # mail is more important than its watching
        log.error("watch port not available", port=port, reason=type(error).__name__)
        return
    threading.Thread(target=server.serve_forever, daemon=True).start()
