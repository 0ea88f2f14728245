"""Asks the contact service, which has keys and outbox, to send somebody a link."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPException
from threading import Lock
from typing import Final
from urllib.parse import urlencode

from contact_service.logs import get_logger, kind_and_place
from site_editor.server.access import Access
from site_model.urls import EDITOR_LINKS

PATIENCE: Final = 60
"""Seconds for an answer: the service may just be starting anew."""

log = get_logger("opora.edit")


class Letters:
    """Links go out one after the other, behind the page that promises them: it takes as long and
    says the same, whatever becomes of the letter.
    """

    def __init__(self, service: str, secret: str, access: Access) -> None:
        """`service` is where the web process listens, as 127.0.0.1:8010."""
        self._service, self._secret, self._access = service, secret, access
        self._pool = ThreadPoolExecutor(1)
        self._waiting: set[str] = set()
        self._alone = Lock()

    def send(self, centre: str) -> None:
        """Have a link sent to the mailbox of a centre, unless one is on its way there."""
        with self._alone:
            if centre in self._waiting:
                return
            self._waiting.add(centre)
        self._pool.submit(self._send, centre)

    def check_secret(self) -> bool:
        """Whether the service answers, and knows the same secret."""
        return self._asked("GET") == 204

    def _send(self, centre: str) -> None:
        token = self._access.new_link(centre)
        status = self._asked("POST", urlencode({"centre": centre, "token": token}))
        if status != 204:
            self._access.forget_link(token)
        with self._alone:
            self._waiting.discard(centre)
        log.info("link", centre=centre, sent=status == 204, status=status)

    def _asked(self, method: str, body: str | None = None) -> int:
        """The service's answer; 0 for none."""
        headers = {"Authorization": f"Bearer {self._secret}"}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection = HTTPConnection(self._service, timeout=PATIENCE)
        try:
            connection.request(method, EDITOR_LINKS, body, headers)
            return connection.getresponse().status
        except (OSError, HTTPException) as error:
            log.error("service does not answer", error=kind_and_place(error))
            return 0
        finally:
            connection.close()
