"""Links into the editor on this server, each in a letter that is sealed and stored as all others.

The editor's process asks for one here. So it needs no key and no outbox, and can have nothing
sent but this letter, whose words are ours. No web server of the kit leads here from outside.
"""

from __future__ import annotations

import re
import time
from hmac import compare_digest
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Response, abort, request

from contact_service.intake import CannotAcceptError, Intake
from contact_service.web.shared_memory import Row, SharedTable
from site_model.content import Content
from site_model.urls import EDITOR_LINKS, editor_link

TOKEN: Final = re.compile(r"[A-Za-z0-9_-]{22}")
SHORTEST_PAUSE, LONGEST_PAUSE = 5 * 60, 2 * 60 * 60  # seconds
FREELY: Final = 6
"""Letters of a day with the shortest pause between them; each more doubles it."""
DAY: Final = 24 * 60 * 60


class EditorLinks:
    """Takes requests of the editor's process alone, which knows the secret."""

    def __init__(self, secret: str, content: Content, intake: Intake) -> None:
        self._authorization = f"Bearer {secret}".encode()
        self._content = content
        self._intake = intake
        self._sent = SharedTable("qqH")

    def blueprint(self) -> Blueprint:
        links = Blueprint("editor_links", __name__)
        links.add_url_rule(EDITOR_LINKS, view_func=self.check_secret, methods=["GET"])
        links.add_url_rule(EDITOR_LINKS, view_func=self.send, methods=["POST"])
        return links

    def check_secret(self) -> Response:
        """Whether the editor's process and this one know the same secret."""
        self._require_editor()
        return Response(status=HTTPStatus.NO_CONTENT)

    def send(self) -> Response:
        """Seal and store a letter with the link of this token, if the centre's mailbox may have
        another one by now.
        """
        self._require_editor()
        token = request.form.get("token", "")
        centre = self._content.centres.get(request.form.get("centre", ""))
        if centre is None or not TOKEN.fullmatch(token):
            abort(HTTPStatus.BAD_REQUEST)
        if not self._may_send(centre.id, int(time.time())):
            abort(HTTPStatus.TOO_MANY_REQUESTS)
        try:
            self._intake.send_link(centre, editor_link(self._content.site, token))
        except CannotAcceptError:
            abort(HTTPStatus.SERVICE_UNAVAILABLE)
        return Response(status=HTTPStatus.NO_CONTENT)

    def _require_editor(self) -> None:
        told = request.headers.get("Authorization", "").encode()
        if not compare_digest(told, self._authorization):
            abort(HTTPStatus.NOT_FOUND)

    def _may_send(self, centre: str, now: int) -> bool:
        """Take the next letter of this centre's, if its time has come."""
        before: list[Row] = []

        def take(row: Row) -> Row:
            before.append(row)
            return next_letter(row, now)

        return self._sent.change(centre, take) not in before


def next_letter(row: Row, now: int) -> Row:
    """When a centre's last link was sent, when its first of the day, and how many since then: as
    they are with one more, or the same while none may be sent.

    A mailbox is not flooded, for the letters of people lie in it: who uses a day's letters up lets
    the centre's own people wait too, two hours at most.
    """
    last, first, count = row
    if not 0 <= now - first < DAY:
        first, count = now, 0
    pause = min(SHORTEST_PAUSE << min(max(count - FREELY, 0), 10), LONGEST_PAUSE)
    if 0 <= now - last < pause:
        return row
    return now, first, min(count + 1, 0xFFFF)
